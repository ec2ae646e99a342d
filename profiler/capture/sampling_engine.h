// Who interrupts a thread while it burns CPU: the one place where another clock plugs in.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "profiler/capture/thread_capture.h"

namespace hotroute {

// Thread-safe, except that one ThreadCapture is handled by one thread at a time.
class SamplingEngine {
 public:
  virtual ~SamplingEngine() = default;

  virtual std::string_view name() const = 0;  // stored with every profile
  // CPU time that one sample stands for.
  virtual uint64_t period_ns() const = 0;

  // Begins to interrupt the calling thread, for as long as it lives. Called once per thread, at its
  // first captured request. False when the system refuses: the thread then has no stacks, and the
  // caller counts it.
  virtual bool ArmThread(ThreadCapture* capture) = 0;
  // Ends it; any thread may call. Signals already sent may still arrive.
  virtual void DisarmThread(ThreadCapture* capture) = 0;
};

// Per-thread CPU-time timers (timer_create on CLOCK_THREAD_CPUTIME_ID), always armed. The kernel
// looks at them at its tick only, so a period below the tick is raised to it. `seed` randomises the
// first expiry.
std::unique_ptr<SamplingEngine> MakeThreadTimerEngine(int signal_number, double sample_hz,
                                                      uint64_t seed);

}  // namespace hotroute
