// The frame codec: how records are laid into files so that damage is noticed and costs only the
// frame it is in.
//
//   file  := header (64 bytes) frame*
//   frame := len u32 | crc u32 | type u8 | codec u8 | flags u16 | seq u32 | payload | padding
//
// All integers little-endian. `len` is the payload's length; `crc` is the masked CRC-32C of
// everything behind it (type to the end of the payload); the padding is zero and fills up to 8
// bytes. `seq` counts frames from 1. A reader that meets a bad frame searches the next 8-byte
// position at which length, sequence, CRC and padding agree. docs/format.md has the worked hexdump.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace hotroute {

inline constexpr size_t kFileHeaderBytes = 64;           // on disk
inline constexpr size_t kFrameHeaderBytes = 16;          // on disk
inline constexpr size_t kFrameAlignment = 8;             // on disk
inline constexpr uint32_t kMaxPayloadBytes = 16u << 20;  // stored length; larger is damage
inline constexpr uint32_t kMaxRawBytes = 64u << 20;      // after decompression; larger is damage
inline constexpr uint16_t kFormatVersion = 1;

enum class FileKind : uint8_t { kSegment, kMetrics, kSymbols };

enum class FrameType : uint8_t {
  kData = 1,  // on disk: the payload is a hotroute.v1.Payload
};

enum class Codec : uint8_t {
  kNone = 0,  // on disk
  kZstd = 1,  // on disk: one zstd frame with its content size
};

// Flags of a file header.
inline constexpr uint32_t kFlagSealed = 1;  // on disk, compatible: will not grow any more

using Uuid = std::array<uint8_t, 16>;

struct FileHeader {
  FileKind kind = FileKind::kSegment;
  uint16_t version = kFormatVersion;
  uint16_t incompatible_flags = 0;  // a reader that does not know one of them must refuse the file
  uint32_t compatible_flags = 0;
  Uuid store_id{};
  Uuid file_id{};
  int64_t created_us = 0;
};

std::string EncodeFileHeader(const FileHeader& header);

// kCorruption when the bytes are not a header of `kind`, kUnsupported when a newer version wrote it
// (both name `path`).
Result<FileHeader> DecodeFileHeader(std::string_view bytes, FileKind kind, std::string_view path);

// Appends one frame to `out`, padded. Requires payload.size() <= kMaxPayloadBytes.
void AppendFrame(FrameType type, Codec codec, uint32_t seq, std::string_view payload,
                 std::string* out);

// Appends one zstd-compressed frame to `out`. `level` 1 to 19. kExhausted, with `out` untouched,
// when `payload` is longer than kMaxRawBytes or does not compress to kMaxPayloadBytes.
Status AppendCompressedFrame(FrameType type, uint32_t seq, std::string_view payload, int level,
                             std::string* out);

struct Frame {
  uint64_t offset = 0;  // of the frame's first byte in the file
  uint32_t seq = 0;
  FrameType type = FrameType::kData;
  Codec codec = Codec::kNone;
  std::string_view payload;  // as stored
};

// Bytes that are not a whole, checked frame.
struct Damage {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  bool tail = false;  // it reaches the end of the file: a write that was under way, or a truncation
};

struct ScanResult {
  uint64_t frames = 0;
  uint64_t good_end = 0;  // offset behind the last good frame, where reading can go on later
  uint32_t last_seq = 0;
  uint64_t missing = 0;  // sequence numbers passed over: frames that are damaged or cut out
};

// Walks the frames of `bytes` from `offset` (kFileHeaderBytes for the first). `expected_seq` is the
// sequence number of the frame there (1 for the first). Never fails: what is not a frame is
// reported to `on_damage`. An incomplete last frame (its padding belongs to it) is reported as
// damage with tail = true and does not move good_end, so the next scan starts on a frame boundary.
// Time is linear in the size of `bytes`, whatever they hold.
ScanResult ScanFrames(std::string_view bytes, uint64_t offset, uint32_t expected_seq,
                      const std::function<void(const Frame&)>& on_frame,
                      const std::function<void(const Damage&)>& on_damage);

// The payload of `frame`, decompressed into `buffer` if it is compressed. kCorruption when it
// cannot be.
Result<std::string_view> DecodePayload(const Frame& frame, std::string* buffer);

}  // namespace hotroute
