// What damage costs: a flipped byte, a cut or a lost frame takes only the profiles of the frame it
// is in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/store/reading.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::ReadSegmentBytes;
using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::SegmentContent;
using ::hotroute::testing::TestProfile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SegmentBuilder FourProfiles() {
  SegmentBuilder builder;
  int number = 0;
  // Each profile needs definitions of its own and uses those of the first.
  for (const char* stacks : {"main;serve;parse 3", "main;serve;query 2\nmain;serve;parse 1",
                             "main;serve;render 5\nmain;serve;query 1", "main;serve;parse 1"}) {
    TestProfile profile;
    profile.name = "route" + std::to_string(++number);
    profile.stacks = stacks;
    builder.Add(profile);
  }
  return builder;
}

std::vector<Frame> FramesOf(const std::string& bytes) {
  std::vector<Frame> frames;
  ScanFrames(
      bytes, kFileHeaderBytes, 1, [&](const Frame& frame) { frames.push_back(frame); },
      [](const Damage&) {});
  return frames;
}

// Index of the frame that holds `offset`; -1 for the file header.
int FrameAt(const std::vector<Frame>& frames, uint64_t offset) {
  int index = -1;
  for (const Frame& frame : frames) index += frame.offset <= offset ? 1 : 0;
  return index;
}

TEST(DamageTest, AFlippedByteCostsAtMostItsFramesProfileWhereverItIs) {
  const std::string good = FourProfiles().Bytes();
  const std::vector<Frame> frames = FramesOf(good);
  const std::vector<std::string> all = ReadSegmentBytes(good).profiles;
  ASSERT_EQ(frames.size(), 4u);
  ASSERT_EQ(all.size(), 4u);
  size_t reported = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    SCOPED_TRACE(at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0xff);
    const SegmentContent content = ReadSegmentBytes(bad);
    const int frame = FrameAt(frames, at);
    std::vector<std::string> expected = all;
    if (content.profiles != all) {
      ASSERT_GE(frame, 0) << "damage of the file header must cost no profile";
      expected.erase(expected.begin() + frame);
      ASSERT_EQ(content.profiles, expected);
      ASSERT_EQ(content.read.scan.findings.size(), 1u);
      EXPECT_EQ(content.read.scan.findings[0].offset, frames[static_cast<size_t>(frame)].offset);
    }
    EXPECT_EQ(content.read.stacks_lost, 0u);
    reported += content.read.scan.findings.size();
  }
  EXPECT_EQ(reported, good.size()) << "no byte can change unnoticed";
}

TEST(DamageTest, ADamagedSealedFileLosesOnlyTheRecordsOfTheFrame) {
  const std::string good = FourProfiles().SealedBytes(1);
  const std::vector<Frame> frames = FramesOf(good);
  const std::vector<std::string> all = ReadSegmentBytes(good).profiles;
  ASSERT_EQ(all.size(), 4u);
  for (size_t damaged = 0; damaged < frames.size(); ++damaged) {
    SCOPED_TRACE(damaged);
    std::string bad = good;
    bad[frames[damaged].offset + kFrameHeaderBytes] ^= 1;
    const SegmentContent content = ReadSegmentBytes(bad);
    // Frame 0 is the dictionary: the original payloads behind it define everything again.
    std::vector<std::string> expected = all;
    if (damaged > 0) expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(damaged) - 1);
    EXPECT_EQ(content.profiles, expected);
    EXPECT_EQ(content.read.stacks_lost, 0u);
    ASSERT_EQ(content.read.scan.findings.size(), 1u);
    EXPECT_FALSE(content.read.scan.findings[0].incomplete) << "a sealed file does not grow";
  }
}

