// What a request costs its own thread that is selected (fraction 1), beside its clock readings:
// wall and thread CPU time at begin and end. Short requests, so without samples.
//
// Measured in batches of 256, the number at which the helper thread is woken; between batches,
// unmeasured, the helper stores them, so that none is turned away.
#include <benchmark/benchmark.h>

#include <ctime>

#include "base/clock.h"
#include "hotroute/hotroute.hpp"
#include "tests/bench/contestants/micro.h"
#include "tests/bench/contestants/scoped_profiling.h"

namespace hotroute::bench {
namespace {

constexpr uint64_t kBatch = 256;
constexpr int kBatches = 40;

void ServeBatch() {
  for (uint64_t i = 0; i < kBatch; ++i) {
    Request request("event.index", "GET");
    request.SetStatus(200);
    benchmark::DoNotOptimize(&request);
  }
}

void FourClockReadings(benchmark::State& state) {
  timespec time;
  for (auto _ : state) {
    for (const clockid_t clock :
         {CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC}) {
      clock_gettime(clock, &time);
      benchmark::DoNotOptimize(time);
    }
  }
}
BENCHMARK(FourClockReadings)->Name("selected.four_clock_readings");

void BeginAndEnd(benchmark::State& state) {
  const ScopedProfiling profiling(1);
  uint64_t served = 0;
  const auto serve = [&] {
    ServeBatch();
    served += kBatch;
  };
  serve();  // the first batch prepares the thread
  WaitUntilWritten(served);
  for (auto _ : state) {
    const uint64_t begin_ns = ThreadCpuNanos();
    serve();
    const uint64_t cpu_ns = ThreadCpuNanos() - begin_ns;
    state.SetIterationTime(static_cast<double>(cpu_ns) * 1e-9 / kBatch);
    WaitUntilWritten(served);
  }
}
BENCHMARK(BeginAndEnd)->Name("selected.begin_and_end")->UseManualTime()->Iterations(kBatches);

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) { return hotroute::bench::RunMicroBenchmarks(argc, argv); }
