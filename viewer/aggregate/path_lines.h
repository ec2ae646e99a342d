// A call tree as lines to read: what is only passed through becomes one line.
//
// In: a call tree. Out: runs of frames, each the one callee, or nearly, of the frame before. Stacks
// of real services begin with ten frames between the thread's start and the route's code; those are
// one line.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/aggregate/call_tree.h"

namespace hotroute::viewer {

struct PathLine {
  uint32_t parent = 0;          // index of the line above which calls this one; the root is its own
  std::vector<uint32_t> nodes;  // of the tree, callers first; only the root's line is {0}
  double self_ms = 0;           // in the frames of the line
  bool hot = false;             // on the hot path
};

// A callee continues its caller's line when it has at least this share of the line's time. What
// else is called from frames within the line hangs below it.
inline constexpr double kSameLineShare = 0.95;

// A line stands behind its caller's; siblings stand heaviest first. `fold` false: one frame each.
std::vector<PathLine> PathLines(const CallTree& tree, bool fold);

}  // namespace hotroute::viewer
