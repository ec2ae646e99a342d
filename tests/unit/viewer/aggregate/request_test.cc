#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/aggregate/request_table.h"
#include "viewer/aggregate/request_timeline.h"

namespace hotroute::viewer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kText[] =
    "profile a GET 200 at=1s wall=10ms cpu=5ms\n"                 // 1
    "profile a GET 500 at=2s wall=90ms cpu=5ms\n"                 // 2
    "profile a GET 200 at=3s wall=30ms cpu=5ms\n"                 // 3
    "profile a GET 502 at=4s wall=20ms cpu=5ms\n"                 // 4
    "profile a GET 200 at=5s wall=29ms cpu=5ms stratum=forced\n"  // 5
    "task send_mail error at=6s wall=1ms cpu=1ms\n"               // 6
    "task send_mail expected-error at=7s wall=1ms cpu=1ms\n";     // 7

std::vector<uint64_t> Numbers(RequestOrder order, size_t limit, double median_ms) {
  TextSource source(kText);
  RequestTable table(order, limit, median_ms);
  AddAll(source, &table);
  std::vector<uint64_t> numbers;
  for (const RequestRow& row : table.Rows()) numbers.push_back(row.id.number);
  return numbers;
}

TEST(RequestTableTest, SlowestComeByWallTime) {
  EXPECT_THAT(Numbers(RequestOrder::kSlowest, 3, 0), ElementsAre(2, 3, 5));
}

TEST(RequestTableTest, FailedAreServerErrorsAndFailedTasksLatestFirst) {
  EXPECT_THAT(Numbers(RequestOrder::kFailed, 10, 0), ElementsAre(6, 4, 2));
}

TEST(RequestTableTest, TypicalAreNearestToTheMedianAndNeverForced) {
  EXPECT_THAT(Numbers(RequestOrder::kTypical, 2, 28), ElementsAre(3, 4));
}

TEST(RequestTableTest, KeepsNothingAtLimitZero) {
  EXPECT_THAT(Numbers(RequestOrder::kSlowest, 0, 0), IsEmpty());
}

// One line per span: what changed of its stack, innermost first, callers kept, then offset, wall
// and CPU. Samples come 10 ms apart.
std::vector<std::string> Spans(const std::string& stacks) {
  TextSource source("profile a GET 200 wall=90ms cpu=50ms\n" + stacks);
  Symbolizer symbolizer(source.stacks(), source.symbols());
  std::vector<std::string> lines;
  store::ReadReport report;
  const Status status = source.ReadProfiles(
      store::ReadFilter(),
      [&](const store::ProfileRecord& record) {
        for (const TimelineSpan& span : SpansOf(TimelineOf(record, &symbolizer), 90)) {
          std::string line;
          for (const uint32_t frame : span.frames) {
            line += (line.empty() ? "" : "<") + symbolizer.frames()[frame].function;
          }
          if (span.shared > 0) line += "<" + std::to_string(span.shared);
          for (const double ms : {span.offset_ms, span.wall_ms, span.cpu_ms}) {
            line += " " + std::to_string(static_cast<int>(ms));
          }
          lines.push_back(line);
        }
      },
      &report);
  EXPECT_TRUE(status.ok());
  return lines;
}

TEST(RequestTimelineTest, NamesWhatChangedAndCountsTheCallersThatStayed) {
  EXPECT_THAT(Spans("  main;serve;parse 1\n  main;serve;query;step 2\n  main;log 1\n"),
              ElementsAre("parse<serve<main 0 10 10", "step<query<2 10 20 20", "log<1 30 60 10"));
}

TEST(RequestTimelineTest, AFunctionCalledAgainLaterIsASecondSpan) {
  EXPECT_THAT(Spans("  main;a 1\n  main;b 1\n  main;a 1\n"),
              ElementsAre("a<main 0 10 10", "b<1 10 10 10", "a<1 20 70 10"));
}

TEST(RequestTimelineTest, EqualNeighboursAreOneSpan) {
  EXPECT_THAT(Spans("  main;a 1\n  main;a 3\n"), ElementsAre("a<main 0 90 40"));
}

TEST(RequestTimelineTest, ACallerBackOnItsOwnIsStillNamed) {
  EXPECT_THAT(Spans("  main;a;b 1\n  main;a 1\n"), ElementsAre("b<a<main 0 10 10", "a<1 10 80 10"));
}

}  // namespace
}  // namespace hotroute::viewer
