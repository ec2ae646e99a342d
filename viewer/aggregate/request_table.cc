#include "viewer/aggregate/request_table.h"

#include <algorithm>
#include <cmath>

#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

Result<RequestOrder> ParseRequestOrder(std::string_view text) {
  if (text == "slowest") return RequestOrder::kSlowest;
  if (text == "failed") return RequestOrder::kFailed;
  if (text == "typical") return RequestOrder::kTypical;
  return InvalidArgument("order '" + std::string(text) +
                         "' is not one of slowest, typical, failed");
}

RequestRow RequestRowOf(const store::ProfileRecord& record, double weight) {
  RequestRow row;
  row.id = record.id;
  row.kind = record.kind;
  row.name = record.name;
  row.method = record.method;
  row.status = record.status;
  row.start_us = record.start_us;
  row.wall_ms = MillisOfNanos(static_cast<double>(record.wall_ns));
  row.cpu_ms = MillisOfNanos(static_cast<double>(record.cpu_ns));
  row.offcpu_ms = MillisOfNanos(static_cast<double>(OffCpuNanos(record)));
  for (const store::Label& label : record.labels) row.labels.emplace_back(label.key, label.value);
  row.trace_id = record.trace_id;
  row.stratum = record.stratum;
  row.weight = weight;
  row.host = record.writer->host;
  row.build = record.writer->build;
  return row;
}

// "Greater" for the queue is what comes first, so that its top is what to give up. The id settles
// ties.
bool RequestTable::Behind::operator()(const Candidate& a, const Candidate& b) const {
  if (a.rank != b.rank) return a.rank > b.rank;
  return a.row.id < b.row.id;
}

double RequestTable::RankOf(const store::ProfileRecord& record) const {
  const double wall_ms = MillisOfNanos(static_cast<double>(record.wall_ns));
  switch (order_) {
    case RequestOrder::kSlowest:
      return wall_ms;
    case RequestOrder::kFailed:
      return static_cast<double>(record.start_us);
    case RequestOrder::kTypical:
      return -std::abs(wall_ms - median_ms_);
  }
  return 0;
}

bool RequestTable::Add(const store::ProfileRecord& record, double weight) {
  if (order_ == RequestOrder::kFailed && !IsFailure(record.kind, record.status)) return false;
  // A forced request is in no total, so it is typical of nothing.
  if (order_ == RequestOrder::kTypical && weight <= 0) return false;
  const double rank = RankOf(record);
  if (best_.size() == limit_ && (limit_ == 0 || rank < best_.top().rank)) return true;
  best_.push({rank, RequestRowOf(record, weight)});
  if (best_.size() > limit_) best_.pop();
  return true;
}

std::vector<RequestRow> RequestTable::Rows() const {
  auto queue = best_;
  std::vector<RequestRow> rows;
  for (; !queue.empty(); queue.pop()) rows.push_back(queue.top().row);
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace hotroute::viewer
