// The handler of the profiling signal: the only code of hotroute that runs inside a signal.
//
// Contract, each line proven by a test (tests/integration/handler_test.cc, tests/lint):
//   it saves errno; it acts only on signals of our own timers and passes others on; it does not
//   allocate, lock, throw, touch thread-local storage for the first time or resolve a symbol
//   lazily; its time and stack are bounded by kMaxDepth; what it cannot keep it drops and counts;
//   once installed it stays installed, so that a late signal cannot kill the host.
#pragma once

#include <csignal>

#include "base/losses.h"
#include "base/status.h"
#include "profiler/capture/stack_walker.h"
#include "profiler/capture/thread_capture.h"

namespace hotroute {

// What our timers carry (sival_ptr), so that foreign signals are told apart. Its address is the
// cookie.
extern const int kSignalCookie;

// Installs the handler for the first free signal of SIGPROF, SIGVTALRM, SIGSTKFLT, SIGPWR and the
// real-time ones, once per process; later calls return the same signal. kUnavailable when all are
// taken. `walker` and `losses` must live for ever.
Result<int> InstallSignalHandler(const StackWalker& walker, LossCounters* losses);

// The signal that was installed, 0 for none yet.
int InstalledSignal();

// Makes `capture` the calling thread's; null before the thread ends. Normal context only.
void SetThreadCapture(ThreadCapture* capture);

}  // namespace hotroute
