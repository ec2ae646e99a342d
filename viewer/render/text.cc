#include "viewer/render/text.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>

namespace hotroute::viewer {
namespace {

// Length of the UTF-8 sequence at the front of `text`, 0 where there is none. Follows RFC 3629,
// table in section 4.
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) {
    return static_cast<uint8_t>(i < text.size() ? text[i] : '\0');
  };
  const auto follows = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) > 0x9f;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool overlong = lead == 0xf0 && byte(1) < 0x90;
    const bool beyond = lead == 0xf4 && byte(1) > 0x8f;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

// U+0000 to U+001F, U+007F, U+0080 to U+009F: terminals act on them.
bool IsControl(std::string_view sequence) {
  const uint8_t lead = static_cast<uint8_t>(sequence[0]);
  return lead < 0x20 || lead == 0x7f ||
         (sequence.size() == 2 && lead == 0xc2 && static_cast<uint8_t>(sequence[1]) < 0xa0);
}

bool BeginsCharacter(char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }

std::string Line(const std::vector<TextColumn>& columns, const std::vector<std::string>& cells,
                 const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string padding(widths[i] - TextWidth(cells[i]), ' ');
    if (i > 0) line += "  ";
    line += columns[i].align == Align::kRight ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string Grouped(std::string digits) {
  const size_t start = digits[0] == '-' ? 1 : 0;
  for (size_t at = std::min(digits.find('.'), digits.size()); at > start + 3;) {
    digits.insert(at -= 3, 1, ',');
  }
  return digits;
}

constexpr int kMostDecimals = 3;
constexpr size_t kLeastName = 10;

// That leave three digits that matter.
int DecimalsOf(double value) {
  const double size = std::abs(value);
  return size < 0.9995 ? kMostDecimals : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
}

std::string Fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "-";
  char text[352];  // the largest double has 309 digits
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return Grouped(text);
}

// Where the character with number `index` begins.
size_t OffsetOf(std::string_view text, size_t index) {
  size_t at = 0;
  for (size_t met = 0; at < text.size(); ++at) {
    if (BeginsCharacter(text[at]) && met++ == index) break;
  }
  return at;
}

std::string Join(const std::vector<std::string>& names, std::string_view separator) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

}  // namespace

void TextTable::AddRow(const std::vector<std::string>& cells) {
  assert(cells.size() == columns_.size());
  std::vector<std::string> row;
  for (const std::string& cell : cells) row.push_back(Printable(cell));
  rows_.push_back(std::move(row));
}

std::string TextTable::Render(bool color) const {
  std::vector<size_t> widths;
  std::vector<std::string> headings;
  for (size_t i = 0; i < columns_.size(); ++i) {
    headings.push_back(columns_[i].heading);
    widths.push_back(TextWidth(columns_[i].heading));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], TextWidth(row[i]));
  }
  std::string text = Bold(Line(columns_, headings, widths), color) + "\n";
  for (const auto& row : rows_) text += Line(columns_, row, widths) + "\n";
  return text;
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    const size_t taken = std::max<size_t>(length, 1);
    if (length == 0 || IsControl(text.substr(0, length))) {
      for (size_t i = 0; i < taken; ++i) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\x%02x",
                      static_cast<unsigned>(static_cast<uint8_t>(text[i])));
        out += escape;
      }
    } else {
      out += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::string NumberText(double value) { return Fixed(value, value == 0 ? 0 : DecimalsOf(value)); }

std::string ColumnText(double value, double largest) {
  return value == 0 ? "0" : Fixed(value, DecimalsOf(largest));
}

std::string NumberText(std::optional<double> value) { return value ? NumberText(*value) : "-"; }

std::string CountText(uint64_t count) { return Grouped(std::to_string(count)); }

std::string CountText(uint64_t count, std::string_view noun) {
  std::string text = CountText(count);
  text.append(" ").append(noun);
  if (count != 1) text.append("s");
  return text;
}

std::string PercentText(double share) {
  char text[352];
  std::snprintf(text, sizeof text, "%.1f%%", share * 100);
  return text;
}

size_t TextWidth(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

std::string CutMiddle(std::string_view text, size_t width) {
  const size_t length = TextWidth(text);
  if (length <= width) return std::string(text);
  if (width == 0) return "";
  const size_t tail = (width - 1) / 2;
  const size_t head = width - 1 - tail;
  return std::string(text.substr(0, OffsetOf(text, head))) + "…" +
         std::string(text.substr(OffsetOf(text, length - tail)));
}

std::string ChainText(const std::vector<std::string>& names, std::string_view separator,
                      size_t width, ChainEnd dear) {
  const std::string whole = Join(names, separator);
  if (names.size() == 1) return CutMiddle(whole, width);
  if (TextWidth(whole) <= width) return whole;
  std::string between(separator);
  if (names.size() > 2) {
    between += "(" + CountText(names.size() - 2, "frame") + ")" + std::string(separator);
  }
  // The dear name has all it needs, as long as the other can still be recognised.
  const size_t room = width - std::min(width, TextWidth(between));
  const size_t most = room - std::min(room, kLeastName);
  const size_t first = dear == ChainEnd::kFirst ? std::min(TextWidth(names.front()), most)
                                                : room - std::min(TextWidth(names.back()), most);
  const std::string begin = CutMiddle(names.front(), first);
  return begin + between + CutMiddle(names.back(), room - TextWidth(begin));
}

std::string Bold(std::string_view text, bool color) {
  return color ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
}

std::string Faint(std::string_view text, bool color) {
  return color ? "\x1b[2m" + std::string(text) + "\x1b[0m" : std::string(text);
}

}  // namespace hotroute::viewer
