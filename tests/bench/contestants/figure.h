// How a contestant hands its figures to hotroute_bench: one line "name value" each on standard
// output. Whatever a contestant cannot do ends it with a reason and a non-zero exit code, so that
// no figure is printed for work that was not done.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace hotroute::bench {

inline void PrintFigure(const std::string& name, double value) {
  std::printf("%s %.9g\n", name.c_str(), value);
}

[[noreturn]] inline void Fail(const std::string& reason) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, reason.c_str());
  std::exit(1);
}

inline void Require(bool condition, const std::string& otherwise) {
  if (!condition) Fail(otherwise);
}

// `--quick`: enough work to see that everything runs, too little for figures.
inline bool IsQuick(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == "--quick";
}

}  // namespace hotroute::bench
