#include "profiler/capture/signal_install.h"

#include <atomic>
#include <cerrno>
#include <csignal>

#include "base/mutex.h"
#include "profiler/capture/signal_handler.h"

namespace hotroute {
namespace {

constinit std::atomic<int> g_installed{0};

bool IsFree(int signal_number) {
  struct sigaction present;
  if (sigaction(signal_number, nullptr, &present) != 0) return false;
  return (present.sa_flags & SA_SIGINFO) == 0 &&
         (present.sa_handler == SIG_DFL || present.sa_handler == SIG_IGN);
}

Result<int> FindFreeSignal() {
  for (const int candidate : {SIGPROF, SIGVTALRM, SIGSTKFLT, SIGPWR}) {
    if (IsFree(candidate)) return candidate;
  }
  for (int candidate = SIGRTMIN; candidate <= SIGRTMAX; ++candidate) {
    if (IsFree(candidate)) return candidate;
  }
  return Unavailable("no free signal for sampling: SIGPROF and all its alternatives have handlers");
}

}  // namespace

Result<int> InstallSignalHandler(const StackWalker& walker, LossCounters* losses) {
  static Mutex mutex;
  MutexLock lock(mutex);
  if (InstalledSignal() != 0) return InstalledSignal();
  HOTROUTE_ASSIGN_OR_RETURN(const int signal_number, FindFreeSignal());
  struct sigaction previous;
  sigaction(signal_number, nullptr, &previous);
  ConfigureSignalHandler(walker, losses, previous);
  struct sigaction action {};
  action.sa_sigaction = HandleSamplingSignal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (sigaction(signal_number, &action, nullptr) != 0)
    return IoError("cannot install", "the sampling signal", errno);
  g_installed.store(signal_number, std::memory_order_relaxed);
  return signal_number;
}

int InstalledSignal() { return g_installed.load(std::memory_order_relaxed); }

}  // namespace hotroute
