// Ids are distinct types, ordered and hashed by their value.
#include "base/ids.h"

#include <type_traits>
#include <unordered_set>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

static_assert(!std::is_convertible_v<StringId, LocationId>);
static_assert(!std::is_convertible_v<uint32_t, NodeId>);
static_assert(!std::is_convertible_v<NodeId, uint32_t>);
static_assert(!std::is_constructible_v<NodeId, LocationId>);
static_assert(sizeof(NodeId) == sizeof(uint32_t));

TEST(IdTest, DefaultMeansNone) {
  EXPECT_FALSE(NodeId());
  EXPECT_EQ(NodeId().value(), 0u);
  EXPECT_TRUE(NodeId(1));
}

TEST(IdTest, ComparesByValue) {
  EXPECT_EQ(StringId(7), StringId(7));
  EXPECT_NE(StringId(7), StringId(8));
  EXPECT_LT(StringId(7), StringId(8));
  EXPECT_GT(StringId(UINT32_MAX), StringId(8));
}

TEST(IdTest, WorksAsAHashKey) {
  std::unordered_set<LocationId> set;
  for (uint32_t i = 0; i < 1000; ++i) set.insert(LocationId(i % 100));
  EXPECT_EQ(set.size(), 100u);
  EXPECT_TRUE(set.contains(LocationId(99)));
  EXPECT_FALSE(set.contains(LocationId(100)));
}

}  // namespace
}  // namespace hotroute
