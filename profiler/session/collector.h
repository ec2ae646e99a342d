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

// Thread-safe where marked; the rest belongs to the helper thread.
class Collector {
 public:
  Collector(WriterContext context, ActiveRequestPool* pool, ThreadRegistry* threads);
  ~Collector();

  // Opens the files; the reason why they cannot be written.
  Status Open();
  // Starts the helper thread. Requires Open().
  Status Start();
  // Stores what has ended, seals the files and joins the thread.
  void Stop();

  // Thread-safe: many requests wait.
  void Wake();

  // Thread-safe figures for hotroute_get_stats.
  uint64_t profiles_written() const { return profiles_written_.load(std::memory_order_relaxed); }
  uint64_t bytes_written() const { return bytes_written_.load(std::memory_order_relaxed); }
  double sample_hz() const { return 1e9 / static_cast<double>(context_.period_ns); }
  uint64_t samples() const { return samples_.load(std::memory_order_relaxed); }

 private:
  void Run();
  void Wait();
  // One round; true when there was something to do.
  bool Drain();
  void Fold(const RawSample& sample);
  void Store(ActiveRequest* request);
  void Tick(int64_t now_us, bool last);
  void Rotate();

  WriterContext context_;
  ActiveRequestPool* const pool_;
  ThreadRegistry* const threads_;

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
  std::atomic<uint32_t> wake_{0};  // futex: 1 wakes the helper
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> profiles_written_{0};
  std::atomic<uint64_t> bytes_written_{0};
  std::atomic<uint64_t> samples_{0};
};

}  // namespace hotroute
