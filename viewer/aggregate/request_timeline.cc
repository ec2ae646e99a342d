#include "viewer/aggregate/request_timeline.h"

#include <algorithm>

#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {
namespace {

// One frame of the tree before folding. Nodes stand in depth-first order, because runs come in time
// order.
struct Node {
  uint32_t frame = 0;
  uint32_t depth = 0;
  uint32_t children = 0;
  double offset_ms = 0;
  double cpu_ms = 0;
  uint32_t samples = 0;
  uint32_t self_samples = 0;
};

// The frames of the run before that this run continues.
size_t SharedDepth(const std::vector<uint32_t>& frames, const std::vector<uint32_t>& before) {
  const auto ends = std::mismatch(frames.begin(), frames.end(), before.begin(), before.end());
  return static_cast<size_t>(ends.first - frames.begin());
}

std::vector<Node> BuildNodes(const std::vector<TimelineRun>& runs) {
  std::vector<Node> nodes;
  std::vector<size_t> open;  // nodes of the stack of the run before
  const std::vector<uint32_t> none;
  for (size_t i = 0; i < runs.size(); ++i) {
    const TimelineRun& run = runs[i];
    open.resize(SharedDepth(run.frames, i == 0 ? none : runs[i - 1].frames));
    for (size_t depth = open.size(); depth < run.frames.size(); ++depth) {
      if (depth > 0) ++nodes[open.back()].children;
      open.push_back(nodes.size());
      nodes.push_back({.frame = run.frames[depth],
                       .depth = static_cast<uint32_t>(depth),
                       .offset_ms = run.offset_ms});
    }
    for (const size_t node : open) {
      nodes[node].cpu_ms += run.cpu_ms;
      nodes[node].samples += run.samples;
    }
    if (!open.empty()) nodes[open.back()].self_samples += run.samples;
  }
  return nodes;
}

}  // namespace

std::vector<TimelineRun> TimelineOf(const store::ProfileRecord& record, Symbolizer* symbolizer) {
  std::vector<TimelineRun> runs;
  for (const store::SampleRun& run : record.runs) {
    TimelineRun line;
    line.offset_ms = static_cast<double>(run.offset_us) / 1000;
    line.samples = run.count;
    line.cpu_ms =
        MillisOfNanos(static_cast<double>(run.count) * static_cast<double>(record.period_ns));
    for (NodeId node = run.node; node; node = symbolizer->stacks().parent(node)) {
      line.frames.push_back(symbolizer->FrameOf(node));
    }
    std::reverse(line.frames.begin(), line.frames.end());
    runs.push_back(std::move(line));
  }
  return runs;
}

std::vector<TimelineSpan> FoldSpans(const std::vector<TimelineRun>& runs) {
  const std::vector<Node> nodes = BuildNodes(runs);
  std::vector<TimelineSpan> spans;
  std::vector<uint32_t> depth_of;  // by depth of a node: depth of the span it is in
  bool continues = false;          // the node before has nothing but this one below it
  for (const Node& node : nodes) {
    const uint32_t caller = node.depth == 0 ? 0 : depth_of[node.depth - 1];
    const uint32_t depth = node.depth == 0 ? 0 : caller + (continues ? 0 : 1);
    depth_of.resize(node.depth);
    depth_of.push_back(depth);
    if (continues) {
      spans.back().frames.push_back(node.frame);
    } else {
      spans.push_back({depth, {node.frame}, node.offset_ms, node.cpu_ms, node.samples});
    }
    continues = node.children == 1 && node.self_samples == 0;
  }
  return spans;
}

}  // namespace hotroute::viewer
