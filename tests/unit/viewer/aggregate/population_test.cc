#include "viewer/aggregate/population.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/query.h"
#include "viewer/aggregate/time_text.h"

namespace hotroute::viewer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Conditions = std::vector<std::pair<std::string, std::string>>;

constexpr int64_t kNowUs = kTextStartUs + 3'600'000'000 + 30'000'000;  // 01:00:30

constexpr char kText[] =
    "profile a GET 200 at=1s wall=10ms cpu=5ms shop=x\n"               // 1
    "profile a POST 404 at=61s wall=20ms cpu=5ms shop=y cart=1\n"      // 2
    "profile a GET 503 at=121s wall=30ms cpu=5ms p=1 stratum=error\n"  // 3
    "writer web2 api 2.0\n"
    "profile b GET 200 at=181s wall=40ms cpu=5ms shop=x cart=2\n"  // 4
    "task send_mail expected-error at=241s wall=50ms cpu=5ms\n";   // 5

Population PopulationOf(const Conditions& conditions) {
  Population population;
  for (const auto& [flag, value] : conditions) {
    const Status status = AddCondition(flag, value, kNowUs, &population);
    EXPECT_TRUE(status.ok()) << status.message();
  }
  return population;
}

// Numbers of the profiles that match.
std::vector<uint64_t> Matching(const Conditions& conditions) {
  TextSource source(kText);
  Query query(source, PopulationOf(conditions));
  std::vector<uint64_t> numbers;
  const Status status = query.ReadProfiles(false, [&](const store::ProfileRecord& record, double) {
    numbers.push_back(record.id.number);
  });
  EXPECT_TRUE(status.ok());
  return numbers;
}

std::string ErrorOf(const std::string& flag, const std::string& value) {
  Population population;
  return AddCondition(flag, value, kNowUs, &population).message();
}

TEST(PopulationTest, ValuesOfOneConditionAreAlternatives) {
  EXPECT_THAT(Matching({{"status", "404"}, {"status", "5xx"}}), ElementsAre(2, 3));
  EXPECT_THAT(Matching({{"label", "shop=x"}, {"label", "shop=y"}}), ElementsAre(1, 2, 4));
}

TEST(PopulationTest, DifferentConditionsMustAllHold) {
  EXPECT_THAT(Matching({{"label", "shop=x"}, {"label", "cart=2"}}), ElementsAre(4));
  EXPECT_THAT(Matching({{"method", "GET"}, {"host", "web1"}, {"status", "2xx"}}), ElementsAre(1));
}

TEST(PopulationTest, MatchesByWriterKindStatusAndStratum) {
  EXPECT_THAT(Matching({{"build", "2.0"}}), ElementsAre(4, 5));
  EXPECT_THAT(Matching({{"service", "api"}, {"kind", "task"}}), ElementsAre(5));
  EXPECT_THAT(Matching({{"status", "expected-error"}}), ElementsAre(5));
  EXPECT_THAT(Matching({{"stratum", "error"}}), ElementsAre(3));
}

TEST(PopulationTest, TimeRangesIncludeTheirStartAndNotTheirEnd) {
  EXPECT_THAT(Matching({{"from", "2026-11-19 00:01:01"}, {"to", "2026-11-19 00:03:01"}}),
              ElementsAre(2, 3));
  EXPECT_THAT(Matching({{"since", "58m"}}), ElementsAre(3, 4, 5));  // 00:02:30, down to the minute
}

TEST(PopulationTest, DurationsAreHalfOpen) {
  EXPECT_THAT(Matching({{"duration", "20ms..40ms"}}), ElementsAre(2, 3));
  EXPECT_THAT(Matching({{"duration", "..20ms"}}), ElementsAre(1));
  EXPECT_THAT(Matching({{"duration", "0.05s.."}}), ElementsAre(5));
}

TEST(PopulationTest, PercentileBandsCutThePopulationInParts) {
  EXPECT_THAT(Matching({{"duration", "p80..p100"}}), ElementsAre(4, 5));
  EXPECT_THAT(Matching({{"duration", "..p80"}}), ElementsAre(1, 2, 3));
}

TEST(PopulationTest, CountersApplyOnlyToWhatTheyKnow) {
  EXPECT_TRUE(PopulationOf({}).CountersApply());
  EXPECT_TRUE(PopulationOf({{"status", "5xx"}, {"method", "GET"}, {"build", "1"}}).CountersApply());
  EXPECT_TRUE(PopulationOf({{"status", "error"}, {"host", "web1"}}).CountersApply());
  EXPECT_TRUE(PopulationOf({{"since", "2h"}}).CountersApply());
  EXPECT_TRUE(PopulationOf({{"from", "2026-11-19 00:01"}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"from", "2026-11-19 00:01:30"}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"status", "404"}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"label", "shop=x"}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"duration", "1s.."}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"duration", "p95..p100"}}).CountersApply());
  EXPECT_FALSE(PopulationOf({{"stratum", "random"}}).CountersApply());
}

