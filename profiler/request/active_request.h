// A request while it is captured, and the pool such requests come from.
//
//   serving thread: Take() ── fills in ──► Finish() ──► helper thread: TakeFinished() ── stores ──►
//   Return()
//                      └──── not kept and not sampled: Return() at once ────┘
//
// A request is known to its samples by an id (place in the pool and generation), never by its
// address, so that a sample that comes late finds out that its request is gone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/losses.h"
#include "base/mutex.h"
#include "profiler/request/route_table.h"
#include "profiler/select/selector.h"
#include "proto/record_encoder.h"

namespace hotroute {

inline constexpr size_t kMaxActiveRequests = 8192;
inline constexpr size_t kMaxLabels = 16;
inline constexpr size_t kMaxLabelKeyBytes = 64;
inline constexpr size_t kMaxLabelValueBytes = 256;
inline constexpr size_t kMaxTraceIdBytes = 16;

// Labels of one request. Keeps its memory when cleared. Owned by whoever owns the request.
class LabelSet {
 public:
  // The same key again replaces the value. Counts what is cut or left out.
  void Set(std::string_view key, std::string_view value, LossCounters* losses);
  void Clear() { size_ = 0; }

  size_t size() const { return size_; }
  std::string_view key(size_t i) const { return labels_[i].key; }
  std::string_view value(size_t i) const { return labels_[i].value; }

 private:
  struct Label {
    std::string key;
    std::string value;
  };
  std::vector<Label> labels_;
  size_t size_ = 0;
};

// Plain data. Owned by the serving thread from Take() to Finish(), by the helper thread from
// TakeFinished() to Return().
struct ActiveRequest {
  // Set by the serving thread.
  const Route* route = nullptr;
  uint64_t start_ns = 0;      // CLOCK_MONOTONIC
  uint64_t start_cpu_ns = 0;  // of the serving thread
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
  uint32_t status = 0;
  bool drawn = false;   // selected at random
  double fraction = 0;  // that it was drawn with
  Decision decision;
  LabelSet labels;
  std::array<char, kMaxTraceIdBytes> trace_id{};
  uint8_t trace_id_size = 0;
  uint64_t samples_before = 0;  // ThreadCapture::samples when it began
  // Ended by another thread than it began on, which still remembers its id.
  std::atomic<bool> detached{false};

  // Set by the helper thread.
  std::vector<SampleRunRecord> runs;
  uint32_t samples_truncated = 0;
  uint32_t samples_incomplete = 0;

  // The pool's.
  uint32_t index = 0;
  std::atomic<uint32_t> generation{
      1};  // relaxed: changes only between owners, handed over with acquire / release
  ActiveRequest* next = nullptr;

  uint64_t id() const {
    return uint64_t{generation.load(std::memory_order_relaxed)} << 32 | (index + 1);
  }
};

// Thread-safe.
class ActiveRequestPool {
 public:
  ActiveRequestPool() = default;
  ~ActiveRequestPool();
  ActiveRequestPool(const ActiveRequestPool&) = delete;
  ActiveRequestPool& operator=(const ActiveRequestPool&) = delete;

  // Null when kMaxActiveRequests are in use. Takes a short lock.
  ActiveRequest* Take();
  // Clears what a request leaves behind. After it, samples with the old id find nothing.
  void Return(ActiveRequest* request);

  // Hands a request to the helper thread. True when so many wait that the helper should be woken.
  bool Finish(ActiveRequest* request);
  // All that were finished, oldest first, linked by `next`. Helper thread only.
  ActiveRequest* TakeFinished();

  // The request that a sample's id means, or null when it is gone. For others than the helper
  // thread it may be gone by the time it is used.
  ActiveRequest* Find(uint64_t id);
  // Has the request neither ended on another thread nor been stored?
  bool IsRunning(uint64_t id) {
    const ActiveRequest* request = Find(id);
    return request != nullptr && !request->detached.load();
  }

  // The samples of every request that has any. Helper thread only.
  void ForEachRuns(const std::function<void(std::vector<SampleRunRecord>*)>& visit);

  // Requests taken and not returned.
  size_t in_use() const { return in_use_.load(std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kWakeAt = 256;

  Mutex mutex_;
  ActiveRequest* free_ HOTROUTE_GUARDED_BY(mutex_) = nullptr;  // linked by `next`
  uint32_t created_ HOTROUTE_GUARDED_BY(mutex_) = 0;
  // Never freed while the pool lives. Published with release: Find() sees an id only after the
  // request exists.
  std::array<std::atomic<ActiveRequest*>, kMaxActiveRequests> all_{};
  std::atomic<ActiveRequest*> finished_{nullptr};
  std::atomic<uint32_t> waiting_{0};
  std::atomic<size_t> in_use_{0};
};

}  // namespace hotroute
