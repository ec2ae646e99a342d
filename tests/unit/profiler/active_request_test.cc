// Requests while they are captured: ids that go stale, the way to the helper thread, labels.
#include "profiler/request/active_request.h"

#include <atomic>
#include <set>
#include <thread>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

TEST(ActiveRequestPoolTest, AnIdFindsItsRequestUntilItIsReturned) {
  ActiveRequestPool pool;
  ActiveRequest* request = pool.Take();
  const uint64_t id = request->id();
  EXPECT_NE(id, 0u);
  EXPECT_EQ(pool.Find(id), request);
  pool.Return(request);
  EXPECT_EQ(pool.Find(id), nullptr);
  ActiveRequest* again = pool.Take();
  EXPECT_EQ(again, request) << "memory is used again";
  EXPECT_NE(again->id(), id);
  EXPECT_EQ(pool.Find(id), nullptr);
  EXPECT_EQ(pool.Find(again->id()), again);
}

TEST(ActiveRequestPoolTest, FindsNothingForIdsThatNeverWere) {
  ActiveRequestPool pool;
  const uint64_t id = pool.Take()->id();
  for (const uint64_t other : {uint64_t{0}, id + 1, id + (uint64_t{1} << 32), UINT64_MAX,
                               uint64_t{kMaxActiveRequests + 1}, uint64_t{kMaxActiveRequests}}) {
    EXPECT_EQ(pool.Find(other), nullptr) << other;
  }
}

TEST(ActiveRequestPoolTest, ReturnLeavesNothingBehind) {
  ActiveRequestPool pool;
  LossCounters losses;
  ActiveRequest* request = pool.Take();
  request->labels.Set("shop", "acme", &losses);
  request->trace_id_size = 16;
  request->status = 500;
  request->detached = true;
  request->runs.push_back({1, 2, 3});
  request->samples_truncated = request->samples_incomplete = 1;
  pool.Return(request);
  request = pool.Take();
  EXPECT_EQ(request->labels.size(), 0u);
  EXPECT_EQ(request->trace_id_size, 0);
  EXPECT_EQ(request->status, 0u);
  EXPECT_FALSE(request->detached);
  EXPECT_TRUE(request->runs.empty());
  EXPECT_EQ(request->samples_truncated, 0u);
  EXPECT_EQ(request->samples_incomplete, 0u);
}

TEST(ActiveRequestPoolTest, TheLimitIsReachedAndLeft) {
  ActiveRequestPool pool;
  std::vector<ActiveRequest*> taken;
  for (size_t i = 0; i < kMaxActiveRequests; ++i) taken.push_back(pool.Take());
  EXPECT_EQ(std::set<ActiveRequest*>(taken.begin(), taken.end()).size(), kMaxActiveRequests);
  EXPECT_EQ(pool.in_use(), kMaxActiveRequests);
  EXPECT_EQ(pool.Take(), nullptr);
  EXPECT_EQ(pool.in_use(), kMaxActiveRequests);
  EXPECT_EQ(pool.Find(taken.back()->id()), taken.back());
  pool.Return(taken.back());
  EXPECT_NE(pool.Take(), nullptr);
}

TEST(ActiveRequestPoolTest, FinishedRequestsComeOldestFirst) {
  ActiveRequestPool pool;
  EXPECT_EQ(pool.TakeFinished(), nullptr);
  std::vector<ActiveRequest*> finished;
  for (int i = 0; i < 5; ++i) {
    finished.push_back(pool.Take());
    pool.Finish(finished.back());
  }
  ActiveRequest* next = pool.TakeFinished();
  for (ActiveRequest* expected : finished) {
    ASSERT_EQ(next, expected);
    next = next->next;
  }
  EXPECT_EQ(next, nullptr);
  EXPECT_EQ(pool.TakeFinished(), nullptr);
}

// The helper is woken once for every 256 that wait, not by every request beyond.
TEST(ActiveRequestPoolTest, TheHelperIsWokenOnceWhenManyWait) {
  ActiveRequestPool pool;
  for (int round = 0; round < 2; ++round) {
    std::vector<int> woken;
    for (int i = 1; i <= 600; ++i) {
      if (pool.Finish(pool.Take())) woken.push_back(i);
    }
    EXPECT_EQ(woken, std::vector<int>{256});
    pool.TakeFinished();
  }
}

TEST(ActiveRequestPoolTest, VisitsTheSamplesOfRequestsThatHaveAny) {
  ActiveRequestPool pool;
  ActiveRequest* with = pool.Take();
  pool.Take();
  with->runs.push_back({7, 1, 0});
  std::vector<std::vector<SampleRunRecord>*> seen;
  pool.ForEachRuns([&](auto* runs) { seen.push_back(runs); });
  EXPECT_EQ(seen, std::vector<std::vector<SampleRunRecord>*>{&with->runs});
}

