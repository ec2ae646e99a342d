// The frame codec on good files: header, frames, alignment, compression, and the limits.
#include "proto/frame.h"

#include <zstd.h>

#include <cstring>

#include "base/crc32c.h"
#include "gtest/gtest.h"
#include "tests/unit/proto/frame_scan.h"

namespace hotroute {
namespace {

FileHeader SampleHeader() {
  FileHeader header;
  header.kind = FileKind::kMetrics;
  header.compatible_flags = kFlagSealed;
  for (size_t i = 0; i < header.store_id.size(); ++i) {
    header.store_id[i] = static_cast<uint8_t>(i + 1);
    header.file_id[i] = static_cast<uint8_t>(i + 101);
  }
  header.created_us = 1'795'312'800'123'456;
  return header;
}

// A header as a later version would write it: other fields, and a checksum that is right.
std::string WithField(std::string bytes, size_t offset, uint16_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
  const uint32_t crc = MaskCrc(Crc32c(std::string_view(bytes).substr(0, 56)));
  std::memcpy(bytes.data() + 56, &crc, sizeof crc);
  return bytes;
}

Frame CompressedFrame(std::string_view payload) {
  Frame frame;
  frame.seq = 9;
  frame.codec = Codec::kZstd;
  frame.payload = payload;
  return frame;
}

TEST(FileHeaderTest, RoundTripsInSixtyFourBytes) {
  const FileHeader header = SampleHeader();
  const std::string bytes = EncodeFileHeader(header);
  ASSERT_EQ(bytes.size(), kFileHeaderBytes);
  const Result<FileHeader> decoded = DecodeFileHeader(bytes, FileKind::kMetrics, "x.met");
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(decoded->version, kFormatVersion);
  EXPECT_EQ(decoded->incompatible_flags, 0);
  EXPECT_EQ(decoded->compatible_flags, kFlagSealed);
  EXPECT_EQ(decoded->store_id, header.store_id);
  EXPECT_EQ(decoded->file_id, header.file_id);
  EXPECT_EQ(decoded->created_us, header.created_us);
}

TEST(FileHeaderTest, EveryFlippedBitIsNoticed) {
  const std::string good = EncodeFileHeader(SampleHeader());
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(DecodeFileHeader(bad, FileKind::kMetrics, "x.met").ok()) << "bit " << bit;
  }
}

TEST(FileHeaderTest, EveryShorterFileIsRefused) {
  const std::string bytes = EncodeFileHeader(SampleHeader());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Status status =
        DecodeFileHeader(bytes.substr(0, size), FileKind::kMetrics, "x.met").status();
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_EQ(status.message(), "x.met: offset 0: shorter than a file header (" +
                                    std::to_string(size) + " of 64 bytes)");
  }
}

TEST(FileHeaderTest, AnotherKindOfFileIsRefused) {
  for (const FileKind kind : {FileKind::kSegment, FileKind::kMetrics, FileKind::kSymbols}) {
    FileHeader header;
    header.kind = kind;
    const std::string bytes = EncodeFileHeader(header);
    for (const FileKind other : {FileKind::kSegment, FileKind::kMetrics, FileKind::kSymbols}) {
      const Status status = DecodeFileHeader(bytes, other, "f").status();
      EXPECT_EQ(status.ok(), kind == other);
      if (kind != other) {
        EXPECT_EQ(status.message(), "f: offset 0: not a hotroute file of this kind");
      }
    }
  }
}

// What FTP's text mode and careless editors do.
TEST(FileHeaderTest, ChangedLineEndsAreNoticed) {
  std::string bytes = EncodeFileHeader(FileHeader());
  bytes.erase(bytes.find('\r'), 1);
  bytes.push_back('\0');
  EXPECT_FALSE(DecodeFileHeader(bytes, FileKind::kSegment, "f").ok());
}

TEST(FileHeaderTest, ANewerVersionIsNamedWhateverItsChecksum) {
  const std::string bytes = WithField(EncodeFileHeader(FileHeader()), 8, 7);
  std::string other_layout = bytes;
  other_layout[60] = 'x';
  for (const std::string& newer : {bytes, other_layout}) {
    const Status status = DecodeFileHeader(newer, FileKind::kSegment, "a.seg").status();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported);
    EXPECT_EQ(status.message(),
              "a.seg: written by a newer hotroute (format 7, this program reads up to 1); use that "
              "version to read it");
  }
}

TEST(FileHeaderTest, AnUnknownIncompatibleFlagIsRefusedAndACompatibleOneIsNot) {
  const std::string bytes = EncodeFileHeader(FileHeader());
  const Status status =
      DecodeFileHeader(WithField(bytes, 10, 4), FileKind::kSegment, "a.seg").status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_EQ(status.message(), "a.seg: uses features of a newer hotroute (flags 4)");
  EXPECT_TRUE(DecodeFileHeader(WithField(bytes, 12, 0x8000), FileKind::kSegment, "a.seg").ok());
}

TEST(FileHeaderTest, VersionNoughtNeverWas) {
  const std::string bytes = WithField(EncodeFileHeader(FileHeader()), 8, 0);
  EXPECT_EQ(DecodeFileHeader(bytes, FileKind::kSegment, "f").status().code(),
            StatusCode::kCorruption);
}

