// A small profile that every format's test writes: recursion, a stack that is another's prefix,
// labels, fractions.
#pragma once

#include <string>

#include "viewer/formats/stack_profile.h"

namespace hotroute::viewer {

inline StackProfile ExampleProfile() {
  StackProfile profile;
  profile.period_ns = 10'000'000;
  profile.start_us = 1'700'000'000'000'000;
  profile.end_us = 1'700'000'060'000'000;
  profile.frames = {
      {"main", "", "src/main.cc", 10, "/usr/bin/shop", "\x01\xAB", 0x1000},
      {"serve", "_Z5servev", "src/serve.cc", 20, "/usr/bin/shop", "\x01\xAB", 0x2000},
      {"load", "", "src/load.cc", 30, "/usr/bin/shop", "\x01\xAB", 0x3000},
      {"libsqlite3.so.0+0x4000", "", "", 0, "/usr/lib/libsqlite3.so.0", "\xFF", 0x4000},
  };
  profile.stacks = {
      {{0, 1, 2, 3}, 3, 30'000'300.0, {{"shop", "acme"}}},
      {{0, 1, 2, 2}, 2, 40'000'300.0, {}},
      {{0, 1}, 1, 10'000'600.0, {}},
      {{}, 1, 5'000'000.0, {}},
  };
  return profile;
}

// One stack of one frame.
inline StackProfile OneStack(const std::string& function, double cpu_ns) {
  StackProfile profile;
  profile.frames.emplace_back().function = function;
  profile.stacks = {{{0}, 1, cpu_ns, {}}};
  return profile;
}

// The sum of all stacks' weighted CPU time, rounded to whole microseconds.
inline constexpr unsigned kExampleTotalUs = 85'001;

}  // namespace hotroute::viewer
