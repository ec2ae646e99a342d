#include "viewer/aggregate/weighting.h"

#include <algorithm>
#include <cmath>

namespace hotroute::viewer {

double WeightOf(const store::ProfileRecord& record) {
  if (record.stratum == store::Stratum::kForced) return 0;
  const bool valid = record.probability > 0 && record.probability <= 1;
  return valid ? 1 / record.probability : 0;
}

uint64_t OffCpuNanos(const store::ProfileRecord& record) {
  return record.wall_ns > record.cpu_ns ? record.wall_ns - record.cpu_ns : 0;
}

void WeightedRatio::Add(double numerator, double denominator, double weight) {
  const double spread = weight * (weight - 1);
  ++count_;
  numerator_ += weight * numerator;
  denominator_ += weight * denominator;
  squared_numerators_ += spread * numerator * numerator;
  products_ += spread * numerator * denominator;
  squared_denominators_ += spread * denominator * denominator;
}

void WeightedRatio::Add(const WeightedRatio& other) {
  count_ += other.count_;
  numerator_ += other.numerator_;
  denominator_ += other.denominator_;
  squared_numerators_ += other.squared_numerators_;
  products_ += other.products_;
  squared_denominators_ += other.squared_denominators_;
}

std::optional<double> WeightedRatio::variance() const {
  if (denominator_ <= 0) return std::nullopt;
  if (squared_denominators_ == 0) return 0;  // all requests were kept
  if (count_ < 2) return std::nullopt;
  const double r = ratio();
  const double residuals = squared_numerators_ - 2 * r * products_ + r * r * squared_denominators_;
  const double n = static_cast<double>(count_);
  // Rounding can leave a tiny negative rest where all residuals are 0.
  return std::max(0.0, residuals) * n / (n - 1) / (denominator_ * denominator_);
}

MeanAndError WeightedMean::estimate() const {
  const std::optional<double> variance = sums_.variance();
  return {mean(), variance ? std::optional<double>(std::sqrt(*variance)) : std::nullopt};
}

}  // namespace hotroute::viewer
