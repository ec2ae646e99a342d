// Writes finished requests into segments: one frame and one write(2) each, a new segment every 64
// MiB or hour.
//
// In: finished ActiveRequests. Out: files under segments/. A write error never reaches the host:
// what cannot be written is dropped and counted, and writing goes on when it can again.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "profiler/encode/file_dictionary.h"
#include "profiler/encode/frame_file.h"
#include "profiler/encode/writer_context.h"
#include "profiler/request/active_request.h"

namespace hotroute {

inline constexpr uint64_t kMaxSegmentBytes = 64u << 20;
inline constexpr int64_t kMaxSegmentMicros = 3'600'000'000;
inline constexpr size_t kMaxSegmentStringBytes = 16u << 20;

// Owned by the helper thread.
class SegmentWriter {
 public:
  SegmentWriter(WriterContext* context, const StackInterner* stacks)
      : context_(context), stacks_(stacks) {}

  // Opens the first segment, so that a data directory that cannot be written is known at start.
  Status Open();

  // True when the profile is in the kernel's hands. `start_us`: Unix time of the request's start.
  bool Append(const ActiveRequest& request, int64_t start_us);

  // fdatasync if a second or a MiB has passed; stores the loss counters if they moved.
  void Tick(int64_t now_us);

  // True when the segment is old, big or full of names: the caller then Close()s it, and may
  // rebuild the stack table.
  bool WantsRotation(int64_t now_us) const;
  // Seals and closes the segment; the next Append() opens another.
  void Close();

  uint64_t profiles_written() const { return number_; }
  uint64_t bytes_written() const { return bytes_written_; }

 private:
  using LossSnapshot = std::array<uint64_t, kLossCount>;

  LossSnapshot LossesNow() const;
  bool EnsureOpen();
  bool IsBackingOff(int64_t now_us) const;
  // True when the records are in the kernel's hands; counts `profiles` as lost otherwise.
  bool Write(std::string_view records, uint64_t profiles);
  void OnFailure(const Status& status, uint64_t profiles);
  void EncodeRequest(const ActiveRequest& request, int64_t start_us, std::string* records);
  // What was lost up to `now` and stands in no earlier file.
  void EncodeLosses(const LossSnapshot& now, std::string* records) const;

  WriterContext* const context_;
  const StackInterner* const stacks_;
  std::optional<FrameFile> file_;
  std::unique_ptr<FileDictionary> dictionary_;
  int64_t opened_us_ = 0;
  FooterFields footer_;
  LossSnapshot losses_in_earlier_files_{};
  LossSnapshot losses_stored_{};  // in earlier files and this one
  int64_t losses_stored_us_ = 0;
  uint32_t segment_number_ = 0;
  uint64_t number_ = 0;  // of the last profile written
  uint64_t bytes_written_ = 0;
  uint64_t bytes_at_sync_ = 0;
  int64_t synced_us_ = 0;
  int64_t retry_us_ = 0;  // after a failure: not before this time
  int64_t back_off_us_ = 0;
  std::vector<SampleRunRecord> runs_;  // reused
};

}  // namespace hotroute
