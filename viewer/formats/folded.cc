#include "viewer/formats/folded.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/utf8.h"
#include "viewer/formats/rounding.h"

namespace hotroute::viewer {
namespace {

constexpr double kNsPerUs = 1000;

std::string FoldedName(const std::string& function) {
  if (function.empty()) return "[unknown]";
  std::string name = ToValidUtf8(function);
  for (char& c : name) {
    if (c == ';') c = ':';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return name;
}

std::string FoldedStack(const StackSample& stack, const std::vector<std::string>& names) {
  if (stack.frames.empty()) return kNoStackName;
  std::string line;
  for (const uint32_t frame : stack.frames) {
    if (!line.empty()) line += ';';
    line += names[frame];
  }
  return line;
}

}  // namespace

std::string EncodeFolded(const StackProfile& profile) {
  std::vector<std::string> names;
  names.reserve(profile.frames.size());
  for (const StackFrame& frame : profile.frames) names.push_back(FoldedName(frame.function));

  std::map<std::string, double> us_by_stack;
  for (const StackSample& stack : profile.stacks) {
    us_by_stack[FoldedStack(stack, names)] += stack.cpu_ns / kNsPerUs;
  }
  std::vector<double> values;
  for (const auto& [stack, us] : us_by_stack) values.push_back(us);
  const std::vector<uint64_t> rounded = RoundToTotal(values);

  std::string out;
  size_t i = 0;
  for (const auto& [stack, us] : us_by_stack) {
    const uint64_t value = rounded[i++];
    if (value > 0) out += stack + ' ' + std::to_string(value) + '\n';
  }
  return out;
}

}  // namespace hotroute::viewer
