#include "profiler/request/route_table.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hotroute {
namespace {

std::string KeyOf(RecordKind kind, std::string_view name, std::string_view method) {
  std::string key(1, static_cast<char>(kind));
  key.append(name);
  key.push_back('\0');
  key.append(method);
  return key;
}

// Adds `value` unless the set is full; false when it is neither in nor added.
bool Admit(std::unordered_set<std::string>* set, std::string_view value, size_t limit) {
  if (set->contains(std::string(value))) return true;
  if (set->size() >= limit) return false;
  set->emplace(value);
  return true;
}

}  // namespace

uint64_t RouteHash(RecordKind kind, std::string_view name, std::string_view method) {
  const uint64_t hash = XXH3_64bits(name.data(), name.size());
  if (method.empty()) return hash ^ static_cast<uint64_t>(kind);
  return hash ^ (XXH3_64bits(method.data(), method.size()) * 0x9e3779b97f4a7c15u);
}

RouteTable::Lookup RouteTable::Intern(RecordKind kind, std::string_view name,
                                      std::string_view method) {
  MutexLock lock(mutex_);
  bool is_other = false;
  if (name != kOtherName && !Admit(&names_, name, kMaxNames)) {
    name = kOtherName;
    is_other = true;
  }
  if (!method.empty() && method != kOtherName && !Admit(&methods_, method, kMaxMethods)) {
    method = kOtherName;
    is_other = true;
  }
  if (is_other) CountBeyondLimit();
  std::unique_ptr<Route>& route = routes_[KeyOf(kind, name, method)];
  if (route == nullptr) {
    route = std::make_unique<Route>();
    route->kind = kind;
    route->name = name;
    route->method = method;
    Apply(route.get());
  }
  return {route.get(), is_other};
}

void RouteTable::SetPolicy(const RoutePolicy& policy) {
  MutexLock lock(mutex_);
  policy_ = policy;
  for (auto& [key, route] : routes_) Apply(route.get());
}

void RouteTable::Apply(Route* route) {
  route->threshold.store(policy_.Override(route->name).value_or(Route::kUseDefault),
                         std::memory_order_relaxed);
  route->excluded.store(policy_.IsExcluded(route->name), std::memory_order_relaxed);
}

}  // namespace hotroute
