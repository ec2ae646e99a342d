#include "ticketshop/catalogue.h"

namespace ticketshop {

Shop FindShop(Connection& connection, const std::string& slug) {
  Statement query = connection.Prepare("SELECT id, slug, name FROM shop WHERE slug = ?");
  if (!query.Bind(slug).Step()) throw NotFound("no shop " + slug);
  return {query.Integer(0), query.Text(1), query.Text(2)};
}

std::vector<Event> EventsOf(Connection& connection, const Shop& shop) {
  std::vector<Event> events;
  Statement query =
      connection.Prepare("SELECT id, slug, name FROM event WHERE shop_id = ? ORDER BY name");
  query.Bind(shop.id);
  while (query.Step()) events.push_back({query.Integer(0), query.Text(1), query.Text(2)});
  return events;
}

Event FindEvent(Connection& connection, const Shop& shop, const std::string& slug) {
  Statement query =
      connection.Prepare("SELECT id, slug, name FROM event WHERE shop_id = ? AND slug = ?");
  if (!query.Bind(shop.id).Bind(slug).Step()) throw NotFound("no event " + slug);
  return {query.Integer(0), query.Text(1), query.Text(2)};
}

std::vector<TimeSlot> TimeSlotsOf(Connection& connection, const Event& event) {
  std::vector<TimeSlot> slots;
  Statement query = connection.Prepare(
      "SELECT id, starts_at FROM time_slot WHERE event_id = ? ORDER BY starts_at");
  query.Bind(event.id);
  while (query.Step()) slots.push_back({query.Integer(0), query.Integer(1)});
  return slots;
}

int64_t FreePlaces(Connection& connection, int64_t slot_id) {
  Statement query = connection.Prepare(
      "SELECT (SELECT COALESCE(SUM(size), 0) FROM quota WHERE slot_id = ?1) - "
      "(SELECT COUNT(*) FROM orders WHERE slot_id = ?1 AND status IN ('cart', 'paid'))");
  query.Bind(slot_id).Step();
  return query.Integer(0);
}

std::vector<int64_t> CountQuotas(Connection& connection, const std::vector<TimeSlot>& slots) {
  std::vector<int64_t> free;
  free.reserve(slots.size());
  for (const TimeSlot& slot : slots) free.push_back(FreePlaces(connection, slot.id));
  return free;
}

}  // namespace ticketshop
