#include "store/segment_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/reading.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::ReadSegmentBytes;
using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::SegmentContent;
using ::hotroute::testing::TestLosses;
using ::hotroute::testing::TestProfile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TestProfile Profile(std::string name, std::string stacks) {
  TestProfile profile;
  profile.name = std::move(name);
  profile.stacks = std::move(stacks);
  return profile;
}

SegmentBuilder ThreeProfiles() {
  SegmentBuilder builder;
  builder.Add(Profile("event.index", "main;serve;parse 3\nmain;serve;query 1"));
  builder.Add(Profile("cart.add", "main;serve;query 2"));
  builder.Add(Profile("event.index", "main;serve;render 5"));
  return builder;
}

TEST(SegmentReaderTest, ReadsEveryFieldBack) {
  TestProfile profile;
  profile.name = "order.create";
  profile.method = "POST";
  profile.status = 503;
  profile.start_us = 1234567;
  profile.wall_ns = 11;
  profile.cpu_ns = 12;
  profile.labels = {{"shop", "tiny"}, {"region", "eu"}};
  profile.trace_id = "0123456789abcdef";
  profile.stratum = RecordStratum::kSlow;
  profile.fraction = 0.1;
  profile.probability = 0.5;
  profile.period_ns = 4'000'000;
  profile.stacks = "main;serve 2\nmain 1";
  profile.samples_dropped = 13;
  profile.samples_truncated = 14;
  profile.samples_incomplete = 15;
  const FileReader file("f.seg", FileKind::kSegment, SegmentBuilder().Add(profile).Bytes());
  WriterTable writers;
  StackTable stacks;
  ProfileSet seen;
  int visits = 0;
  ReadSegment(file, "f.seg", {}, {&writers, &stacks, &seen}, [&](const ProfileRecord& record) {
    ++visits;
    EXPECT_EQ(record.id, (ProfileId{0x7e21c0de, 1}));
    EXPECT_EQ(record.writer->host, "web1");
    EXPECT_EQ(record.writer->pid, 20524u);
    EXPECT_EQ(record.writer->service, "shop");
    EXPECT_EQ(record.writer->build, "1.0");
    EXPECT_EQ(record.kind, Kind::kRequest);
    EXPECT_EQ(record.name, "order.create");
    EXPECT_EQ(record.method, "POST");
    EXPECT_EQ(record.status, 503u);
    EXPECT_EQ(record.start_us, 1234567);
    EXPECT_EQ(record.wall_ns, 11u);
    EXPECT_EQ(record.cpu_ns, 12u);
    ASSERT_EQ(record.labels.size(), 2u);
    EXPECT_EQ(record.labels[0].key, "shop");
    EXPECT_EQ(record.labels[1].value, "eu");
    EXPECT_EQ(record.trace_id, "0123456789abcdef");
    EXPECT_EQ(record.stratum, Stratum::kSlow);
    EXPECT_EQ(record.fraction, 0.1);
    EXPECT_EQ(record.probability, 0.5);
    EXPECT_EQ(record.period_ns, 4'000'000u);
    ASSERT_EQ(record.runs.size(), 2u);
    EXPECT_EQ(hotroute::testing::StackText(stacks, record.runs[0].node), "main;serve");
    EXPECT_EQ(record.runs[1].offset_us, 8000);
    EXPECT_EQ(record.samples_dropped, 13u);
    EXPECT_EQ(record.samples_truncated, 14u);
    EXPECT_EQ(record.samples_incomplete, 15u);
  });
  EXPECT_EQ(visits, 1);
}

TEST(SegmentReaderTest, ReadsOpenAndSealedFilesAlike) {
  const SegmentContent open = ReadSegmentBytes(ThreeProfiles().Bytes());
  EXPECT_THAT(open.profiles,
              ElementsAre("1 event.index main;serve;parse 3|main;serve;query 1",
                          "2 cart.add main;serve;query 2", "3 event.index main;serve;render 5"));
  EXPECT_FALSE(open.read.summary.sealed);
  // One frame for all, and one for each.
  for (const size_t raw_bytes : {size_t{64} << 10, size_t{1}}) {
    const SegmentContent sealed = ReadSegmentBytes(ThreeProfiles().SealedBytes(raw_bytes));
    EXPECT_EQ(sealed.profiles, open.profiles);
    EXPECT_TRUE(sealed.read.summary.sealed);
    EXPECT_THAT(sealed.read.scan.findings, IsEmpty());
  }
}

TEST(SegmentReaderTest, AppliesNameAndTimeAndLeavesOutSamples) {
  SegmentBuilder builder = ThreeProfiles();
  TestProfile later = Profile("cart.add", "main 1");
  later.start_us = hotroute::testing::kTestStartUs + 10;
  builder.Add(later);
  ReadFilter filter;
  filter.name = "cart.add";
  EXPECT_THAT(ReadSegmentBytes(builder.Bytes(), filter).profiles,
              ElementsAre("2 cart.add main;serve;query 2", "4 cart.add main 1"));
  filter.from_us = later.start_us;
  filter.to_us = later.start_us + 1;
  filter.samples = false;
  EXPECT_THAT(ReadSegmentBytes(builder.Bytes(), filter).profiles, ElementsAre("4 cart.add"));
  filter.to_us = later.start_us;
  EXPECT_THAT(ReadSegmentBytes(builder.Bytes(), filter).profiles, IsEmpty());
}

