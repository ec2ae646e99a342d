// What is known about one file without reading it again: the unit of the index.
//
// In: the records of a segment or metrics file, as a reader meets them. Out: their time range,
// names, counts and losses. Nothing here is about a single profile, so a summary stays small
// however long the file is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/frame.h"
#include "store/profile_source.h"

namespace hotroute::store {

// One url_name or task_name in one file.
struct DatasetSummary {
  std::string name;
  Kind kind = Kind::kRequest;
  int64_t first_us = INT64_MAX;  // Unix time, inclusive
  int64_t last_us = INT64_MIN;   // inclusive
  uint64_t profiles = 0;
  uint64_t requests = 0;  // counted exactly; metrics files only
  bool operator==(const DatasetSummary&) const = default;
};

struct FileSummary {
  std::string path;  // below the data directory
  FileKind kind = FileKind::kSegment;
  uint64_t bytes = 0;  // that were read; a file of another size has to be read again
  bool sealed = false;
  bool damaged = false;  // such a file is read by every query, so that each says what it lacks
  int64_t first_us = INT64_MAX;  // over all datasets
  int64_t last_us = INT64_MIN;
  uint64_t profiles = 0;
  uint64_t requests = 0;
  Writer writer;
  std::vector<DatasetSummary> datasets;  // by name, then kind
  std::map<std::string, uint64_t> losses;
  bool operator==(const FileSummary&) const = default;
};

// Collects the datasets of one file. Thread-compatible.
class DatasetCollector {
 public:
  // One record of `name` that covers [first_us, last_us] and stands for that many profiles and
  // counted requests.
  void Add(std::string_view name, Kind kind, int64_t first_us, int64_t last_us, uint64_t profiles,
           uint64_t requests);
  // Moves what was collected into `summary`, with its totals.
  void Finish(FileSummary* summary);

 private:
  std::map<std::pair<std::string, Kind>, DatasetSummary> datasets_;
};

// Can a record of the summarised file match `filter`? False only when none can.
bool MayMatch(const FileSummary& summary, const ReadFilter& filter);
// The same for a time range, both ends included.
bool OverlapsTime(int64_t first_us, int64_t last_us, const ReadFilter& filter);

// The filter that no record matches: for reading a file for its summary alone.
ReadFilter MatchNothing();

}  // namespace hotroute::store
