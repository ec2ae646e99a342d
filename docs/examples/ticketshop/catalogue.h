// What a shop sells: its events and their time slots, and how many places are left.
//
// In: slugs from the URL. Out: plain values. A shop or event that does not exist throws NotFound.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "ticketshop/database.h"

namespace ticketshop {

class NotFound : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Shop {
  int64_t id = 0;
  std::string slug;
  std::string name;
};

struct Event {
  int64_t id = 0;
  std::string slug;
  std::string name;
};

struct TimeSlot {
  int64_t id = 0;
  int64_t starts_at = 0;  // Unix seconds
};

Shop FindShop(Connection& connection, const std::string& slug);
std::vector<Event> EventsOf(Connection& connection, const Shop& shop);
Event FindEvent(Connection& connection, const Shop& shop, const std::string& slug);
std::vector<TimeSlot> TimeSlotsOf(Connection& connection, const Event& event);

// Places that can still be sold for one slot: its quotas less its orders and carts.
int64_t FreePlaces(Connection& connection, int64_t slot_id);

// The same for each slot, one query after the other. Quick for twenty slots, and what took the
// museum down.
std::vector<int64_t> CountQuotas(Connection& connection, const std::vector<TimeSlot>& slots);

}  // namespace ticketshop
