// The paid orders that each shop of a fresh database starts with, so that a ticket can be
// downloaded at once.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace ticketshop {

inline constexpr int64_t kSeededOrders = 50;  // per shop

// The code of the `number`th of them, counted from 1: "museum-00001".
inline std::string SeededOrderCode(const std::string& shop, int64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "-%05lld", static_cast<long long>(number));
  return shop + text;
}

}  // namespace ticketshop
