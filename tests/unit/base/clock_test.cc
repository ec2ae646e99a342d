// The clocks: they go forward, in the units their names say.
#include "base/clock.h"

#include <ctime>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

TEST(ClockTest, MonotonicNeverGoesBack) {
  uint64_t previous = MonotonicNanos();
  const uint64_t first = previous;
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t now = MonotonicNanos();
    ASSERT_GE(now, previous);
    previous = now;
  }
  EXPECT_GT(previous, first);
}

// The system's time() has whole seconds and may be up to a tick behind, hence the second's slack.
TEST(ClockTest, RealtimeIsMicrosecondsOfUnixTime) {
  const time_t before = time(nullptr);
  const int64_t now = RealtimeMicros();
  const time_t after = time(nullptr);
  EXPECT_GE(now / 1'000'000, before);
  EXPECT_LE(now / 1'000'000, after + 1);
}

TEST(ClockTest, CpuClocksAdvanceWithWorkAndProcessCoversThread) {
  const uint64_t process_before = ProcessCpuNanos();
  const uint64_t thread_before = ThreadCpuNanos();
  volatile uint64_t sink = 0;
  uint64_t thread_used = 0;
  while (thread_used < 2'000'000) {
    sink = sink + 1;
    thread_used = ThreadCpuNanos() - thread_before;
  }
  EXPECT_GE(ProcessCpuNanos() - process_before, thread_used);
}

// HZ is 100, 250, 300 or 1000 in the kernels that are shipped.
TEST(ClockTest, KernelTickIsBetweenOneAndTenMilliseconds) {
  EXPECT_GE(KernelTickNanos(), 999'000u);  // 1 / 1000 s; some kernels round below it
  EXPECT_LE(KernelTickNanos(), 10'000'000u);
}

}  // namespace
}  // namespace hotroute
