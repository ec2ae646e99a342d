// The buckets in which wall times are counted: logarithmic, 8 to the octave, 1 microsecond to about
// 71 minutes.
//
// Bucket 0 holds everything below 1 us, the last one everything above. A bucket is between 1/15
// (6.7 %) and 1/8 (12.5 %) of its lower edge wide, so a percentile read at a bucket's middle is
// within 1/16 (6.25 %) of the true one.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hotroute {

inline constexpr uint32_t kSubBuckets = 8;                        // on disk
inline constexpr uint32_t kOctaves = 32;                          // on disk
inline constexpr uint32_t kBuckets = 1 + kOctaves * kSubBuckets;  // on disk: 257

// Sub-buckets are linear within an octave: [2^o (1 + s/8), 2^o (1 + (s+1)/8)) microseconds.
constexpr uint32_t BucketOf(uint64_t wall_ns) {
  const uint64_t us = wall_ns / 1000;
  if (us == 0) return 0;
  const uint32_t octave = 63u - static_cast<uint32_t>(std::countl_zero(us));
  if (octave >= kOctaves) return kBuckets - 1;
  // The three bits behind the leading one, of the value in 1/8 microseconds so that small octaves
  // have them too.
  const uint32_t sub = static_cast<uint32_t>(((wall_ns * 8 / 1000) >> octave) & 7u);
  return 1 + octave * kSubBuckets + sub;
}

// Inclusive lower edge of a bucket, in nanoseconds. Numbers beyond the last bucket, which only a
// damaged file has, are taken for the last one.
constexpr double BucketLowerNanos(uint32_t bucket) {
  if (bucket == 0) return 0;
  bucket = std::min(bucket, kBuckets - 1);
  const uint32_t octave = (bucket - 1) / kSubBuckets;
  const uint32_t sub = (bucket - 1) % kSubBuckets;
  return static_cast<double>(uint64_t{1} << octave) * (1.0 + sub / 8.0) * 1000.0;
}

// Exclusive upper edge. The last bucket is given the width of its octave's others.
constexpr double BucketUpperNanos(uint32_t bucket) {
  return bucket < kBuckets - 1 ? BucketLowerNanos(bucket + 1)
                               : static_cast<double>(uint64_t{1} << kOctaves) * 1000.0;
}

}  // namespace hotroute
