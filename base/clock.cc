#include "base/clock.h"

#include <ctime>

namespace hotroute {
namespace {

uint64_t Nanos(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

uint64_t MonotonicNanos() { return Nanos(CLOCK_MONOTONIC); }
int64_t RealtimeMicros() { return static_cast<int64_t>(Nanos(CLOCK_REALTIME) / 1000); }
uint64_t ThreadCpuNanos() { return Nanos(CLOCK_THREAD_CPUTIME_ID); }
uint64_t ProcessCpuNanos() { return Nanos(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t KernelTickNanos() {
  // The coarse clock advances once per tick, so its resolution is the tick.
  timespec resolution;
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) != 0) return 10'000'000;
  return static_cast<uint64_t>(resolution.tv_sec) * 1'000'000'000u +
         static_cast<uint64_t>(resolution.tv_nsec);
}

}  // namespace hotroute
