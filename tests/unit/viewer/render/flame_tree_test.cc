#include "viewer/render/flame_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

namespace hotroute::viewer {
namespace {

// root 10 -> a 8 (self 1) -> {b 6, c 0.6, d 0.4}; root -> e 2
CallTree SmallTree() {
  CallTree tree;
  for (const char* name : {"a", "b", "c", "d", "e"}) tree.frames.emplace_back().function = name;
  tree.nodes = {{0, 0, 0, 10, 100},  {0, 0, 1, 8, 80},    {1, 1, 6, 6, 60},
                {1, 2, 0.6, 0.6, 6}, {1, 3, 0.4, 0.4, 4}, {0, 4, 2, 2, 20}};
  return tree;
}

TEST(PruneCallTreeTest, JoinsLightChildrenIntoOneWithTheirSums) {
  const CallTree pruned = PruneCallTree(SmallTree(), 1);
  ASSERT_EQ(pruned.nodes.size(), 5u);
  const CallTreeNode& other = pruned.nodes.back();
  EXPECT_EQ(pruned.frames[other.frame].function, kOtherFrame);
  EXPECT_EQ(pruned.frames[pruned.nodes[other.parent].frame].function, "a");
  EXPECT_DOUBLE_EQ(other.total_ms, 1.0);
  EXPECT_DOUBLE_EQ(other.self_ms, 1.0);
  EXPECT_DOUBLE_EQ(other.samples, 10);
}

TEST(PruneCallTreeTest, KeepsTheSumOfSelfAndParentsBeforeChildren) {
  for (const double threshold : {0.0, 0.5, 1.0, 7.0, 100.0}) {
    const CallTree pruned = PruneCallTree(SmallTree(), threshold);
    double self_ms = 0;
    for (size_t i = 0; i < pruned.nodes.size(); ++i) {
      self_ms += pruned.nodes[i].self_ms;
      EXPECT_TRUE(i == 0 || pruned.nodes[i].parent < i) << threshold;
    }
    EXPECT_DOUBLE_EQ(self_ms, 10) << threshold;
  }
}

TEST(PruneCallTreeTest, KeepsEveryNodeAtThresholdZero) {
  EXPECT_EQ(PruneCallTree(SmallTree(), 0).nodes.size(), SmallTree().nodes.size());
}

TEST(PruningThresholdTest, LeavesAtMostTheWantedNodes) {
  EXPECT_EQ(PruningThreshold(SmallTree(), 6), 0);
  const double threshold = PruningThreshold(SmallTree(), 3);
  EXPECT_GT(threshold, 2);
  EXPECT_LE(threshold, 6);
}

TEST(ModuleHuesTest, AreTheSameForTheSameModulesInAnyOrder) {
  CallTree tree;
  for (const char* module : {"libc.so.6", "shop", "libz.so.1"})
    tree.frames.emplace_back().module = module;
  CallTree reversed = tree;
  std::reverse(reversed.frames.begin(), reversed.frames.end());
  EXPECT_EQ(ModuleHues(tree), ModuleHues(reversed));
}

TEST(ModuleHuesTest, AreApartForAFewModulesAndDefinedForMany) {
  CallTree tree;
  for (int i = 0; i < 6; ++i) tree.frames.emplace_back().module = "lib" + std::to_string(i);
  const std::map<std::string, int> few = ModuleHues(tree);
  for (const auto& [module, hue] : few) {
    for (const auto& [other, other_hue] : few) {
      const int distance = std::abs(hue - other_hue);
      // 180 / 6: what six modules can have when each is put where its hash says.
      if (module == other) continue;
      EXPECT_GE(std::min(distance, 360 - distance), 30) << module << ' ' << other;
    }
  }
  for (int i = 6; i < 1000; ++i) tree.frames.emplace_back().module = "lib" + std::to_string(i);
  for (const auto& [module, hue] : ModuleHues(tree)) EXPECT_TRUE(hue >= 0 && hue < 360);
}

TEST(MsTextTest, HasThreeDigits) {
  EXPECT_EQ(MsText(0), "0 ms");
  EXPECT_EQ(MsText(0.00123), "0.0012 ms");
  EXPECT_EQ(MsText(0.1234), "0.123 ms");
  EXPECT_EQ(MsText(12.34), "12.3 ms");
  EXPECT_EQ(MsText(99.96), "100 ms");
  EXPECT_EQ(MsText(1234.5), "1234 ms");
}

}  // namespace
}  // namespace hotroute::viewer
