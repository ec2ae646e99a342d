// The ticket a guest downloads: a printable page with a code of squares, compressed with zlib.
#pragma once

#include <string>
#include <string_view>

#include "ticketshop/orders.h"

namespace ticketshop {

// An SVG page of some hundred kilobytes.
std::string DrawTicket(const std::string& shop_name, const Order& order);

// zlib at its best level: the ticket is sent over mobile networks. Throws std::runtime_error when
// out of memory.
std::string Compress(std::string_view bytes);

}  // namespace ticketshop
