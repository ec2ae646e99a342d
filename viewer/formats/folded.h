// Folded stacks: one line "root;child;leaf N" per distinct stack, sorted, as FlameGraph, speedscope
// and inferno read it.
//
// N is weighted CPU time in whole microseconds; the lines add up to the profile's total, rounded
// once. Stacks that round to 0 are left out. The format has no escapes, so in names ';' is written
// ':' and line breaks and other control characters are written ' '. Spaces stay: the last one of a
// line stands before N. Labels, files and modules are not part of the format.
#pragma once

#include <string>

#include "viewer/formats/stack_profile.h"

namespace hotroute::viewer {

// Thread-safe.
std::string EncodeFolded(const StackProfile& profile);

}  // namespace hotroute::viewer
