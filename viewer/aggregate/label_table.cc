#include "viewer/aggregate/label_table.h"

#include <algorithm>

#include "viewer/aggregate/population_parser.h"

namespace hotroute::viewer {
namespace {

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

void LabelTable::Cell::Add(const store::ProfileRecord& record, double weight) {
  ++profiles;
  requests += weight;
  wall_ms += weight * MillisOfNanos(static_cast<double>(record.wall_ns));
  cpu_ms += weight * MillisOfNanos(static_cast<double>(record.cpu_ns));
  offcpu_ms += weight * MillisOfNanos(static_cast<double>(OffCpuNanos(record)));
}

LabelTable::Cell& LabelTable::CellOf(std::string_view key, std::string_view value, bool attribute) {
  Key wanted{std::string(key), std::string(value), attribute};
  const auto found = cells_.find(wanted);
  if (found != cells_.end()) return found->second;
  if (cells_.size() >= max_values_) wanted.value = kOtherValue;
  return cells_[std::move(wanted)];
}

void LabelTable::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  all_.Add(record, weight);
  for (const store::Label& label : record.labels)
    CellOf(label.key, label.value, false).Add(record, weight);
  CellOf("build", record.writer->build, true).Add(record, weight);
  CellOf("host", record.writer->host, true).Add(record, weight);
  CellOf("status", StatusText(record.kind, record.status), true).Add(record, weight);
  if (!record.method.empty()) CellOf("method", record.method, true).Add(record, weight);
}

LabelRow LabelTable::RowOf(const Key& key, const Cell& cell) const {
  LabelRow row;
  row.key = key.key;
  row.value = key.value;
  row.attribute = key.attribute;
  row.profiles = cell.profiles;
  row.requests = cell.requests;
  row.request_share = Ratio(cell.requests, all_.requests);
  row.wall_share = Ratio(cell.wall_ms, all_.wall_ms);
  row.cpu_share = Ratio(cell.cpu_ms, all_.cpu_ms);
  row.wall_ms = Ratio(cell.wall_ms, cell.requests);
  row.cpu_ms = Ratio(cell.cpu_ms, cell.requests);
  row.offcpu_ms = Ratio(cell.offcpu_ms, cell.requests);
  // By count of profiles, which is exact, where sums of weights might leave a rounding rest.
  if (cell.profiles < all_.profiles) {
    const double rest = Ratio(all_.wall_ms - cell.wall_ms, all_.requests - cell.requests);
    if (rest > 0) row.ratio = row.wall_ms / rest;
  }
  return row;
}

std::vector<LabelRow> LabelTable::Rows() const {
  std::vector<LabelRow> rows;
  for (const auto& [key, cell] : cells_) rows.push_back(RowOf(key, cell));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const LabelRow& a, const LabelRow& b) { return a.excess() > b.excess(); });
  return rows;
}

}  // namespace hotroute::viewer
