// The handler of the profiling signal: the only code of hotroute that runs inside a signal, and
// nothing else is in this file.
//
// Contract, each line proven by a test (tests/integration/handler_test.cc,
// tests/lint/handler_symbols.py):
//   it saves errno; it acts only on signals of our own timers and passes others on; it does not
//   allocate, lock, throw, touch thread-local storage for the first time or resolve a symbol
//   lazily; its time and stack are bounded by kMaxDepth; what it cannot keep it drops and counts;
//   once installed it stays installed, so that a late signal cannot kill the host.
#pragma once

#include <csignal>

#include "base/losses.h"
#include "profiler/capture/stack_walker.h"
#include "profiler/capture/thread_capture.h"

namespace hotroute {

// What our timers carry (sival_ptr), so that foreign signals are told apart. Its address is the
// cookie.
extern const int kSignalCookie;

// What the handler needs, set once, before it is installed. `walker` and `losses` must live for
// ever; `previous` is where foreign signals go.
void ConfigureSignalHandler(const StackWalker& walker, LossCounters* losses,
                            const struct sigaction& previous);

// The handler itself (SA_SIGINFO). Signal-safe.
void HandleSamplingSignal(int signal_number, siginfo_t* info, void* context);

// Makes `capture` the calling thread's; null before the thread ends. Normal context only.
void SetThreadCapture(ThreadCapture* capture);

}  // namespace hotroute
