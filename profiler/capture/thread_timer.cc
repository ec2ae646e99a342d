#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <ctime>

#include "base/clock.h"
#include "profiler/capture/sampling_engine.h"
#include "profiler/capture/signal_handler.h"
#include "profiler/select/selector.h"

// glibc names this member since 2.38 only.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace hotroute {
namespace {

timespec TimeSpec(uint64_t nanos) {
  return {static_cast<time_t>(nanos / 1'000'000'000u), static_cast<long>(nanos % 1'000'000'000u)};
}

class ThreadTimerEngine : public SamplingEngine {
 public:
  ThreadTimerEngine(int signal_number, double sample_hz, uint64_t seed)
      : signal_number_(signal_number),
        period_ns_(
            std::max(static_cast<uint64_t>(std::llround(1e9 / sample_hz)), KernelTickNanos())),
        seed_(seed) {}

  std::string_view name() const override { return "thread-timer"; }
  uint64_t period_ns() const override { return period_ns_; }

  bool ArmThread(ThreadCapture* capture) override {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = signal_number_;
    event.sigev_value.sival_ptr = const_cast<int*>(&kSignalCookie);
    event.sigev_notify_thread_id = static_cast<pid_t>(syscall(SYS_gettid));
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &capture->timer) != 0) return false;
    capture->has_timer = true;
    // A first expiry uniform in (0, period] makes every instant equally likely to be sampled; a
    // whole period would give threads that live shorter than it no sample at all.
    Random random(seed_.fetch_add(1, std::memory_order_relaxed));
    itimerspec times{};
    times.it_value = TimeSpec(1 + random.Next() % period_ns_);
    times.it_interval = TimeSpec(period_ns_);
    timer_settime(capture->timer, 0, &times, nullptr);
    return true;
  }

  void DisarmThread(ThreadCapture* capture) override {
    if (!capture->has_timer) return;
    timer_delete(capture->timer);
    capture->has_timer = false;
  }

 private:
  const int signal_number_;
  const uint64_t period_ns_;
  std::atomic<uint64_t> seed_;
};

}  // namespace

std::unique_ptr<SamplingEngine> MakeThreadTimerEngine(int signal_number, double sample_hz,
                                                      uint64_t seed) {
  return std::make_unique<ThreadTimerEngine>(signal_number, sample_hz, seed);
}

}  // namespace hotroute
