// Single requests worth looking at: the rows of `hotroute requests`.
//
// In: the profiles of a population. Out: its slowest, its failed (latest first) or its most typical
// (wall time nearest to the median) requests. Keeps no more than it returns.
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/profile_source.h"

namespace hotroute::viewer {

enum class RequestOrder { kSlowest, kFailed, kTypical };

// kInvalidArgument naming the value and the accepted forms.
Result<RequestOrder> ParseRequestOrder(std::string_view text);

// A profile without its samples, owning its strings.
struct RequestRow {
  ProfileId id;
  store::Kind kind = store::Kind::kRequest;
  std::string name;
  std::string method;
  uint32_t status = 0;
  int64_t start_us = 0;
  double wall_ms = 0;
  double cpu_ms = 0;
  double offcpu_ms = 0;
  std::vector<std::pair<std::string, std::string>> labels;
  std::string trace_id;  // raw bytes
  store::Stratum stratum = store::Stratum::kRandom;
  double weight = 0;  // 0: in no total
  std::string host;
  std::string build;
};

RequestRow RequestRowOf(const store::ProfileRecord& record, double weight);

// Thread-compatible.
class RequestTable {
 public:
  // `median_ms` of wall time is used by kTypical only.
  RequestTable(RequestOrder order, size_t limit, double median_ms)
      : order_(order), limit_(limit), median_ms_(median_ms) {}

  // Whether the request is one of those asked for, kept in the table or not.
  bool Add(const store::ProfileRecord& record, double weight);
  // First comes what was asked for most.
  std::vector<RequestRow> Rows() const;

 private:
  struct Candidate {
    double rank;  // greater comes first
    RequestRow row;
  };
  struct Behind {
    bool operator()(const Candidate& a, const Candidate& b) const;
  };

  double RankOf(const store::ProfileRecord& record) const;

  const RequestOrder order_;
  const size_t limit_;
  const double median_ms_;
  std::priority_queue<Candidate, std::vector<Candidate>, Behind> best_;  // the least of them on top
};

}  // namespace hotroute::viewer
