#include "viewer/cli/suggest.h"

#include <algorithm>
#include <numeric>

namespace hotroute::viewer {

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::optional<std::string> Nearest(std::string_view wanted, const std::vector<std::string>& words) {
  std::optional<std::string> nearest;
  size_t least = (wanted.size() + 1) / 2 + 1;
  for (const std::string& word : words) {
    const size_t distance = EditDistance(wanted, word);
    if (distance >= least) continue;
    least = distance;
    nearest = word;
  }
  return nearest;
}

}  // namespace hotroute::viewer
