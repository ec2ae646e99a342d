// Counts by two names, such as route and status: what the shop and its load generator print when
// they end.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

namespace ticketshop {

// Thread-safe.
class Tally {
 public:
  void Count(const std::string& name, const std::string& outcome) {
    const std::lock_guard lock(mutex_);
    ++counts_[name][outcome];
  }

  // {"event.index": {"200": 12, "404": 1}}
  nlohmann::json Json() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, int64_t>> counts_;  // guarded by mutex_
};

}  // namespace ticketshop
