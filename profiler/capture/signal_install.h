// Chooses the signal and installs the handler, in normal context, once per process.
#pragma once

#include "base/losses.h"
#include "base/status.h"
#include "profiler/capture/stack_walker.h"

namespace hotroute {

// Installs the handler for the first free signal of SIGPROF, SIGVTALRM, SIGSTKFLT, SIGPWR and the
// real-time ones, once per process; later calls return the same signal. kUnavailable when all are
// taken. Thread-safe.
Result<int> InstallSignalHandler(const StackWalker& walker, LossCounters* losses);

// The signal that was installed, 0 for none yet. Thread-safe.
int InstalledSignal();

}  // namespace hotroute
