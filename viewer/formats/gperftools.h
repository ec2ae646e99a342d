// The symbolised CPU profile that gperftools' pprof reads (Debian: google-pprof), which knows no
// profile.proto.
//
//   --- symbol          names, one address per frame: "0x1000 event::Load"
//   --- profile         then 64-bit little-endian slots: header {0, 3, 0, period us, 0},
//                       stacks {value, depth, addresses leaf first}, trailer {0, 1, 0}
//
// Values are weighted CPU time in microseconds with a period of 1 us: what google-pprof calls a
// sample is one microsecond, and its total is ours. Addresses are made up, one per frame; it never
// needs the binaries.
//
// Names lose what the reader would trip over: line breaks become ' ', "--" (its separator of
// inlined functions) becomes
// "- -", and a name wholly in <> or (), which it would cut to nothing, is written in [].
// google-pprof itself leaves out argument and template lists. Stacks deeper than 65,536 keep their
// innermost frames.
#pragma once

#include <string>

#include "viewer/formats/stack_profile.h"

namespace hotroute::viewer {

// Thread-safe.
std::string EncodeGperftools(const StackProfile& profile);

}  // namespace hotroute::viewer
