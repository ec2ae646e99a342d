// The cost of every stack of a population: what call trees and function tables are made from.
//
// In: profiles with their weights. Out: per node of the stack table the weighted CPU time and the
// number of samples with that stack. Memory is bounded by the number of distinct stacks.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "store/profile_source.h"

namespace hotroute::viewer {

// Thread-compatible.
class StackCosts {
 public:
  void Add(const store::ProfileRecord& record, double weight);
  // Multiplies all costs so far: with CostEstimate::cpu_scale they agree with the calibrated means.
  void Scale(double factor);

  // Weighted nanoseconds and unweighted samples with exactly this stack; index is the node's
  // number, the root's holds samples without a stack. Shorter than the stack table when later nodes
  // have none.
  const std::vector<double>& self_ns() const { return self_ns_; }
  const std::vector<uint64_t>& samples() const { return samples_; }
  // Estimated number of requests: what costs per request are divided by.
  double requests() const { return requests_; }

 private:
  std::vector<double> self_ns_;
  std::vector<uint64_t> samples_;
  double requests_ = 0;
};

}  // namespace hotroute::viewer
