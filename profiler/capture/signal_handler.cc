#include "profiler/capture/signal_handler.h"

#include <ucontext.h>

#include <atomic>
#include <cerrno>

#include "base/clock.h"

namespace hotroute {

const int kSignalCookie = 0;

namespace {

// Initial-exec: one load relative to the thread pointer, never a call that could allocate.
__attribute__((tls_model("initial-exec"))) constinit thread_local ThreadCapture* t_capture =
    nullptr;

// Written once, before the handler is installed.
const StackWalker* g_walker = nullptr;
LossCounters* g_losses = nullptr;
struct sigaction g_previous;

// A signal that none of our timers sent: somebody else's, so it goes where it would have gone
// without us. With no handler before us it is ignored: the default would end the process.
void PassOn(int signal_number, siginfo_t* info, void* context) {
  g_losses->Add(Loss::kForeignSignal);
  if ((g_previous.sa_flags & SA_SIGINFO) != 0) {
    if (g_previous.sa_sigaction != nullptr) g_previous.sa_sigaction(signal_number, info, context);
  } else if (g_previous.sa_handler != SIG_DFL && g_previous.sa_handler != SIG_IGN) {
    g_previous.sa_handler(signal_number);
  }
}

// Timer periods that passed since the last signal. The kernel reports those it could not deliver as
// overruns.
uint32_t PeriodsOf(const siginfo_t& info) {
  return info.si_overrun > 0 ? static_cast<uint32_t>(info.si_overrun) + 1 : 1;
}

void TakeSample(ThreadCapture* capture, uint64_t request_id, const siginfo_t& info,
                const ucontext_t& context) {
  const WalkResult walk = g_walker->walk(context, capture->root_pc, capture->scratch);
  RawSample sample;
  sample.request_id = request_id;
  sample.time_ns = MonotonicNanos();
  sample.end = walk.end;
  sample.count = PeriodsOf(info);
  sample.pcs = std::span<const uintptr_t>(capture->scratch).first(walk.depth);
  if (!capture->ring.Push(sample)) g_losses->Add(Loss::kRingFull, sample.count);
  capture->samples.store(capture->samples.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
}

}  // namespace

void ConfigureSignalHandler(const StackWalker& walker, LossCounters* losses,
                            const struct sigaction& previous) {
  g_walker = &walker;
  g_losses = losses;
  g_previous = previous;
}

void HandleSamplingSignal(int signal_number, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  if (info->si_code != SI_TIMER || info->si_value.sival_ptr != &kSignalCookie) {
    PassOn(signal_number, info, context);
  } else if (ThreadCapture* capture = t_capture; capture != nullptr) {
    const uint64_t request_id = capture->request_id.load(std::memory_order_relaxed);
    if (request_id != 0)
      TakeSample(capture, request_id, *info, *static_cast<const ucontext_t*>(context));
  }
  errno = saved_errno;
}

void SetThreadCapture(ThreadCapture* capture) { t_capture = capture; }

}  // namespace hotroute
