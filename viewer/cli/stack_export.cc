#include "viewer/cli/stack_export.h"

#include <algorithm>

namespace hotroute::viewer {
namespace {

// Gives every location in use its place in StackProfile::frames.
class FrameList {
 public:
  FrameList(Symbolizer* symbolizer, StackProfile* profile)
      : symbolizer_(symbolizer),
        profile_(profile),
        places_(symbolizer->stacks().location_count() + 1) {}

  uint32_t PlaceOf(LocationId location) {
    uint32_t& place = places_[location.value()];
    if (place == 0) {
      profile_->frames.push_back(FrameOf(location));
      place = static_cast<uint32_t>(profile_->frames.size());
    }
    return place - 1;
  }

 private:
  StackFrame FrameOf(LocationId id) {
    const store::StackTable& stacks = symbolizer_->stacks();
    const Frame shown = symbolizer_->frames()[symbolizer_->FrameOfLocation(id)];
    const store::Location& location = stacks.location(id);
    const store::Module& module = stacks.module(location.module);
    return {.function = shown.function,
            .system_name = symbolizer_->MangledName(id),
            .file = shown.file,
            .line = shown.line,
            .module_path = module.path,
            .build_id = module.build_id,
            .offset = location.offset};
  }

  Symbolizer* const symbolizer_;
  StackProfile* const profile_;
  std::vector<uint32_t> places_;  // by location: place + 1, 0 not used yet
};

}  // namespace

void StackExport::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  costs_.Add(record, weight);
  period_ns_ = std::max(period_ns_, record.period_ns);
  start_us_ = std::min(start_us_, record.start_us);
  end_us_ = std::max(end_us_, record.start_us + static_cast<int64_t>(record.wall_ns / 1000));
}

StackProfile StackExport::Finish(Symbolizer* symbolizer) const {
  StackProfile profile;
  profile.period_ns = period_ns_;
  profile.start_us = start_us_;
  profile.end_us = end_us_;
  const store::StackTable& stacks = symbolizer->stacks();
  FrameList frames(symbolizer, &profile);
  for (uint32_t i = 0; i < costs_.samples().size(); ++i) {
    if (costs_.samples()[i] == 0) continue;
    StackSample sample;
    for (NodeId node(i); node; node = stacks.parent(node)) {
      sample.frames.push_back(frames.PlaceOf(stacks.location_of(node)));
    }
    std::reverse(sample.frames.begin(), sample.frames.end());
    sample.samples = costs_.samples()[i];
    sample.cpu_ns = costs_.self_ns()[i];
    profile.stacks.push_back(std::move(sample));
  }
  return profile;
}

}  // namespace hotroute::viewer
