#include "viewer/aggregate/url_table.h"

#include <algorithm>

#include "viewer/aggregate/population_parser.h"

namespace hotroute::viewer {
namespace {

constexpr uint32_t kServerErrorClass = 5;
constexpr uint32_t kTaskErrorClass = 2;

bool IsFailureClass(const store::ExposureRecord& record) {
  return record.status_class ==
         (record.kind == store::Kind::kTask ? kTaskErrorClass : kServerErrorClass);
}

WallRow WallOf(const WallHistogram& walls, double mean_ms) {
  return {mean_ms, MillisOfNanos(walls.QuantileNanos(0.50)),
          MillisOfNanos(walls.QuantileNanos(0.95)), MillisOfNanos(walls.QuantileNanos(0.99))};
}

}  // namespace

UrlTable::Cell& UrlTable::CellOf(std::string_view name, store::Kind kind) {
  return cells_[Key(std::string(name), kind)];
}

void UrlTable::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  Cell& cell = CellOf(record.name, record.kind);
  cell.requests.Add(weight);
  cell.costs.Add(record, weight);
  cell.sampled_walls.AddWall(record.wall_ns, weight);
  if (IsFailure(record.kind, record.status)) cell.sampled_errors += weight;
}

void UrlTable::AddExposure(const store::ExposureRecord& record) {
  Cell& cell = CellOf(record.name, record.kind);
  cell.costs.AddExposure(record);
  if (IsFailureClass(record)) cell.counted_errors += record.count;
  for (const auto& [bucket, count] : record.buckets) {
    cell.counted_walls.AddBucket(bucket, static_cast<double>(count));
  }
}

UrlRow UrlTable::RowOf(const Key& key, const Cell& cell) {
  UrlRow row;
  row.name = key.first;
  row.kind = key.second;
  row.profiles = cell.requests.count();
  const std::optional<CostEstimate> costs = cell.costs.Estimate();
  if (costs) {
    row.requests = cell.requests.sum();
    row.errors = cell.sampled_errors;
    row.wall_ms = WallOf(cell.sampled_walls, costs->wall_ms.mean);
    row.cpu_ms = costs->cpu_ms;
    row.offcpu_ms = costs->offcpu_ms;
    row.share = cell.costs.wall_ms();
  }
  if (const uint64_t counted = cell.costs.counted(); counted > 0) {
    const double wall_ms = cell.costs.counted_wall_ms();
    row.requests_exact = counted;
    row.errors = static_cast<double>(cell.counted_errors);
    row.wall_ms = WallOf(cell.counted_walls, wall_ms / static_cast<double>(counted));
    row.share = wall_ms;
  }
  return row;
}

std::vector<UrlRow> UrlTable::Rows() const {
  std::vector<UrlRow> rows;
  double total = 0;
  for (const auto& [key, cell] : cells_) {
    rows.push_back(RowOf(key, cell));
    total += rows.back().share;
  }
  for (UrlRow& row : rows) row.share = total > 0 ? row.share / total : 0;
  std::stable_sort(rows.begin(), rows.end(),
                   [](const UrlRow& a, const UrlRow& b) { return a.share > b.share; });
  return rows;
}

}  // namespace hotroute::viewer
