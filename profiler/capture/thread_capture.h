// What the signal handler knows about the thread it interrupts, and where it leaves what it saw.
//
// One per thread that has served a captured request; never freed, so that a late signal finds valid
// memory (it is handed to the next new thread instead).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>

#include "profiler/capture/sample_ring.h"

namespace hotroute {

inline constexpr size_t kMaxDepth = 512;  // frames of a stack; deeper ones are cut at the root side
inline constexpr size_t kRingWords =
    8 * 1024;  // 64 KiB: two seconds at 100 samples/s and 35 frames

struct ThreadCapture {
  // The request being captured on this thread, 0 for none. Written by the thread, read by its own
  // handler: a relaxed store is enough between a thread and its signal handler.
  std::atomic<uint64_t> request_id{0};
  // Samples taken on this thread so far; same parties.
  std::atomic<uint64_t> samples{0};

  // The return address at which a complete walk of this thread ends; 0 until primed.
  uintptr_t root_pc = 0;

  SampleRing ring{kRingWords};
  std::array<uintptr_t, kMaxDepth> scratch{};  // the handler's; it cannot interrupt itself

  // Owned by the sampling engine.
  timer_t timer{};
  bool has_timer = false;  // timer id 0 is valid, so it cannot tell
};

}  // namespace hotroute
