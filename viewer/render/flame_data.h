// The data block of a flame graph page: JSON with the tree packed as base64 of LEB128 varints.
//
//   {"title", "subtitle", "unit", "cpu_ms", "offcpu_ms",
//    "functions": [name], "modules": [name], "hues": [0..359, per module], "files": [name],
//    "frame_modules": [index], "frame_files": [index], "frame_lines": [n],   per frame, as
//    "functions" "unit_ms": of one unit of self, "node_count", "nodes": base64}
//
// `nodes` is, per node in the tree's order: distance to the parent (0 for the root), frame, self in
// units, own samples (those whose innermost frame it is). Totals are the sums of selfs. One unit is
// 1e-9 of the root's total or less.
#pragma once

#include <string>

#include "viewer/aggregate/call_tree.h"
#include "viewer/render/flame_info.h"

namespace hotroute::viewer {

// Valid UTF-8 without '<', so that it can stand in a script element. Thread-safe.
std::string EncodeFlameData(const CallTree& tree, const FlameInfo& info);

}  // namespace hotroute::viewer
