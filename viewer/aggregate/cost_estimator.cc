#include "viewer/aggregate/cost_estimator.h"

#include <cmath>

namespace hotroute::viewer {
namespace {

constexpr uint32_t kHighestRequestClass = 5;

// As the counters have it: statuses beyond 599 are of class 0.
uint32_t StatusClassOf(const store::ProfileRecord& record) {
  if (record.kind == store::Kind::kTask) return record.status;
  const uint32_t status_class = record.status / 100;
  return status_class <= kHighestRequestClass ? status_class : 0;
}

// A mean per request, put together from parts of which each knows its wall time exactly.
class CalibratedMean {
 public:
  void Add(const WeightedRatio& of_wall, double wall_ms) {
    total_ += of_wall.ratio() * wall_ms;
    const std::optional<double> variance = of_wall.variance();
    known_ = known_ && variance;
    variance_ += variance.value_or(0) * wall_ms * wall_ms;
  }
  MeanAndError Per(double requests) const {
    MeanAndError estimate{total_ / requests, std::nullopt};
    if (known_) estimate.standard_error = std::sqrt(variance_) / requests;
    return estimate;
  }

 private:
  double total_ = 0;
  double variance_ = 0;
  bool known_ = true;
};

}  // namespace

void CostEstimator::Stratum::Add(const Stratum& other) {
  cpu.Add(other.cpu);
  offcpu.Add(other.offcpu);
  counted += other.counted;
  counted_wall_ms += other.counted_wall_ms;
}

CostEstimator::Stratum& CostEstimator::StratumOf(std::string_view name, store::Kind kind,
                                                 uint32_t status_class) {
  return strata_[Key(name, kind, status_class)];
}

void CostEstimator::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  const double wall_ms = MillisOfNanos(static_cast<double>(record.wall_ns));
  const double cpu_ms = MillisOfNanos(static_cast<double>(record.cpu_ns));
  const double offcpu_ms = MillisOfNanos(static_cast<double>(OffCpuNanos(record)));
  Stratum& stratum = StratumOf(record.name, record.kind, StatusClassOf(record));
  stratum.cpu.Add(cpu_ms, wall_ms, weight);
  stratum.offcpu.Add(offcpu_ms, wall_ms, weight);
  requests_ += weight;
  wall_ms_.Add(wall_ms, weight);
  cpu_ms_.Add(cpu_ms, weight);
  offcpu_ms_.Add(offcpu_ms, weight);
}

void CostEstimator::AddExposure(const store::ExposureRecord& record) {
  const double wall_ms = MillisOfNanos(static_cast<double>(record.wall_ns));
  Stratum& stratum = StratumOf(record.name, record.kind, record.status_class);
  stratum.counted += record.count;
  stratum.counted_wall_ms += wall_ms;
  counted_ += record.count;
  counted_wall_ms_ += wall_ms;
}

CostEstimate CostEstimator::Calibrated() const {
  CalibratedMean cpu;
  CalibratedMean offcpu;
  Stratum small;
  Stratum all;
  for (const auto& [key, stratum] : strata_) {
    all.Add(stratum);
    if (stratum.Stands()) {
      cpu.Add(stratum.cpu, stratum.counted_wall_ms);
      offcpu.Add(stratum.offcpu, stratum.counted_wall_ms);
    } else {
      small.Add(stratum);
    }
  }
  if (small.counted_wall_ms > 0) {
    const Stratum& lender = small.Stands() ? small : all;
    cpu.Add(lender.cpu, small.counted_wall_ms);
    offcpu.Add(lender.offcpu, small.counted_wall_ms);
  }
  const double requests = static_cast<double>(counted_);
  return {{counted_wall_ms_ / requests, 0}, cpu.Per(requests), offcpu.Per(requests)};
}

std::optional<CostEstimate> CostEstimator::Estimate() const {
  if (requests_ <= 0) return std::nullopt;
  CostEstimate estimate{wall_ms_.estimate(), cpu_ms_.estimate(), offcpu_ms_.estimate()};
  if (counted_ == 0 || wall_ms_.mean() <= 0) return estimate;
  const double weighted_cpu_ms = estimate.cpu_ms.mean;
  estimate = Calibrated();
  if (weighted_cpu_ms > 0) estimate.cpu_scale = estimate.cpu_ms.mean / weighted_cpu_ms;
  return estimate;
}

}  // namespace hotroute::viewer
