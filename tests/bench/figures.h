// What the table shows, as data: each row's figure, what it is compared with, and its target.
//
// Targets are those the project set itself before it measured; they are never loosened here.
#pragma once

#include <span>
#include <string_view>

namespace hotroute::bench {

enum class Bound { kNone, kAtMost, kAtLeast };

struct Target {
  Bound bound = Bound::kNone;
  double value = 0;
  bool of_ratio = false;  // bounds the ratio, not the figure itself
};

struct Row {
  std::string_view label;
  std::string_view figure;  // as contestants print it; empty for a heading, which is `label`
  std::string_view unit{};
  int decimals = 0;
  std::string_view compared_with{};
  std::string_view comparison{};  // reads on after the ratio: "x an empty handler"
  Target target{};
};

std::span<const Row> Rows();

// Programs in contestants/, in the order of the first round.
std::span<const std::string_view> Contestants();

}  // namespace hotroute::bench
