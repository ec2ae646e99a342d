#include "viewer/formats/gperftools.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/utf8.h"
#include "viewer/formats/rounding.h"

namespace hotroute::viewer {
namespace {

constexpr double kNsPerUs = 1000;
constexpr size_t kMaxDepth = 1u << 16;  // google-pprof refuses more
constexpr uint64_t kFirstAddress = 0x1000;
constexpr uint64_t kAddressStep = 0x10;

uint64_t AddressOf(size_t frame) { return kFirstAddress + kAddressStep * frame; }

// Appends `value` as one slot, little-endian.
void AppendSlot(uint64_t value, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) *out += static_cast<char>(value >> shift & 0xFF);
}

std::string SymbolName(const std::string& function) {
  if (function.empty()) return "[unknown]";
  std::string name;
  for (const char c : ToValidUtf8(function)) {
    if (c == '-' && name.ends_with('-')) name += ' ';
    name += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  const bool bracketed =
      (name.front() == '<' && name.back() == '>') || (name.front() == '(' && name.back() == ')');
  if (bracketed) {
    name.front() = '[';
    name.back() = ']';
  }
  return name.find_first_not_of(' ') == std::string::npos ? "[unknown]" : name;
}

std::string Hex(uint64_t value) {
  std::string digits;
  for (; value != 0; value >>= 4) digits += "0123456789abcdef"[value & 0xF];
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// The module of the outermost frame of the heaviest stack: what a reader would call the program.
std::string ProgramName(const StackProfile& profile) {
  const auto heaviest =
      std::max_element(profile.stacks.begin(), profile.stacks.end(),
                       [](const auto& a, const auto& b) { return a.cpu_ns < b.cpu_ns; });
  if (heaviest == profile.stacks.end() || heaviest->frames.empty()) return "hotroute";
  const std::string& path = profile.frames[heaviest->frames.front()].module_path;
  return path.empty() ? "hotroute" : SymbolName(path);
}

void AppendSymbols(const StackProfile& profile, std::string* out) {
  *out += "--- symbol\nbinary=" + ProgramName(profile) + '\n';
  for (size_t i = 0; i < profile.frames.size(); ++i) {
    *out += "0x" + Hex(AddressOf(i)) + ' ' + SymbolName(profile.frames[i].function) + '\n';
  }
  *out += "0x" + Hex(AddressOf(profile.frames.size())) + ' ' + kNoStackName + '\n';
  *out += "---\n";
}

// The stack's addresses, leaf first.
std::vector<uint64_t> AddressesOf(const StackSample& stack, size_t no_stack_frame) {
  if (stack.frames.empty()) return {AddressOf(no_stack_frame)};
  const size_t depth = std::min(stack.frames.size(), kMaxDepth);
  std::vector<uint64_t> addresses;
  addresses.reserve(depth);
  for (auto it = stack.frames.rbegin(); addresses.size() < depth; ++it) {
    addresses.push_back(AddressOf(*it));
  }
  return addresses;
}

}  // namespace

std::string EncodeGperftools(const StackProfile& profile) {
  std::vector<double> us;
  for (const StackSample& stack : profile.stacks) us.push_back(stack.cpu_ns / kNsPerUs);
  const std::vector<uint64_t> values = RoundToTotal(us);

  std::string out;
  AppendSymbols(profile, &out);
  out += "--- profile\n";
  for (const uint64_t slot : {0, 3, 0, 1, 0}) AppendSlot(slot, &out);
  // google-pprof takes a second address common to all stacks for a trace of a signal handler and
  // removes it. A stack of one frame and no value keeps it from that.
  if (!profile.frames.empty()) {
    for (const uint64_t slot : {uint64_t{0}, uint64_t{1}, AddressOf(0)}) AppendSlot(slot, &out);
  }
  for (size_t i = 0; i < profile.stacks.size(); ++i) {
    if (values[i] == 0) continue;
    const std::vector<uint64_t> addresses = AddressesOf(profile.stacks[i], profile.frames.size());
    AppendSlot(values[i], &out);
    AppendSlot(addresses.size(), &out);
    for (const uint64_t address : addresses) AppendSlot(address, &out);
  }
  for (const uint64_t slot : {0, 1, 0}) AppendSlot(slot, &out);
  return out;
}

}  // namespace hotroute::viewer
