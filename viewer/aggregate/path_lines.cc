#include "viewer/aggregate/path_lines.h"

#include "viewer/aggregate/call_tree_builder.h"

namespace hotroute::viewer {

std::vector<PathLine> PathLines(const CallTree& tree, bool fold) {
  std::vector<bool> hot(tree.nodes.size());
  for (const uint32_t node : HotPath(tree)) hot[node] = true;
  std::vector<uint32_t> line_of(tree.nodes.size());
  std::vector<PathLine> lines;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const CallTreeNode& node = tree.nodes[i];
    const uint32_t caller = line_of[node.parent];
    const bool continues =
        fold && node.parent != 0 && node.total_ms > 0 &&
        node.total_ms >= kSameLineShare * tree.nodes[lines[caller].nodes.front()].total_ms;
    if (continues) {
      line_of[i] = caller;
    } else {
      line_of[i] = static_cast<uint32_t>(lines.size());
      lines.push_back({.parent = caller, .nodes = {}, .hot = hot[i]});
    }
    lines[line_of[i]].nodes.push_back(i);
    lines[line_of[i]].self_ms += node.self_ms;
  }
  return lines;
}

}  // namespace hotroute::viewer
