#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/aggregate/label_table.h"
#include "viewer/aggregate/url_table.h"
#include "viewer/aggregate/wall_distribution.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {
namespace {

std::vector<UrlRow> UrlsOf(TextSource& source, bool counters) {
  UrlTable table;
  AddAll(source, &table);
  if (counters) {
    store::ReadReport report;
    const Status status = source.ReadExposures(
        store::ReadFilter(),
        [&](const store::ExposureRecord& record) { table.AddExposure(record); }, &report);
    EXPECT_TRUE(status.ok());
  }
  return table.Rows();
}

TEST(WeightingTest, MixedStrataGiveTheTrueTotal) {
  // 20 fast requests of which a tenth was kept, and 3 slow ones that were all kept: 23 in truth.
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=4ms p=0.1\n"
      "profile event.index GET 200 wall=10ms cpu=4ms p=0.1\n"
      "profile event.index GET 200 wall=900ms cpu=4ms p=1 stratum=slow\n"
      "profile event.index GET 200 wall=900ms cpu=4ms p=1 stratum=slow\n"
      "profile event.index GET 200 wall=900ms cpu=4ms p=1 stratum=slow\n");
  const UrlRow row = UrlsOf(source, false).at(0);
  EXPECT_EQ(row.profiles, 5u);
  EXPECT_DOUBLE_EQ(*row.requests, 23);
  EXPECT_DOUBLE_EQ(row.wall_ms->mean, (20 * 10 + 3 * 900) / 23.0);
  EXPECT_DOUBLE_EQ(row.cpu_ms->mean, 4);
  EXPECT_NEAR(*row.cpu_ms->standard_error, 0, 1e-9);
  EXPECT_DOUBLE_EQ(row.offcpu_ms->mean, (20 * 6 + 3 * 896) / 23.0);
}

TEST(WeightingTest, ForcedAndImpossibleProbabilitiesWeighNothing) {
  store::ProfileRecord record;
  for (const double probability : {0.0, -0.5, 1.5, std::nan("")}) {
    record.probability = probability;
    EXPECT_EQ(WeightOf(record), 0) << probability;
  }
  record.probability = 0.25;
  EXPECT_EQ(WeightOf(record), 4);
  record.stratum = store::Stratum::kForced;
  EXPECT_EQ(WeightOf(record), 0);
}

TEST(WeightingTest, EffectiveSizeIsTheCountForEqualWeights) {
  WeightSum equal;
  for (int i = 0; i < 7; ++i) equal.Add(10);
  EXPECT_DOUBLE_EQ(equal.effective(), 7);
  WeightSum uneven;
  uneven.Add(100);
  uneven.Add(1);
  EXPECT_NEAR(uneven.effective(), 101.0 * 101 / 10001, 1e-12);
}

TEST(WeightingTest, OneProfileHasNoStandardError) {
  WeightedMean mean;
  mean.Add(3, 10);
  EXPECT_FALSE(mean.estimate().standard_error);
}

TEST(WeightingTest, StandardErrorOfEqualWeightsIsTheTextbooks) {
  WeightedMean mean;
  for (const double value : {1.0, 2.0, 3.0, 4.0}) mean.Add(value, 10);
  // s / sqrt(n) with s^2 = 5/3, and 9 requests in 10 not profiled (Cochran, 2.6).
  EXPECT_NEAR(*mean.estimate().standard_error, std::sqrt(5.0 / 3 / 4 * 0.9), 1e-12);
}

TEST(WeightingTest, NothingIsUncertainWhereAllRequestsWereKept) {
  WeightedMean mean;
  for (const double value : {1.0, 2.0, 300.0}) mean.Add(value, 1);
  EXPECT_EQ(*mean.estimate().standard_error, 0);
}

TEST(UrlTableTest, CountersReplaceEstimates) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=4ms p=0.1\n"
      "count event.index GET 2 n=12 wall=120ms\n"
      "count event.index GET 5 n=3 wall=30ms\n");
  const UrlRow row = UrlsOf(source, true).at(0);
  EXPECT_DOUBLE_EQ(*row.requests, 10);
  EXPECT_EQ(*row.requests_exact, 15u);
  EXPECT_EQ(row.errors, 3);
  EXPECT_DOUBLE_EQ(row.wall_ms->mean, 10);
  EXPECT_NEAR(row.wall_ms->p50, 10, 0.9);  // within its bucket, 9 % wide
}

