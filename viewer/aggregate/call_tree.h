// The merged call tree of a population, in cost per request: what paths, flame graphs and exports
// are drawn from.
//
// In: the profiles of a population, their stacks and the frames' names. Out: plain nodes, parents
// before children.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hotroute::viewer {

// What a frame is shown as.
struct Frame {
  std::string function;  // demangled; "module+0x1234" where there is no symbol
  std::string module;    // file name of the module without its folder; "" unknown
  std::string file;      // source file, "" unknown
  uint32_t line = 0;     // of the function's begin, 0 unknown
  bool operator==(const Frame&) const = default;
};

struct CallTreeNode {
  uint32_t parent = 0;  // index; the root is its own parent
  uint32_t frame = 0;   // index into CallTree::frames; meaningless for the root
  double self_ms = 0;   // per request: time with this frame innermost
  double total_ms = 0;  // per request: with this frame on the stack below its callers
  double samples = 0;   // stack samples behind total_ms, unweighted
};

// Node 0 is the root (all requests of the population; its total is the mean per request). Children
// of one node are in descending order of total, and every node stands after its parent.
struct CallTree {
  std::vector<Frame> frames;
  std::vector<CallTreeNode> nodes;
};

}  // namespace hotroute::viewer
