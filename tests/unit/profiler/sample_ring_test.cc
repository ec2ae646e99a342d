// The ring between a signal handler and the helper thread: nothing is torn, nothing is lost
// uncounted.
#include "profiler/capture/sample_ring.h"

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "profiler/capture/thread_capture.h"

namespace hotroute {
namespace {

// A sample all of whose fields follow from `number`.
RawSample SampleOf(uint64_t number, size_t depth, std::vector<uintptr_t>* pcs) {
  pcs->resize(depth);
  std::iota(pcs->begin(), pcs->end(), number * 1000);
  RawSample sample;
  sample.request_id = number;
  sample.time_ns = ~number;
  sample.end = static_cast<WalkEnd>(number % 3);
  sample.count = static_cast<uint32_t>(number * 7);
  sample.pcs = *pcs;
  return sample;
}

bool Push(SampleRing* ring, uint64_t number, size_t depth) {
  std::vector<uintptr_t> pcs;
  return ring->Push(SampleOf(number, depth, &pcs));
}

void ExpectSample(const RawSample& sample, uint64_t number, size_t depth) {
  std::vector<uintptr_t> pcs;
  const RawSample expected = SampleOf(number, depth, &pcs);
  ASSERT_EQ(sample.request_id, expected.request_id);
  ASSERT_EQ(sample.time_ns, expected.time_ns);
  ASSERT_EQ(sample.end, expected.end);
  ASSERT_EQ(sample.count, expected.count);
  ASSERT_EQ(std::vector<uintptr_t>(sample.pcs.begin(), sample.pcs.end()), pcs);
}

TEST(SampleRingTest, IsEmptyAtFirst) {
  SampleRing ring(8);
  RawSample sample;
  std::vector<uintptr_t> pcs(kMaxDepth);
  EXPECT_FALSE(ring.Pop(&sample, pcs));
}

// Sizes 3 to 8 in a ring of 8 words: every sample but the first straddles the end sooner or later.
TEST(SampleRingTest, TheSmallestRingWrapsAtEveryPlace) {
  SampleRing ring(8);
  RawSample sample;
  std::vector<uintptr_t> pcs(kMaxDepth);
  for (uint64_t number = 1; number < 1000; ++number) {
    const size_t depth = number % 6;
    ASSERT_TRUE(Push(&ring, number, depth));
    ASSERT_TRUE(ring.Pop(&sample, pcs));
    ASSERT_NO_FATAL_FAILURE(ExpectSample(sample, number, depth));
    ASSERT_FALSE(ring.Pop(&sample, pcs));
  }
}

TEST(SampleRingTest, AFullRingRefusesAndKeepsWhatItHas) {
  SampleRing ring(8);
  RawSample sample;
  std::vector<uintptr_t> pcs(kMaxDepth);
  EXPECT_FALSE(Push(&ring, 1, 6)) << "9 words do not fit in 8";
  ASSERT_TRUE(Push(&ring, 2, 1));
  ASSERT_TRUE(Push(&ring, 3, 1)) << "exactly full";
  EXPECT_FALSE(Push(&ring, 4, 0));
  ASSERT_TRUE(ring.Pop(&sample, pcs));
  ASSERT_NO_FATAL_FAILURE(ExpectSample(sample, 2, 1));
  EXPECT_FALSE(Push(&ring, 5, 2)) << "one word short";
  ASSERT_TRUE(Push(&ring, 6, 1));
  ASSERT_TRUE(ring.Pop(&sample, pcs));
  ASSERT_NO_FATAL_FAILURE(ExpectSample(sample, 3, 1));
  ASSERT_TRUE(ring.Pop(&sample, pcs));
  ASSERT_NO_FATAL_FAILURE(ExpectSample(sample, 6, 1));
  EXPECT_FALSE(ring.Pop(&sample, pcs));
}

TEST(SampleRingTest, TheDeepestStackPasses) {
  SampleRing ring(kRingWords);
  RawSample sample;
  std::vector<uintptr_t> pcs(kMaxDepth);
  for (uint64_t number = 1; number <= 40; ++number) {
    ASSERT_TRUE(Push(&ring, number, kMaxDepth));
    ASSERT_TRUE(ring.Pop(&sample, pcs));
    ASSERT_NO_FATAL_FAILURE(ExpectSample(sample, number, kMaxDepth));
  }
}

TEST(SampleRingTest, TheLargestValuesPass) {
  SampleRing ring(8);
  RawSample in;
  in.request_id = in.time_ns = UINT64_MAX;
  in.count = UINT32_MAX;
  in.end = WalkEnd::kStopped;
  ASSERT_TRUE(ring.Push(in));
  RawSample out;
  std::vector<uintptr_t> pcs(kMaxDepth);
  ASSERT_TRUE(ring.Pop(&out, pcs));
  EXPECT_EQ(out.request_id, UINT64_MAX);
  EXPECT_EQ(out.time_ns, UINT64_MAX);
  EXPECT_EQ(out.count, UINT32_MAX);
  EXPECT_EQ(out.end, WalkEnd::kStopped);
  EXPECT_TRUE(out.pcs.empty());
}

// A small ring, so that the million meets it full, empty and in between.
TEST(SampleRingTest, ProducedIsPoppedPlusDroppedWithAConcurrentReader) {
  constexpr uint64_t kSamples = 1'000'000;
  SampleRing ring(256);
  std::atomic<bool> done{false};
  uint64_t dropped = 0;
  std::thread writer([&] {
    std::vector<uintptr_t> pcs;
    for (uint64_t number = 1; number <= kSamples; ++number) {
      if (!ring.Push(SampleOf(number, number % 37, &pcs))) ++dropped;
    }
    done.store(true, std::memory_order_release);
  });
  uint64_t popped = 0;
  uint64_t last = 0;
  RawSample sample;
  std::vector<uintptr_t> pcs(kMaxDepth);
  while (true) {
    const bool was_done = done.load(std::memory_order_acquire);
    while (ring.Pop(&sample, pcs)) {
      ++popped;
      EXPECT_GT(sample.request_id, last) << "order";
      last = sample.request_id;
      ExpectSample(sample, last, last % 37);
    }
    if (was_done) break;
  }
  writer.join();
  EXPECT_EQ(popped + dropped, kSamples);
  EXPECT_GT(popped, 0u);
}

}  // namespace
}  // namespace hotroute
