// The shop's tables, and the shops, events and time slots that a fresh database starts with.
//
// Five shops with one event each. Four sell about twenty time slots; the museum sells every quarter
// of an hour for more than two years. Same pages, same code: this is what the outage grew from.
#pragma once

#include <cstdint>

#include "ticketshop/database.h"

namespace ticketshop {

struct SeedOptions {
  int64_t museum_slots = 30'000;
  int64_t other_slots = 20;
};

// Creates and fills the tables, in one transaction; leaves a database that has shops as it is.
void CreateAndSeed(Connection& connection, const SeedOptions& options);

}  // namespace ticketshop
