// The clocks hotroute reads. One function per clock, named for its unit.
//
// Cost on x86-64 Linux: monotonic and realtime about 20 ns (vDSO), thread CPU about 120 ns (a
// system call). All are async-signal-safe.
#pragma once

#include <cstdint>

namespace hotroute {

// CLOCK_MONOTONIC.
uint64_t MonotonicNanos();
// Microseconds since the Unix epoch, CLOCK_REALTIME.
int64_t RealtimeMicros();
// CPU time of the calling thread, user and kernel.
uint64_t ThreadCpuNanos();
// CPU time of the whole process, user and kernel.
uint64_t ProcessCpuNanos();
// The kernel's tick, 1 s / HZ: the shortest interval at which it looks at CPU timers.
uint64_t KernelTickNanos();

}  // namespace hotroute
