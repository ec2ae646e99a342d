#include "tests/bench/contestants/signal_contest.h"

#include <execinfo.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/clock.h"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/ladder.h"

namespace hotroute::bench {
namespace {

constexpr int kDepths[] = {10, 35, 100};
constexpr int kFullBatches = 200;
constexpr int kQuickBatches = 3;

siginfo_t TimerSignal(const Contestant& contestant) {
  siginfo_t info{};
  info.si_signo = contestant.signal_number;
  info.si_code = SI_TIMER;
  info.si_value.sival_ptr = contestant.cookie;
  return info;
}

__attribute__((noinline)) void SendBatch(siginfo_t* info) {
  const pid_t pid = getpid();
  const pid_t tid = static_cast<pid_t>(syscall(SYS_gettid));
  for (int i = 0; i < kSignalsPerBatch; ++i) {
    if (syscall(SYS_rt_tgsigqueueinfo, pid, tid, info->si_signo, info) != 0)
      Fail("cannot send a signal to the own thread");
  }
}

// Frames that a signal during SendBatch sees when both are called from the same function: this
// function stands for SendBatch, and the frame of syscall() comes on top.
__attribute__((noinline)) int DepthOfSignal() {
  std::array<void*, 256> frames;
  return backtrace(frames.data(), static_cast<int>(frames.size())) + 1;
}

// One measurement, made at the top of the ladder.
struct Climber {
  const Contestant& contestant;
  const int wanted_depth;
  const int batches;
  siginfo_t info;
  int depth = 0;
  double nanos = 0;  // per signal, median over batches

  // Sets `depth`, and `nanos` where it is the wanted one.
  __attribute__((noinline)) void AtTop() {
    depth = DepthOfSignal();
    if (depth != wanted_depth) return;
    std::vector<double> each;
    for (int i = -1; i < batches; ++i) {
      const uint64_t begin_ns = ThreadCpuNanos();
      SendBatch(&info);
      const uint64_t spent_ns = ThreadCpuNanos() - begin_ns;
      contestant.check_batch(depth);
      // The first batch fills caches.
      if (i >= 0) each.push_back(static_cast<double>(spent_ns) / kSignalsPerBatch);
    }
    std::nth_element(each.begin(), each.begin() + batches / 2, each.end());
    nanos = each[static_cast<size_t>(batches / 2)];
  }
};

}  // namespace

void RunSignalContest(const Contestant& contestant, bool quick) {
  const int batches = quick ? kQuickBatches : kFullBatches;
  for (const int wanted : kDepths) {
    Climber climber{contestant, wanted, batches, TimerSignal(contestant)};
    // The first climb tells how many frames are there without any rung between.
    for (int rungs = 0, climbs = 0; climbs < 2; ++climbs) {
      ClimbLadder(rungs, [&climber] { climber.AtTop(); });
      rungs = std::max(0, wanted - climber.depth);
    }
    Require(climber.depth == wanted, "the stack cannot be made " + std::to_string(wanted) +
                                         " frames deep; it is " + std::to_string(climber.depth));
    PrintFigure("signal." + contestant.name + "." + std::to_string(wanted), climber.nanos);
  }
}

}  // namespace hotroute::bench
