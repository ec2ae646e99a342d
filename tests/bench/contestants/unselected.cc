// What a request costs that is not selected, through the public interface of libhotroute.so, beside
// the two clock readings it cannot do without, and with profiling switched off.
#include <benchmark/benchmark.h>

#include <ctime>

#include "hotroute/hotroute.hpp"
#include "tests/bench/contestants/micro.h"
#include "tests/bench/contestants/scoped_profiling.h"

namespace hotroute::bench {
namespace {

void ServeOne() {
  Request request("event.index", "GET");
  request.SetStatus(200);
  benchmark::DoNotOptimize(&request);
}

void TwoClockReadings(benchmark::State& state) {
  timespec time;
  for (auto _ : state) {
    clock_gettime(CLOCK_MONOTONIC, &time);
    benchmark::DoNotOptimize(time);
    clock_gettime(CLOCK_MONOTONIC, &time);
    benchmark::DoNotOptimize(time);
  }
}
BENCHMARK(TwoClockReadings)->Name("unselected.two_clock_readings");

void SwitchedOff(benchmark::State& state) {
  for (auto _ : state) ServeOne();
}
BENCHMARK(SwitchedOff)->Name("unselected.switched_off");

void BeginAndEnd(benchmark::State& state) {
  const ScopedProfiling profiling(0);
  ServeOne();  // the thread's first request registers it
  for (auto _ : state) ServeOne();
  const Stats stats = GetStats();
  Require(stats.running && stats.profiles_written == 0, "a request was selected at fraction 0");
}
BENCHMARK(BeginAndEnd)->Name("unselected.begin_and_end");

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) { return hotroute::bench::RunMicroBenchmarks(argc, argv); }
