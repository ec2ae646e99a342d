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

// One line per span: offset, CPU and names, indented.
std::vector<std::string> SpansOf(const std::string& stacks) {
  TextSource source("profile a GET 200 wall=90ms cpu=50ms\n" + stacks);
  Symbolizer symbolizer(source.stacks(), source.symbols());
  std::vector<std::string> lines;
  store::ReadReport report;
  const Status status = source.ReadProfiles(
      store::ReadFilter(),
      [&](const store::ProfileRecord& record) {
        for (const TimelineSpan& span : FoldSpans(TimelineOf(record, &symbolizer))) {
          std::string names;
          for (const uint32_t frame : span.frames) {
            names += (names.empty() ? "" : ">") + symbolizer.frames()[frame].function;
          }
          lines.push_back(std::string(span.depth, ' ') + names + " " +
                          std::to_string(static_cast<int>(span.offset_ms)) + "+" +
                          std::to_string(static_cast<int>(span.cpu_ms)));
        }
      },
      &report);
  EXPECT_TRUE(status.ok());
  return lines;
}

TEST(RequestTimelineTest, NeighboursWithTheSameCallersAreOneSpan) {
  EXPECT_THAT(
      SpansOf("  main;serve;parse 1\n  main;serve;query;step 2\n  main;serve;query;read 1\n"),
      ElementsAre("main>serve 0+40", " parse 0+10", " query 10+30", "  step 10+20",
                  "  read 30+10"));
}

TEST(RequestTimelineTest, AFunctionCalledAgainLaterIsASecondSpan) {
  EXPECT_THAT(SpansOf("  main;a 1\n  main;b 1\n  main;a 1\n"),
              ElementsAre("main 0+30", " a 0+10", " b 10+10", " a 20+10"));
}

TEST(RequestTimelineTest, OwnTimeKeepsAFrameOnItsOwnLine) {
  EXPECT_THAT(SpansOf("  main;a 1\n  main;a;b 1\n"), ElementsAre("main>a 0+20", " b 10+10"));
}

}  // namespace
}  // namespace hotroute::viewer
