#include "viewer/render/flame_markup.h"

#include <cstddef>

#include "base/utf8.h"

namespace hotroute::viewer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The characters of more than one byte that are replaced: C1 controls, bidirectional marks,
// embeddings, overrides and isolates (Unicode, annex 9), line separators, and the two that XML 1.0
// forbids.
bool IsHidden(std::string_view character) {
  const auto last = static_cast<unsigned char>(character.back());
  if (character.size() == 2) return character[0] == '\xC2' && last < 0xA0;
  if (character.size() != 3) return false;
  const std::string_view lead = character.substr(0, 2);
  if (lead == "\xE2\x80") return last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE);
  if (lead == "\xE2\x81") return last >= 0xA6 && last <= 0xA9;
  return lead == "\xEF\xBF" && last >= 0xBE;
}

size_t LengthOf(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string_view EscapeOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string VisibleText(std::string_view text) {
  const std::string valid = ToValidUtf8(text);
  std::string out;
  out.reserve(valid.size());
  for (size_t at = 0; at < valid.size();) {
    const std::string_view character = std::string_view(valid).substr(at, LengthOf(valid[at]));
    const auto byte = static_cast<unsigned char>(character.front());
    const bool hidden = character.size() == 1 ? byte < 0x20 || byte == 0x7F : IsHidden(character);
    out += hidden ? kReplacement : character;
    at += character.size();
  }
  return out;
}

std::string EscapeMarkup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const std::string_view escape = EscapeOf(c);
    if (escape.empty()) {
      out += c;
    } else {
      out += escape;
    }
  }
  return out;
}

}  // namespace hotroute::viewer
