// The exact counters on disk: what was counted is what is read, sealed or not, full disk or not.
#include "profiler/encode/metrics_writer.h"

#include "tests/unit/profiler/writing.h"
#include "tests/unit/profiler/written_file.h"

namespace hotroute {
namespace {

constexpr int64_t kMinute = 60'000'000;

// Sums of all Exposure records of all files, by "minute name method status_class".
struct Sum {
  uint64_t count = 0;
  uint64_t wall_ns = 0;
  uint64_t kept = 0;
  std::map<uint32_t, uint64_t> buckets;
  bool operator==(const Sum&) const = default;
};
using Sums = std::map<std::string, Sum>;

class MetricsWriterTest : public WritingTest {
 protected:
  ExposureDelta Delta(const std::string& name, uint32_t status_class, uint64_t wall_ns) {
    return {routes_.Intern(RecordKind::kRequest, name, "GET").route,
            status_class,
            1,
            wall_ns,
            wall_ns % 2,
            {{BucketOf(wall_ns), 1}}};
  }
  // Counts in `writer` and in what is expected of it.
  void Count(MetricsWriter* writer, const ExposureDelta& delta) {
    writer->Add(delta, clock_us);
    Sum& sum = expected_[std::to_string(clock_us / kMinute) + " " + delta.route->name + " GET " +
                         std::to_string(delta.status_class)];
    sum.count += delta.count;
    sum.wall_ns += delta.wall_ns;
    sum.kept += delta.kept;
    for (const auto& [bucket, count] : delta.buckets) sum.buckets[bucket] += count;
  }
  std::vector<WrittenFile> Files() {
    std::vector<WrittenFile> files;
    for (const std::string& path : FilesBelow(Layout(root()).MetricsDirectory()))
      files.push_back(ReadWritten(path, FileKind::kMetrics));
    return files;
  }
  Sums Read() {
    Sums sums;
    for (const WrittenFile& file : Files()) {
      const v1::Payload all = file.All();
      const std::map<uint32_t, std::string> strings = DefinitionsOf(all).strings;
      for (const v1::Exposure& record : all.exposures()) {
        Sum& sum =
            sums[std::to_string(record.minute()) + " " + strings.at(record.name_id()) + " " +
                 strings.at(record.method_id()) + " " + std::to_string(record.status_class())];
        sum.count += record.count();
        sum.wall_ns += record.wall_ns();
        sum.kept += record.kept();
        for (int i = 0; i < record.bucket_size(); ++i)
          sum.buckets[record.bucket(i)] += record.bucket_count(i);
      }
    }
    return sums;
  }

  RouteTable routes_{&losses_};
  StackInterner stacks_{&losses_};
  Sums expected_;
};

TEST_F(MetricsWriterTest, WhatIsFlushedCanBeReadAtOnce) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  Count(&writer, Delta("event.index", 2, 1'000'001));
  EXPECT_TRUE(Read().empty());
  writer.Flush(clock_us);
  EXPECT_EQ(Read(), expected_);
  EXPECT_GT(writer.bytes_written(), 0u);
}

TEST_F(MetricsWriterTest, TheSumsOfASealedFileEqualTheDeltas) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  for (uint64_t second = 0; second < 200; ++second) {
    for (uint32_t route = 0; route < 7; ++route)
      Count(&writer, Delta("route" + std::to_string(route), route % 6, second * second * 12345));
    writer.Flush(clock_us);
    clock_us += 1'000'000;
  }
  const Sums unsealed = Read();
  const uint64_t raw_bytes = Files()[0].bytes;
  writer.Close(clock_us);
  EXPECT_EQ(unsealed, expected_);
  EXPECT_EQ(Read(), expected_);
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_EQ(Files()[0].header.compatible_flags, kFlagSealed);
  EXPECT_LT(Files()[0].bytes, raw_bytes / 4);
  // One record per cell and minute is left of 200 seconds.
  EXPECT_EQ(Files()[0].All().exposures_size(), static_cast<int>(expected_.size()));
}

TEST_F(MetricsWriterTest, AFileWithoutCountsIsNotLeft) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  EXPECT_EQ(Files().size(), 1u);
  writer.Close(clock_us);
  EXPECT_EQ(Files().size(), 0u);
}

TEST_F(MetricsWriterTest, EveryHourHasItsFile) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  for (int half_hour = 0; half_hour < 6; ++half_hour) {
    Count(&writer, Delta("event.index", 2, 5));
    writer.Flush(clock_us);
    clock_us += 30 * kMinute;
  }
  writer.Close(clock_us);
  EXPECT_EQ(Files().size(), 3u);
  EXPECT_EQ(Read(), expected_);
}

TEST_F(MetricsWriterTest, CountsWaitUntilThereIsRoom) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  Count(&writer, Delta("before", 2, 5));
  writer.Flush(clock_us);
  {
    const FileSizeLimit limit(100);
    for (int second = 0; second < 30; ++second) {
      clock_us += 1'000'000;
      Count(&writer, Delta("meanwhile", 2, 7));
      writer.Flush(clock_us);
    }
  }
  EXPECT_NE(Read(), expected_);
  clock_us += 5'000'000;
  writer.Flush(clock_us);
  EXPECT_EQ(Read(), expected_);
  writer.Close(clock_us);
  EXPECT_EQ(Read(), expected_);
}

TEST_F(MetricsWriterTest, AClockThatIsSetBackDoesNotStopTheWriting) {
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  {
    const FileSizeLimit limit(100);
    Count(&writer, Delta("event.index", 2, 5));
    writer.Flush(clock_us);
  }
  clock_us -= 60 * kMinute;
  writer.Flush(clock_us);
  EXPECT_EQ(Read(), expected_);
}

// 20,000 minutes, two weeks, without room for a byte: the memory is bounded, the totals are exact.
TEST_F(MetricsWriterTest, ALongWaitLosesMinutesButNoCounts) {
  constexpr uint64_t kMinutes = 20'000;
  WriterContext context = MakeContext();
  MetricsWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  for (uint64_t i = 0; i < kMinutes; ++i) {
    Count(&writer, Delta("event.index", 2, 5));
    clock_us += kMinute;
  }
  writer.Flush(clock_us);
  const Sums sums = Read();
  uint64_t count = 0;
  for (const auto& [cell, sum] : sums) count += sum.count;
  EXPECT_EQ(count, kMinutes);
  EXPECT_LE(sums.size(), 16u * 1024);
}

}  // namespace
}  // namespace hotroute
