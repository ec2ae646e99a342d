// Percentiles of wall time: from the counters' buckets (bounded memory) and from single values
// (exact).
//
// In: wall times with weights. Out: the value below which a share of the weight lies.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "proto/histogram.h"

namespace hotroute::viewer {

// Wall times in the logarithmic buckets of proto/histogram.h: percentiles within 4.5 %.
// Thread-compatible.
class WallHistogram {
 public:
  void AddBucket(uint32_t bucket, double count);
  void AddWall(uint64_t wall_ns, double weight) { AddBucket(BucketOf(wall_ns), weight); }
  double total() const { return total_; }
  // `share` in [0, 1]; interpolated within its bucket. 0 when empty.
  double QuantileNanos(double share) const;

 private:
  std::array<double, kBuckets> counts_{};
  double total_ = 0;
};

// Keeps every value, 16 bytes each: for percentile bands, which must cut exactly.
// Thread-compatible.
class WallQuantiles {
 public:
  void Add(uint64_t wall_ns, double weight) { values_.emplace_back(wall_ns, weight); }
  bool empty() const { return values_.empty(); }
  // Smallest value with at least `share` of the weight at or below it. 0 when empty.
  uint64_t Quantile(double share);

 private:
  std::vector<std::pair<uint64_t, double>> values_;
};

}  // namespace hotroute::viewer
