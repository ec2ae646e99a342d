#include "viewer/aggregate/call_tree_builder.h"

#include <algorithm>
#include <unordered_map>

#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {
namespace {

// Whether a node or anything below it has samples; a parent's number is smaller than its
// children's.
std::vector<bool> NodesInUse(const StackCosts& costs, const store::StackTable& stacks) {
  std::vector<bool> used(costs.samples().size());
  for (size_t i = used.size(); i-- > 1;) {
    if (costs.samples()[i] > 0) used[i] = true;
    if (used[i]) used[stacks.parent(NodeId(static_cast<uint32_t>(i))).value()] = true;
  }
  return used;
}

// Nodes in the order of the stack table: parents first, children unordered.
std::vector<CallTreeNode> MergeNodes(const StackCosts& costs, Symbolizer* symbolizer) {
  const std::vector<bool> used = NodesInUse(costs, symbolizer->stacks());
  std::vector<CallTreeNode> merged(1);
  std::vector<uint32_t> merged_of(std::max<size_t>(used.size(), 1));
  std::unordered_map<uint64_t, uint32_t> children;  // by merged parent and frame
  for (uint32_t i = 0; i < used.size(); ++i) {
    if (i > 0) {
      if (!used[i]) continue;
      const uint32_t parent = merged_of[symbolizer->stacks().parent(NodeId(i)).value()];
      const uint32_t frame = symbolizer->FrameOf(NodeId(i));
      const auto [entry, fresh] = children.try_emplace(static_cast<uint64_t>(parent) << 32 | frame,
                                                       static_cast<uint32_t>(merged.size()));
      if (fresh) merged.push_back({.parent = parent, .frame = frame});
      merged_of[i] = entry->second;
    }
    CallTreeNode& node = merged[merged_of[i]];
    node.self_ms += MillisOfNanos(costs.self_ns()[i]) / costs.requests();
    node.samples += static_cast<double>(costs.samples()[i]);
  }
  return merged;
}

void AddTotals(std::vector<CallTreeNode>* nodes) {
  for (CallTreeNode& node : *nodes) node.total_ms = node.self_ms;
  for (size_t i = nodes->size(); i-- > 1;) {
    (*nodes)[(*nodes)[i].parent].total_ms += (*nodes)[i].total_ms;
    (*nodes)[(*nodes)[i].parent].samples += (*nodes)[i].samples;
  }
}

// Heaviest child first; the name decides between equals, so that output is the same every time.
std::vector<std::vector<uint32_t>> OrderedChildren(const std::vector<CallTreeNode>& nodes,
                                                   const std::vector<Frame>& frames) {
  std::vector<std::vector<uint32_t>> children(nodes.size());
  for (uint32_t i = 1; i < nodes.size(); ++i) children[nodes[i].parent].push_back(i);
  for (auto& siblings : children) {
    std::sort(siblings.begin(), siblings.end(), [&](uint32_t a, uint32_t b) {
      if (nodes[a].total_ms != nodes[b].total_ms) return nodes[a].total_ms > nodes[b].total_ms;
      return frames[nodes[a].frame].function < frames[nodes[b].frame].function;
    });
  }
  return children;
}

}  // namespace

CallTree BuildCallTree(const StackCosts& costs, Symbolizer* symbolizer) {
  std::vector<CallTreeNode> merged = MergeNodes(costs, symbolizer);
  AddTotals(&merged);
  const auto children = OrderedChildren(merged, symbolizer->frames());
  CallTree tree;
  tree.frames = symbolizer->frames();
  tree.nodes.reserve(merged.size());
  // Depth first with an own stack: damaged files may hold chains deeper than the thread's.
  std::vector<std::pair<uint32_t, uint32_t>> open = {{0, 0}};  // merged node, new parent
  while (!open.empty()) {
    const auto [node, parent] = open.back();
    open.pop_back();
    const uint32_t placed = static_cast<uint32_t>(tree.nodes.size());
    tree.nodes.push_back(merged[node]);
    tree.nodes.back().parent = parent;
    for (size_t i = children[node].size(); i-- > 0;) open.emplace_back(children[node][i], placed);
  }
  return tree;
}

std::vector<uint32_t> HotPath(const CallTree& tree) {
  std::vector<uint32_t> path = {0};
  // Children stand in descending order behind their parent, so the first child met is the heaviest.
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].parent == path.back()) path.push_back(i);
  }
  return path;
}

}  // namespace hotroute::viewer
