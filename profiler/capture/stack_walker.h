// How a stack is walked from inside the signal handler: the one place where another unwinder plugs
// in.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "profiler/capture/sample_ring.h"

namespace hotroute {

struct WalkResult {
  size_t depth = 0;  // program counters written, innermost first
  WalkEnd end = WalkEnd::kStopped;
};

// A table of functions, so that the handler calls through constant memory.
struct StackWalker {
  std::string_view name;  // stored with every profile
  // Normal context, once per thread before its first Walk: does whatever the first use would do
  // that a handler must not. Returns the return address at which complete walks of this thread end.
  uintptr_t (*prime_thread)();
  // Signal-safe. Walks the interrupted code of `context` into `pcs`. `root_pc` is what prime_thread
  // returned.
  WalkResult (*walk)(const ucontext_t& context, uintptr_t root_pc, std::span<uintptr_t> pcs);
};

// libunwind's fast trace: see libunwind_walker.cc for what it may and may not do.
extern const StackWalker kLibunwindWalker;

}  // namespace hotroute
