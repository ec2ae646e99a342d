// The helper thread's work: drains the rings, folds samples into their requests, stores what has
// ended, and keeps the counters flowing. One thread, named "hotroute", owns everything here.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "base/status.h"
#include "profiler/encode/metrics_writer.h"
#include "profiler/encode/segment_writer.h"
#include "profiler/encode/stack_interner.h"
#include "profiler/encode/writer_context.h"
#include "profiler/request/active_request.h"
#include "profiler/session/thread_state.h"
#include "profiler/symbols/module_map.h"
#include "profiler/symbols/symbol_writer.h"

namespace hotroute {

// What the helper thread tells everybody, and how it is woken. Outlives every collector.
// Thread-safe: each value stands alone.
struct HelperState {
  std::atomic<uint32_t> wake{0};  // futex: 1 wakes the helper
  std::atomic<uint64_t> period_ns{0};
  std::atomic<uint64_t> profiles_written{0};
  std::atomic<uint64_t> bytes_written{0};
  std::atomic<uint64_t> samples{0};

  // Many requests wait.
  void Wake();
};

// Owned by the session, but for Run(), which is the helper thread's.
class Collector {
 public:
  Collector(WriterContext context, ActiveRequestPool* pool, ThreadRegistry* threads,
            HelperState* state);
  ~Collector();

  // Opens the files; the reason why they cannot be written.
  Status Open();
  // Starts the helper thread. Requires Open(). On failure nothing is left behind.
  Status Start();
  // Stores what has ended, seals the files and joins the thread.
  void Stop();

 private:
  void Run();
  void Wait();
  // Does `work`; out of memory costs what it was about, never the host.
  template <typename Work>
  void Attempt(Work work);
  // One round; true when there was something to do.
  bool Drain();
  void Fold(const RawSample& sample);
  void Store(ActiveRequest* request);
  void Tick(int64_t now_us, bool last);
  void Rotate();

  WriterContext context_;
  ActiveRequestPool* const pool_;
  ThreadRegistry* const threads_;
  HelperState* const state_;

  ModuleMap modules_;
  StackInterner stacks_;
  SymbolWriter symbols_;
  SegmentWriter segments_;
  MetricsWriter metrics_;
  std::vector<const LoadedModule*> new_modules_;
  std::vector<uintptr_t> pcs_;
  int64_t ticked_us_ = 0;
  int64_t measured_us_ = 0;
  int64_t realtime_offset_ns_ = 0;  // CLOCK_REALTIME - CLOCK_MONOTONIC

  std::thread thread_;
  std::atomic<bool> stop_{false};
};

}  // namespace hotroute
