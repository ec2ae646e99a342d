// What the load generator saw, as one JSON object: counts by route and status and by route and
// shop, and answer times.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ticketshop/load_visitor.h"
#include "ticketshop/tally.h"

namespace ticketshop {

// Thread-safe.
class LoadReport {
 public:
  void Answered(const PlannedRequest& request, int status, double wall_ms);
  // No answer came: the shop is gone or too busy to accept.
  void Failed(const PlannedRequest& request);

  // {"seconds": 10.0, "requests": {"event.index": {"200": 12}}, "shops": {"event.index": {"museum":
  // 3}},
  //  "wall_ms": {"event.index": {"mean": 4.1, "p50": 1.9, "p95": 9.0, "p99": 80.2}}, "failed": {}}
  nlohmann::json Json(double seconds) const;

 private:
  Tally statuses_;
  Tally shops_;
  Tally failed_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<double>> wall_ms_;  // guarded by mutex_
};

}  // namespace ticketshop
