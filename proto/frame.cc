#include "proto/frame.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/crc32c.h"

namespace hotroute {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the codec copies integers as they are in memory");

template <typename T>
void Put(std::string* out, T value) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T Get(std::string_view bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// On disk. PNG's trick: a text-mode transfer or a terminal changes the line ends and is noticed at
// once.
constexpr std::string_view Magic(FileKind kind) {
  switch (kind) {
    case FileKind::kSegment:
      return "HRSEG\r\n\x1a";
    case FileKind::kMetrics:
      return "HRMET\r\n\x1a";
    case FileKind::kSymbols:
      return "HRSYM\r\n\x1a";
  }
  return {};
}

constexpr size_t kHeaderCrcOffset = 56;
constexpr size_t kHeaderPaddingOffset = 60;
// Room for frame types and codecs of later versions; larger values are damage.
constexpr uint8_t kMaxFrameType = 15;
constexpr uint8_t kMaxCodec = 15;
// How many times its own size a scan may checksum bytes that turn out to be no frame. Honest damage
// stays below 1: bytes that merely look like a frame's header are rare.
constexpr uint64_t kWastedChecksums = 32;

uint64_t Padded(uint64_t size) {
  return (size + kFrameAlignment - 1) & ~uint64_t{kFrameAlignment - 1};
}

bool AllZero(std::string_view bytes) { return bytes.find_first_not_of('\0') == bytes.npos; }

// Is there a whole frame at `offset`? Fills `frame`. `budget` is the number of bytes that may still
// be checksummed in vain: it keeps a file made of nothing but plausible frame headers from taking
// the square of its size.
bool CheckFrame(std::string_view bytes, uint64_t offset, uint64_t* budget, Frame* frame) {
  if (bytes.size() - offset < kFrameHeaderBytes) return false;
  const auto length = Get<uint32_t>(bytes, offset);
  if (length > kMaxPayloadBytes) return false;
  // Cheap tests first: in a damaged region every 8th byte is tried, and a checksum over 16 MiB is
  // not free.
  const auto type = Get<uint8_t>(bytes, offset + 8);
  const auto codec = Get<uint8_t>(bytes, offset + 9);
  if (type == 0 || type > kMaxFrameType || codec > kMaxCodec ||
      Get<uint16_t>(bytes, offset + 10) != 0)
    return false;
  if (bytes.size() - offset - kFrameHeaderBytes < Padded(length)) return false;
  if (length > *budget) return false;
  const std::string_view checked = bytes.substr(offset + 8, kFrameHeaderBytes - 8 + length);
  const std::string_view padding =
      bytes.substr(offset + kFrameHeaderBytes + length, Padded(length) - length);
  if (Get<uint32_t>(bytes, offset + 4) != MaskCrc(Crc32c(checked)) || !AllZero(padding)) {
    *budget -= length;
    return false;
  }
  frame->offset = offset;
  frame->type = static_cast<FrameType>(type);
  frame->codec = static_cast<Codec>(codec);
  frame->seq = Get<uint32_t>(bytes, offset + 12);
  frame->payload = bytes.substr(offset + kFrameHeaderBytes, length);
  return true;
}

}  // namespace

std::string EncodeFileHeader(const FileHeader& header) {
  std::string out(Magic(header.kind));
  Put(&out, header.version);
  Put(&out, header.incompatible_flags);
  Put(&out, header.compatible_flags);
  out.append(reinterpret_cast<const char*>(header.store_id.data()), header.store_id.size());
  out.append(reinterpret_cast<const char*>(header.file_id.data()), header.file_id.size());
  Put(&out, header.created_us);
  Put(&out, MaskCrc(Crc32c(out)));
  out.resize(kFileHeaderBytes, '\0');
  return out;
}

Result<FileHeader> DecodeFileHeader(std::string_view bytes, FileKind kind, std::string_view path) {
  const std::string where(path);
  if (bytes.size() < kFileHeaderBytes) {
    return Corruption(where + ": offset 0: shorter than a file header (" +
                      std::to_string(bytes.size()) + " of 64 bytes)");
  }
  if (!bytes.starts_with(Magic(kind)))
    return Corruption(where + ": offset 0: not a hotroute file of this kind");
  FileHeader header;
  header.kind = kind;
  header.version = Get<uint16_t>(bytes, 8);
  // The version is read before the checksum, so that a newer layout is called newer and not
  // damaged.
  if (header.version > kFormatVersion) {
    return Unsupported(where + ": written by a newer hotroute (format " +
                       std::to_string(header.version) + ", this program reads up to " +
                       std::to_string(kFormatVersion) + "); use that version to read it");
  }
  const std::string_view padding =
      bytes.substr(kHeaderPaddingOffset, kFileHeaderBytes - kHeaderPaddingOffset);
  if (Get<uint32_t>(bytes, kHeaderCrcOffset) !=
          MaskCrc(Crc32c(bytes.substr(0, kHeaderCrcOffset))) ||
      !AllZero(padding) || header.version == 0) {
    return Corruption(where + ": offset 0: the file header's checksum does not match");
  }
  header.incompatible_flags = Get<uint16_t>(bytes, 10);
  if (header.incompatible_flags != 0) {
    return Unsupported(where + ": uses features of a newer hotroute (flags " +
                       std::to_string(header.incompatible_flags) + ")");
  }
  header.compatible_flags = Get<uint32_t>(bytes, 12);
  std::memcpy(header.store_id.data(), bytes.data() + 16, 16);
  std::memcpy(header.file_id.data(), bytes.data() + 32, 16);
  header.created_us = Get<int64_t>(bytes, 48);
  return header;
}

void AppendFrame(FrameType type, Codec codec, uint32_t seq, std::string_view payload,
                 std::string* out) {
  assert(payload.size() <= kMaxPayloadBytes);
  const size_t begin = out->size();
  Put(out, static_cast<uint32_t>(payload.size()));
  Put(out, uint32_t{0});
  Put(out, static_cast<uint8_t>(type));
  Put(out, static_cast<uint8_t>(codec));
  Put(out, uint16_t{0});
  Put(out, seq);
  out->append(payload);
  const uint32_t crc = MaskCrc(Crc32c(std::string_view(*out).substr(begin + 8)));
  std::memcpy(out->data() + begin + 4, &crc, sizeof crc);
  out->append(Padded(payload.size()) - payload.size(), '\0');
}

Status AppendCompressedFrame(FrameType type, uint32_t seq, std::string_view payload, int level,
                             std::string* out) {
  if (payload.size() > kMaxRawBytes) return Exhausted("a frame of more than 64 MiB");
  std::string compressed(ZSTD_compressBound(payload.size()), '\0');
  const size_t size =
      ZSTD_compress(compressed.data(), compressed.size(), payload.data(), payload.size(), level);
  if (ZSTD_isError(size)) return Internal(std::string("zstd: ") + ZSTD_getErrorName(size));
  if (size > kMaxPayloadBytes) return Exhausted("a frame of more than 16 MiB after compression");
  AppendFrame(type, Codec::kZstd, seq, std::string_view(compressed).substr(0, size), out);
  return {};
}

ScanResult ScanFrames(std::string_view bytes, uint64_t offset, uint32_t expected_seq,
                      const std::function<void(const Frame&)>& on_frame,
                      const std::function<void(const Damage&)>& on_damage) {
  ScanResult result;
  result.good_end = std::min<uint64_t>(offset, bytes.size());
  result.last_seq = expected_seq - 1;
  uint64_t budget = kWastedChecksums * bytes.size();
  uint64_t damage_begin = UINT64_MAX;
  while (offset < bytes.size()) {
    Frame frame;
    const bool good = CheckFrame(bytes, offset, &budget, &frame) && frame.seq > result.last_seq;
    if (!good) {
      if (damage_begin == UINT64_MAX) damage_begin = offset;
      offset += kFrameAlignment;
      continue;
    }
    if (damage_begin != UINT64_MAX) {
      on_damage({damage_begin, offset - damage_begin, false});
      damage_begin = UINT64_MAX;
    }
    on_frame(frame);
    ++result.frames;
    result.missing += frame.seq - result.last_seq - 1;
    result.last_seq = frame.seq;
    offset += kFrameHeaderBytes + Padded(frame.payload.size());
    result.good_end = offset;
  }
  if (damage_begin != UINT64_MAX) on_damage({damage_begin, bytes.size() - damage_begin, true});
  return result;
}

Result<std::string_view> DecodePayload(const Frame& frame, std::string* buffer) {
  const std::string where = "frame " + std::to_string(frame.seq);
  if (frame.codec == Codec::kNone) return frame.payload;
  if (frame.codec != Codec::kZstd) {
    return Unsupported(where + ": unknown codec " + std::to_string(static_cast<int>(frame.codec)));
  }
  const unsigned long long size =
      ZSTD_getFrameContentSize(frame.payload.data(), frame.payload.size());
  if (size > kMaxRawBytes) return Corruption(where + ": unusable decompressed size");
  buffer->resize(static_cast<size_t>(size));
  const size_t got =
      ZSTD_decompress(buffer->data(), buffer->size(), frame.payload.data(), frame.payload.size());
  if (ZSTD_isError(got)) return Corruption(where + ": zstd: " + ZSTD_getErrorName(got));
  if (got != buffer->size()) return Corruption(where + ": shorter than its stated size");
  return std::string_view(*buffer);
}

}  // namespace hotroute
