// What the library knows about each thread of the host, and the registry of all of them.
//
// A thread gets a state at its first request and gives it back when it ends; the next new thread
// takes it over, counters included. States are never freed: signals and the helper thread may still
// look at them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "profiler/capture/sampling_engine.h"
#include "profiler/capture/stack_walker.h"
#include "profiler/capture/thread_capture.h"
#include "profiler/request/active_request.h"
#include "profiler/request/exposure.h"
#include "profiler/select/selector.h"

namespace hotroute {

// Owned by its thread; `capture` and `exposure` are also read by the helper thread, as their types
// allow.
struct ThreadState {
  ThreadState(RouteTable* routes, uint64_t seed) : random(seed), exposure(routes) {}

  Random random;
  ExposureTable exposure;
  ActiveRequest* innermost = nullptr;  // the captured request that runs on this thread now
  uint32_t armed_generation = 0;       // session in which the sampling engine was armed
  clockid_t cpu_clock{};               // of the thread, readable from others
  // Made at the thread's first captured request; release / acquire.
  std::atomic<ThreadCapture*> capture{nullptr};
  ThreadState* next = nullptr;  // constant once registered
};

// Thread-safe.
class ThreadRegistry {
 public:
  explicit ThreadRegistry(RouteTable* routes) : routes_(routes) {}

  // A state for the calling thread. Takes a lock; may allocate.
  ThreadState* Acquire();
  // The thread is ending: its timer goes, its state waits for another thread.
  void Release(ThreadState* state);

  // Prepares the calling thread for being sampled in this session: ring, first unwind, timer.
  // `generation` as in Session.
  ThreadCapture* PrepareCapture(ThreadState* state, uint32_t generation, const StackWalker& walker,
                                LossCounters* losses);

  // Threads armed from now on use `engine`; null disarms all of them.
  void SetEngine(SamplingEngine* engine, uint32_t generation);

  // Helper thread, or any: every state ever made.
  void ForEach(const std::function<void(ThreadState*)>& visit) const;

 private:
  RouteTable* const routes_;
  Mutex mutex_;
  std::vector<ThreadState*> idle_ HOTROUTE_GUARDED_BY(mutex_);
  SamplingEngine* engine_ HOTROUTE_GUARDED_BY(mutex_) = nullptr;
  uint32_t engine_generation_ HOTROUTE_GUARDED_BY(mutex_) = 0;
  std::atomic<ThreadState*> first_{nullptr};  // release / acquire
};

}  // namespace hotroute
