// The flame graph as a static SVG picture: for documents, tickets and chat.
//
// In: the merged call tree of a population. Out: XML that needs nothing else; each box has its
// numbers as a tooltip. Nodes below 0.1 % of the root become "[other]" with their sums kept. The
// root is at the top.
#pragma once

#include <string>

#include "viewer/aggregate/call_tree.h"
#include "viewer/render/flame_info.h"

namespace hotroute::viewer {

// Requires tree.nodes not to be empty. Thread-safe.
std::string RenderFlameSvg(const CallTree& tree, const FlameInfo& info);

}  // namespace hotroute::viewer
