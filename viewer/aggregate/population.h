// A population: the requests a question is about. Everything the viewer shows starts from one.
//
// In: conditions, parsed by population_parser.h. Out: a yes or no per profile and per counter cell.
// Values of one condition are alternatives (--status 404 --status 5xx), different conditions must
// all hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/profile_source.h"

namespace hotroute::viewer {

// Statuses [from, to) of one kind: 404 is [404, 405), 5xx is [500, 600), the task status error is
// [2, 3).
struct StatusRange {
  store::Kind kind = store::Kind::kRequest;
  uint32_t from = 0;
  uint32_t to = 0;
  bool operator==(const StatusRange&) const = default;
};

// Wall time in [from_ns, to_ns).
struct DurationRange {
  uint64_t from_ns = 0;
  uint64_t to_ns = UINT64_MAX;
  bool operator==(const DurationRange&) const = default;
};

// Wall time between two percentiles of the population without this condition; 100 includes the
// slowest.
struct PercentileBand {
  double from = 0;
  double to = 100;
  bool operator==(const PercentileBand&) const = default;
};

// Thread-compatible.
struct Population {
  std::optional<std::string> name;  // url_name or task_name
  std::optional<store::Kind> kind;
  int64_t from_us = INT64_MIN;  // a request belongs when it started in [from, to)
  int64_t to_us = INT64_MAX;
  std::vector<std::pair<std::string, std::string>>
      labels;  // alternatives where the key is the same
  std::vector<std::string> methods;
  std::vector<std::string> builds;
  std::vector<std::string> hosts;
  std::vector<std::string> services;
  std::vector<StatusRange> statuses;
  std::vector<store::Stratum> strata;
  std::optional<DurationRange> duration;
  std::optional<PercentileBand> band;
  // Every condition as it was given: flag name without dashes, value.
  std::vector<std::pair<std::string, std::string>> given;

  // All conditions but the band, which is turned into a duration before (query.h).
  bool Matches(const store::ProfileRecord& record) const;
  // Requires CountersApply().
  bool Matches(const store::ExposureRecord& record) const;
  // Whether the exact counters can tell this population apart: they know name, kind, method, status
  // class, build, host, service and the minute, and nothing else.
  bool CountersApply() const;
  // What a source can skip files by.
  store::ReadFilter Filter(bool samples) const;
};

}  // namespace hotroute::viewer
