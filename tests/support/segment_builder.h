// Builds segment, metrics and symbol files in memory, from profiles whose stacks are written as
// text.
//
// In: "main;serve;parse 3" (root first, then how many samples; one line per run, in time order).
// Out: the bytes a writer would have written, open or sealed. Function names become offsets in one
// test module, the same in every file, so that StackText() can turn nodes back into names and
// SymbolFileBytes() can name them for the viewer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/frame.h"
#include "proto/layout.h"
#include "proto/record_encoder.h"
#include "store/stack_table.h"

namespace hotroute::testing {

inline constexpr std::string_view kTestModule = "/opt/shop/shop";
inline constexpr std::string_view kTestBuildId = "\x5e\xed\xc0\xde";
inline constexpr int64_t kTestStartUs = 1'795'000'000'000'000;  // 2026-11-18

struct TestProfile {
  std::string name = "event.index";
  RecordKind kind = RecordKind::kRequest;
  std::string method = "GET";
  uint32_t status = 200;
  int64_t start_us = kTestStartUs;
  uint64_t wall_ns = 50'000'000;
  uint64_t cpu_ns = 30'000'000;
  std::vector<std::pair<std::string, std::string>> labels;
  std::string trace_id;
  RecordStratum stratum = RecordStratum::kRandom;
  double fraction = 1;
  double probability = 1;
  uint64_t period_ns = 10'000'000;
  std::string stacks;  // lines "a;b;c 3"; a period apart in time
  uint32_t samples_dropped = 0;
  uint32_t samples_truncated = 0;
  uint32_t samples_incomplete = 0;
};

struct TestExposure {
  std::string name = "event.index";
  RecordKind kind = RecordKind::kRequest;
  std::string method = "GET";
  uint32_t status_class = 2;
  int64_t minute = kTestStartUs / 60'000'000;
  uint64_t count = 1;
  uint64_t wall_ns = 50'000'000;
  uint64_t kept = 1;
  std::vector<std::pair<uint32_t, uint64_t>> buckets;
};

using TestLosses = std::vector<std::pair<std::string, uint64_t>>;

// The process a file claims to come from: what its name and its ProcessInfo say.
struct TestWriter {
  WriterFileName name{"web1", 20524, 0x7e21c0de, 1};
  std::string service = "shop";
  std::string build = "1.0";
  int64_t start_us = kTestStartUs;
};

// One file of one writer. Each Add makes one frame, as a writer does. Thread-compatible.
class SegmentBuilder {
 public:
  explicit SegmentBuilder(FileKind kind = FileKind::kSegment, TestWriter writer = {});

  SegmentBuilder& Add(const TestProfile& profile);
  SegmentBuilder& Add(const TestExposure& exposure);
  SegmentBuilder& Add(const TestLosses& losses);
  // As many bytes of records as wanted in a frame of its own; for records that no writer would
  // write.
  SegmentBuilder& AddRaw(std::string payload);

  const TestWriter& writer() const { return writer_; }
  FileKind kind() const { return kind_; }

  // As it stands while its writer runs.
  std::string Bytes() const;
  // As its writer leaves it: the dictionary first, then everything in compressed frames of up to
  // `raw_bytes`.
  std::string SealedBytes(size_t raw_bytes = 64 << 10) const;

 private:
  uint32_t StringIdOf(const std::string& text);
  uint32_t ModuleIdOnce();
  uint32_t LocationIdOf(const std::string& function);
  uint32_t NodeIdOf(std::string_view stack);
  std::vector<SampleRunRecord> RunsOf(const TestProfile& profile);
  // Ends the frame: the definitions of the frame before, its own, and `record`.
  void EndFrame(const std::string& record);
  std::string Header(uint32_t flags) const;

  const FileKind kind_;
  const TestWriter writer_;
  Uuid file_id_{};
  std::map<std::string, uint32_t> strings_;
  std::map<std::string, uint32_t> locations_;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> nodes_;  // by parent and location
  bool has_module_ = false;
  std::string definitions_;           // made for the frame under way
  std::string previous_definitions_;  // of the frame before, to be repeated
  std::string all_definitions_;
  std::vector<std::string> payloads_;
  uint64_t next_number_ = 1;
};

// A whole symbol file that names the given functions as the builder places them.
std::string SymbolFileBytes(const std::vector<std::string>& functions);

// "main;serve;parse" for a node whose functions a builder of this process has placed.
std::string StackText(const store::StackTable& stacks, NodeId node);

}  // namespace hotroute::testing
