// The smallest segment that shows everything: what docs/format.md dissects and fixtures/ keeps.
//
// Three frames. 1: the process, definitions, profile 1. 2: the same definitions again, new ones,
// profile 2. 3: the definitions of frame 2 again, the losses and the footer.
#pragma once

#include <string>

namespace hotroute {

// The open segment, frames as their writer appends them.
std::string TinySegment();
// The same after sealing: the dictionary in a frame of its own, the rest in one zstd frame.
std::string TinySealedSegment();

}  // namespace hotroute
