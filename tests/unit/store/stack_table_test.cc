#include "store/stack_table.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace hotroute::store {
namespace {

TEST(StackTableTest, GivesEqualThingsEqualIds) {
  StackTable table;
  const ModuleId module = table.InternModule("/bin/shop", "id");
  EXPECT_EQ(table.InternModule("/bin/shop", "id"), module);
  EXPECT_NE(table.InternModule("/bin/shop", "id2"), module);
  EXPECT_NE(table.InternModule("/bin/shopid", ""), module);
  const LocationId location = table.InternLocation(module, 16);
  EXPECT_EQ(table.InternLocation(module, 16), location);
  EXPECT_NE(table.InternLocation(module, 17), location);
  const NodeId node = table.InternNode(NodeId(), location);
  EXPECT_EQ(table.InternNode(NodeId(), location), node);
  EXPECT_NE(table.InternNode(node, location), node);
  EXPECT_EQ(table.module_count(), 3u);
  EXPECT_EQ(table.location_count(), 2u);
  EXPECT_EQ(table.node_count(), 2u);
}

TEST(StackTableTest, KeepsIdsWhileItGrows) {
  StackTable table;
  const ModuleId module = table.InternModule("/bin/shop", "id");
  std::mt19937 random(7);
  std::vector<std::pair<NodeId, LocationId>> keys;
  std::vector<NodeId> ids;
  // Enough for several doublings of the index, which begins with room for 512.
  for (int i = 0; i < 20'000; ++i) {
    const NodeId parent(std::uniform_int_distribution<uint32_t>(0, table.node_count())(random));
    const LocationId location = table.InternLocation(module, random() % 512);
    keys.emplace_back(parent, location);
    ids.push_back(table.InternNode(parent, location));
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(table.InternNode(keys[i].first, keys[i].second), ids[i]);
    ASSERT_EQ(table.parent(ids[i]), keys[i].first);
    ASSERT_EQ(table.location_of(ids[i]), keys[i].second);
    ASSERT_LT(table.parent(ids[i]), ids[i]);
  }
}

}  // namespace
}  // namespace hotroute::store
