// What the HTML and the SVG flame graph share: pruning, colours and numbers as text.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "viewer/aggregate/call_tree.h"

namespace hotroute::viewer {

// What the pruned children of one node become.
inline constexpr std::string_view kOtherFrame = "[other]";

// `tree` without the nodes whose total is below `min_total_ms`. The pruned children of a node
// become one last child
// "[other]" with their sums, so that every remaining total and every sum of selfs is as before.
// Thread-safe.
CallTree PruneCallTree(const CallTree& tree, double min_total_ms);

// The smallest total a node must have so that at most `max_nodes` of `tree` remain (without
// "[other]"); 0 when all do. max_nodes >= 1. Thread-safe.
double PruningThreshold(const CallTree& tree, size_t max_nodes);

// A hue of 0 to 359 for each module of `tree`. Its name's hash decides; where two would be hard to
// tell apart, one moves away. So the same modules have the same colours in every picture.
// Thread-safe.
std::map<std::string, int> ModuleHues(const CallTree& tree);

// "12.3 ms", "0 ms": three significant digits and never more than four decimals. Thread-safe.
std::string MsText(double ms);

}  // namespace hotroute::viewer
