#include "viewer/aggregate/wall_distribution.h"

#include <algorithm>

namespace hotroute::viewer {

void WallHistogram::AddBucket(uint32_t bucket, double count) {
  counts_[std::min(bucket, kBuckets - 1)] += count;
  total_ += count;
}

double WallHistogram::QuantileNanos(double share) const {
  const double wanted = share * total_;
  double below = 0;
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    if (counts_[bucket] <= 0) continue;
    if (below + counts_[bucket] >= wanted) {
      const double lower = BucketLowerNanos(bucket);
      const double part = std::clamp((wanted - below) / counts_[bucket], 0.0, 1.0);
      return lower + part * (BucketUpperNanos(bucket) - lower);
    }
    below += counts_[bucket];
  }
  return 0;
}

uint64_t WallQuantiles::Quantile(double share) {
  if (values_.empty()) return 0;
  std::sort(values_.begin(), values_.end());
  double total = 0;
  for (const auto& [wall, weight] : values_) total += weight;
  double below = 0;
  for (const auto& [wall, weight] : values_) {
    below += weight;
    if (below >= share * total) return wall;
  }
  return values_.back().first;
}

}  // namespace hotroute::viewer
