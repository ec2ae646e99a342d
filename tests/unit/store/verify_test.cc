#include "store/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/data_directory.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::DataDirectory;
using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::TestExposure;
using ::hotroute::testing::TestProfile;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VerifyTest : public ::testing::Test {
 protected:
  VerifyTest() {
    segment_.Add(TestProfile{}).Add(TestProfile{});
    metrics_.Add(TestExposure{});
    data_.Write(segment_);
    data_.Write(metrics_);
    data_.WriteSymbols(hotroute::testing::SymbolFileBytes({"main"}));
  }

  VerifyResult Result() {
    auto result = Verify(data_.path());
    EXPECT_TRUE(result.ok()) << result.status().message();
    return *result;
  }

  DataDirectory data_;
  SegmentBuilder segment_;
  SegmentBuilder metrics_{FileKind::kMetrics};
};

std::string Flipped(std::string bytes, size_t at) {
  bytes[at] ^= 1;
  return bytes;
}

TEST_F(VerifyTest, CountsWhatIsSound) {
  const VerifyResult result = Result();
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_TRUE(result.sound());
  EXPECT_EQ(result.files, 4u);
  EXPECT_EQ(result.frames, 4u);
  EXPECT_EQ(result.profiles, 2u);
  EXPECT_GT(result.bytes, segment_.Bytes().size());
}

TEST_F(VerifyTest, FindsDamageInEveryKindOfFile) {
  const std::string segment = data_.WriteBytes(segment_, Flipped(segment_.Bytes(), 100));
  const std::string metrics = data_.WriteBytes(metrics_, Flipped(metrics_.Bytes(), 100));
  data_.WriteSymbols(Flipped(hotroute::testing::SymbolFileBytes({"main"}), 90));
  data_.WriteFile("STORE", "nonsense");
  const VerifyResult result = Result();
  EXPECT_FALSE(result.sound());
  ASSERT_THAT(result.findings, SizeIs(4));
  EXPECT_THAT(FindingLine(result.findings[0]), HasSubstr("/STORE: offset 0: not a hotroute STORE"));
  EXPECT_EQ(result.findings[1].path, metrics);
  EXPECT_EQ(result.findings[2].path, segment);
  EXPECT_EQ(result.findings[2].offset, 64u);
  EXPECT_GT(result.findings[2].bytes, 0u);
  EXPECT_THAT(result.findings[3].path, HasSubstr("/symbols/5eedc0de.sym"));
  EXPECT_EQ(result.profiles, 1u);
}

TEST_F(VerifyTest, AnUnfinishedWriteIsNamedButNoDamage) {
  data_.WriteBytes(segment_, segment_.Bytes().substr(0, segment_.Bytes().size() - 16));
  const VerifyResult result = Result();
  EXPECT_TRUE(result.sound());
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_THAT(result.findings[0].what, HasSubstr("incomplete last frame, "));
}

TEST_F(VerifyTest, FailsLikeOpenWhereThereIsNoStore) {
  EXPECT_THAT(Verify(data_.path() + "/none").status().message(), HasSubstr("no such directory"));
}

}  // namespace
}  // namespace hotroute::store
