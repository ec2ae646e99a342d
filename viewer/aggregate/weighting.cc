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

void WeightedMean::Add(double value, double weight) {
  ++count_;
  weight_ += weight;
  total_ += weight * value;
  squared_weight_ += weight * weight;
  squared_weight_value_ += weight * weight * value;
  squared_weight_square_ += weight * weight * value * value;
}

std::optional<double> WeightedMean::stderr_of_mean() const {
  if (count_ < 2 || weight_ <= 0) return std::nullopt;
  const double center = mean();
  const double residuals = squared_weight_square_ - 2 * center * squared_weight_value_ +
                           center * center * squared_weight_;
  const double n = static_cast<double>(count_);
  // Rounding can leave a tiny negative rest where all values are equal.
  return std::sqrt(std::max(0.0, residuals) * n / (n - 1)) / weight_;
}

void CostMeans::Add(const store::ProfileRecord& record, double weight) {
  wall_ms.Add(MillisOfNanos(static_cast<double>(record.wall_ns)), weight);
  cpu_ms.Add(MillisOfNanos(static_cast<double>(record.cpu_ns)), weight);
  offcpu_ms.Add(MillisOfNanos(static_cast<double>(OffCpuNanos(record))), weight);
}

}  // namespace hotroute::viewer
