// Small files of frames and what a scan makes of them, for the tests of the frame codec.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proto/frame.h"

namespace hotroute {

// Everything that one ScanFrames reported.
struct Scan {
  std::map<uint32_t, std::string> frames;  // by sequence number
  std::vector<Damage> damage;
  ScanResult result;
};

inline Scan ScanAll(std::string_view bytes, uint64_t offset = kFileHeaderBytes,
                    uint32_t expected_seq = 1) {
  Scan scan;
  scan.result = ScanFrames(
      bytes, offset, expected_seq,
      [&](const Frame& frame) { scan.frames[frame.seq] = std::string(frame.payload); },
      [&](const Damage& damage) { scan.damage.push_back(damage); });
  return scan;
}

// A header, and frames of different lengths behind it; begins[i] is where frame i + 1 begins and
// begins.back() the size of the file.
struct FrameFile {
  std::string bytes;
  std::vector<uint64_t> begins;
};

inline FrameFile MakeFrameFile(uint32_t count) {
  FrameFile file;
  file.bytes = EncodeFileHeader({});
  for (uint32_t seq = 1; seq <= count; ++seq) {
    file.begins.push_back(file.bytes.size());
    std::string payload;
    for (uint32_t i = 0; i < 5 * seq; ++i) payload.push_back(static_cast<char>(seq * 16 + i));
    AppendFrame(FrameType::kData, Codec::kNone, seq, payload, &file.bytes);
  }
  file.begins.push_back(file.bytes.size());
  return file;
}

}  // namespace hotroute
