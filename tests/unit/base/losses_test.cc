// The names of losses are on disk: unique, stable and explained.
#include "base/losses.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

// Names are stored in files; this list only ever grows.
TEST(LossesTest, NamesAreThoseOnDiskInTheOrderOfTheEnumeration) {
  const std::pair<Loss, std::string_view> names[] = {
      {Loss::kRingFull, "ring_full"},
      {Loss::kLateSample, "late_sample"},
      {Loss::kForeignSignal, "foreign_signal"},
      {Loss::kStackTruncated, "stack_truncated"},
      {Loss::kStackIncomplete, "stack_incomplete"},
      {Loss::kStackTableFull, "stack_table_full"},
      {Loss::kTimelineFolded, "timeline_folded"},
      {Loss::kTimerUnavailable, "timer_unavailable"},
      {Loss::kCaptureLimit, "capture_limit"},
      {Loss::kNameLimit, "name_limit"},
      {Loss::kNameTruncated, "name_truncated"},
      {Loss::kLabelLimit, "label_limit"},
      {Loss::kLabelTruncated, "label_truncated"},
      {Loss::kBytesLimit, "bytes_limit"},
      {Loss::kDiskFull, "disk_full"},
      {Loss::kWriteError, "write_error"},
      {Loss::kRequestAbandoned, "request_abandoned"},
      {Loss::kOutOfMemory, "out_of_memory"},
  };
  for (const auto& [loss, name] : names) {
    EXPECT_EQ(kLossInfo[static_cast<size_t>(loss)].name, name);
  }
}

TEST(LossesTest, NamesAreUniqueWordsWithAnExplanation) {
  std::set<std::string_view> seen;
  for (const LossInfo& info : kLossInfo) {
    EXPECT_TRUE(seen.insert(info.name).second) << info.name << " stands twice";
    EXPECT_FALSE(info.name.empty());
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos);
    EXPECT_GT(info.help.size(), info.name.size()) << info.name;
    EXPECT_EQ(info.help.find('\n'), std::string::npos) << info.name;
  }
}

TEST(LossCountersTest, CountsEachLossByItself) {
  LossCounters counters;
  counters.Add(Loss::kDiskFull);
  counters.Add(Loss::kDiskFull, 4);
  counters.Add(Loss::kRequestAbandoned);
  EXPECT_EQ(counters.Get(Loss::kDiskFull), 5u);
  EXPECT_EQ(counters.Get(Loss::kRequestAbandoned), 1u);
  EXPECT_EQ(counters.Get(Loss::kRingFull), 0u);
  counters.Set(Loss::kDiskFull, 2);
  EXPECT_EQ(counters.Get(Loss::kDiskFull), 2u);
  EXPECT_EQ(counters.Sum(), 3u);
}

TEST(LossCountersTest, LosesNoCountBetweenThreads) {
  LossCounters counters;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) counters.Add(Loss::kRingFull);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counters.Get(Loss::kRingFull), 40'000u);
}

}  // namespace
}  // namespace hotroute
