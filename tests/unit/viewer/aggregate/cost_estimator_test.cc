#include "viewer/aggregate/cost_estimator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/unit/viewer/aggregate/text_source.h"

namespace hotroute::viewer {
namespace {

// A request of a made-up route, and the requests of which some are kept.
struct Request {
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
  uint32_t status = 200;
  double probability = 1;
};

struct Truth {
  double wall_ms = 0;
  double cpu_ms = 0;
};

uint64_t Nanos(double ms) { return static_cast<uint64_t>(ms * 1e6); }

// Wall time has a long tail (one request in a hundred takes 50 times the median), CPU is a tenth to
// half of it, and nothing else about a request is as good at telling its CPU.
std::vector<Request> LongTailed(std::mt19937_64& random, size_t count) {
  std::lognormal_distribution<double> wall(std::log(20), 1.7);
  std::uniform_real_distribution<double> share(0.1, 0.5);
  std::vector<Request> requests;
  for (size_t i = 0; i < count; ++i) {
    const double wall_ms = wall(random);
    requests.push_back({Nanos(wall_ms), Nanos(wall_ms * share(random))});
  }
  return requests;
}

Truth TruthOf(const std::vector<Request>& requests) {
  Truth truth;
  for (const Request& request : requests) {
    truth.wall_ms += static_cast<double>(request.wall_ns) / 1e6;
    truth.cpu_ms += static_cast<double>(request.cpu_ns) / 1e6;
  }
  truth.wall_ms /= static_cast<double>(requests.size());
  truth.cpu_ms /= static_cast<double>(requests.size());
  return truth;
}

// Keeps each request with its probability and counts all of them.
CostEstimate Sampled(const std::vector<Request>& requests, std::mt19937_64& random, bool counters) {
  std::uniform_real_distribution<double> draw(0, 1);
  CostEstimator estimator;
  for (const Request& request : requests) {
    store::ExposureRecord counted;
    counted.name = "event.index";
    counted.status_class = request.status / 100;
    counted.count = 1;
    counted.wall_ns = request.wall_ns;
    if (counters) estimator.AddExposure(counted);
    if (draw(random) >= request.probability) continue;
    store::ProfileRecord record;
    record.name = "event.index";
    record.status = request.status;
    record.wall_ns = request.wall_ns;
    record.cpu_ns = request.cpu_ns;
    estimator.Add(record, 1 / request.probability);
  }
  return estimator.Estimate().value();
}

struct Experiments {
  double mean = 0;      // of the estimates
  double variance = 0;  // of the estimates
  double covered = 0;   // share of 95 % intervals that hold the truth
};

Experiments Repeat(const std::vector<Request>& requests, int times, bool counters) {
  std::mt19937_64 random(20261122);
  const double truth = TruthOf(requests).cpu_ms;
  Experiments result;
  double squares = 0;
  for (int i = 0; i < times; ++i) {
    const MeanAndError cpu = Sampled(requests, random, counters).cpu_ms;
    result.mean += cpu.mean / times;
    squares += (cpu.mean - truth) * (cpu.mean - truth);
    result.covered += std::abs(cpu.mean - truth) < 1.96 * *cpu.standard_error ? 1.0 / times : 0;
  }
  result.variance = squares / times;
  return result;
}

constexpr int kTimes = 1000;

// Of 1,000 experiments 95 % should hold the truth; 4 sigma of that binomial are 2.8 points, and the
// skewness of a few hundred profiles takes up to 3 more from below.
constexpr double kLeastCoverage = 0.95 - 0.028 - 0.03;
constexpr double kMostCoverage = 0.95 + 0.028;

TEST(CostEstimatorTest, IntervalsOfALongTailedRouteCoverTheTruth) {
  std::mt19937_64 random(1);
  std::vector<Request> requests = LongTailed(random, 3000);
  for (Request& request : requests) request.probability = 0.1;
  const Experiments calibrated = Repeat(requests, kTimes, true);
  EXPECT_GT(calibrated.covered, kLeastCoverage);
  EXPECT_LT(calibrated.covered, kMostCoverage);
}

TEST(CostEstimatorTest, CalibratedMeansAreUnbiasedAndSwingLessThanWeightedOnes) {
  std::mt19937_64 random(2);
  std::vector<Request> requests = LongTailed(random, 3000);
  for (Request& request : requests) request.probability = 0.1;
  const double truth = TruthOf(requests).cpu_ms;
  const Experiments calibrated = Repeat(requests, kTimes, true);
  const Experiments weighted = Repeat(requests, kTimes, false);
  // 4 sigma of the mean of all experiments, and the ratio's own bias, below a hundredth of it.
  EXPECT_NEAR(calibrated.mean, truth, 4 * std::sqrt(calibrated.variance / kTimes) + truth / 100);
  // CPU varies by a third around its share of wall time, wall time by far more than its mean.
  EXPECT_LT(calibrated.variance, weighted.variance / 4);
}

TEST(CostEstimatorTest, MixedProbabilitiesAndStatusClassesStayUnbiased) {
  // Slow requests are always kept, and failed ones only wait: both would mislead a plain mean.
  std::mt19937_64 random(3);
  std::vector<Request> requests = LongTailed(random, 3000);
  for (size_t i = 0; i < requests.size(); ++i) {
    if (i % 5 == 0) requests[i] = {Nanos(400), Nanos(1), 500, 0.1};
    requests[i].probability = requests[i].wall_ns > Nanos(500) ? 1 : 0.1;
  }
  const Experiments calibrated = Repeat(requests, kTimes, true);
  const double truth = TruthOf(requests).cpu_ms;
  EXPECT_NEAR(calibrated.mean, truth, 4 * std::sqrt(calibrated.variance / kTimes) + truth / 100);
  EXPECT_GT(calibrated.covered, kLeastCoverage);
  EXPECT_LT(calibrated.covered, kMostCoverage);
}

TEST(CostEstimatorTest, WeightedIntervalsCoverTheTruthWithoutCounters) {
  // Requests of 10 ms, 1 in 20 of them 100 ms and then always kept.
  std::vector<Request> requests;
  for (int i = 0; i < 4000; ++i) {
    const double cpu_ms = i % 20 == 0 ? 100 : 10 + 0.001 * i;
    requests.push_back({Nanos(200), Nanos(cpu_ms), 200, i % 20 == 0 ? 1 : 0.1});
  }
  const Experiments weighted = Repeat(requests, kTimes, false);
  EXPECT_GT(weighted.covered, kLeastCoverage);
  EXPECT_LT(weighted.covered, kMostCoverage);
}

TEST(CostEstimatorTest, CpuAndWaitingAddUpToTheExactWallTime) {
  // The one long request was kept, the other thirty were not: a plain mean of CPU would be 100 ms.
  CostEstimator estimator;
  TextSource source(
      "profile event.index GET 200 wall=400ms cpu=100ms p=0.1\n"
      "count event.index GET 2 n=31 wall=1000ms\n");
  AddAll(source, &estimator);
  store::ReadReport report;
  ASSERT_TRUE(source
                  .ReadExposures(
                      store::ReadFilter(),
                      [&](const store::ExposureRecord& record) { estimator.AddExposure(record); },
                      &report)
                  .ok());
  const CostEstimate costs = estimator.Estimate().value();
  EXPECT_DOUBLE_EQ(costs.wall_ms.mean, 1000.0 / 31);
  EXPECT_DOUBLE_EQ(costs.cpu_ms.mean, 250.0 / 31);
  EXPECT_DOUBLE_EQ(costs.cpu_ms.mean + costs.offcpu_ms.mean, costs.wall_ms.mean);
  EXPECT_DOUBLE_EQ(costs.cpu_scale, 250.0 / 31 / 100);
  EXPECT_EQ(costs.wall_ms.standard_error, 0);
  EXPECT_FALSE(costs.cpu_ms.standard_error);
}

TEST(CostEstimatorTest, AStatusClassWithFewProfilesBorrowsTheRatioOfTheRoute) {
  std::vector<Request> requests(CostEstimator::kMinProfiles, {Nanos(10), Nanos(4)});
  requests.push_back({Nanos(10), Nanos(10), 500});
  requests.push_back({Nanos(10), Nanos(10), 500, 1e-9});
  std::mt19937_64 random(4);
  const CostEstimate costs = Sampled(requests, random, true);
  // 20 of 40 % and one 500, which alone would say 100 %.
  const double ratio = (20 * 4.0 + 10) / (21 * 10.0);
  EXPECT_NEAR(costs.cpu_ms.mean, (200 * 0.4 + 20 * ratio) / 22, 1e-9);
}

TEST(CostEstimatorTest, IsExactWhereAllRequestsWereKept) {
  std::vector<Request> requests(CostEstimator::kMinProfiles, {Nanos(10), Nanos(4)});
  requests.push_back({Nanos(10), Nanos(10), 500});
  std::mt19937_64 random(5);
  const CostEstimate costs = Sampled(requests, random, true);
  EXPECT_NEAR(costs.cpu_ms.mean, (20 * 4.0 + 10) / 21, 1e-9);
  EXPECT_NEAR(costs.cpu_scale, 1, 1e-12);
}

TEST(CostEstimatorTest, SaysNothingWithoutProfiles) {
  CostEstimator estimator;
  EXPECT_FALSE(estimator.Estimate());
  store::ExposureRecord counted;
  counted.count = 3;
  estimator.AddExposure(counted);
  EXPECT_FALSE(estimator.Estimate());
  EXPECT_EQ(estimator.counted(), 3u);
}

}  // namespace
}  // namespace hotroute::viewer
