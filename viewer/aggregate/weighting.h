// From kept profiles to all requests: weights, and ratios and means with their standard error.
//
// A profile that was kept with probability p stands for w = 1/p requests (Horvitz and Thompson
// 1952). A mean per request is the ratio of two such sums (Hajek). Its error is that of profiling
// some requests instead of all, so there is none where all were kept: draws are independent, and
// linearised the variance of sum(wy) / sum(wx) = R is sum of w (w - 1) (y - Rx)^2 / sum(wx)^2,
// times n / (n - 1) (Cochran, Sampling Techniques, 3rd ed., ch. 6; Saerndal, Swensson and
// Wretman, 5.6).
#pragma once

#include <cstdint>
#include <optional>

#include "store/profile_source.h"

namespace hotroute::viewer {

// 0 for what stands for no other request: forced profiles, and profiles whose probability is not in
// (0, 1].
double WeightOf(const store::ProfileRecord& record);

// Wall time that was not CPU time. 0 where several threads used more CPU than the request lasted.
uint64_t OffCpuNanos(const store::ProfileRecord& record);

inline double MillisOfNanos(double nanos) { return nanos / 1e6; }

// Sum of weights and how evenly they are spread. Thread-compatible.
class WeightSum {
 public:
  void Add(double weight) {
    ++count_;
    sum_ += weight;
    squares_ += weight * weight;
  }
  uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  // (sum w)^2 / sum w^2: the number of equally weighted profiles that would tell as much. 0 when
  // empty.
  double effective() const { return squares_ > 0 ? sum_ * sum_ / squares_ : 0; }

 private:
  uint64_t count_ = 0;
  double sum_ = 0;
  double squares_ = 0;
};

// An estimate and what sampling may have done to it.
struct MeanAndError {
  double mean = 0;
  std::optional<double> standard_error;  // empty where one profile stands for several
};

// The ratio of two totals over all requests. Thread-compatible.
class WeightedRatio {
 public:
  void Add(double numerator, double denominator, double weight);
  void Add(const WeightedRatio& other);
  uint64_t count() const { return count_; }
  // Estimated sums over all requests.
  double numerator() const { return numerator_; }
  double denominator() const { return denominator_; }
  // 0 where the denominator is.
  double ratio() const { return denominator_ > 0 ? numerator_ / denominator_ : 0; }
  // Of ratio(). Empty for one profile that stands for several: it says nothing about their spread.
  std::optional<double> variance() const;

 private:
  uint64_t count_ = 0;
  double numerator_ = 0;
  double denominator_ = 0;
  // Sums of w (w - 1) times the square of the numerator, the product, the square of the
  // denominator.
  double squared_numerators_ = 0;
  double products_ = 0;
  double squared_denominators_ = 0;
};

// The weighted mean of a value per request. Thread-compatible.
class WeightedMean {
 public:
  void Add(double value, double weight) { sums_.Add(value, 1, weight); }
  // 0 when empty.
  double mean() const { return sums_.ratio(); }
  MeanAndError estimate() const;

 private:
  WeightedRatio sums_;
};

}  // namespace hotroute::viewer
