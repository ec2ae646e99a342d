#include "store/metrics_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/segment_builder.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::TestExposure;
using ::hotroute::testing::TestLosses;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

struct Cells {
  std::vector<std::string> texts;
  FileRead read;
};

Cells Read(const SegmentBuilder& builder, const ReadFilter& filter = {}) {
  const FileReader file("f.met", FileKind::kMetrics, builder.Bytes());
  WriterTable writers;
  Cells cells;
  cells.read =
      ReadMetrics(file, "metrics/f.met", filter, &writers, [&](const ExposureRecord& cell) {
        std::string text = std::string(cell.name) + " " + std::string(cell.method) + " " +
                           std::to_string(cell.status_class) + " " + std::to_string(cell.minute) +
                           " " + std::to_string(cell.count) + " " + std::to_string(cell.wall_ns) +
                           " " + std::to_string(cell.kept) + " " + cell.writer->build;
        for (const auto& [bucket, count] : cell.buckets) {
          text += " " + std::to_string(bucket) + ":" + std::to_string(count);
        }
        cells.texts.push_back(text);
      });
  return cells;
}

TestExposure Cell(std::string name, int64_t minute, uint64_t count) {
  TestExposure cell;
  cell.name = std::move(name);
  cell.minute = minute;
  cell.count = count;
  return cell;
}

TEST(MetricsReaderTest, ReadsEveryFieldBack) {
  TestExposure cell = Cell("cart.add", 100, 7);
  cell.method = "POST";
  cell.status_class = 5;
  cell.wall_ns = 99;
  cell.kept = 3;
  cell.buckets = {{4, 6}, {256, 1}};
  EXPECT_THAT(Read(SegmentBuilder(FileKind::kMetrics).Add(cell)).texts,
              ElementsAre("cart.add POST 5 100 7 99 3 1.0 4:6 256:1"));
}

TEST(MetricsReaderTest, ACellMatchesWhenItsMinuteOverlapsTheRange) {
  SegmentBuilder builder(FileKind::kMetrics);
  builder.Add(Cell("a", 100, 1)).Add(Cell("a", 101, 2)).Add(Cell("b", 101, 4));
  ReadFilter filter;
  filter.from_us = 100 * int64_t{60'000'000} + 59'999'999;  // the last microsecond of minute 100
  filter.to_us = 101 * int64_t{60'000'000};                 // excluded
  ASSERT_EQ(Read(builder, filter).texts.size(), 1u);
  filter.to_us += 1;
  EXPECT_EQ(Read(builder, filter).texts.size(), 3u);
  filter.name = "b";
  EXPECT_EQ(Read(builder, filter).texts.size(), 1u);
}

TEST(MetricsReaderTest, SummarisesRequestsAndLosses) {
  SegmentBuilder builder(FileKind::kMetrics);
  builder.Add(Cell("a", 100, 1)).Add(Cell("a", 102, 2)).Add(TestLosses{{"disk_full", 9}});
  const FileSummary summary = Read(builder, MatchNothing()).read.summary;
  EXPECT_EQ(summary.requests, 3u);
  EXPECT_EQ(summary.profiles, 0u);
  EXPECT_EQ(summary.first_us, 100 * int64_t{60'000'000});
  EXPECT_EQ(summary.last_us, 103 * int64_t{60'000'000} - 1);
  EXPECT_THAT(summary.losses, ElementsAre(Pair("disk_full", 9)));
}

TEST(MetricsReaderTest, RejectsCellsOutsideTheCalendarAndTheHistogram) {
  TestExposure late = Cell("a", INT64_MAX, 1);
  TestExposure wide = Cell("a", 100, 1);
  wide.buckets = {{257, 1}};
  for (const TestExposure& cell : {late, wide}) {
    const Cells cells = Read(SegmentBuilder(FileKind::kMetrics).Add(cell));
    EXPECT_THAT(cells.texts, IsEmpty());
    EXPECT_EQ(cells.read.scan.findings.size(), 1u);
  }
}

}  // namespace
}  // namespace hotroute::store
