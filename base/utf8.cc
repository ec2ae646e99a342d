#include "base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace hotroute {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// What the first byte promises: the number of bytes that follow and the range of the first of them
// (Unicode, table 3-7).
struct Lead {
  size_t following;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

constexpr size_t kNotALead = SIZE_MAX;

Lead LeadOf(unsigned char byte) {
  if (byte < 0x80) return {0};
  if (byte < 0xC2) return {kNotALead};
  if (byte < 0xE0) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte < 0xF0) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte < 0xF4) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {kNotALead};
}

}  // namespace

std::string ToValidUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const Lead lead = LeadOf(static_cast<unsigned char>(bytes[at]));
    size_t length = 1;
    if (lead.following != kNotALead) {
      while (length <= lead.following && at + length < bytes.size()) {
        const auto next = static_cast<unsigned char>(bytes[at + length]);
        const unsigned char low = length == 1 ? lead.low : 0x80;
        const unsigned char high = length == 1 ? lead.high : 0xBF;
        if (next < low || next > high) break;
        ++length;
      }
    }
    const bool valid = lead.following != kNotALead && length == lead.following + 1;
    out.append(valid ? bytes.substr(at, length) : kReplacement);
    at += length;
  }
  return out;
}

std::string_view CutUtf8(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  const auto continues = [&](size_t at) { return (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80; };
  size_t begin = limit;
  while (begin > 0 && begin + 3 > limit && continues(begin)) --begin;
  return text.substr(0, continues(begin) ? limit : begin);
}

}  // namespace hotroute
