// A population asked of a source: reads the matching profiles with their weights, and keeps account
// of what the answer rests on and of what was lost.
//
// In: a ProfileSource and a Population. Out: visits; then summary() and report() of the last
// ReadProfiles().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/profile_source.h"
#include "viewer/aggregate/cost_estimator.h"
#include "viewer/aggregate/population.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

// What an answer rests on.
struct PopulationSummary {
  WeightSum requests;    // count(): profiles that carry weight; sum(): requests they stand for
  CostEstimator costs;   // calibrated once ReadExposures() has read the counters
  uint64_t forced = 0;   // matching profiles that were forced; in no total
  uint64_t invalid = 0;  // matching profiles without a usable probability; in no total
  int64_t first_us = INT64_MAX;  // starts of the matching profiles
  int64_t last_us = INT64_MIN;
  uint64_t matching() const { return requests.count() + forced + invalid; }
};

// A route or task and the time its profiles span.
struct NameRange {
  std::string name;
  store::Kind kind = store::Kind::kRequest;
  uint64_t profiles = 0;
  int64_t first_us = INT64_MAX;
  int64_t last_us = INT64_MIN;
};

// Thread-compatible.
class Query {
 public:
  using Visitor = std::function<void(const store::ProfileRecord&, double weight)>;

  Query(store::ProfileSource& source, Population population)
      : source_(source), population_(std::move(population)) {}

  // Calls `visit` for every matching profile; the weight is 0 for those that totals leave out. The
  // first call resolves a percentile band, which reads the population once more.
  Status ReadProfiles(bool samples, const Visitor& visit);
  // Calls `visit` for the one profile with that id, whatever the population, if there is one.
  Status ReadProfile(const ProfileId& id, const Visitor& visit);
  // Calls `visit` for every matching counter cell, and calibrates summary().costs with it. Requires
  // population().CountersApply(), and ReadProfiles() before.
  Status ReadExposures(const std::function<void(const store::ExposureRecord&)>& visit);
  // All url_names and task_names with profiles or counters, whatever the population; sorted by
  // name.
  Result<std::vector<NameRange>> Names();

  const Population& population() const { return population_; }
  const PopulationSummary& summary() const { return summary_; }
  // Adds to report().damage what other files lack that the answer needs.
  void AddDamage(const std::vector<std::string>& lines);
  const store::ReadReport& report() const { return report_; }
  store::ProfileSource& source() const { return source_; }

 private:
  Status ResolveBand();

  store::ProfileSource& source_;
  Population population_;
  bool band_resolved_ = false;
  PopulationSummary summary_;
  store::ReadReport report_;
};

}  // namespace hotroute::viewer
