// Google Benchmark for the parts that take nanoseconds: repetitions of all registered benchmarks in
// random order.
//
// In: what BENCHMARK() registered. Out: figures, one line per repetition. The time is the thread's
// CPU time, so that other processes on the machine are not measured.
#pragma once

namespace hotroute::bench {

// The value for main() to return.
int RunMicroBenchmarks(int argc, char** argv);

}  // namespace hotroute::bench
