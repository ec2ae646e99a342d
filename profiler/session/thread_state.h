// What the library knows about each thread of the host, and the registry of all of them.
//
// A thread gets a state at its first request and gives it back when it ends; the next new thread
// takes it over, counters included. States are never freed: signals and the helper thread may still
// look at them.
#pragma once

#include <array>
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

// Ids of the captured requests that run on one thread, outermost first. Ids, because a request may
// end on another thread and its memory serve another request by now. Owned by its thread.
class RunningRequests {
 public:
  // Beyond kMaxNesting the new one is left out: samples go on to it, until one inside it ends.
  void Push(uint64_t id, ActiveRequestPool* pool);
  void Remove(uint64_t id);
  // 0 for none. Forgets those that ended elsewhere.
  uint64_t Innermost(ActiveRequestPool* pool);
  void Clear() { size_ = 0; }

 private:
  static constexpr size_t kMaxNesting = 16;

  std::array<uint64_t, kMaxNesting> ids_{};
  size_t size_ = 0;
};

// Owned by its thread; `capture` and `exposure` are also read by the helper thread, as their types
// allow.
struct ThreadState {
  ThreadState(RouteTable* routes, uint64_t seed) : random(seed), exposure(routes) {}

  Random random;
  ExposureTable exposure;
  RunningRequests running;
  uint32_t armed_generation = 0;  // session in which the sampling engine was armed
  clockid_t cpu_clock{};          // of the thread, readable from others
  // Made at the thread's first captured request; release / acquire.
  std::atomic<ThreadCapture*> capture{nullptr};
  ThreadState* next = nullptr;       // constant once registered
  ThreadState* next_idle = nullptr;  // the registry's
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
  // Linked by next_idle: giving a state back cannot fail.
  ThreadState* idle_ HOTROUTE_GUARDED_BY(mutex_) = nullptr;
  SamplingEngine* engine_ HOTROUTE_GUARDED_BY(mutex_) = nullptr;
  uint32_t engine_generation_ HOTROUTE_GUARDED_BY(mutex_) = 0;
  std::atomic<ThreadState*> first_{nullptr};  // release / acquire
};

}  // namespace hotroute
