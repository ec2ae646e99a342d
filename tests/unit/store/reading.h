// Reads files and stores whole, into plain values that tests compare.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "store/segment_reader.h"
#include "store/store.h"
#include "tests/support/segment_builder.h"

namespace hotroute::testing {

// "<number> <name> a;b 3|a;c 1" for one profile.
inline std::string ProfileText(const store::ProfileRecord& profile,
                               const store::StackTable& stacks) {
  std::string text = std::to_string(profile.id.number) + " " + std::string(profile.name);
  char separator = ' ';
  for (const store::SampleRun& run : profile.runs) {
    text += separator + StackText(stacks, run.node) + " " + std::to_string(run.count);
    separator = '|';
  }
  return text;
}

struct SegmentContent {
  std::vector<std::string> profiles;
  store::FileRead read;
};

inline SegmentContent ReadSegmentBytes(const std::string& bytes,
                                       const store::ReadFilter& filter = {}) {
  store::WriterTable writers;
  store::StackTable stacks;
  store::ProfileSet seen;
  SegmentContent content;
  const store::FileReader file("f.seg", FileKind::kSegment, bytes);
  content.read =
      store::ReadSegment(file, "segments/0/web9-1-000000ff-000001.seg", filter,
                         {&writers, &stacks, &seen}, [&](const store::ProfileRecord& profile) {
                           content.profiles.push_back(ProfileText(profile, stacks));
                         });
  return content;
}

struct StoreContent {
  std::vector<std::string> profiles;  // sorted
  store::ReadReport report;
  bool operator==(const StoreContent& other) const {
    return profiles == other.profiles && report.losses == other.report.losses &&
           report.damage == other.report.damage && report.stacks_lost == other.report.stacks_lost;
  }
};

inline StoreContent ReadStore(store::Store& store, const store::ReadFilter& filter = {}) {
  StoreContent content;
  const Status status = store.ReadProfiles(
      filter,
      [&](const store::ProfileRecord& profile) {
        content.profiles.push_back(ProfileText(profile, store.stacks()));
      },
      &content.report);
  if (!status.ok()) content.report.damage.push_back(status.message());
  std::sort(content.profiles.begin(), content.profiles.end());
  return content;
}

}  // namespace hotroute::testing
