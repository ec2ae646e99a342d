// The shop's HTML pages and JSON answers, as text. In: plain values. Out: a whole document.
#pragma once

#include <string>
#include <vector>

#include "ticketshop/catalogue.h"
#include "ticketshop/orders.h"

namespace ticketshop {

std::string ShopPage(const Shop& shop, const std::vector<Event>& events);

// `free[i]` belongs to `slots[i]`. Lists the first slots with free places and the totals.
std::string EventPage(const Shop& shop, const Event& event, const std::vector<TimeSlot>& slots,
                      const std::vector<int64_t>& free);

std::string OrdersJson(const Shop& shop, const std::vector<Order>& orders);
std::string CodeJson(const std::string& code);
std::string ErrorJson(const std::string& message);

}  // namespace ticketshop
