#include "ticketshop/orders.h"

#include <ctime>

namespace ticketshop {
namespace {

constexpr std::string_view kOrderColumns =
    "SELECT orders.id, orders.code, orders.email, orders.status, product.price_cents, "
    "time_slot.starts_at FROM orders JOIN product ON product.id = orders.product_id "
    "JOIN time_slot ON time_slot.id = orders.slot_id WHERE orders.shop_id = ? ";

Order ReadOrder(const Statement& row) {
  return {row.Integer(0), row.Text(1), row.Text(2), row.Text(3), row.Integer(4), row.Integer(5)};
}

int64_t SlotAt(Connection& connection, const Event& event, int64_t index) {
  Statement query = connection.Prepare(
      "SELECT id FROM time_slot WHERE event_id = ? ORDER BY starts_at LIMIT 1 OFFSET ?");
  if (!query.Bind(event.id).Bind(index).Step()) throw NotFound("no such time slot");
  return query.Integer(0);
}

}  // namespace

std::optional<std::string> AddToCart(Connection& connection, const Shop& shop, const Event& event,
                                     int64_t slot_index) {
  Transaction transaction(connection);
  const int64_t slot = SlotAt(connection, event, slot_index);
  if (FreePlaces(connection, slot) <= 0) return std::nullopt;
  connection
      .Prepare(
          "INSERT INTO orders (shop_id, slot_id, product_id, status, created_at) "
          "SELECT ?, ?, id, 'cart', ? FROM product WHERE event_id = ? LIMIT 1")
      .Bind(shop.id)
      .Bind(slot)
      .Bind(static_cast<int64_t>(std::time(nullptr)))
      .Bind(event.id)
      .Step();
  const int64_t id = connection.last_insert_id();
  const std::string code = shop.slug + "-c" + std::to_string(id);
  connection.Prepare("UPDATE orders SET code = ? WHERE id = ?").Bind(code).Bind(id).Step();
  transaction.Commit();
  return code;
}

std::optional<Order> FindOrder(Connection& connection, const Shop& shop, const std::string& code) {
  Statement query = connection.Prepare(std::string(kOrderColumns) + "AND orders.code = ?");
  if (!query.Bind(shop.id).Bind(code).Step()) return std::nullopt;
  return ReadOrder(query);
}

std::vector<Order> ListOrders(Connection& connection, const Shop& shop, int64_t limit) {
  std::vector<Order> orders;
  Statement query =
      connection.Prepare(std::string(kOrderColumns) + "ORDER BY orders.id DESC LIMIT ?");
  query.Bind(shop.id).Bind(limit);
  while (query.Step()) orders.push_back(ReadOrder(query));
  return orders;
}

bool CloseCart(Connection& connection, int64_t order_id, const std::string& status,
               const std::string& email) {
  Transaction transaction(connection);
  connection.Prepare("UPDATE orders SET status = ?, email = ? WHERE id = ? AND status = 'cart'")
      .Bind(status)
      .Bind(email)
      .Bind(order_id)
      .Step();
  const bool closed = connection.changed_rows() == 1;
  transaction.Commit();
  return closed;
}

int64_t ExpireCarts(Connection& connection, int64_t age_seconds) {
  Transaction transaction(connection);
  connection
      .Prepare("UPDATE orders SET status = 'expired' WHERE status = 'cart' AND created_at <= ?")
      .Bind(static_cast<int64_t>(std::time(nullptr)) - age_seconds)
      .Step();
  const int64_t expired = connection.changed_rows();
  transaction.Commit();
  return expired;
}

}  // namespace ticketshop
