// Carts and orders: one row that moves from `cart` to `paid`, `declined` or `expired`.
//
// Every write holds the database's only write lock, so writers wait for each other here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ticketshop/catalogue.h"
#include "ticketshop/database.h"

namespace ticketshop {

struct Order {
  int64_t id = 0;
  std::string code;
  std::string email;
  std::string status;
  int64_t price_cents = 0;
  int64_t starts_at = 0;  // Unix seconds
};

// Puts one place of the slot at `slot_index` (in time order) into a cart and returns its code;
// empty when sold out.
std::optional<std::string> AddToCart(Connection& connection, const Shop& shop, const Event& event,
                                     int64_t slot_index);

std::optional<Order> FindOrder(Connection& connection, const Shop& shop, const std::string& code);

// The newest `limit` orders first.
std::vector<Order> ListOrders(Connection& connection, const Shop& shop, int64_t limit);

// From `cart` to `status`; false when it is no longer a cart.
bool CloseCart(Connection& connection, int64_t order_id, const std::string& status,
               const std::string& email);

// Expires carts older than `age_seconds`, frees their places, and returns how many there were.
int64_t ExpireCarts(Connection& connection, int64_t age_seconds);

}  // namespace ticketshop
