// Routes and tasks of a population: the rows of `hotroute urls`.
//
// In: profiles with weights, and the exact counters where they can tell the population apart. Out:
// one row per url_name or task_name. Where counters apply, counts, errors and wall times are of all
// requests, and CPU and waiting are calibrated with them (cost_estimator.h); else they are
// estimates.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/profile_source.h"
#include "viewer/aggregate/cost_estimator.h"
#include "viewer/aggregate/wall_distribution.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

struct WallRow {
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
};

struct UrlRow {
  std::string name;
  store::Kind kind = store::Kind::kRequest;
  uint64_t profiles = 0;                   // that carry weight
  std::optional<double> requests;          // estimate; empty where nothing was ever selected
  std::optional<uint64_t> requests_exact;  // empty where the counters cannot tell, or have none
  double errors = 0;                       // exact where requests_exact is, else estimated
  std::optional<WallRow> wall_ms;          // empty without counters and without profiles
  std::optional<MeanAndError> cpu_ms;      // empty without profiles
  std::optional<MeanAndError> offcpu_ms;
  double share = 0;  // of all wall time of the population
};

// Memory is bounded by the number of routes. Thread-compatible.
class UrlTable {
 public:
  void Add(const store::ProfileRecord& record, double weight);
  void AddExposure(const store::ExposureRecord& record);
  // By share, then name.
  std::vector<UrlRow> Rows() const;

 private:
  struct Cell {
    WeightSum requests;
    CostEstimator costs;
    WallHistogram sampled_walls;
    double sampled_errors = 0;
    uint64_t counted_errors = 0;
    WallHistogram counted_walls;
  };
  using Key = std::pair<std::string, store::Kind>;

  Cell& CellOf(std::string_view name, store::Kind kind);
  static UrlRow RowOf(const Key& key, const Cell& cell);

  std::map<Key, Cell> cells_;
};

}  // namespace hotroute::viewer
