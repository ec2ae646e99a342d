#include "viewer/formats/rounding.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace hotroute::viewer {

std::vector<uint64_t> RoundToTotal(const std::vector<double>& values) {
  std::vector<uint64_t> rounded(values.size());
  std::vector<double> fractions(values.size());
  // Whole parts and fractions are summed apart: the sum of many large values would swallow the
  // fractions.
  double left_over = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = values[i] > 0 ? values[i] : 0;
    const double whole = std::floor(value);
    rounded[i] = static_cast<uint64_t>(whole);
    fractions[i] = value - whole;
    left_over += fractions[i];
  }
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return fractions[a] > fractions[b]; });
  const auto units = std::min(static_cast<size_t>(std::llround(left_over)), order.size());
  for (size_t i = 0; i < units; ++i) ++rounded[order[i]];
  return rounded;
}

}  // namespace hotroute::viewer
