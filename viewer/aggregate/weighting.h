// From kept profiles to all requests: weights, and means with their standard error.
//
// A profile that was kept with probability p stands for 1/p requests (Horvitz and Thompson 1952). A
// mean per request is the ratio of two such sums (Hajek); its variance is linearised, sum of w^2 (y
// - mean)^2 / W^2, times n / (n - 1).
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

// The weighted mean of a value per request. Thread-compatible.
class WeightedMean {
 public:
  void Add(double value, double weight);
  // 0 when empty.
  double mean() const { return weight_ > 0 ? total_ / weight_ : 0; }
  // Estimated sum over all requests.
  double total() const { return total_; }
  double weight() const { return weight_; }
  // Empty below two profiles: one says nothing about the spread.
  std::optional<double> stderr_of_mean() const;

 private:
  uint64_t count_ = 0;
  double weight_ = 0;
  double total_ = 0;
  double squared_weight_ = 0;         // sum of w^2
  double squared_weight_value_ = 0;   // sum of w^2 y
  double squared_weight_square_ = 0;  // sum of w^2 y^2
};

// Means per request, in milliseconds. Thread-compatible.
struct CostMeans {
  WeightedMean wall_ms;
  WeightedMean cpu_ms;
  WeightedMean offcpu_ms;
  void Add(const store::ProfileRecord& record, double weight);
};

}  // namespace hotroute::viewer
