#include <gtest/gtest.h>

#include <numeric>

#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/aggregate/call_tree_builder.h"
#include "viewer/aggregate/function_table.h"
#include "viewer/aggregate/path_lines.h"

namespace hotroute::viewer {
namespace {

// One line per node: its stack, total and self in ms.
std::string TreeText(const CallTree& tree) {
  std::vector<std::string> stacks(tree.nodes.size());
  std::string text;
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const CallTreeNode& node = tree.nodes[i];
    if (i > 0) {
      stacks[i] =
          (node.parent == 0 ? "" : stacks[node.parent] + ";") + tree.frames[node.frame].function;
    }
    char numbers[64];
    std::snprintf(numbers, sizeof numbers, " %.0f %.0f\n", node.total_ms, node.self_ms);
    text += (i == 0 ? "all" : stacks[i]) + numbers;
  }
  return text;
}

CallTree TreeOf(TextSource& source) {
  StackCosts costs;
  AddAll(source, &costs);
  Symbolizer symbolizer(source.stacks(), source.symbols());
  return BuildCallTree(costs, &symbolizer);
}

std::vector<FunctionRow> FunctionsOf(TextSource& source) {
  Symbolizer symbolizer(source.stacks(), source.symbols());
  FunctionTable table(&symbolizer);
  AddAll(source, &table);
  return table.Rows();
}

const FunctionRow& RowOf(const std::vector<FunctionRow>& rows, const std::string& function) {
  for (const FunctionRow& row : rows) {
    if (row.frame.function == function) return row;
  }
  ADD_FAILURE() << "no row for " << function;
  return rows.at(0);
}

TEST(CallTreeTest, MergesStacksOfRequestsHeaviestFirst) {
  TextSource source(
      "profile event.index GET 200 wall=50ms cpu=30ms\n"
      "  main;serve;parse 1\n"
      "  main;serve;query 3\n"
      "profile event.index GET 200 wall=50ms cpu=30ms\n"
      "  main;serve;query 1\n"
      "  main;log 1\n");
  EXPECT_EQ(TreeText(TreeOf(source)),
            "all 30 0\n"
            "main 30 0\n"
            "main;serve 25 0\n"
            "main;serve;query 20 20\n"
            "main;serve;parse 5 5\n"
            "main;log 5 5\n");
}

TEST(CallTreeTest, WeightsRequestsByHowManyTheyStandFor) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=10ms p=0.1\n"
      "  main;fast 1\n"
      "profile event.index GET 200 wall=900ms cpu=110ms p=1 stratum=slow\n"
      "  main;slow 11\n");
  // (10 * 10 ms + 1 * 110 ms) / 11 requests.
  const CallTree tree = TreeOf(source);
  EXPECT_NEAR(tree.nodes[0].total_ms, 210.0 / 11, 1e-9);
}

TEST(CallTreeTest, LeavesForcedProfilesOut) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=10ms\n"
      "  main;real 1\n"
      "profile event.index GET 200 wall=10ms cpu=10ms stratum=forced\n"
      "  main;forced 100\n");
  EXPECT_EQ(TreeText(TreeOf(source)), "all 10 0\nmain 10 0\nmain;real 10 10\n");
}

TEST(CallTreeTest, ShowsLostAndUnknownCodeAsSuch) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=10ms\n"
      "  main;? 1\n"
      "  [lost] 1\n");
  EXPECT_EQ(TreeText(TreeOf(source)), "all 20 0\n[lost] 10 10\nmain 10 0\nmain;shop+0x200 10 10\n");
}

TEST(CallTreeTest, HotPathFollowsTheHeaviestChild) {
  TextSource source(
      "profile event.index GET 200 wall=10ms cpu=10ms\n"
      "  main;a;x 2\n"
      "  main;a;y 2\n"
      "  main;b;z 3\n");
  const CallTree tree = TreeOf(source);
  std::vector<std::string> names;
  for (const uint32_t node : HotPath(tree)) {
    names.push_back(node == 0 ? "all" : tree.frames[tree.nodes[node].frame].function);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"all", "main", "a", "x"}));
}

