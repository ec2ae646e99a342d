#include "viewer/formats/rounding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace hotroute::viewer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RoundToTotalTest, GivesTheUnitsToTheLargestRemainders) {
  EXPECT_THAT(RoundToTotal({1.2, 2.7, 3.6, 0.5}), ElementsAre(1, 3, 4, 0));
}

TEST(RoundToTotalTest, GivesTiesToTheEarlierValue) {
  EXPECT_THAT(RoundToTotal({0.5, 0.5, 0.5, 0.5}), ElementsAre(1, 1, 0, 0));
}

TEST(RoundToTotalTest, CountsNegativeValuesAndNanAsZero) {
  EXPECT_THAT(RoundToTotal({-3, std::nan(""), 2}), ElementsAre(0, 0, 2));
}

TEST(RoundToTotalTest, OfNothingIsNothing) { EXPECT_THAT(RoundToTotal({}), IsEmpty()); }

TEST(RoundToTotalTest, KeepsTheTotalAndStaysWithinOneOfEachValue) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> value(0, 50);
  std::vector<double> values(10'000);
  for (double& v : values) v = value(random);
  const std::vector<uint64_t> rounded = RoundToTotal(values);
  const double total = std::accumulate(values.begin(), values.end(), 0.0);
  EXPECT_EQ(std::accumulate(rounded.begin(), rounded.end(), uint64_t{0}),
            static_cast<uint64_t>(std::llround(total)));
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_LT(std::abs(static_cast<double>(rounded[i]) - values[i]), 1.0) << i;
  }
}

}  // namespace
}  // namespace hotroute::viewer