TEST(UrlTableTest, EstimatesErrorsWithoutCounters) {
  TextSource source(
      "profile event.index GET 500 wall=10ms cpu=4ms p=0.5\n"
      "profile event.index GET 404 wall=10ms cpu=4ms p=0.5\n"
      "task send_mail error wall=10ms cpu=4ms p=0.25\n"
      "task send_mail expected-error wall=10ms cpu=4ms p=0.25\n");
  const std::vector<UrlRow> rows = UrlsOf(source, false);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "send_mail");  // 8 requests of 10 ms against 4
  EXPECT_EQ(rows[0].errors, 4);
  EXPECT_EQ(rows[1].errors, 2);
  EXPECT_FALSE(rows[1].requests_exact);
}

TEST(UrlTableTest, ShowsWhatWasNeverSelected) {
  TextSource source("count healthcheck GET 2 n=600 wall=600ms\n");
  const UrlRow row = UrlsOf(source, true).at(0);
  EXPECT_EQ(row.profiles, 0u);
  EXPECT_FALSE(row.requests);
  EXPECT_FALSE(row.cpu_ms);
  EXPECT_EQ(*row.requests_exact, 600u);
}

TEST(UrlTableTest, SharesAddUpToOne) {
  TextSource source(
      "profile a GET 200 wall=10ms cpu=4ms p=0.1\n"
      "profile b GET 200 wall=70ms cpu=4ms p=0.3\n"
      "profile c GET 200 wall=7ms cpu=4ms\n"
      "count c GET 2 n=5 wall=35ms\n");
  double sum = 0;
  for (const UrlRow& row : UrlsOf(source, true)) sum += row.share;
  EXPECT_DOUBLE_EQ(sum, 1);
}

TEST(LabelTableTest, NamesTheValueThatCostsOutOfProportionFirst) {
  std::string text;
  for (int i = 0; i < 9; ++i)
    text += "profile event.index GET 200 wall=10ms cpu=5ms shop=small host=a\n";
  text += "profile event.index GET 200 wall=810ms cpu=95ms shop=bigtickets host=a\n";
  TextSource source(text);
  LabelTable table;
  AddAll(source, &table);
  const LabelRow row = table.Rows().at(0);
  EXPECT_EQ(row.key + "=" + row.value, "shop=bigtickets");
  EXPECT_FALSE(row.attribute);
  EXPECT_DOUBLE_EQ(row.request_share, 0.1);
  EXPECT_DOUBLE_EQ(row.wall_share, 0.9);
  EXPECT_NEAR(*row.ratio, 81, 1e-9);
}

TEST(LabelTableTest, TellsWritersApartAsAttributes) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=5ms\n"
      "writer web2 shop 2.0\n"
      "profile event.index POST 500 wall=30ms cpu=5ms\n");
  LabelTable table;
  AddAll(source, &table);
  std::vector<std::string> values;
  for (const LabelRow& row : table.Rows()) {
    EXPECT_TRUE(row.attribute);
    values.push_back(row.key + "=" + row.value);
  }
  EXPECT_EQ(values,
            (std::vector<std::string>{"build=2.0", "host=web2", "method=POST", "status=500",
                                      "build=1.0", "host=web1", "method=GET", "status=200"}));
}

TEST(LabelTableTest, FoldsValuesBeyondItsLimit) {
  std::string text;
  for (int i = 0; i < 20; ++i)
    text += "profile a GET 200 wall=10ms cpu=5ms user=" + std::to_string(i) + "\n";
  TextSource source(text);
  LabelTable table(8);
  AddAll(source, &table);
  uint64_t profiles = 0;
  bool folded = false;
  for (const LabelRow& row : table.Rows()) {
    if (row.key != "user") continue;
    profiles += row.profiles;
    folded = folded || row.value == LabelTable::kOtherValue;
  }
  EXPECT_EQ(profiles, 20u);
  EXPECT_TRUE(folded);
  EXPECT_LE(table.Rows().size(), 8u + 5u);  // the limit, and one [other] per key
}

TEST(WallDistributionTest, HistogramQuantilesAreWithinABucket) {
  WallHistogram histogram;
  WallQuantiles exact;
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> walls(std::log(20e6), 1);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t wall = static_cast<uint64_t>(walls(random));
    histogram.AddWall(wall, 1);
    exact.Add(wall, 1);
  }
  for (const double share : {0.5, 0.95, 0.99}) {
    const double truth = static_cast<double>(exact.Quantile(share));
    // A bucket is up to an eighth of its lower edge wide.
    EXPECT_NEAR(histogram.QuantileNanos(share), truth, truth / 8) << share;
  }
}

TEST(WallDistributionTest, EmptyHasNoQuantiles) {
  EXPECT_EQ(WallHistogram().QuantileNanos(0.5), 0);
  EXPECT_EQ(WallQuantiles().Quantile(0.5), 0u);
}

}  // namespace
}  // namespace hotroute::viewer
