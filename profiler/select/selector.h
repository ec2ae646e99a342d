// Which requests are kept, and with what probability: arithmetic without an operating system in it.
//
// A request is drawn independently when it begins: kept at random when draw < threshold. With
// slow_threshold or keep_errors every request is captured and the decision falls at its end: slow
// and failed ones are kept with certainty, the rest with the fraction. The probability of having
// been kept is therefore known exactly, and 1 / probability is the weight that makes totals
// unbiased (Horvitz and Thompson 1952). Cost of a draw: about 3 ns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "proto/record_encoder.h"

namespace hotroute {

// A probability in units of 2^-63, so that 0 never selects, 1 always does, and the comparison is
// one instruction.
using Threshold = uint64_t;
inline constexpr Threshold kAlways = uint64_t{1} << 63;

// Requires 0 <= fraction <= 1.
Threshold ThresholdOf(double fraction);
double FractionOf(Threshold threshold);

// xorshift64* (Vigna 2014, "An experimental exploration of Marsaglia's xorshift generators,
// scrambled"). Owned by one thread. Not for secrets.
class Random {
 public:
  // Any seed; nearby seeds give unrelated streams.
  explicit Random(uint64_t seed);

  // Uniform over 64 bits.
  uint64_t Next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1du;
  }

  bool Draw(Threshold threshold) { return (Next() >> 1) < threshold; }

 private:
  uint64_t state_;
};

// The draw that a trace id stands for: a salted hash, so that every service of a trace decides
// alike, and independently of the tracer's own sampling of the same id.
bool DrawByTraceId(std::string_view trace_id, Threshold threshold);

// Overrides and exclusions by route: exact names, or a prefix followed by '*'. Thread-compatible.
class RoutePolicy {
 public:
  // kInvalidArgument names the pattern and the allowed range.
  Status AddFraction(std::string_view pattern, double fraction);
  Status Exclude(std::string_view pattern);

  // The route's own threshold; none where the default fraction applies. An exact name wins over a
  // prefix, a longer prefix over a shorter one.
  std::optional<Threshold> Override(std::string_view name) const;
  bool IsExcluded(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, Threshold>> fractions_;
  std::vector<std::string> excluded_;
};

// The shortest text that is this value and no other: just above 1 does not read "1".
std::string NumberText(double value);

// "fraction 1.5 is outside the allowed range, 0 to 1" unless it is inside.
Status CheckFraction(std::string_view what, double fraction);

// What is kept whatever the draw said.
struct KeepRules {
  uint64_t slow_threshold_ns = 0;  // 0: off
  bool keep_errors = false;

  // True when the decision has to wait for the request's end.
  bool decides_at_end() const { return slow_threshold_ns != 0 || keep_errors; }
};

struct Decision {
  bool keep = false;
  RecordStratum stratum = RecordStratum::kRandom;
  double probability = 0;  // of being kept, for a request that turned out like this one
};

// `drawn`: the request's draw succeeded; `fraction`: the fraction it was drawn with.
Decision Decide(const KeepRules& rules, bool drawn, double fraction, uint64_t wall_ns, bool failed);

}  // namespace hotroute
