// Who carries the cost: the rows of `hotroute labels`.
//
// In: profiles with weights. Out: per label value (and per build, host, method and status, told the
// same way) its share of requests beside its share of time. First comes the value whose share of
// wall time exceeds its share of requests most.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/profile_source.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

struct LabelRow {
  std::string key;
  std::string value;
  bool attribute = false;  // build, host, method or status: not a label that the service set
  uint64_t profiles = 0;
  double requests = 0;       // estimate
  double request_share = 0;  // of the population's requests
  double wall_share = 0;     // of its wall time
  double cpu_share = 0;      // of its CPU time
  double wall_ms = 0;        // mean per request
  double cpu_ms = 0;
  double offcpu_ms = 0;
  std::optional<double> ratio;  // wall_ms to that of all other requests; empty when there are none
  double excess() const { return wall_share - request_share; }
};

// Memory is bounded: behind kMaxValues values of all keys together, further ones are counted as
// kOtherValue. Thread-compatible.
class LabelTable {
 public:
  static constexpr size_t kMaxValues = 200'000;
  static constexpr std::string_view kOtherValue = "[other]";

  explicit LabelTable(size_t max_values = kMaxValues) : max_values_(max_values) {}

  void Add(const store::ProfileRecord& record, double weight);
  // By excess, then key and value.
  std::vector<LabelRow> Rows() const;

 private:
  struct Key {
    std::string key;
    std::string value;
    bool attribute = false;
    auto operator<=>(const Key&) const = default;
  };
  struct Cell {
    uint64_t profiles = 0;
    double requests = 0;
    double wall_ms = 0;  // sums over requests
    double cpu_ms = 0;
    double offcpu_ms = 0;
    void Add(const store::ProfileRecord& record, double weight);
  };

  Cell& CellOf(std::string_view key, std::string_view value, bool attribute);
  LabelRow RowOf(const Key& key, const Cell& cell) const;

  const size_t max_values_;
  Cell all_;
  std::map<Key, Cell> cells_;
};

}  // namespace hotroute::viewer