TEST(CallTreeTest, HoldsNoRowsForARequestWithoutSamples) {
  TextSource source("profile event.index GET 200 wall=10ms cpu=1ms\n");
  const CallTree tree = TreeOf(source);
  ASSERT_EQ(tree.nodes.size(), 1u);
  EXPECT_EQ(tree.nodes[0].total_ms, 0);
}

// One line per line: its caller's line, its frames, its own time in ms, "*" on the hot path.
std::vector<std::string> LinesOf(const std::string& stacks, bool fold) {
  TextSource source("profile event.index GET 200 wall=10ms cpu=10ms\n" + stacks);
  const CallTree tree = TreeOf(source);
  std::vector<std::string> texts;
  for (const PathLine& line : PathLines(tree, fold)) {
    std::string text = std::to_string(line.parent);
    for (const uint32_t node : line.nodes) {
      text += node == 0 ? " all" : " " + tree.frames[tree.nodes[node].frame].function;
    }
    texts.push_back(text + " " + std::to_string(static_cast<int>(line.self_ms)) +
                    (line.hot ? "*" : ""));
  }
  return texts;
}

TEST(PathLinesTest, FramesThatOnlyPassOnAreOneLine) {
  EXPECT_EQ(LinesOf("  start;main;serve;query;step 3\n  start;main;serve;render 2\n", true),
            (std::vector<std::string>{"0 all 0*", "0 start main serve 0*", "1 query step 30*",
                                      "1 render 20"}));
}

TEST(PathLinesTest, WhatIsCalledFromWithinALineHangsBelowIt) {
  // 1 of 100 samples leaves at main, too little to end the line; 6 at serve would.
  EXPECT_EQ(
      LinesOf("  start;main;serve;step 93\n  start;main;log 1\n  start;main;serve 6\n", true),
      (std::vector<std::string>{"0 all 0*", "0 start main serve 60*", "1 step 930*", "1 log 10"}));
}

TEST(PathLinesTest, UnfoldedEveryFrameHasItsLine) {
  EXPECT_EQ(LinesOf("  start;main;serve 3\n", false),
            (std::vector<std::string>{"0 all 0*", "0 start 0*", "1 main 0*", "2 serve 30*"}));
}

TEST(FunctionTableTest, CountsARecursiveFunctionOncePerStack) {
  TextSource source(
      "profile event.index GET 200 wall=50ms cpu=40ms\n"
      "  main;walk;walk;walk 3\n"
      "  main;walk 1\n");
  const FunctionRow row = RowOf(FunctionsOf(source), "walk");
  EXPECT_DOUBLE_EQ(row.self_ms, 40);
  EXPECT_DOUBLE_EQ(row.total_ms, 40);
}

TEST(FunctionTableTest, ReachIsTheWeightedShareOfRequests) {
  TextSource source(
      "profile event.index GET 200 wall=50ms cpu=40ms p=0.25\n"
      "  main;parse 2\n"
      "  main;parse;copy 2\n"
      "profile event.index GET 200 wall=50ms cpu=40ms p=1\n"
      "  main;query 1\n");
  const std::vector<FunctionRow> rows = FunctionsOf(source);
  EXPECT_DOUBLE_EQ(RowOf(rows, "main").reach, 1);
  EXPECT_DOUBLE_EQ(RowOf(rows, "parse").reach, 0.8);
  EXPECT_DOUBLE_EQ(RowOf(rows, "copy").reach, 0.8);
  EXPECT_DOUBLE_EQ(RowOf(rows, "query").reach, 0.2);
}

TEST(FunctionTableTest, SelfTimesAddUpToTheTree) {
  TextSource source(
      "profile event.index GET 200 wall=50ms cpu=40ms p=0.3\n"
      "  main;a;b 7\n"
      "  main;b;a 5\n"
      "profile event.index GET 200 wall=50ms cpu=40ms p=0.7\n"
      "  main;c 2\n");
  const std::vector<FunctionRow> rows = FunctionsOf(source);
  const double sum =
      std::accumulate(rows.begin(), rows.end(), 0.0,
                      [](double all, const FunctionRow& row) { return all + row.self_ms; });
  EXPECT_NEAR(sum, TreeOf(source).nodes[0].total_ms, 1e-9);
}

}  // namespace
}  // namespace hotroute::viewer
