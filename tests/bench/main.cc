// hotroute_bench: what hotroute costs, beside the floor under it and beside its peers, in one run.
//
// Exit code 0 whatever the figures say: benchmarks inform, on machines that differ. 2 when a
// contestant could not do its work.
#include <sys/utsname.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "tests/bench/figures.h"
#include "tests/bench/rounds.h"
#include "tests/bench/table.h"

namespace hotroute::bench {
namespace {

constexpr int kFullRounds = 9;
constexpr char kUsage[] =
    "Usage: hotroute_bench [--full | --quick]\n\n"
    "  --full   the figures (the default; about a minute)\n"
    "  --quick  one short round: does everything still run? Its figures mean nothing\n";

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown processor";
}

std::string LoadAverage() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load;
}

void PrintHeader(bool quick) {
  utsname system{};
  uname(&system);
  std::printf("%s, %u processors, %s %s, load average %s\n", ProcessorName().c_str(),
              std::thread::hardware_concurrency(), system.sysname, system.release,
              LoadAverage().c_str());
  if (quick) {
    std::puts("One short round to see that everything runs: its figures mean nothing.\n");
  } else {
    std::printf(
        "Medians of %d rounds in which the contestants take turns. Times are CPU time of the "
        "measuring thread.\n\n",
        kFullRounds);
  }
  std::fflush(stdout);
}

int Run(bool quick) {
  PrintHeader(quick);
  const std::string folder =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "contestants";
  const Result<Figures> figures = RunRounds(folder, Contestants(), quick ? 1 : kFullRounds, quick);
  const Result<Table> table =
      figures.ok() ? MakeTable(Rows(), *figures) : Result<Table>(figures.status());
  if (!table.ok()) {
    std::fprintf(stderr, "hotroute_bench: %s\n", table.status().message().c_str());
    return 2;
  }
  std::printf("%s\nTargets met: %d of %d. Load average at the end: %s\n", table->text.c_str(),
              table->passed, table->passed + table->missed, LoadAverage().c_str());
  return 0;
}

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "--full";
  if (argc > 2 || (mode != "--full" && mode != "--quick")) {
    std::fputs(hotroute::bench::kUsage, stderr);
    return 2;
  }
  return hotroute::bench::Run(mode == "--quick");
}