TEST(SegmentReaderTest, SummarisesTheWholeFileWhateverTheFilter) {
  SegmentBuilder builder = ThreeProfiles();
  TestProfile task = Profile("send_mail", "main 1");
  task.kind = RecordKind::kTask;
  task.start_us += 5;
  builder.Add(task).Add(TestLosses{{"ring_full", 1}}).Add(TestLosses{{"ring_full", 4}});
  const FileSummary summary = ReadSegmentBytes(builder.Bytes(), MatchNothing()).read.summary;
  EXPECT_EQ(summary.profiles, 4u);
  EXPECT_EQ(summary.first_us, hotroute::testing::kTestStartUs);
  EXPECT_EQ(summary.last_us, hotroute::testing::kTestStartUs + 5);
  EXPECT_EQ(summary.writer.build, "1.0");
  ASSERT_EQ(summary.datasets.size(), 3u);
  EXPECT_EQ(summary.datasets[1].name, "event.index");
  EXPECT_EQ(summary.datasets[1].profiles, 2u);
  EXPECT_EQ(summary.datasets[2].kind, Kind::kTask);
  // They count from the begin of the file: the last record says it all.
  EXPECT_THAT(summary.losses, ElementsAre(Pair("ring_full", 4)));
}

TEST(SegmentReaderTest, ShowsWhatIsUndefinedAsLost) {
  std::string payload;
  EncodeStrings(1, std::vector<std::string>{"event.index"}, &payload);
  // Node 7 is defined under node 6, which is not; so is its location.
  EncodeNodes(7, std::vector<uint32_t>{6}, std::vector<uint32_t>{9}, &payload);
  ProfileRecordFields fields;
  fields.number = 1;
  fields.name_id = 1;
  fields.method_id = 5;
  fields.probability = 1;
  const std::vector<SampleRunRecord> runs = {{7, 2, 0}, {1'000'000, 3, 0}};
  fields.runs = runs;
  EncodeProfile(fields, &payload);
  const SegmentContent content = ReadSegmentBytes(SegmentBuilder().AddRaw(payload).Bytes());
  EXPECT_THAT(content.profiles, ElementsAre("1 event.index [lost];[lost] 2|[lost] 3"));
  EXPECT_EQ(content.read.stacks_lost, 5u);
}

TEST(SegmentReaderTest, NamesTheWriterFromTheFileWhereItsRecordIsMissing) {
  std::string bytes = SegmentBuilder().Bytes();
  const SegmentContent content = ReadSegmentBytes(bytes);
  EXPECT_EQ(content.read.summary.writer.host, "web9");
  EXPECT_EQ(content.read.summary.writer.writer_id, 0xffu);
}

TEST(SegmentReaderTest, CountsACopiedProfileOnce) {
  WriterTable writers;
  StackTable stacks;
  ProfileSet seen;
  const FileReader file("f.seg", FileKind::kSegment, ThreeProfiles().Bytes());
  const FileReader copy("g.seg", FileKind::kSegment, ThreeProfiles().SealedBytes());
  int visits = 0;
  for (const FileReader* reader : {&file, &copy}) {
    ReadSegment(*reader, "f.seg", {}, {&writers, &stacks, &seen},
                [&](const ProfileRecord&) { ++visits; });
  }
  EXPECT_EQ(visits, 3);
}

TEST(SegmentReaderTest, RejectsRecordsThatMakeNoSense) {
  const auto findings = [](const ProfileRecordFields& fields) {
    std::string payload;
    EncodeProfile(fields, &payload);
    return ReadSegmentBytes(SegmentBuilder().AddRaw(payload).Bytes()).read.scan.findings.size();
  };
  ProfileRecordFields fields;
  fields.number = 1;
  fields.probability = 0.5;
  EXPECT_EQ(findings(fields), 0u);
  fields.probability = 0;  // its weight would be infinite
  EXPECT_EQ(findings(fields), 1u);
  fields.stratum = RecordStratum::kForced;  // has no weight
  EXPECT_EQ(findings(fields), 0u);
  fields.stratum = static_cast<RecordStratum>(9);
  EXPECT_EQ(findings(fields), 1u);
}

TEST(SegmentReaderTest, BoundsWhatIdsCanMakeItAllocate) {
  std::string payload;
  EncodeStrings(4'000'000'000, std::vector<std::string>{"far"}, &payload);
  const SegmentContent content = ReadSegmentBytes(SegmentBuilder().AddRaw(payload).Bytes());
  ASSERT_EQ(content.read.scan.findings.size(), 1u);
  EXPECT_THAT(FindingLine(content.read.scan.findings[0]), ::testing::HasSubstr("make no sense"));
}

TEST(SegmentReaderTest, RefusesADecompressionBomb) {
  std::string bytes = SegmentBuilder().Bytes();
  const std::string zeros((kMaxPayloadBytes) + 1, '\0');
  ASSERT_TRUE(AppendCompressedFrame(FrameType::kData, 1, zeros, 1, &bytes).ok());
  const SegmentContent content = ReadSegmentBytes(bytes);
  ASSERT_EQ(content.read.scan.findings.size(), 1u);
  EXPECT_THAT(content.read.scan.findings[0].what,
              ::testing::HasSubstr("unusable decompressed size"));
}

}  // namespace
}  // namespace hotroute::store
