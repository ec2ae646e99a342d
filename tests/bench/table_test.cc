// The table must say MISS when a target is missed: a benchmark that cannot is worth nothing.
#include "tests/bench/table.h"

#include "gtest/gtest.h"

namespace hotroute::bench {
namespace {

constexpr Row kFloor = {.label = "floor", .figure = "floor", .unit = "ns"};

Row BoundRow(Target target) {
  return {.label = "ours",
          .figure = "ours",
          .unit = "ns",
          .compared_with = "floor",
          .comparison = "x floor",
          .target = target};
}

TEST(BenchTableTest, MedianOfOddAndEvenNumbers) {
  EXPECT_EQ(Median({9, 1, 5}), 5);
  EXPECT_EQ(Median({9, 1, 5, 7}), 6);
}

TEST(BenchTableTest, JudgesTheMedianNotTheExtremes) {
  const Row rows[] = {kFloor, BoundRow({Bound::kAtMost, 120, false})};
  const auto met = MakeTable(rows, {{"floor", {50}}, {"ours", {100, 110, 900}}});
  ASSERT_TRUE(met.ok());
  EXPECT_EQ(met->passed, 1);
  EXPECT_NE(met->text.find("110 ns  100 .. 900"), std::string::npos) << met->text;
  EXPECT_NE(met->text.find("<= 120 ns   PASS"), std::string::npos) << met->text;
  const auto missed = MakeTable(rows, {{"floor", {50}}, {"ours", {100, 121, 122}}});
  ASSERT_TRUE(missed.ok());
  EXPECT_EQ(missed->missed, 1);
  EXPECT_NE(missed->text.find("MISS"), std::string::npos) << missed->text;
}

TEST(BenchTableTest, JudgesRatiosWhereTheTargetIsOne) {
  const Row at_least[] = {kFloor, BoundRow({Bound::kAtLeast, 4, true})};
  const auto met = MakeTable(at_least, {{"floor", {10}}, {"ours", {40}}});
  ASSERT_TRUE(met.ok());
  EXPECT_EQ(met->passed, 1);
  EXPECT_NE(met->text.find("4.00x floor"), std::string::npos) << met->text;
  const auto missed = MakeTable(at_least, {{"floor", {10}}, {"ours", {39}}});
  ASSERT_TRUE(missed.ok());
  EXPECT_EQ(missed->missed, 1);
}

TEST(BenchTableTest, NamesTheFigureThatNobodyPrinted) {
  const Row rows[] = {kFloor};
  const auto table = MakeTable(rows, {});
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.status().message(), "no contestant printed floor");
}

}  // namespace
}  // namespace hotroute::bench
