// Builds the merged call tree of a population (call_tree.h) and finds the hot path in it.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/aggregate/call_tree.h"
#include "viewer/aggregate/stack_costs.h"
#include "viewer/aggregate/symbolizer.h"

namespace hotroute::viewer {

// Stacks merge where the frames shown are equal: two call sites in one function are one node. The
// root's total is the mean CPU time per request as the samples give it. Linear in the size of the
// stack table.
CallTree BuildCallTree(const StackCosts& costs, Symbolizer* symbolizer);

// The hot path: from the root to the heaviest child, and so on to a leaf. Indices into tree.nodes,
// the root first.
std::vector<uint32_t> HotPath(const CallTree& tree);

}  // namespace hotroute::viewer
