// What a reader of profiles gets, and the one interface it gets it from.
//
// A source answers one question: "give me every kept request that matches this filter, and the
// exact counters beside them". Files under a data directory are one source (store/store.h); others
// can follow without a change to the viewer.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "proto/layout.h"
#include "store/stack_table.h"

namespace hotroute::store {

enum class Kind : uint8_t { kRequest = 0, kTask = 1 };
enum class Stratum : uint8_t { kRandom = 0, kSlow = 1, kError = 2, kForced = 3 };

// The process that took a profile.
struct Writer {
  uint32_t writer_id = 0;
  std::string host;
  uint64_t pid = 0;
  std::string service;
  std::string build;
  std::string version;
  std::string engine;
  std::string unwinder;
  int64_t start_us = 0;
  auto operator<=>(const Writer&) const = default;
};

struct Label {
  std::string_view key;
  std::string_view value;
};

// Equal neighbouring samples of one request.
struct SampleRun {
  NodeId node;            // in the StackTable of the query
  uint32_t count = 0;     // each stands for ProfileRecord::period_ns of CPU time
  int64_t offset_us = 0;  // of the first sample, from the request's start
};

// One kept request or task. The views are valid during the visit only.
struct ProfileRecord {
  ProfileId id;
  const Writer* writer = nullptr;
  Kind kind = Kind::kRequest;
  std::string_view name;    // url_name or task_name
  std::string_view method;  // empty for tasks
  uint32_t status = 0;      // HTTP status, or 1 success, 2 error, 3 expected-error; 0 not set
  int64_t start_us = 0;     // Unix time
  uint64_t wall_ns = 0;     // exact
  uint64_t cpu_ns = 0;      // exact; off-CPU is the rest of wall
  std::span<const Label> labels;
  std::string_view trace_id;
  Stratum stratum = Stratum::kRandom;
  double fraction = 0;
  double probability = 0;  // weight = 1 / probability; forced profiles never enter totals
  uint64_t period_ns = 0;
  std::span<const SampleRun> runs;  // in time order
  uint32_t samples_dropped = 0;
  uint32_t samples_truncated = 0;
  uint32_t samples_incomplete = 0;
};

// Exact counts of all requests, kept or not, of one writer, route, method, status class and minute.
struct ExposureRecord {
  const Writer* writer = nullptr;
  Kind kind = Kind::kRequest;
  std::string_view name;
  std::string_view method;
  uint32_t status_class = 0;  // requests: status / 100; tasks: the task status; 0 not set
  int64_t minute = 0;         // Unix time / 60
  uint64_t count = 0;
  uint64_t wall_ns = 0;  // sum
  uint64_t kept = 0;     // selected by the fraction, slow or failed
  std::span<const std::pair<uint32_t, uint64_t>> buckets;  // proto/histogram.h: bucket, count
};

// What a source can skip whole files by. The rest of a population's conditions is the viewer's.
struct ReadFilter {
  std::optional<std::string> name;  // url_name or task_name
  int64_t from_us = INT64_MIN;      // a request matches when its start is in [from, to)
  int64_t to_us = INT64_MAX;
  bool samples = true;  // false: leave `runs` empty, which is faster
};

// What reading could not give.
struct ReadReport {
  // Loss name -> count, as the writers stored them, for the files that were read.
  std::map<std::string, uint64_t> losses;
  // One line per damaged place or unreadable file: path, offset, what is lost.
  std::vector<std::string> damage;
  // Samples whose stack was defined in a damaged frame.
  uint64_t stacks_lost = 0;
};

// Thread-compatible. One StackTable belongs to one source: node ids of all its records are
// comparable.
class ProfileSource {
 public:
  virtual ~ProfileSource() = default;

  // Calls `visit` for every matching profile, in no promised order, each exactly once.
  virtual Status ReadProfiles(const ReadFilter& filter,
                              const std::function<void(const ProfileRecord&)>& visit,
                              ReadReport* report) = 0;
  // Calls `visit` for every matching counter cell; a cell matches when its minute overlaps [from,
  // to).
  virtual Status ReadExposures(const ReadFilter& filter,
                               const std::function<void(const ExposureRecord&)>& visit,
                               ReadReport* report) = 0;
  // The stacks that the records' node ids mean; grows with every read.
  virtual const StackTable& stacks() const = 0;
};

}  // namespace hotroute::store
