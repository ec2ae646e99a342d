// Every way in which hotroute can lose something has a name here, a sentence for the user, and a
// counter.
//
// The names are stored on disk (as text, so that readers of another version still show them) and
// printed by every command.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hotroute {

enum class Loss : uint8_t {
  kRingFull,
  kLateSample,
  kForeignSignal,
  kStackTruncated,
  kStackIncomplete,
  kStackTableFull,
  kTimelineFolded,
  kTimerUnavailable,
  kCaptureLimit,
  kNameLimit,
  kNameTruncated,
  kLabelLimit,
  kLabelTruncated,
  kBytesLimit,
  kDiskFull,
  kWriteError,
  kRequestAbandoned,
  kOutOfMemory,
  kCount,
};

inline constexpr size_t kLossCount = static_cast<size_t>(Loss::kCount);

struct LossInfo {
  std::string_view name;  // on disk; never renamed
  std::string_view help;
};

// In the order of the enumeration.
inline constexpr std::array<LossInfo, kLossCount> kLossInfo = {{
    {"ring_full",
     "samples dropped because the helper thread did not drain a thread's ring in time"},
    {"late_sample", "samples that arrived after their request had been stored"},
    {"foreign_signal", "profiling signals that another component sent; passed on or ignored"},
    {"stack_truncated", "stacks deeper than the limit; their root side is missing"},
    {"stack_incomplete", "stacks whose walk stopped before the thread's start"},
    {"stack_table_full",
     "stacks folded into their nearest known caller because the stack table was full"},
    {"timeline_folded", "samples of very long requests stored without their place in time"},
    {"timer_unavailable",
     "threads without a sampling timer (timer_create refused); they have no stacks"},
    {"capture_limit", "requests not captured because too many were being captured at once"},
    {"name_limit",
     "requests counted under [other] because there were too many url_names or methods"},
    {"name_truncated", "url_names or methods cut to the length limit"},
    {"label_limit", "labels beyond 16 per request"},
    {"label_truncated", "label keys or values cut to the length limit"},
    {"bytes_limit", "profiles dropped because the data directory reached max_bytes"},
    {"disk_full", "profiles dropped because the disk was full"},
    {"write_error", "profiles dropped because the data directory could not be written"},
    {"request_abandoned", "requests still running when profiling stopped"},
    {"out_of_memory", "samples or profiles dropped because memory could not be had"},
}};

// Counters of one process. Signal-safe and thread-safe; relaxed, because each counter stands alone.
class LossCounters {
 public:
  void Add(Loss loss, uint64_t count = 1) {
    counts_[static_cast<size_t>(loss)].fetch_add(count, std::memory_order_relaxed);
  }
  uint64_t Get(Loss loss) const {
    return counts_[static_cast<size_t>(loss)].load(std::memory_order_relaxed);
  }
  void Set(Loss loss, uint64_t count) {
    counts_[static_cast<size_t>(loss)].store(count, std::memory_order_relaxed);
  }
  void Clear() {
    for (auto& count : counts_) count.store(0, std::memory_order_relaxed);
  }
  uint64_t Sum() const {
    uint64_t sum = 0;
    for (const auto& count : counts_) sum += count.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  std::array<std::atomic<uint64_t>, kLossCount> counts_{};
};

}  // namespace hotroute
