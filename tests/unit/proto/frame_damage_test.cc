// The frame codec on bad files: every damage is noticed and costs at most the frame it is in.
#include <cstring>

#include "gtest/gtest.h"
#include "proto/frame.h"
#include "tests/unit/proto/frame_scan.h"

namespace hotroute {
namespace {

constexpr uint32_t kFrames = 5;

// Which frame of `file` holds byte `at`.
uint32_t FrameOf(const FrameFile& file, uint64_t at) {
  uint32_t seq = 0;
  while (seq < kFrames && file.begins[seq] <= at) ++seq;
  return seq;
}

// All of `good`'s frames but `lost` are in `scan`, unchanged, and nothing else is.
void ExpectOnlyLost(const FrameFile& good, uint32_t lost, const Scan& scan) {
  auto expected = ScanAll(good.bytes).frames;
  expected.erase(lost);
  EXPECT_EQ(scan.frames, expected);
}

// All 256 values of every byte, not just one flip: about 51,000 files.
TEST(FrameDamageTest, EveryChangedByteIsNoticedAndCostsOnlyItsFrame) {
  const FrameFile good = MakeFrameFile(kFrames);
  for (uint64_t at = kFileHeaderBytes; at < good.bytes.size(); ++at) {
    const uint32_t lost = FrameOf(good, at);
    for (int change = 1; change < 256; ++change) {
      std::string bad = good.bytes;
      bad[at] = static_cast<char>(bad[at] ^ change);
      const Scan scan = ScanAll(bad);
      ASSERT_EQ(scan.damage.size(), 1u) << "offset " << at << " change " << change;
      ASSERT_EQ(scan.damage[0].offset, good.begins[lost - 1]);
      ASSERT_EQ(scan.damage[0].bytes, good.begins[lost] - good.begins[lost - 1]);
      ASSERT_EQ(scan.damage[0].tail, lost == kFrames);
      ASSERT_EQ(scan.result.missing, lost == kFrames ? 0u : 1u);
      ASSERT_NO_FATAL_FAILURE(ExpectOnlyLost(good, lost, scan));
    }
  }
}

// A kill or a power cut in the middle of a write.
TEST(FrameDamageTest, ATailTornAtAnyLengthCostsOnlyTheTornFrame) {
  const FrameFile good = MakeFrameFile(kFrames);
  for (uint64_t size = kFileHeaderBytes; size <= good.bytes.size(); ++size) {
    uint32_t whole = 0;
    while (whole < kFrames && good.begins[whole + 1] <= size) ++whole;
    const Scan scan = ScanAll(std::string_view(good.bytes).substr(0, size));
    ASSERT_EQ(scan.result.frames, whole) << "size " << size;
    ASSERT_EQ(scan.result.last_seq, whole);
    ASSERT_EQ(scan.result.good_end, good.begins[whole]);
    if (size == good.begins[whole]) {
      ASSERT_TRUE(scan.damage.empty());
    } else {
      ASSERT_EQ(scan.damage.size(), 1u);
      ASSERT_TRUE(scan.damage[0].tail);
      ASSERT_EQ(scan.damage[0].offset, good.begins[whole]);
      ASSERT_EQ(scan.damage[0].bytes, size - good.begins[whole]);
    }
  }
}

// A reader of a live file sees writes in any portion; it must end with every frame, once.
TEST(FrameDamageTest, AFileThatGrowsByteForByteIsReadCompletely) {
  const FrameFile good = MakeFrameFile(kFrames);
  uint64_t offset = kFileHeaderBytes;
  uint32_t next = 1;
  for (uint64_t size = kFileHeaderBytes; size <= good.bytes.size(); ++size) {
    const Scan scan = ScanAll(std::string_view(good.bytes).substr(0, size), offset, next);
    offset = scan.result.good_end;
    next = scan.result.last_seq + 1;
    ASSERT_EQ(scan.result.missing, 0u);
  }
  EXPECT_EQ(next, kFrames + 1);
}

TEST(FrameDamageTest, AFrameThatWasCutOutIsMissed) {
  const FrameFile good = MakeFrameFile(kFrames);
  std::string bad = good.bytes;
  bad.erase(good.begins[2], good.begins[3] - good.begins[2]);
  const Scan scan = ScanAll(bad);
  EXPECT_TRUE(scan.damage.empty());
  EXPECT_EQ(scan.result.missing, 1u);
  EXPECT_EQ(scan.result.last_seq, kFrames);
  ExpectOnlyLost(good, 3, scan);
}

// Whatever stands between two frames, as long as it keeps the alignment.
TEST(FrameDamageTest, InsertedGarbageCostsNoFrame) {
  const FrameFile good = MakeFrameFile(kFrames);
  for (const char fill : {'\0', '\1', '\xff', 'a'}) {
    for (uint32_t before = 0; before < kFrames; ++before) {
      std::string bad = good.bytes;
      bad.insert(good.begins[before], std::string(4096, fill));
      const Scan scan = ScanAll(bad);
      ASSERT_EQ(scan.damage.size(), 1u);
      EXPECT_EQ(scan.damage[0].offset, good.begins[before]);
      EXPECT_EQ(scan.damage[0].bytes, 4096u);
      EXPECT_FALSE(scan.damage[0].tail);
      EXPECT_EQ(scan.result.missing, 0u);
      ExpectOnlyLost(good, 0, scan);
    }
  }
}

TEST(FrameDamageTest, AppendedGarbageIsATailAndDoesNotMoveTheEnd) {
  const FrameFile good = MakeFrameFile(kFrames);
  const Scan scan = ScanAll(good.bytes + std::string(100, '\0'));
  ASSERT_EQ(scan.damage.size(), 1u);
  EXPECT_TRUE(scan.damage[0].tail);
  EXPECT_EQ(scan.damage[0].bytes, 100u);
  EXPECT_EQ(scan.result.good_end, good.bytes.size());
  ExpectOnlyLost(good, 0, scan);
}

// Bytes that went missing off the alignment take the rest of the file with them: frames are only
// looked for at multiples of 8. docs/format.md names this among the disadvantages.
TEST(FrameDamageTest, AByteCutOutIsNoticedAndFramesBeforeItStay) {
  const FrameFile good = MakeFrameFile(kFrames);
  std::string bad = good.bytes;
  bad.erase(good.begins[2] + 20, 1);
  const Scan scan = ScanAll(bad);
  EXPECT_EQ(scan.frames.size(), 2u);
  ASSERT_EQ(scan.damage.size(), 1u);
  EXPECT_EQ(scan.damage[0].offset, good.begins[2]);
}

// A disk that wrote an old sector back, or a file copied onto itself.
TEST(FrameDamageTest, RepeatedFramesAreNotReadTwice) {
  const FrameFile good = MakeFrameFile(kFrames);
  const std::string twice = good.bytes + good.bytes.substr(kFileHeaderBytes);
  const Scan scan = ScanAll(twice);
  EXPECT_EQ(scan.result.frames, kFrames);
  ASSERT_EQ(scan.damage.size(), 1u);
  EXPECT_EQ(scan.damage[0].offset, good.bytes.size());
}

TEST(FrameDamageTest, AbsurdLengthsAreDamageAndNothingElse) {
  const FrameFile good = MakeFrameFile(kFrames);
  for (const uint32_t length :
       {kMaxPayloadBytes, kMaxPayloadBytes + 1, 0x7fffffffu, 0xfffffff0u, 0xffffffffu}) {
    std::string bad = good.bytes;
    std::memcpy(bad.data() + good.begins[1], &length, sizeof length);
    const Scan scan = ScanAll(bad);
    EXPECT_EQ(scan.damage.size(), 1u);
    ExpectOnlyLost(good, 2, scan);
  }
}

// Each 16 bytes claim to be a frame of 4 MiB. Trying them all would checksum 2 TiB, which takes
// minutes at best; the limit on vain checksums leaves 256 MiB.
TEST(FrameDamageTest, AFileOfPlausibleHeadersTakesLinearTime) {
  std::string header(kFrameHeaderBytes, '\0');
  header[2] = 0x40;  // length 4 MiB, little-endian
  header[8] = 1;     // type
  header[12] = 1;    // sequence
  std::string bytes = EncodeFileHeader(FileHeader());
  while (bytes.size() < size_t{8} << 20) bytes += header;
  const Scan scan = ScanAll(bytes);
  EXPECT_EQ(scan.result.frames, 0u);
  EXPECT_EQ(scan.damage.size(), 1u);
}

TEST(FrameDamageTest, AnOffsetBehindTheEndReadsNothing) {
  const Scan scan = ScanAll("short", 4096);
  EXPECT_EQ(scan.result.frames, 0u);
  EXPECT_TRUE(scan.damage.empty());
}

}  // namespace
}  // namespace hotroute
