// Selection: thresholds, draws, patterns, and that weights make totals unbiased. Seeds are fixed,
// so a statistical test always gives the same result; its bound says how often another seed would
// fail.
#include "profiler/select/selector.h"

#include <array>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The 16 bytes of a trace id that counts.
std::string TraceId(uint64_t number) {
  Random random(number);
  std::string id;
  for (int word = 0; word < 2; ++word) {
    const uint64_t bits = random.Next();
    id.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  return id;
}

// Pearson's statistic of the gaps between selections against the geometric distribution, over
// `kCells` ranges of gaps of (nearly) equal probability.
constexpr size_t kCells = 20;
double ChiSquareOfGaps(double p, uint64_t seed, int selections) {
  // Upper ends of the ranges, and their exact probabilities: P(gap <= g) = 1 - (1-p)^g, g >= 1.
  std::array<uint64_t, kCells> ends{};
  std::vector<double> probabilities;
  std::vector<uint64_t> distinct;
  const auto below = [p](uint64_t gap) { return 1 - std::pow(1 - p, static_cast<double>(gap)); };
  for (size_t i = 0; i + 1 < kCells; ++i) {
    const double quantile = static_cast<double>(i + 1) / kCells;
    ends[i] = static_cast<uint64_t>(std::ceil(std::log(1 - quantile) / std::log(1 - p)));
    if (distinct.empty() || ends[i] > distinct.back()) distinct.push_back(ends[i]);
  }
  double last = 0;
  for (const uint64_t end : distinct) {
    probabilities.push_back(below(end) - last);
    last = below(end);
  }
  probabilities.push_back(1 - last);
  std::vector<double> seen(probabilities.size());
  Random random(seed);
  for (int i = 0; i < selections; ++i) {
    uint64_t gap = 1;
    while (!random.Draw(ThresholdOf(p))) ++gap;
    size_t cell = 0;
    while (cell < distinct.size() && gap > distinct[cell]) ++cell;
    ++seen[cell];
  }
  double statistic = 0;
  for (size_t i = 0; i < seen.size(); ++i) {
    const double expected = probabilities[i] * selections;
    statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  // In units of its standard deviation above its mean: k - 1 degrees of freedom have variance
  // 2(k-1).
  const double freedom = static_cast<double>(seen.size()) - 1;
  return (statistic - freedom) / std::sqrt(2 * freedom);
}

// The chance that an unbiased estimate is off by more than 4 standard deviations is 6e-5.
void ExpectWithin4Sigma(double seen, double expected, double variance) {
  EXPECT_LT(std::abs(seen - expected), 4 * std::sqrt(variance)) << seen << " of " << expected;
}

TEST(SelectorTest, FractionsZeroAndOneAreExact) {
  Random random(1);
  EXPECT_EQ(ThresholdOf(0), 0u);
  EXPECT_EQ(ThresholdOf(-0.0), 0u);
  EXPECT_EQ(ThresholdOf(1), kAlways);
  for (int i = 0; i < 100'000; ++i) {
    EXPECT_FALSE(random.Draw(ThresholdOf(0)));
    EXPECT_TRUE(random.Draw(ThresholdOf(1)));
    EXPECT_FALSE(DrawByTraceId(TraceId(i), ThresholdOf(0)));
    EXPECT_TRUE(DrawByTraceId(TraceId(i), ThresholdOf(1)));
  }
}

TEST(SelectorTest, TheStoredFractionIsTheOneThatWasDrawnWith) {
  for (const double fraction : {0.0, 0.001, 0.01, 0.1, 0.25, 1.0 / 3, 0.5, 0.9999999, 1.0}) {
    EXPECT_EQ(FractionOf(ThresholdOf(fraction)), fraction);
  }
  // Below 2^-10 a double is finer than a threshold; half a unit of the threshold's is what is lost.
  for (const double fraction : {1e-4, 1e-9, 1e-18, 0x1p-62}) {
    EXPECT_NEAR(FractionOf(ThresholdOf(fraction)), fraction, 0x1p-63);
  }
}

TEST(SelectorTest, DrawsHaveTheRateOfTheirFraction) {
  constexpr int kDraws = 1'000'000;
  for (const double p : {0.001, 0.1, 0.5, 0.9}) {
    Random random(77);
    int drawn = 0;
    for (int i = 0; i < kDraws; ++i) drawn += random.Draw(ThresholdOf(p));
    ExpectWithin4Sigma(drawn, kDraws * p, kDraws * p * (1 - p));
  }
}

// A stride or a skip counter with rounding would show here. Four standard deviations above the mean
// of a chi-square of 19 degrees of freedom: about one seed in 2,000 exceeds it; here are ten.
TEST(SelectorTest, GapsBetweenSelectionsAreGeometric) {
  for (const double p : {0.01, 0.3}) {
    for (const uint64_t seed : {1, 2, 3, 4, 5}) {
      EXPECT_LT(ChiSquareOfGaps(p, seed, 20'000), 4) << "p " << p << " seed " << seed;
    }
  }
}

TEST(SelectorTest, NeighbouringSeedsGiveIndependentStreams) {
  constexpr int kDraws = 100'000;
  constexpr double p = 0.3;
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{12345}, UINT64_MAX - 1}) {
    for (int shift = 0; shift < 3; ++shift) {  // also against the other stream's past
      Random one(seed);
      Random other(seed + 1);
      for (int i = 0; i < shift; ++i) other.Next();
      int both = 0;
      for (int i = 0; i < kDraws; ++i) {
        const bool a = one.Draw(ThresholdOf(p));
        const bool b = other.Draw(ThresholdOf(p));
        both += a && b;
      }
      ExpectWithin4Sigma(both, kDraws * p * p, kDraws * p * p * (1 - p * p));
    }
  }
}

TEST(SelectorTest, TraceIdsAreDrawnAtTheRateAndAlikeEverywhere) {
  constexpr int kIds = 200'000;
  for (const double p : {0.01, 0.1, 0.5}) {
    int drawn = 0;
    for (int i = 0; i < kIds; ++i) {
      const std::string id = TraceId(i);
      const bool here = DrawByTraceId(id, ThresholdOf(p));
      drawn += here;
      // A service with a higher fraction keeps every trace that one with a lower fraction keeps.
      if (here) {
        ASSERT_TRUE(DrawByTraceId(id, ThresholdOf(p + 0.1)));
      }
    }
    ExpectWithin4Sigma(drawn, kIds * p, kIds * p * (1 - p));
  }
}

// Services built years apart must agree: the least threshold at which this id is drawn never
// changes.
TEST(SelectorTest, TheDrawOfATraceIdIsFixedForEver) {
  const std::string id("\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36", 16);
  Threshold low = 0;
  Threshold high = kAlways;
  while (low + 1 < high) {
    const Threshold middle = low + (high - low) / 2;
    (DrawByTraceId(id, middle) ? high : low) = middle;
  }
  EXPECT_EQ(low, 7583925339659672703u);  // XXH64 / 2, computed with another implementation
}

TEST(RoutePolicyTest, AnExactNameWinsAndThenTheLongestPrefix) {
  RoutePolicy policy;
  for (const auto& [pattern, fraction] :
       {std::pair{"*", 0.1}, {"api.*", 0.2}, {"api.orders.*", 0.3}, {"api.orders.list", 0.4}}) {
    ASSERT_TRUE(policy.AddFraction(pattern, fraction).ok());
  }
  const auto fraction_of = [&](std::string_view name) {
    return FractionOf(policy.Override(name).value());
  };
  EXPECT_EQ(fraction_of("cart.add"), 0.1);
  EXPECT_EQ(fraction_of("api."), 0.2);
  EXPECT_EQ(fraction_of("api.orders"), 0.2);
  EXPECT_EQ(fraction_of("api.orders.show"), 0.3);
  EXPECT_EQ(fraction_of("api.orders.list"), 0.4);
  EXPECT_EQ(fraction_of("api.orders.list2"), 0.3);
}

TEST(RoutePolicyTest, TheOrderOfPatternsDoesNotMatter) {
  RoutePolicy policy;
  ASSERT_TRUE(policy.AddFraction("api.orders", 0.4).ok());
  ASSERT_TRUE(policy.AddFraction("api.o*", 0.3).ok());
  ASSERT_TRUE(policy.AddFraction("a*", 0.2).ok());
  EXPECT_EQ(policy.Override("api.orders"), ThresholdOf(0.4));
  EXPECT_EQ(policy.Override("api.other"), ThresholdOf(0.3));
  EXPECT_EQ(policy.Override("ask"), ThresholdOf(0.2));
  EXPECT_EQ(policy.Override("cart"), std::nullopt);
}

TEST(RoutePolicyTest, ExclusionsAreNamesOrPrefixes) {
  RoutePolicy policy;
  ASSERT_TRUE(policy.Exclude("healthcheck").ok());
  ASSERT_TRUE(policy.Exclude("static.*").ok());
  EXPECT_TRUE(policy.IsExcluded("healthcheck"));
  EXPECT_FALSE(policy.IsExcluded("healthcheck2"));
  EXPECT_TRUE(policy.IsExcluded("static.css"));
  EXPECT_FALSE(policy.IsExcluded("static"));
}

TEST(RoutePolicyTest, BadPatternsAndFractionsAreNamed) {
  RoutePolicy policy;
  for (const char* pattern : {"", "a*b", "**", "*a"}) {
    const std::string expected =
        "route \"" + std::string(pattern) + "\" is not a name or a prefix followed by one '*'";
    EXPECT_EQ(policy.AddFraction(pattern, 0.5).message(), expected);
    EXPECT_EQ(policy.Exclude(pattern).message(), expected);
  }
  EXPECT_EQ(policy.AddFraction("api.*", 1.5).message(),
            "fraction of route \"api.*\": 1.5 is outside the allowed range, 0 to 1 (0.1 is one "
            "request in ten)");
  EXPECT_EQ(policy.Override("api.x"), std::nullopt);
}

TEST(CheckFractionTest, NamesTheValueAndTheRange) {
  const std::string range = " is outside the allowed range, 0 to 1 (0.1 is one request in ten)";
  EXPECT_TRUE(CheckFraction("fraction", 0).ok());
  EXPECT_TRUE(CheckFraction("fraction", 1).ok());
  EXPECT_TRUE(CheckFraction("fraction", 5e-324).ok());
  EXPECT_EQ(CheckFraction("fraction", 10).message(), "fraction 10" + range);
  EXPECT_EQ(CheckFraction("fraction", -0.5).message(), "fraction -0.5" + range);
  EXPECT_EQ(CheckFraction("fraction", kNaN).message(), "fraction nan" + range);
  EXPECT_EQ(CheckFraction("fraction", INFINITY).message(), "fraction inf" + range);
  // Not "1 is outside the allowed range, 0 to 1".
  EXPECT_EQ(CheckFraction("fraction", 1.00000001).message(), "fraction 1.00000001" + range);
}

TEST(DecideTest, EveryCombination) {
  constexpr uint64_t kSlow = 100;
  for (int bits = 0; bits < 32; ++bits) {
    const bool has_threshold = bits & 1, keeps_errors = bits & 2, drawn = bits & 4;
    const bool is_slow = bits & 8, failed = bits & 16;
    const KeepRules rules{has_threshold ? kSlow : 0, keeps_errors};
    const Decision decision = Decide(rules, drawn, 0.25, is_slow ? kSlow : kSlow - 1, failed);
    SCOPED_TRACE(bits);
    EXPECT_EQ(rules.decides_at_end(), has_threshold || keeps_errors);
    if (has_threshold && is_slow) {
      EXPECT_EQ(decision.stratum, RecordStratum::kSlow);
      EXPECT_EQ(decision.probability, 1);
      EXPECT_TRUE(decision.keep);
    } else if (keeps_errors && failed) {
      EXPECT_EQ(decision.stratum, RecordStratum::kError);
      EXPECT_EQ(decision.probability, 1);
      EXPECT_TRUE(decision.keep);
    } else {
      EXPECT_EQ(decision.stratum, RecordStratum::kRandom);
      EXPECT_EQ(decision.probability, 0.25);
      EXPECT_EQ(decision.keep, drawn);
    }
  }
}

// A load in which cost, slowness and failure depend on each other, and the fraction changes on the
// way: the weighted totals are those of all requests, in number and in time.
TEST(DecideTest, WeightsGiveUnbiasedTotals) {
  constexpr uint64_t kSlowNs = 50'000'000;
  const KeepRules rules{kSlowNs, true};
  Random random(2026);
  Random load(11);
  double requests = 0, wall = 0, estimated_requests = 0, estimated_wall = 0;
  double variance_of_requests = 0, variance_of_wall = 0;
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t kind = load.Next() % 100;
    const double wall_ns = kind == 0 ? 9e7 : 1e6 + static_cast<double>(load.Next() % 4'000'000);
    const bool failed = kind >= 97;
    const Threshold threshold = ThresholdOf(i < 50'000 ? 0.5 : i < 120'000 ? 0.01 : 0.1);
    const double fraction = FractionOf(threshold);
    const Decision decision =
        Decide(rules, random.Draw(threshold), fraction, static_cast<uint64_t>(wall_ns), failed);
    ++requests;
    wall += wall_ns;
    // Horvitz and Thompson: the variance of one term is x^2 (1 - p) / p.
    const double p = kind == 0 || failed ? 1 : fraction;
    ASSERT_EQ(decision.probability, p);
    variance_of_requests += (1 - p) / p;
    variance_of_wall += wall_ns * wall_ns * (1 - p) / p;
    if (!decision.keep) continue;
    estimated_requests += 1 / decision.probability;
    estimated_wall += wall_ns / decision.probability;
  }
  ExpectWithin4Sigma(estimated_requests, requests, variance_of_requests);
  ExpectWithin4Sigma(estimated_wall, wall, variance_of_wall);
}

}  // namespace
}  // namespace hotroute