// Threads take, finish and return at once while the helper stores and finds: each request reaches
// the helper exactly once, in its thread's order, and its id finds it until then.
TEST(ActiveRequestPoolTest, AStormLosesNothing) {
  constexpr size_t kThreads = 6;
  constexpr uint64_t kRequests = 20'000;
  ActiveRequestPool pool;
  std::atomic<size_t> ended{0};
  std::atomic<uint64_t> refused{0};
  std::vector<std::thread> threads;
  for (uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (uint64_t i = 1; i <= kRequests; ++i) {
        ActiveRequest* request = pool.Take();
        if (request == nullptr) {
          refused.fetch_add(1, std::memory_order_relaxed);
          continue;
        }
        request->start_ns = thread;
        request->wall_ns = i;
        if (i % 3 == 0) {
          pool.Return(request);
        } else {
          pool.Finish(request);
        }
      }
      ended.fetch_add(1, std::memory_order_release);
    });
  }
  std::vector<uint64_t> last(kThreads);
  uint64_t stored = 0;
  uint64_t out_of_order = 0, lost_ids = 0, stale_ids = 0;
  for (bool was_last = false; !was_last;) {
    was_last = ended.load(std::memory_order_acquire) == kThreads;
    for (ActiveRequest* request = pool.TakeFinished(); request != nullptr;) {
      ActiveRequest* next = request->next;
      const uint64_t id = request->id();
      out_of_order += request->wall_ns <= last[request->start_ns];
      last[request->start_ns] = request->wall_ns;
      lost_ids += pool.Find(id) != request;
      pool.Return(request);
      stale_ids += pool.Find(id) != nullptr;
      ++stored;
      request = next;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(out_of_order, 0u);
  EXPECT_EQ(lost_ids, 0u);
  EXPECT_EQ(stale_ids, 0u);
  EXPECT_EQ(pool.in_use(), 0u);
  // Refused ones may have been of either sort.
  EXPECT_LE(stored, kThreads * (kRequests - kRequests / 3));
  EXPECT_GE(stored + refused, kThreads * (kRequests - kRequests / 3));
}

class LabelSetTest : public ::testing::Test {
 protected:
  uint64_t truncated() const { return losses_.Get(Loss::kLabelTruncated); }
  LossCounters losses_;
  LabelSet labels_;
};

TEST_F(LabelSetTest, TheSameKeyAgainReplacesTheValue) {
  labels_.Set("shop", "acme", &losses_);
  labels_.Set("plan", "free", &losses_);
  labels_.Set("shop", "zoo", &losses_);
  ASSERT_EQ(labels_.size(), 2u);
  EXPECT_EQ(labels_.key(0), "shop");
  EXPECT_EQ(labels_.value(0), "zoo");
  EXPECT_EQ(labels_.key(1), "plan");
  EXPECT_EQ(losses_.Sum(), 0u);
}

TEST_F(LabelSetTest, TheSeventeenthIsLeftOutAndCounted) {
  for (size_t i = 0; i < kMaxLabels + 3; ++i) labels_.Set("k" + std::to_string(i), "v", &losses_);
  EXPECT_EQ(labels_.size(), kMaxLabels);
  EXPECT_EQ(losses_.Get(Loss::kLabelLimit), 3u);
  labels_.Set("k15", "new", &losses_);
  EXPECT_EQ(labels_.value(15), "new") << "a full set still replaces";
  EXPECT_EQ(losses_.Get(Loss::kLabelLimit), 3u);
}

TEST_F(LabelSetTest, AClearedSetForgetsItsKeys) {
  labels_.Set("shop", "acme", &losses_);
  labels_.Clear();
  EXPECT_EQ(labels_.size(), 0u);
  labels_.Set("plan", "free", &losses_);
  ASSERT_EQ(labels_.size(), 1u);
  EXPECT_EQ(labels_.key(0), "plan");
  EXPECT_EQ(labels_.value(0), "free");
}

TEST_F(LabelSetTest, LongKeysAndValuesAreCutAndCounted) {
  labels_.Set(std::string(kMaxLabelKeyBytes, 'k'), std::string(kMaxLabelValueBytes, 'v'), &losses_);
  EXPECT_EQ(truncated(), 0u);
  labels_.Set(std::string(kMaxLabelKeyBytes + 1, 'k'), std::string(kMaxLabelValueBytes + 1, 'w'),
              &losses_);
  EXPECT_EQ(truncated(), 2u);
  ASSERT_EQ(labels_.size(), 1u) << "keys that are equal after the cut are equal";
  EXPECT_EQ(labels_.value(0), std::string(kMaxLabelValueBytes, 'w'));
}

TEST_F(LabelSetTest, NoCutGoesThroughACharacter) {
  for (const std::string character : {"\u00e9", "\u20ac", "\U0001f600"}) {
    for (size_t before = 0; before <= character.size(); ++before) {
      const std::string kept(kMaxLabelValueBytes - before, 'v');
      labels_.Set("key", kept + character + "more", &losses_);
      EXPECT_EQ(labels_.value(0), before == character.size() ? kept + character : kept);
    }
  }
}

TEST_F(LabelSetTest, BytesThatAreNoTextAreCutAtTheLimit) {
  labels_.Set("key", std::string(1000, '\x80'), &losses_);
  EXPECT_EQ(labels_.value(0).size(), kMaxLabelValueBytes);
}

}  // namespace
}  // namespace hotroute
