// Writes the exact counters: every second what was added to each minute's cells, and now and then
// the sums in their place.
//
// In: ExposureDeltas. Out: one file under metrics/ per hour, MiB or 16,384 cells. A killed process
// loses at most the last second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "profiler/encode/file_dictionary.h"
#include "profiler/encode/frame_file.h"
#include "profiler/encode/writer_context.h"
#include "profiler/request/exposure.h"

namespace hotroute {

// Owned by the helper thread.
class MetricsWriter {
 public:
  MetricsWriter(WriterContext* context, const StackInterner* no_stacks)
      : context_(context), no_stacks_(no_stacks) {}

  Status Open();

  // Adds to the cell of the minute in which `now_us` falls; written by the next Flush(). Counts
  // stay exact when nothing can be written for hours, but then lose their minute.
  void Add(const ExposureDelta& delta, int64_t now_us);
  // Writes what was added. What cannot be written is kept for the next time.
  void Flush(int64_t now_us);
  // Flushes, then replaces the second-by-second records by their sums, compressed.
  void Close(int64_t now_us);

  uint64_t bytes_written() const { return bytes_written_; }

 private:
  using Key = std::tuple<int64_t, const Route*, uint32_t>;  // minute, route, status class
  struct Cell {
    uint64_t count = 0;
    uint64_t wall_ns = 0;
    uint64_t kept = 0;
    std::map<uint32_t, uint64_t> buckets;
    void Add(const Cell& other);
  };

  void Encode(const Key& key, const Cell& cell, std::string* records);
  void CloseFile();
  bool WantsNewFile(int64_t now_us) const;

  WriterContext* const context_;
  const StackInterner* const no_stacks_;  // metrics files define strings only
  std::optional<FrameFile> file_;
  std::unique_ptr<FileDictionary> dictionary_;
  std::map<Key, Cell> added_;   // since the last flush
  std::map<Key, Cell> totals_;  // of the file
  uint32_t file_number_ = 0;
  int64_t opened_us_ = 0;
  uint64_t bytes_written_ = 0;
  int64_t retry_us_ = 0;
};

}  // namespace hotroute
