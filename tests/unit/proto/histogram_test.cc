// The wall-time buckets: contiguous, in agreement with BucketOf, and as fine as the header says.
#include "proto/histogram.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

// Wall times spread evenly over the octaves of a 64-bit nanosecond counter.
uint64_t RandomNanos(std::mt19937_64* random) { return (*random)() >> ((*random)() % 64); }

TEST(HistogramTest, EdgesAreContiguousAndIncreasing) {
  EXPECT_EQ(BucketLowerNanos(0), 0);
  EXPECT_EQ(BucketUpperNanos(0), 1000);
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    EXPECT_LT(BucketLowerNanos(bucket), BucketUpperNanos(bucket)) << bucket;
    if (bucket + 1 < kBuckets) {
      EXPECT_EQ(BucketUpperNanos(bucket), BucketLowerNanos(bucket + 1)) << bucket;
    }
  }
}

// The numbers are on disk.
TEST(HistogramTest, NumbersOfKnownTimesNeverChange) {
  EXPECT_EQ(kBuckets, 257u);
  const std::pair<uint64_t, uint32_t> known[] = {
      {0, 0},
      {999, 0},
      {1'000, 1},
      {1'124, 1},
      {1'125, 2},
      {1'999, 8},
      {2'000, 9},
      {1'000'000, 80},
      {20'000'000, 114},
      {60'000'000'000, 207},
      {4'294'967'295'999, 256},
      {4'294'967'296'000, 256},
      {UINT64_MAX, 256},
  };
  for (const auto& [nanos, bucket] : known) EXPECT_EQ(BucketOf(nanos), bucket) << nanos;
}

TEST(HistogramTest, BucketOfAgreesWithTheEdgesForAMillionTimes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t nanos = RandomNanos(&random);
    const uint32_t bucket = BucketOf(nanos);
    ASSERT_LT(bucket, kBuckets);
    ASSERT_GE(static_cast<double>(nanos), BucketLowerNanos(bucket)) << nanos;
    if (bucket + 1 < kBuckets) {
      ASSERT_LT(static_cast<double>(nanos), BucketUpperNanos(bucket)) << nanos;
    }
  }
}

TEST(HistogramTest, BucketOfAgreesWithTheEdgesAtEveryEdge) {
  for (uint32_t bucket = 1; bucket < kBuckets; ++bucket) {
    const auto edge = static_cast<uint64_t>(BucketLowerNanos(bucket));
    EXPECT_EQ(BucketOf(edge), bucket);
    EXPECT_EQ(BucketOf(edge - 1), bucket - 1);
  }
}

// Eight equal parts of an octave: the first is 1/8 of its lower edge wide, the last 1/15.
TEST(HistogramTest, BucketsAreAtMostAnEighthOfTheirLowerEdgeWide) {
  double widest = 0;
  double narrowest = 1;
  for (uint32_t bucket = 1; bucket < kBuckets; ++bucket) {
    const double lower = BucketLowerNanos(bucket);
    const double width = (BucketUpperNanos(bucket) - lower) / lower;
    widest = std::max(widest, width);
    narrowest = std::min(narrowest, width);
  }
  EXPECT_DOUBLE_EQ(widest, 1.0 / 8);
  EXPECT_DOUBLE_EQ(narrowest, 1.0 / 15);
}

// Half of the widest bucket, relative to its lower edge: what a percentile read at the middle of
// its bucket can be off by. It must hold, and it must be reached, or the header says too much.
TEST(HistogramTest, MiddleOfABucketIsWithinASixteenthOfEveryTimeInIt) {
  std::mt19937_64 random(2);
  double worst = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t nanos = 1000 + RandomNanos(&random) % 4'294'967'295'000;
    const uint32_t bucket = BucketOf(nanos);
    const double middle = (BucketLowerNanos(bucket) + BucketUpperNanos(bucket)) / 2;
    worst =
        std::max(worst, std::abs(middle - static_cast<double>(nanos)) / static_cast<double>(nanos));
  }
  EXPECT_LE(worst, 1.0 / 16);
  EXPECT_GT(worst, 0.06);
}

TEST(HistogramTest, NumbersBeyondTheLastBucketAreTakenForTheLast) {
  for (const uint32_t bucket : {kBuckets, kBuckets + 1000, UINT32_MAX}) {
    EXPECT_EQ(BucketLowerNanos(bucket), BucketLowerNanos(kBuckets - 1));
    EXPECT_EQ(BucketUpperNanos(bucket), BucketUpperNanos(kBuckets - 1));
  }
}

}  // namespace
}  // namespace hotroute
