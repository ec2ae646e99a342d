#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/data_directory.h"
#include "tests/unit/store/reading.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::DataDirectory;
using ::hotroute::testing::kTestStartUs;
using ::hotroute::testing::ReadStore;
using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::StoreContent;
using ::hotroute::testing::TestExposure;
using ::hotroute::testing::TestLosses;
using ::hotroute::testing::TestProfile;
using ::hotroute::testing::TestWriter;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr int64_t kHourUs = 3'600'000'000;

SegmentBuilder Segment(uint32_t number, const std::string& name, int64_t start_us = kTestStartUs) {
  TestWriter writer;
  writer.name.number = number;
  writer.name.writer_id = number;
  writer.start_us = start_us;
  TestProfile profile;
  profile.name = name;
  profile.start_us = start_us;
  profile.stacks = "main;" + name + " 2";
  SegmentBuilder builder(FileKind::kSegment, writer);
  builder.Add(profile);
  return builder;
}

std::unique_ptr<Store> Opened(const DataDirectory& data) {
  auto store = Store::Open(data.path());
  EXPECT_TRUE(store.ok()) << store.status().message();
  return std::move(*store);
}

TEST(StoreTest, JoinsTheStacksOfAllSegments) {
  DataDirectory data;
  data.Write(Segment(1, "a"));
  data.WriteSealed(Segment(2, "a"));
  data.Write(Segment(3, "b", kTestStartUs + kHourUs));
  const auto store = Opened(data);
  EXPECT_THAT(ReadStore(*store).profiles,
              ElementsAre("1 a main;a 2", "1 a main;a 2", "1 b main;b 2"));
  EXPECT_EQ(store->stacks().node_count(), 3u);
}

TEST(StoreTest, ReadsWhatWasAppendedSince) {
  DataDirectory data;
  SegmentBuilder builder = Segment(1, "a");
  data.Write(builder);
  const auto store = Opened(data);
  EXPECT_THAT(ReadStore(*store).profiles, SizeIs(1));
  builder.Add(TestProfile{});
  data.Write(builder);
  EXPECT_THAT(ReadStore(*store).profiles, SizeIs(2));
  EXPECT_THAT(ReadStore(*Opened(data)).profiles, SizeIs(2));
}

TEST(StoreTest, IsEmptyWithoutComplaintBeforeTheFirstProfile) {
  DataDirectory data;
  const StoreContent content = ReadStore(*Opened(data));
  EXPECT_THAT(content.profiles, IsEmpty());
  EXPECT_THAT(content.report.damage, IsEmpty());
}

TEST(StoreTest, PassesOverFilesBeingRewrittenAndForeignFiles) {
  DataDirectory data;
  const SegmentBuilder builder = Segment(1, "a");
  const std::string path = data.Write(builder).substr(data.path().size() + 1);
  data.WriteFile(path + ".tmp", builder.SealedBytes());
  data.WriteFile("segments/README", "hello");
  data.WriteFile("metrics/notes.txt", "hello");
  const StoreContent content = ReadStore(*Opened(data));
  EXPECT_THAT(content.profiles, SizeIs(1));
  EXPECT_THAT(content.report.damage, IsEmpty());
  EXPECT_THAT(Opened(data)->Files(), SizeIs(1));
}

TEST(StoreTest, CountsNothingTwiceWhenASegmentWasCopied) {
  DataDirectory data;
  const SegmentBuilder builder = Segment(1, "a");
  data.Write(builder);
  data.WriteFile("segments/2026111899/copy-1-00000001-000001.seg", builder.SealedBytes());
  EXPECT_THAT(ReadStore(*Opened(data)).profiles, SizeIs(1));
}

TEST(StoreTest, ReportsDamageWithFileAndOffset) {
  DataDirectory data;
  data.Write(Segment(1, "a"));
  const SegmentBuilder builder = Segment(2, "b");
  std::string bytes = builder.Bytes();
  bytes[kFileHeaderBytes + 20] ^= 1;
  const std::string path = data.WriteBytes(builder, bytes);
  // Twice: the index must not hide what the first reading found.
  for (int i = 0; i < 2; ++i) {
    ReadFilter filter;
    filter.name = "a";
    const StoreContent content = ReadStore(*Opened(data), filter);
    EXPECT_THAT(content.profiles, SizeIs(1));
    EXPECT_THAT(content.report.damage, ElementsAre(path + ": offset 64: " +
                                                   std::to_string(bytes.size() - kFileHeaderBytes) +
                                                   " bytes damaged; the records in them are lost"));
  }
}

TEST(StoreTest, ReadsExposuresOfTheRange) {
  DataDirectory data;
  SegmentBuilder builder(FileKind::kMetrics);
  TestExposure cell;
  cell.count = 5;
  builder.Add(cell);
  cell.minute += 60;
  builder.Add(cell).Add(TestLosses{{"disk_full", 2}});
  data.Write(builder);
  const auto store = Opened(data);
  const auto requests = [&](const ReadFilter& filter, ReadReport* report) {
    uint64_t sum = 0;
    EXPECT_TRUE(store
                    ->ReadExposures(
                        filter, [&](const ExposureRecord& e) { sum += e.count; }, report)
                    .ok());
    return sum;
  };
  ReadReport report;
  EXPECT_EQ(requests({}, &report), 10u);
  EXPECT_THAT(report.losses, ElementsAre(Pair("disk_full", 2)));
  ReadFilter filter;
  filter.to_us = kTestStartUs + kHourUs / 2;
  EXPECT_EQ(requests(filter, &report), 5u);
  filter.name = "nobody";
  EXPECT_EQ(requests(filter, &report), 0u);
}

TEST(StoreTest, TellsWhatItHas) {
  DataDirectory data;
  data.Write(Segment(1, "a"));
  SegmentBuilder second = Segment(2, "a", kTestStartUs + kHourUs);
  second.Add(TestLosses{{"ring_full", 3}});
  data.WriteSealed(second);
  SegmentBuilder metrics(FileKind::kMetrics);
  TestExposure task;
  task.kind = RecordKind::kTask;
  task.name = "send_mail";
  task.count = 7;
  metrics.Add(task).Add(TestLosses{{"ring_full", 4}});
  data.Write(metrics);
  // The first reads the files, the second only the index.
  for (int i = 0; i < 2; ++i) {
    const auto store = Opened(data);
    const std::vector<KnownName> names = store->Names();
    ASSERT_THAT(names, SizeIs(2));
    EXPECT_EQ(names[0].name, "a");
    EXPECT_EQ(names[0].profiles, 2u);
    EXPECT_EQ(names[0].first_us, kTestStartUs);
    EXPECT_EQ(names[0].last_us, kTestStartUs + kHourUs);
    EXPECT_EQ(names[1].kind, Kind::kTask);
    EXPECT_EQ(names[1].requests, 7u);
    EXPECT_THAT(store->Losses(), ElementsAre(Pair("ring_full", 7)));
    EXPECT_THAT(store->Writers(), SizeIs(3));
    const std::vector<FileInfo> files = store->Files();
    ASSERT_THAT(files, SizeIs(3));
    EXPECT_EQ(files[0].kind, FileKind::kMetrics);
    EXPECT_FALSE(files[1].sealed);
    EXPECT_TRUE(files[2].sealed);
    EXPECT_GT(store->Folders()[0].bytes, 0u);
    EXPECT_EQ(store->files_read_for_testing(), i == 0 ? 3u : 0u);
  }
}

}  // namespace
}  // namespace hotroute::store
