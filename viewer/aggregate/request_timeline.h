// One request in time order: where its CPU time went, one after the other.
//
// In: a profile's runs of equal samples. Out: the stacks as they were met, and a tree of spans in
// which neighbours that share callers are one span. A function called twice with something else
// between is two spans.
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

// A stretch of time with the same frame at the same place of the stack.
struct TimelineSpan {
  uint32_t depth = 0;            // 0 for the outermost
  std::vector<uint32_t> frames;  // the frame, and those below it that fill the whole span
  double offset_ms = 0;
  double cpu_ms = 0;
  uint32_t samples = 0;
};

std::vector<TimelineRun> TimelineOf(const store::ProfileRecord& record, Symbolizer* symbolizer);

// In time order, callers before what they called.
std::vector<TimelineSpan> FoldSpans(const std::vector<TimelineRun>& runs);

}  // namespace hotroute::viewer
