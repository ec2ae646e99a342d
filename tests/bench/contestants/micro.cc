#include "tests/bench/contestants/micro.h"

#include <benchmark/benchmark.h>

#include <vector>

#include "tests/bench/contestants/figure.h"

namespace hotroute::bench {
namespace {

class FigureReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) Fail(run.error_message);
      if (run.run_type != Run::RT_Iteration) continue;
      // Benchmarks that time their own batches report those; all others CPU time.
      const bool manual = run.benchmark_name().find("/manual_time") != std::string::npos;
      PrintFigure(run.run_name.function_name,
                  manual ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime());
    }
  }
};

}  // namespace

int RunMicroBenchmarks(int argc, char** argv) {
  const bool quick = IsQuick(argc, argv);
  std::vector<std::string> flags = {
      argv[0], "--benchmark_enable_random_interleaving=true",
      quick ? "--benchmark_repetitions=1" : "--benchmark_repetitions=3",
      quick ? "--benchmark_min_time=0.001" : "--benchmark_min_time=0.03"};
  std::vector<char*> pointers;
  for (std::string& flag : flags) pointers.push_back(flag.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  FigureReporter reporter;
  Require(benchmark::RunSpecifiedBenchmarks(&reporter) > 0, "no benchmark is registered");
  return 0;
}

}  // namespace hotroute::bench
