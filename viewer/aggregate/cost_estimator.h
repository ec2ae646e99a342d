// Wall time, CPU and waiting per request of a population, as well as they can be told.
//
// In: profiles with weights, and the exact counters where they can tell the population apart. Out:
// means per request. With counters wall time is exact and the profiles only tell how it divides:
// CPU is exact wall time x sum(w cpu) / sum(w wall), by route and status class (the ratio
// estimator, Cochran, Sampling Techniques, 3rd ed., 6.1 and 6.10). It does not swing with the few
// long requests that happened to be kept, and CPU and waiting add up to the exact wall time.
// Without counters: weighted means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "store/profile_source.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

// Per request. Waiting is wall time without CPU time, so they add up; only where several threads
// served a request at once may its CPU exceed its wall time.
struct CostEstimate {
  MeanAndError wall_ms;
  MeanAndError cpu_ms;
  MeanAndError offcpu_ms;
  // What weighted costs of the same profiles are to be multiplied with to agree with cpu_ms.
  double cpu_scale = 1;
};

// Memory is bounded by the number of routes. Thread-compatible.
class CostEstimator {
 public:
  // A status class with fewer profiles, unless those are all its requests, borrows its ratio from
  // all such classes together: the ratio of a handful is biased (Cochran, 6.11).
  static constexpr uint64_t kMinProfiles = 20;

  void Add(const store::ProfileRecord& record, double weight);
  void AddExposure(const store::ExposureRecord& record);

  // Requests by the counters; 0 when there are none.
  uint64_t counted() const { return counted_; }
  double counted_wall_ms() const { return counted_wall_ms_; }
  // Estimated sum over all requests.
  double wall_ms() const { return wall_ms_.mean() * requests_; }
  // Empty without profiles.
  std::optional<CostEstimate> Estimate() const;

 private:
  struct Stratum {
    WeightedRatio cpu;     // of wall time
    WeightedRatio offcpu;  // of wall time
    uint64_t counted = 0;
    double counted_wall_ms = 0;
    bool Stands() const { return cpu.count() >= kMinProfiles || cpu.count() >= counted; }
    void Add(const Stratum& other);
  };
  using Key = std::tuple<std::string, store::Kind, uint32_t>;  // name, kind, status class

  Stratum& StratumOf(std::string_view name, store::Kind kind, uint32_t status_class);
  CostEstimate Calibrated() const;

  std::map<Key, Stratum> strata_;
  uint64_t counted_ = 0;
  double counted_wall_ms_ = 0;
  double requests_ = 0;
  WeightedMean wall_ms_;
  WeightedMean cpu_ms_;
  WeightedMean offcpu_ms_;
};

}  // namespace hotroute::viewer