TEST(FrameTest, RoundTripsEveryLengthAndStaysAligned) {
  std::string bytes = EncodeFileHeader(FileHeader());
  std::string payload;
  for (uint32_t seq = 1; seq <= 300; ++seq) {
    ASSERT_EQ(bytes.size() % kFrameAlignment, 0u);
    AppendFrame(FrameType::kData, Codec::kNone, seq, payload, &bytes);
    payload.push_back(static_cast<char>(seq));
  }
  const Scan scan = ScanAll(bytes);
  EXPECT_TRUE(scan.damage.empty());
  EXPECT_EQ(scan.result.frames, 300u);
  EXPECT_EQ(scan.result.last_seq, 300u);
  EXPECT_EQ(scan.result.missing, 0u);
  EXPECT_EQ(scan.result.good_end, bytes.size());
  for (const auto& [seq, stored] : scan.frames) EXPECT_EQ(stored, payload.substr(0, seq - 1));
}

TEST(FrameTest, AnEmptyFileHasNoFramesAndNoDamage) {
  const Scan scan = ScanAll(EncodeFileHeader(FileHeader()));
  EXPECT_EQ(scan.result.frames, 0u);
  EXPECT_EQ(scan.result.good_end, kFileHeaderBytes);
  EXPECT_TRUE(scan.damage.empty());
}

TEST(FrameTest, ReadingGoesOnWhereItEnded) {
  const FrameFile file = MakeFrameFile(5);
  const std::string_view half = std::string_view(file.bytes).substr(0, file.begins[3] + 9);
  const Scan first = ScanAll(half);
  EXPECT_EQ(first.frames.size(), 3u);
  EXPECT_EQ(first.result.good_end, file.begins[3]);
  const Scan second = ScanAll(file.bytes, first.result.good_end, first.result.last_seq + 1);
  EXPECT_EQ(second.frames.size(), 2u);
  EXPECT_TRUE(second.frames.contains(4));
  EXPECT_TRUE(second.frames.contains(5));
  EXPECT_TRUE(second.damage.empty());
}

TEST(FrameTest, CompressedPayloadsRoundTrip) {
  std::string payload;
  for (int i = 0; i < 50'000; ++i) payload += "frame " + std::to_string(i % 97);
  std::string bytes = EncodeFileHeader(FileHeader());
  ASSERT_TRUE(AppendCompressedFrame(FrameType::kData, 1, payload, 1, &bytes).ok());
  ASSERT_TRUE(AppendCompressedFrame(FrameType::kData, 2, "", 19, &bytes).ok());
  EXPECT_LT(bytes.size(), payload.size() / 10);
  std::string buffer;
  std::vector<std::string> decoded;
  ScanFrames(
      bytes, kFileHeaderBytes, 1,
      [&](const Frame& frame) {
        EXPECT_EQ(frame.codec, Codec::kZstd);
        decoded.emplace_back(*DecodePayload(frame, &buffer));
      },
      [](const Damage&) { FAIL(); });
  EXPECT_EQ(decoded, (std::vector<std::string>{payload, ""}));
}

TEST(FrameTest, TooMuchForOneFrameIsRefusedAndNothingAppended) {
  std::string bytes;
  const std::string payload(kMaxRawBytes + size_t{1}, 'x');
  EXPECT_EQ(AppendCompressedFrame(FrameType::kData, 1, payload, 1, &bytes).code(),
            StatusCode::kExhausted);
  EXPECT_EQ(bytes, "");
}

TEST(DecodePayloadTest, ADecompressionBombIsRefusedBeforeItsMemoryIsTaken) {
  const std::string huge(kMaxRawBytes + size_t{1}, '\0');
  std::string bomb(ZSTD_compressBound(huge.size()), '\0');
  bomb.resize(ZSTD_compress(bomb.data(), bomb.size(), huge.data(), huge.size(), 1));
  ASSERT_LT(bomb.size(), size_t{16} << 10);  // small enough to be a real frame
  std::string buffer;
  const Status status = DecodePayload(CompressedFrame(bomb), &buffer).status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_EQ(status.message(), "frame 9: unusable decompressed size");
  EXPECT_LT(buffer.capacity(), 1024u);
}

TEST(DecodePayloadTest, GarbageAndUnknownCodecsAreNamed) {
  std::string buffer;
  EXPECT_EQ(DecodePayload(CompressedFrame("no zstd frame"), &buffer).status().code(),
            StatusCode::kCorruption);
  EXPECT_EQ(DecodePayload(CompressedFrame(""), &buffer).status().code(), StatusCode::kCorruption);
  Frame later = CompressedFrame("anything");
  later.codec = static_cast<Codec>(5);
  EXPECT_EQ(DecodePayload(later, &buffer).status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(DecodePayload(later, &buffer).status().message(), "frame 9: unknown codec 5");
}

// The frame's CRC is right, zstd's content is cut: a writer's mistake, or two damages at once.
TEST(DecodePayloadTest, ACutZstdFrameIsCorruption) {
  std::string payload;
  for (int i = 0; i < 1000; ++i) payload += std::to_string(i);
  std::string whole(ZSTD_compressBound(payload.size()), '\0');
  whole.resize(ZSTD_compress(whole.data(), whole.size(), payload.data(), payload.size(), 1));
  for (size_t size = 0; size < whole.size(); ++size) {
    std::string buffer;
    ASSERT_FALSE(DecodePayload(CompressedFrame(whole.substr(0, size)), &buffer).ok()) << size;
  }
}

}  // namespace
}  // namespace hotroute
