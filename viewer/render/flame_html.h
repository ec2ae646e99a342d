// The flame graph as one HTML file that needs nothing else: no server, no network, no binaries.
//
// In: the merged call tree of a population. Out: a page with its own script, style and data; its
// Content-Security-Policy allows exactly this script and this style and no request to anywhere.
// Names are data, never markup. assets/ holds the page; flame_data.h describes the data in it.
#pragma once

#include <string>

#include "viewer/aggregate/call_tree.h"
#include "viewer/render/flame_info.h"

namespace hotroute::viewer {

// Heavier nodes first: a tree with more is pruned, with "[other]" keeping the sums.
inline constexpr size_t kMaxHtmlNodes = 200'000;

// Requires tree.nodes not to be empty. Thread-safe.
std::string RenderFlameHtml(const CallTree& tree, const FlameInfo& info);

}  // namespace hotroute::viewer
