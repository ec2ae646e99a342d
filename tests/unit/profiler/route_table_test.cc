// Routes: one address per kind, name and method; limits; selection that follows the policy.
#include "profiler/request/route_table.h"

#include <set>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

constexpr auto kRequest = RecordKind::kRequest;
constexpr auto kTask = RecordKind::kTask;

class RouteTableTest : public ::testing::Test {
 protected:
  Route* Intern(std::string_view name, std::string_view method, RecordKind kind = kRequest) {
    return routes_.Intern(kind, name, method).route;
  }
  void FillNames() {
    for (size_t i = 0; i < kMaxNames; ++i) {
      ASSERT_FALSE(routes_.Intern(kRequest, "route" + std::to_string(i), "GET").is_other);
    }
  }
  uint64_t beyond_limit() const { return losses_.Get(Loss::kNameLimit); }

  LossCounters losses_;
  RouteTable routes_{&losses_};
};

TEST_F(RouteTableTest, TheSameRouteIsTheSameAddress) {
  Route* route = Intern("event.index", "GET");
  EXPECT_EQ(Intern("event.index", "GET"), route);
  EXPECT_EQ(route->kind, kRequest);
  EXPECT_EQ(route->name, "event.index");
  EXPECT_EQ(route->method, "GET");
}

TEST_F(RouteTableTest, KindNameAndMethodTellRoutesApart) {
  const std::set<Route*> routes = {Intern("a", "GET"), Intern("b", "GET"), Intern("a", "POST"),
                                   Intern("a", ""),    Intern("aG", "ET"), Intern("a", "", kTask)};
  EXPECT_EQ(routes.size(), 6u);
}

TEST_F(RouteTableTest, EmptyAndBinaryNamesAreNames) {
  EXPECT_EQ(Intern("", "")->name, "");
  const std::string binary("a\0b", 3);
  EXPECT_EQ(Intern(binary, "GET")->name, binary);
  EXPECT_NE(Intern(binary, "GET"), Intern("a", "GET"));
}

TEST_F(RouteTableTest, BeyondTenThousandNamesIsOther) {
  FillNames();
  EXPECT_EQ(beyond_limit(), 0u);
  const RouteTable::Lookup beyond = routes_.Intern(kRequest, "one.more", "GET");
  EXPECT_TRUE(beyond.is_other);
  EXPECT_EQ(beyond.route->name, kOtherName);
  EXPECT_EQ(beyond.route->method, "GET");
  EXPECT_EQ(Intern("yet.another", "GET"), beyond.route);
  EXPECT_EQ(beyond_limit(), 2u);
  // Known names stay known, with methods that are new to them too.
  EXPECT_FALSE(routes_.Intern(kRequest, "route9999", "POST").is_other);
  EXPECT_FALSE(routes_.Intern(kTask, "route0", "").is_other);
  EXPECT_EQ(beyond_limit(), 2u);
}

// A request that ends on another thread is looked up by its route's name: it was counted already.
TEST_F(RouteTableTest, OtherItselfIsNeitherANameNorBeyondTheLimit) {
  EXPECT_FALSE(routes_.Intern(kRequest, kOtherName, kOtherName).is_other);
  FillNames();
  EXPECT_FALSE(routes_.Intern(kRequest, kOtherName, "GET").is_other);
  EXPECT_EQ(beyond_limit(), 0u);
}

TEST_F(RouteTableTest, BeyondSixtyFourMethodsIsOther) {
  for (size_t i = 0; i < kMaxMethods; ++i) Intern("a", "M" + std::to_string(i));
  EXPECT_EQ(beyond_limit(), 0u);
  const RouteTable::Lookup beyond = routes_.Intern(kRequest, "a", "BREW");
  EXPECT_TRUE(beyond.is_other);
  EXPECT_EQ(beyond.route->name, "a");
  EXPECT_EQ(beyond.route->method, kOtherName);
  EXPECT_EQ(Intern("a", "")->method, "");
  EXPECT_EQ(beyond_limit(), 1u);
}

TEST_F(RouteTableTest, ThePolicyReachesKnownAndNewRoutes) {
  Route* known = Intern("api.list", "GET");
  EXPECT_EQ(known->threshold, Route::kUseDefault);
  EXPECT_FALSE(known->excluded);
  RoutePolicy policy;
  ASSERT_TRUE(policy.AddFraction("api.*", 0.5).ok());
  ASSERT_TRUE(policy.Exclude("health*").ok());
  routes_.SetPolicy(policy);
  EXPECT_EQ(known->threshold, ThresholdOf(0.5));
  EXPECT_EQ(Intern("api.show", "GET")->threshold, ThresholdOf(0.5));
  EXPECT_TRUE(Intern("healthcheck", "GET")->excluded);
  routes_.SetPolicy({});
  EXPECT_EQ(known->threshold, Route::kUseDefault);
  EXPECT_FALSE(Intern("healthcheck", "GET")->excluded);
}

}  // namespace
}  // namespace hotroute
