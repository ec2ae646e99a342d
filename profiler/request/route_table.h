// Every route this process has served: kind, name and method, interned once and kept for ever.
//
// In: names from requests. Out: a Route whose address is its identity. Bounded: 10,000 names and 64
// methods, then
// "[other]", so that a raw path used as url_name by mistake fills neither memory nor disk.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/losses.h"
#include "base/mutex.h"
#include "profiler/select/selector.h"
#include "proto/record_encoder.h"

namespace hotroute {

inline constexpr size_t kMaxNames = 10'000;
inline constexpr size_t kMaxMethods = 64;
inline constexpr size_t kMaxNameBytes = 200;
inline constexpr size_t kMaxMethodBytes = 32;
inline constexpr std::string_view kOtherName = "[other]";

// Thread-safe: constant but for the selection, which Start() changes and every request reads.
struct Route {
  RecordKind kind = RecordKind::kRequest;
  std::string name;
  std::string method;

  // The route's own threshold, or kUseDefault. Relaxed: stands alone.
  static constexpr Threshold kUseDefault = UINT64_MAX;
  std::atomic<Threshold> threshold{kUseDefault};
  std::atomic<bool> excluded{false};
};

// Equal, compared in place: names are short and nearly always equal when their hashes are, and the
// call of memcmp would cost more than the comparison.
inline bool SameName(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  size_t i = 0;
  for (uint64_t x, y; i + sizeof x <= a.size(); i += sizeof x) {
    std::memcpy(&x, a.data() + i, sizeof x);
    std::memcpy(&y, b.data() + i, sizeof y);
    if (x != y) return false;
  }
  for (; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// Hash under which threads look a route up.
uint64_t RouteHash(RecordKind kind, std::string_view name, std::string_view method);

// Thread-safe. One per process; its routes are never freed.
class RouteTable {
 public:
  explicit RouteTable(LossCounters* losses) : losses_(losses) {}

  struct Lookup {
    Route* route = nullptr;
    bool is_other =
        false;  // beyond the limit: the caller may remember the hash and skip the lock next time
  };

  // Finds or adds; takes a lock and may allocate: once per thread and route. Counts a request
  // beyond the limit.
  Lookup Intern(RecordKind kind, std::string_view name, std::string_view method);

  // Counts one more request beyond the limit, for callers who remembered the lookup.
  void CountBeyondLimit() { losses_->Add(Loss::kNameLimit); }

  // Applies `policy` to all routes, known and new.
  void SetPolicy(const RoutePolicy& policy);

 private:
  void Apply(Route* route) HOTROUTE_REQUIRES(mutex_);

  LossCounters* const losses_;
  Mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<Route>> routes_ HOTROUTE_GUARDED_BY(mutex_);
  std::unordered_set<std::string> names_ HOTROUTE_GUARDED_BY(mutex_);
  std::unordered_set<std::string> methods_ HOTROUTE_GUARDED_BY(mutex_);
  RoutePolicy policy_ HOTROUTE_GUARDED_BY(mutex_);
};

}  // namespace hotroute
