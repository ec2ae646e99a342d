// Fills a StackProfile (formats/stack_profile.h) from the profiles of a population.
//
// In: profiles with weights. Out: one stack per distinct stack, one frame per location, values of
// all requests.
#pragma once

#include <cstdint>

#include "viewer/aggregate/stack_costs.h"
#include "viewer/aggregate/symbolizer.h"
#include "viewer/formats/stack_profile.h"

namespace hotroute::viewer {

// Memory is bounded by the distinct stacks. Thread-compatible.
class StackExport {
 public:
  void Add(const store::ProfileRecord& record, double weight);
  StackProfile Finish(Symbolizer* symbolizer) const;

 private:
  StackCosts costs_;
  uint64_t period_ns_ = 0;
  int64_t start_us_ = INT64_MAX;
  int64_t end_us_ = INT64_MIN;
};

}  // namespace hotroute::viewer
