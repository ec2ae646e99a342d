#include "tests/bench/rounds.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace hotroute::bench {
namespace {

Result<std::string> OutputOf(const std::string& program, bool quick) {
  const std::string command = "'" + program + "'" + (quick ? " --quick" : "");
  FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return Internal("cannot start " + program);
  std::string output;
  char piece[4096];
  while (const size_t size = std::fread(piece, 1, sizeof piece, pipe)) output.append(piece, size);
  if (pclose(pipe) != 0) return Internal(program + " failed; its reason stands above");
  return output;
}

Status RunOne(const std::string& program, bool quick, Figures* figures) {
  HOTROUTE_ASSIGN_OR_RETURN(const std::string output, OutputOf(program, quick));
  std::istringstream lines(output);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream parts(line);
    std::string name;
    double value = 0;
    if (!(parts >> name >> value)) return Internal(program + " printed no figure: " + line);
    (*figures)[name].push_back(value);
  }
  return {};
}

}  // namespace

Result<Figures> RunRounds(const std::string& folder, std::span<const std::string_view> contestants,
                          int rounds, bool quick) {
  Figures figures;
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < contestants.size(); ++i) {
      const std::string_view name =
          contestants[(i + static_cast<size_t>(round)) % contestants.size()];
      HOTROUTE_RETURN_IF_ERROR(RunOne(folder + "/" + std::string(name), quick, &figures));
    }
  }
  return figures;
}

}  // namespace hotroute::bench
