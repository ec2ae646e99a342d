// One request in time order: where its CPU time went, one after the other.
//
// In: a profile's runs of equal samples. Out: the stacks as they were met, and from one to the next
// what changed of the stack: the functions that were entered, not the callers that stayed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/profile_source.h"
#include "viewer/aggregate/symbolizer.h"

namespace hotroute::viewer {

// Equal neighbouring samples.
struct TimelineRun {
  double offset_ms = 0;  // of the first sample, from the request's start
  double cpu_ms = 0;
  uint32_t samples = 0;
  std::vector<uint32_t> frames;  // root first, indices into Symbolizer::frames()
};

// A stretch of time with one stack.
struct TimelineSpan {
  double offset_ms = 0;
  double wall_ms = 0;  // to the next span, or to the request's end
  double cpu_ms = 0;
  uint32_t samples = 0;
  std::vector<uint32_t> frames;  // innermost first; down to the callers shared with the span before
  uint32_t shared = 0;           // callers shared with the span before, left out of `frames`
};

std::vector<TimelineRun> TimelineOf(const store::ProfileRecord& record, Symbolizer* symbolizer);

// In time order; neighbours with equal stacks are one. `frames` holds the innermost frame at least.
// `wall_ms` is the request's.
std::vector<TimelineSpan> SpansOf(const std::vector<TimelineRun>& runs, double wall_ms);

}  // namespace hotroute::viewer
