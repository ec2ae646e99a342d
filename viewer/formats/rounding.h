// Integers for fractional values such that the total stays right.
//
// In: non-negative values. Out: integers, each less than 1 away from its value, whose sum is the
// rounded sum of the values (the largest-remainder method). Formats that know only integers use it
// so that their totals equal ours.
#pragma once

#include <cstdint>
#include <vector>

namespace hotroute::viewer {

// Ties go to the earlier value. Negative values and NaN count as 0. Thread-safe.
std::vector<uint64_t> RoundToTotal(const std::vector<double>& values);

}  // namespace hotroute::viewer
