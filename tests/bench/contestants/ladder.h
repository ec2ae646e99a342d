// A stack of a wanted depth, every frame another function: what unwinders see in a service, where
// recursion is rare.
#pragma once

#include <functional>

namespace hotroute::bench {

inline constexpr int kRungs = 128;  // distinct functions

template <int kRung>
__attribute__((noinline)) void Climb(int remaining, const std::function<void()>& at_top) {
  if (remaining == 0) {
    at_top();
  } else {
    Climb<(kRung + 1) % kRungs>(remaining - 1, at_top);
  }
  // The call above must not become a jump, which would leave no frame.
  asm volatile("" ::: "memory");
}

// Calls `at_top` from below `frames` + 1 frames of distinct functions.
inline void ClimbLadder(int frames, const std::function<void()>& at_top) {
  Climb<0>(frames, at_top);
}

}  // namespace hotroute::bench