TEST(DamageTest, TwoDamagedFramesInARowLoseDefinitionsVisibly) {
  const std::string good = FourProfiles().Bytes();
  const std::vector<Frame> frames = FramesOf(good);
  std::string bad = good;
  for (const size_t frame : {0u, 1u}) bad[frames[frame].offset + 20] ^= 1;
  const SegmentContent content = ReadSegmentBytes(bad);
  // The module stands in frames 0 and 1 alone, so that nothing of the stacks survives but their
  // lengths.
  EXPECT_THAT(content.profiles,
              ElementsAre("3 route3 [lost];[lost] 5|[lost];[lost] 1", "4 route4 [lost] 1"));
  EXPECT_EQ(content.read.stacks_lost, 7u);
  ASSERT_EQ(content.read.scan.findings.size(), 1u);
  EXPECT_EQ(FindingLine(content.read.scan.findings[0]).rfind("f.seg: offset 64: ", 0), 0u);
}

TEST(DamageTest, ATornTailIsAWriteUnderWayAtEveryLength) {
  const std::string good = FourProfiles().Bytes();
  const std::vector<Frame> frames = FramesOf(good);
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    const SegmentContent content = ReadSegmentBytes(good.substr(0, size));
    const auto whole = std::count_if(frames.begin(), frames.end(), [&](const Frame& frame) {
      const size_t end = frame.offset + kFrameHeaderBytes + frame.payload.size();
      return (end + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment <= size;
    });
    EXPECT_EQ(content.profiles.size(), static_cast<size_t>(whole));
    EXPECT_FALSE(content.read.scan.damaged());
    EXPECT_FALSE(content.read.summary.damaged);
  }
  const SegmentContent torn = ReadSegmentBytes(good.substr(0, frames[3].offset + 20));
  ASSERT_EQ(torn.read.scan.findings.size(), 1u);
  EXPECT_EQ(torn.read.scan.findings[0].what,
            "incomplete last frame, 20 bytes: the writer was killed or is writing");
}

TEST(DamageTest, ATailOfZerosIsAWriteThatThePowerCutLost) {
  const SegmentContent content = ReadSegmentBytes(FourProfiles().Bytes() + std::string(4096, '\0'));
  EXPECT_EQ(content.profiles.size(), 4u);
  EXPECT_FALSE(content.read.scan.damaged());
}

TEST(DamageTest, ATruncatedSealedFileIsDamaged) {
  const std::string good = FourProfiles().SealedBytes(1);
  const SegmentContent content = ReadSegmentBytes(good.substr(0, good.size() - 10));
  EXPECT_EQ(content.profiles.size(), 3u);
  EXPECT_TRUE(content.read.scan.damaged());
}

TEST(DamageTest, FramesCutOutAreMissed) {
  const std::string good = FourProfiles().Bytes();
  const std::vector<Frame> frames = FramesOf(good);
  std::string bad = good;
  bad.erase(frames[1].offset, frames[2].offset - frames[1].offset);
  const SegmentContent content = ReadSegmentBytes(bad);
  EXPECT_EQ(content.profiles.size(), 3u);
  ASSERT_EQ(content.read.scan.findings.size(), 1u);
  EXPECT_EQ(content.read.scan.findings[0].what, "frames 2 to 2 are missing");
}

TEST(DamageTest, AFileOfANewerFormatIsRefusedWhole) {
  FileHeader header;
  header.version = kFormatVersion + 1;
  std::string bytes = EncodeFileHeader(header) + FourProfiles().Bytes().substr(kFileHeaderBytes);
  const SegmentContent content = ReadSegmentBytes(bytes);
  EXPECT_THAT(content.profiles, IsEmpty());
  ASSERT_EQ(content.read.scan.findings.size(), 1u);
  EXPECT_THAT(content.read.scan.findings[0].what, HasSubstr("newer hotroute"));
}

TEST(DamageTest, FindingsOfOneFileAreBounded) {
  std::string bytes = SegmentBuilder().Bytes();
  for (uint32_t seq = 1; seq <= 500; ++seq) {
    AppendFrame(FrameType::kData, Codec::kNone, seq, "\xff", &bytes);
  }
  const SegmentContent content = ReadSegmentBytes(bytes);
  ASSERT_EQ(content.read.scan.findings.size(), kMaxFindings);
  EXPECT_THAT(content.read.scan.findings.back().what, HasSubstr("and 400 more damaged places"));
}

}  // namespace
}  // namespace hotroute::store