TEST(PopulationTest, CountersMatchByStatusClassAndMinute) {
  TextSource source(
      "count a GET 2 minute=0 n=1 wall=1ms\n"
      "count a GET 5 minute=0 n=10 wall=1ms\n"
      "count a GET 5 minute=1 n=100 wall=1ms\n"
      "count-task a 2 minute=1 n=1000 wall=1ms\n");
  const auto counted = [&](const Conditions& conditions) {
    Query query(source, PopulationOf(conditions));
    uint64_t sum = 0;
    const Status status =
        query.ReadExposures([&](const store::ExposureRecord& record) { sum += record.count; });
    EXPECT_TRUE(status.ok());
    return sum;
  };
  EXPECT_EQ(counted({}), 1111u);
  EXPECT_EQ(counted({{"status", "5xx"}}), 110u);
  EXPECT_EQ(counted({{"status", "error"}}), 1000u);
  EXPECT_EQ(counted({{"from", "2026-11-19 00:01"}, {"kind", "request"}}), 100u);
  EXPECT_EQ(counted({{"to", "2026-11-19 00:01"}}), 11u);
}

TEST(PopulationParserTest, ErrorsNameTheValueAndTheForms) {
  EXPECT_THAT(ErrorOf("since", "soon"),
              HasSubstr("'soon' is not understood; write a number and s, m, h"));
  EXPECT_THAT(ErrorOf("from", "2026-02-31"), HasSubstr("'2026-02-31'"));
  EXPECT_THAT(ErrorOf("to", "22.11.2026"), HasSubstr("2026-11-22T03:00:07Z"));
  EXPECT_THAT(ErrorOf("label", "shop"), HasSubstr("'shop' is not KEY=VALUE"));
  EXPECT_THAT(ErrorOf("status", "7xx"), HasSubstr("100 to 599"));
  EXPECT_THAT(ErrorOf("stratum", "fast"), HasSubstr("random, slow, error, forced"));
  EXPECT_THAT(ErrorOf("kind", "job"), HasSubstr("request or task"));
  EXPECT_THAT(ErrorOf("duration", "100ms"), HasSubstr("100ms..2s"));
  EXPECT_THAT(ErrorOf("duration", "2s..1s"), HasSubstr("is empty"));
  EXPECT_THAT(ErrorOf("duration", "p99..p50"), HasSubstr("rising percentiles"));
  EXPECT_THAT(ErrorOf("duration", "p50..2s"), HasSubstr("percentiles"));
}

TEST(PopulationParserTest, RefusesAnEmptyTimeRange) {
  const Population population = PopulationOf({{"from", "2026-11-20"}, {"to", "2026-11-19"}});
  EXPECT_THAT(CheckPopulation(population).message(), HasSubstr("swap or widen"));
}

TEST(TimeTextTest, ReadsTheFormsItPromises) {
  EXPECT_EQ(*ParseTime("2026-11-19"), kTextStartUs);
  EXPECT_EQ(*ParseTime("2026-11-19 00:00"), kTextStartUs);
  EXPECT_EQ(*ParseTime("2026-11-19 00:00:01"), kTextStartUs + 1'000'000);
  EXPECT_EQ(*ParseTime("2026-11-19T01:00:00.25+01:00"), kTextStartUs + 250'000);
  EXPECT_EQ(*ParseTime("2026-11-18T19:00:00-05:00"), kTextStartUs);
  for (const char* text :
       {"", "2026", "2026-11-19T00:00:00", "2026-11-19 ", "2026-11-19 24:00", "2026-11-19x"}) {
    EXPECT_FALSE(ParseTime(text).ok()) << text;
  }
}

TEST(TimeTextTest, PrintsWhatItReads) {
  EXPECT_EQ(TimeText(kTextStartUs + 61'000'000), "2026-11-19 00:01:01");
  EXPECT_EQ(Rfc3339(kTextStartUs + 250'000), "2026-11-19T00:00:00.250000Z");
  EXPECT_EQ(*ParseTime(Rfc3339(kTextStartUs + 1)), kTextStartUs + 1);
}

}  // namespace
}  // namespace hotroute::viewer
