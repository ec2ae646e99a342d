#include "tests/bench/table.h"

#include <algorithm>
#include <cstdio>

namespace hotroute::bench {
namespace {

std::string Fixed(double value, int decimals) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string WithUnit(const std::string& number, std::string_view unit) {
  return unit.empty() ? number : number + " " + std::string(unit);
}

std::string Line(std::string_view label, const std::string& median, const std::string& spread,
                 const std::string& ratio, const std::string& target, std::string_view verdict) {
  char text[256];
  std::snprintf(text, sizeof text, "  %-38.*s %13s  %-20s %-26s %-11s %.*s",
                static_cast<int>(label.size()), label.data(), median.c_str(), spread.c_str(),
                ratio.c_str(), target.c_str(), static_cast<int>(verdict.size()), verdict.data());
  std::string line = text;
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string TargetText(const Row& row) {
  const Target& target = row.target;
  if (target.bound == Bound::kNone) return "";
  const std::string sign = target.bound == Bound::kAtMost ? "<= " : ">= ";
  return sign + (target.of_ratio ? Fixed(target.value, 0) + "x"
                                 : WithUnit(Fixed(target.value, 0), row.unit));
}

bool Meets(const Target& target, double value) {
  return target.bound == Bound::kAtMost ? value <= target.value : value >= target.value;
}

Result<std::vector<double>> ValuesOf(std::string_view figure, const Figures& figures) {
  const auto found = figures.find(figure);
  if (found == figures.end()) return NotFound("no contestant printed " + std::string(figure));
  return found->second;
}

Status AddRow(const Row& row, const Figures& figures, Table* table) {
  HOTROUTE_ASSIGN_OR_RETURN(const std::vector<double> values, ValuesOf(row.figure, figures));
  const double median = Median(values);
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  double judged = median;
  std::string ratio_text;
  if (!row.compared_with.empty()) {
    HOTROUTE_ASSIGN_OR_RETURN(const std::vector<double> others,
                              ValuesOf(row.compared_with, figures));
    const double ratio = median / Median(others);
    ratio_text = Fixed(ratio, 2) + std::string(row.comparison);
    if (row.target.of_ratio) judged = ratio;
  }
  std::string_view verdict;
  if (row.target.bound != Bound::kNone) {
    const bool meets = Meets(row.target, judged);
    verdict = meets ? "PASS" : "MISS";
    ++(meets ? table->passed : table->missed);
  }
  table->text += Line(row.label, WithUnit(Fixed(median, row.decimals), row.unit),
                      Fixed(*least, row.decimals) + " .. " + Fixed(*most, row.decimals), ratio_text,
                      TargetText(row), verdict);
  return {};
}

}  // namespace

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Result<Table> MakeTable(std::span<const Row> rows, const Figures& figures) {
  Table table;
  table.text = Line("", "median", "min .. max", "ratio of medians", "target", "");
  for (const Row& row : rows) {
    if (row.figure.empty()) {
      table.text += "\n" + std::string(row.label) + "\n";
      continue;
    }
    HOTROUTE_RETURN_IF_ERROR(AddRow(row, figures, &table));
  }
  return table;
}

}  // namespace hotroute::bench
