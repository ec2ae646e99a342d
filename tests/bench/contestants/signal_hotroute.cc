// hotroute's handler with a request being captured: it walks the stack, reads the clock and leaves
// the sample in the thread's ring, which is drained and checked between batches.
#include <array>

#include "base/losses.h"
#include "profiler/capture/signal_handler.h"
#include "profiler/capture/signal_install.h"
#include "profiler/capture/stack_walker.h"
#include "profiler/capture/thread_capture.h"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/signal_contest.h"

namespace hotroute::bench {
namespace {

constexpr uint64_t kRequestId = 1;

// A batch must fit the ring at the greatest depth, or samples would be dropped.
static_assert(kSignalsPerBatch * (3 + 100) < kRingWords);

void CheckBatch(ThreadCapture* capture, int depth) {
  std::array<uintptr_t, kMaxDepth> pcs;
  RawSample sample;
  int samples = 0;
  for (; capture->ring.Pop(&sample, pcs); ++samples) {
    Require(sample.end == WalkEnd::kComplete, "a walk stopped before the thread's start");
    Require(static_cast<int>(sample.pcs.size()) == depth, "a stack of " + std::to_string(depth) +
                                                              " frames was sampled with " +
                                                              std::to_string(sample.pcs.size()));
  }
  Require(samples == kSignalsPerBatch, "signals and samples differ in number");
}

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) {
  using namespace hotroute;
  static LossCounters losses;
  static ThreadCapture capture;
  const Result<int> signal_number = InstallSignalHandler(kLibunwindWalker, &losses);
  if (!signal_number.ok()) bench::Fail(signal_number.status().message());
  capture.root_pc = kLibunwindWalker.prime_thread();
  capture.request_id.store(bench::kRequestId, std::memory_order_relaxed);
  SetThreadCapture(&capture);
  bench::RunSignalContest({"hotroute", *signal_number, const_cast<int*>(&kSignalCookie),
                           [](int depth) { bench::CheckBatch(&capture, depth); }},
                          bench::IsQuick(argc, argv));
  bench::Require(losses.Sum() == 0, "the handler counted a loss");
  return 0;
}
