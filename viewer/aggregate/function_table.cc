#include "viewer/aggregate/function_table.h"

#include <algorithm>

#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {
namespace {

template <typename T>
T& At(std::vector<T>* values, size_t index) {
  if (index >= values->size()) values->resize(index + 1);
  return (*values)[index];
}

}  // namespace

void FunctionTable::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  costs_.Add(record, weight);
  ++request_;
  for (const store::SampleRun& run : record.runs) MarkReached(run.node, weight);
}

void FunctionTable::MarkReached(NodeId node, double weight) {
  // Callers of a node that this request already had are marked already.
  for (; node && At(&node_seen_, node.value()) != request_;
       node = symbolizer_->stacks().parent(node)) {
    node_seen_[node.value()] = request_;
    const uint32_t frame = symbolizer_->FrameOf(node);
    if (At(&function_seen_, frame) == request_) continue;
    function_seen_[frame] = request_;
    At(&reach_, frame) += weight;
  }
}

std::vector<FunctionRow> FunctionTable::Rows() {
  std::vector<FunctionRow> rows(symbolizer_->frames().size());
  std::vector<uint32_t> counted_in(rows.size());  // last stack that counted this function
  const double requests = costs_.requests();
  for (uint32_t leaf = 1; leaf < costs_.self_ns().size(); ++leaf) {
    if (costs_.samples()[leaf] == 0) continue;
    const double ms = MillisOfNanos(costs_.self_ns()[leaf]) / requests;
    rows[symbolizer_->FrameOf(NodeId(leaf))].self_ms += ms;
    for (NodeId node(leaf); node; node = symbolizer_->stacks().parent(node)) {
      const uint32_t frame = symbolizer_->FrameOf(node);
      if (counted_in[frame] == leaf) continue;
      counted_in[frame] = leaf;
      rows[frame].total_ms += ms;
    }
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].frame = symbolizer_->frames()[i];
    rows[i].reach = i < reach_.size() ? reach_[i] / requests : 0;
  }
  std::erase_if(rows, [](const FunctionRow& row) { return row.reach <= 0; });
  std::sort(rows.begin(), rows.end(), [](const FunctionRow& a, const FunctionRow& b) {
    if (a.self_ms != b.self_ms) return a.self_ms > b.self_ms;
    if (a.total_ms != b.total_ms) return a.total_ms > b.total_ms;
    return a.frame.function < b.frame.function;
  });
  return rows;
}

}  // namespace hotroute::viewer
