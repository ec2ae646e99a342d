#include "ticketshop/load_report.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ticketshop {
namespace {

double Round(double value) { return std::round(value * 100) / 100; }

nlohmann::json Summarise(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double q) {
    return Round(values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))]);
  };
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {{"mean", Round(sum / static_cast<double>(values.size()))},
          {"p50", quantile(0.5)},
          {"p95", quantile(0.95)},
          {"p99", quantile(0.99)}};
}

}  // namespace

void LoadReport::Answered(const PlannedRequest& request, int status, double wall_ms) {
  statuses_.Count(request.url_name, std::to_string(status));
  if (!request.shop.empty()) shops_.Count(request.url_name, request.shop);
  const std::lock_guard lock(mutex_);
  wall_ms_[request.url_name].push_back(wall_ms);
}

void LoadReport::Failed(const PlannedRequest& request) {
  failed_.Count(request.url_name, "no answer");
}

nlohmann::json LoadReport::Json(double seconds) const {
  nlohmann::json wall = nlohmann::json::object();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [url_name, values] : wall_ms_) wall[url_name] = Summarise(values);
  }
  return {{"seconds", Round(seconds)},
          {"requests", statuses_.Json()},
          {"shops", shops_.Json()},
          {"wall_ms", wall},
          {"failed", failed_.Json()}};
}

}  // namespace ticketshop
