// The decision whether a request is selected, alone: the route's threshold, else the default's, and
// one draw.
#include <benchmark/benchmark.h>

#include "profiler/request/route_table.h"
#include "profiler/select/selector.h"
#include "tests/bench/contestants/micro.h"

namespace hotroute::bench {
namespace {

void Decision(benchmark::State& state) {
  Random random(1);
  const Route route;
  const std::atomic<Threshold> default_threshold{ThresholdOf(0.1)};
  benchmark::DoNotOptimize(&route);
  benchmark::DoNotOptimize(&default_threshold);
  for (auto _ : state) {
    const Threshold own = route.threshold.load(std::memory_order_relaxed);
    benchmark::DoNotOptimize(random.Draw(
        own == Route::kUseDefault ? default_threshold.load(std::memory_order_relaxed) : own));
  }
}
BENCHMARK(Decision)->Name("unselected.decision");

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) { return hotroute::bench::RunMicroBenchmarks(argc, argv); }
