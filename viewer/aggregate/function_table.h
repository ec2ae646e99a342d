// Functions of a population by cost: the rows of `hotroute top`.
//
// In: profiles with weights. Out: per function its own and its cumulative CPU time per request, and
// the share of requests that reach it. A function counts once per stack, however often it recurses.
#pragma once

#include <cstdint>
#include <vector>

#include "store/profile_source.h"
#include "viewer/aggregate/call_tree.h"
#include "viewer/aggregate/stack_costs.h"
#include "viewer/aggregate/symbolizer.h"

namespace hotroute::viewer {

struct FunctionRow {
  Frame frame;
  double self_ms = 0;   // per request
  double total_ms = 0;  // per request
  double reach = 0;     // share of requests with it in at least one sample
};

// Linear in the samples, plus the depth of each distinct stack once. Thread-compatible.
class FunctionTable {
 public:
  explicit FunctionTable(Symbolizer* symbolizer) : symbolizer_(symbolizer) {}

  void Add(const store::ProfileRecord& record, double weight);
  // See StackCosts.
  void Scale(double factor) { costs_.Scale(factor); }
  // By self time, then total time, then name.
  std::vector<FunctionRow> Rows();

 private:
  void MarkReached(NodeId node, double weight);

  Symbolizer* const symbolizer_;
  StackCosts costs_;
  uint64_t request_ = 0;                 // number of the request being added, from 1
  std::vector<uint64_t> node_seen_;      // by node: last request that had it
  std::vector<uint64_t> function_seen_;  // by frame: last request that reached it
  std::vector<double> reach_;            // by frame: weight of the requests that reached it
};

}  // namespace hotroute::viewer
