// Distinct integer types for the ids of the format, so that a string's number cannot be used as a
// frame's.
//
// All ids are dense, start at 1 and mean "none" when 0 (NodeId 0 is the root of every stack).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace hotroute {

// Thread-compatible.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t value) : value_(value) {}
  constexpr uint32_t value() const { return value_; }
  constexpr explicit operator bool() const { return value_ != 0; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  uint32_t value_ = 0;
};

using StringId = Id<struct StringTag>;      // a byte string of one file's dictionary
using ModuleId = Id<struct ModuleTag>;      // a loaded executable or shared object
using LocationId = Id<struct LocationTag>;  // module + offset
using NodeId = Id<struct NodeTag>;          // a location under its caller: one stack, root first

}  // namespace hotroute

template <typename Tag>
struct std::hash<hotroute::Id<Tag>> {
  size_t operator()(hotroute::Id<Tag> id) const noexcept { return id.value(); }
};
