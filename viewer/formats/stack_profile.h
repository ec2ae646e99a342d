// What every export format is written from: the stacks of a population with their values.
//
// In: filled by the caller from profiles and symbols. Out: read by folded.h, pprof.h and
// gperftools.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hotroute::viewer {

struct StackFrame {
  std::string function;     // demangled; "module+0x1234" where there is no symbol
  std::string system_name;  // as in the symbol table; "" when the same as `function`
  std::string file;         // source file, "" unknown
  uint32_t line = 0;        // of the function's begin, 0 unknown
  std::string module_path;  // "" where code belongs to no file
  std::string build_id;     // raw bytes; may be empty
  uint64_t offset = 0;      // in the module's file
};

struct StackLabel {
  std::string key;
  std::string value;
};

// One stack of one combination of labels.
struct StackSample {
  std::vector<uint32_t> frames;  // root first, indices into StackProfile::frames; may be empty
  uint64_t samples = 0;          // unweighted
  double cpu_ns = 0;             // weighted: what all requests of the population used here; >= 0
  std::vector<StackLabel> labels;
};

// Thread-compatible. Every index in `stacks` must be valid for `frames`.
struct StackProfile {
  uint64_t period_ns = 0;  // of the CPU timer
  int64_t start_us = 0;    // Unix time of the first request
  int64_t end_us = 0;      // and of the end of the last
  std::vector<StackFrame> frames;
  std::vector<StackSample> stacks;
};

// What a stack without frames is called in formats that need a name.
inline constexpr char kNoStackName[] = "[no stack]";

}  // namespace hotroute::viewer
