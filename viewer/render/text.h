// Text for terminals: aligned tables, numbers with just enough digits, colour where it is wanted.
//
// In: values. Out: UTF-8 text. Strings from outside are made harmless: control characters and bytes
// that are no UTF-8 appear as \xNN, so that no url_name can move the cursor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hotroute::viewer {

enum class Align { kLeft, kRight };

struct TextColumn {
  std::string heading;
  Align align = Align::kRight;
};

// Thread-compatible.
class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}
  // Requires: one cell per column. Cells may come from outside.
  void AddRow(const std::vector<std::string>& cells);
  // A heading line and one line per row, two blanks between columns, no blanks at line ends.
  std::string Render(bool color) const;

 private:
  const std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string Printable(std::string_view text);

// "0.042", "4.20", "42.0", "420", "4,200": three digits that matter, no more.
std::string NumberText(double value);
// The same number of decimals down a column, so that its numbers can be compared by eye: as many as
// leave three digits of the column's largest value.
std::string ColumnText(double value, double largest);
// "12,345".
std::string CountText(uint64_t count);
// "1 profile", "12,345 profiles".
std::string CountText(uint64_t count, std::string_view noun);
// 0.1234 -> "12.3%".
std::string PercentText(double share);
// "-" for what is not known.
std::string NumberText(std::optional<double> value);

// Columns of a terminal that the text takes.
size_t TextWidth(std::string_view text);
// At most `width` columns: "sqlite3Btree…xMoveto". Requires: `text` is printable.
std::string CutMiddle(std::string_view text, size_t width);
enum class ChainEnd { kFirst, kLast };
// Names of a run of frames in at most `width` columns: all of them where they fit, else
// "clone3 > (9 frames) > serve", the names cut in the middle where they must be, `dear` last.
// Requires: `names` is not empty, `width` at least 40.
std::string ChainText(const std::vector<std::string>& names, std::string_view separator,
                      size_t width, ChainEnd dear);

std::string Bold(std::string_view text, bool color);
std::string Faint(std::string_view text, bool color);

}  // namespace hotroute::viewer
