// Turns fuzzer input into file bytes.
//
// Checksums keep random changes away from the records behind them. So an input that begins with 'P'
// is a payload, which is put into a good frame of a good file; any other input is the file itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/frame.h"

namespace hotroute::testing {

inline std::string FileFromInput(const uint8_t* data, size_t size, FileKind kind) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (!input.starts_with('P') || size > kMaxPayloadBytes) return std::string(input);
  FileHeader header;
  header.kind = kind;
  std::string bytes = EncodeFileHeader(header);
  AppendFrame(FrameType::kData, Codec::kNone, 1, input.substr(1), &bytes);
  return bytes;
}

}  // namespace hotroute::testing
