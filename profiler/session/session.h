// Profiling of this process, from hotroute_start to hotroute_stop: the one place that knows all
// stages.
//
// What requests need on every call stands in LiveState, without locks; everything else is behind
// one mutex. After a fork the child starts over with fresh objects (the parent's may be locked by
// threads that the child does not have) at its first request.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/losses.h"
#include "base/mutex.h"
#include "profiler/session/collector.h"
#include "profiler/session/settings.h"
#include "profiler/session/thread_state.h"

namespace hotroute {

// Read by every request. All relaxed: each value stands alone, and a request that sees an old one
// is merely early.
struct LiveState {
  std::atomic<uint32_t> generation{
      0};  // 0: not started; otherwise changes with every start and fork
  std::atomic<Threshold> threshold{0};  // the default fraction
  std::atomic<uint64_t> slow_threshold_ns{0};
  std::atomic<bool> keep_errors{false};

  KeepRules rules() const {
    return {slow_threshold_ns.load(std::memory_order_relaxed),
            keep_errors.load(std::memory_order_relaxed)};
  }
};

// Thread-safe.
class Session {
 public:
  // The process's session; made at its first use, never destroyed.
  static Session& Get();
  static LiveState& live() { return live_; }
  static LossCounters& losses() { return losses_; }
  // Did what began in `generation` begin in this process, rather than before a fork? Generations
  // count starts in their low bits and forks in their high bits.
  static bool IsOfThisProcess(uint32_t generation) {
    return (generation ^ last_generation_.load(std::memory_order_relaxed)) >> kStartBits == 0;
  }

  Status Start(const hotroute_options& options);
  void Stop();
  Status SetFraction(double fraction);
  void GetStats(hotroute_stats* stats);

  // A state for the calling thread; null when profiling is off. In a forked child, starts its
  // session first.
  ThreadState* AcquireThread();
  void ReleaseThread(ThreadState* state) { threads_.Release(state); }
  // The calling thread's state made ready for capture in this generation.
  ThreadCapture* PrepareCapture(ThreadState* state, uint32_t generation);

  ActiveRequestPool& pool() { return pool_; }
  void WakeHelper() { helper_.Wake(); }

 private:
  static constexpr unsigned kStartBits = 20;

  Session();

  static void ResetInChild();
  static constinit LiveState live_;
  static constinit LossCounters losses_;
  static constinit std::atomic<Session*> instance_;
  static constinit std::atomic<uint32_t> last_generation_;

  // In a child, before any other thread exists.
  void InheritFrom(const Session& parents) HOTROUTE_ATTRIBUTE(no_thread_safety_analysis);
  Status StartLocked(const Settings& settings) HOTROUTE_REQUIRES(mutex_);
  Result<WriterContext> OpenDataDirectory(const Settings& settings, const SamplingEngine& engine);

  RouteTable routes_;
  ThreadRegistry threads_;
  ActiveRequestPool pool_;

  Mutex mutex_;
  Settings settings_ HOTROUTE_GUARDED_BY(mutex_);
  // Set in a forked child of a running session: start again at the first request.
  bool restart_ HOTROUTE_GUARDED_BY(mutex_) = false;
  std::unique_ptr<SamplingEngine> engine_ HOTROUTE_GUARDED_BY(mutex_);
  HelperState helper_;
  std::unique_ptr<Collector> collector_ HOTROUTE_GUARDED_BY(mutex_);
};

}  // namespace hotroute
