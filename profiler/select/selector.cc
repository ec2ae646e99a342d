#include "profiler/select/selector.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <charconv>
#include <cmath>

namespace hotroute {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

// Constant for ever: services built years apart must agree on a trace.
constexpr uint64_t kTraceSalt = 0x7472616365736c74u;

bool IsPrefixPattern(std::string_view pattern) { return pattern.ends_with('*'); }

bool Matches(std::string_view pattern, std::string_view name) {
  if (!IsPrefixPattern(pattern)) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

// Exact names before prefixes, long prefixes before short ones.
size_t Specificity(std::string_view pattern) {
  return IsPrefixPattern(pattern) ? pattern.size() : SIZE_MAX;
}

Status CheckPattern(std::string_view pattern) {
  const size_t star = pattern.find('*');
  if (pattern.empty() || (star != std::string_view::npos && star + 1 != pattern.size())) {
    return InvalidArgument("route \"" + std::string(pattern) +
                           "\" is not a name or a prefix followed by one '*'");
  }
  return {};
}

}  // namespace

Threshold ThresholdOf(double fraction) {
  return static_cast<Threshold>(std::llround(fraction * 0x1p62)) * 2;
}

double FractionOf(Threshold threshold) { return static_cast<double>(threshold) / kTwoTo63; }

Random::Random(uint64_t seed) {
  // SplitMix64's finaliser, so that seeds 1, 2, 3 start far apart; xorshift must not start at 0.
  seed += 0x9e3779b97f4a7c15u;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
  state_ = (seed ^ (seed >> 31)) | 1;
}

bool DrawByTraceId(std::string_view trace_id, Threshold threshold) {
  return (XXH64(trace_id.data(), trace_id.size(), kTraceSalt) >> 1) < threshold;
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "nan";
  char text[32];  // the longest is 24 characters
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

Status CheckFraction(std::string_view what, double fraction) {
  if (fraction >= 0 && fraction <= 1) return {};
  return InvalidArgument(std::string(what) + " " + NumberText(fraction) +
                         " is outside the allowed range, 0 to 1 (0.1 is one request in ten)");
}

Status RoutePolicy::AddFraction(std::string_view pattern, double fraction) {
  HOTROUTE_RETURN_IF_ERROR(CheckPattern(pattern));
  HOTROUTE_RETURN_IF_ERROR(
      CheckFraction("fraction of route \"" + std::string(pattern) + "\":", fraction));
  fractions_.emplace_back(pattern, ThresholdOf(fraction));
  return {};
}

Status RoutePolicy::Exclude(std::string_view pattern) {
  HOTROUTE_RETURN_IF_ERROR(CheckPattern(pattern));
  excluded_.emplace_back(pattern);
  return {};
}

std::optional<Threshold> RoutePolicy::Override(std::string_view name) const {
  std::optional<Threshold> best;
  size_t best_specificity = 0;
  for (const auto& [pattern, threshold] : fractions_) {
    if (Matches(pattern, name) && Specificity(pattern) > best_specificity) {
      best = threshold;
      best_specificity = Specificity(pattern);
    }
  }
  return best;
}

bool RoutePolicy::IsExcluded(std::string_view name) const {
  for (const std::string& pattern : excluded_) {
    if (Matches(pattern, name)) return true;
  }
  return false;
}

Decision Decide(const KeepRules& rules, bool drawn, double fraction, uint64_t wall_ns,
                bool failed) {
  if (rules.slow_threshold_ns != 0 && wall_ns >= rules.slow_threshold_ns)
    return {true, RecordStratum::kSlow, 1};
  if (rules.keep_errors && failed) return {true, RecordStratum::kError, 1};
  return {drawn, RecordStratum::kRandom, fraction};
}

}  // namespace hotroute
