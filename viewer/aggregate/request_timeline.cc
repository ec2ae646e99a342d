#include "viewer/aggregate/request_timeline.h"

#include <algorithm>

#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {
namespace {

// Callers that two stacks have in common, the innermost frame of `frames` never among them.
size_t SharedCallers(const std::vector<uint32_t>& frames, const std::vector<uint32_t>& before) {
  const size_t most = std::min(frames.empty() ? 0 : frames.size() - 1, before.size());
  const auto end = frames.begin() + static_cast<std::ptrdiff_t>(most);
  return static_cast<size_t>(std::mismatch(frames.begin(), end, before.begin()).first -
                             frames.begin());
}

}  // namespace

std::vector<TimelineRun> TimelineOf(const store::ProfileRecord& record, Symbolizer* symbolizer) {
  std::vector<TimelineRun> runs;
  for (const store::SampleRun& run : record.runs) {
    TimelineRun line;
    line.offset_ms = static_cast<double>(run.offset_us) / 1000;
    line.samples = run.count;
    line.cpu_ms =
        MillisOfNanos(static_cast<double>(run.count) * static_cast<double>(record.period_ns));
    for (NodeId node = run.node; node; node = symbolizer->stacks().parent(node)) {
      line.frames.push_back(symbolizer->FrameOf(node));
    }
    std::reverse(line.frames.begin(), line.frames.end());
    runs.push_back(std::move(line));
  }
  return runs;
}

std::vector<TimelineSpan> SpansOf(const std::vector<TimelineRun>& runs, double wall_ms) {
  std::vector<TimelineSpan> spans;
  const TimelineRun* before = nullptr;
  for (const TimelineRun& run : runs) {
    if (before == nullptr || run.frames != before->frames) {
      const size_t shared = before == nullptr ? 0 : SharedCallers(run.frames, before->frames);
      TimelineSpan span;
      span.offset_ms = run.offset_ms;
      span.shared = static_cast<uint32_t>(shared);
      span.frames.assign(run.frames.rbegin(),
                         run.frames.rend() - static_cast<std::ptrdiff_t>(shared));
      spans.push_back(std::move(span));
    }
    spans.back().cpu_ms += run.cpu_ms;
    spans.back().samples += run.samples;
    before = &run;
  }
  for (size_t i = 0; i < spans.size(); ++i) {
    const double end_ms = i + 1 < spans.size() ? spans[i + 1].offset_ms : wall_ms;
    spans[i].wall_ms = std::max(0.0, end_ms - spans[i].offset_ms);
  }
  return spans;
}

}  // namespace hotroute::viewer
