#include "base/byte_budget.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace hotroute {
namespace {

class ByteBudgetTest : public ::testing::Test {
 protected:
  ByteBudgetTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "hotroute-budget-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~ByteBudgetTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, size_t bytes) {
    std::ofstream(directory_ + "/" + name) << std::string(bytes, 'x');
  }

  std::string directory_;
};

TEST_F(ByteBudgetTest, CountsWhatIsThereAndWhatIsSpent) {
  Write("old", 600);
  ByteBudget budget(directory_, 1000);
  EXPECT_TRUE(budget.Allows(400));
  EXPECT_FALSE(ByteBudget(directory_, 1000).Allows(401));
  budget.Spend(300);
  EXPECT_TRUE(budget.Allows(100));
  EXPECT_FALSE(budget.Allows(101));
}

TEST_F(ByteBudgetTest, StaysClosedUntilItIsMeasuredAgain) {
  Write("old", 900);
  ByteBudget budget(directory_, 1000);
  EXPECT_FALSE(budget.Allows(200));
  EXPECT_TRUE(budget.is_closed());
  EXPECT_FALSE(budget.Allows(1));
  std::filesystem::remove(directory_ + "/old");
  EXPECT_FALSE(budget.Allows(1));
  budget.Measure();
  EXPECT_TRUE(budget.Allows(1000));
}

TEST_F(ByteBudgetTest, AllowsEverythingWithoutALimit) {
  Write("old", 900);
  ByteBudget budget(directory_, 0);
  EXPECT_TRUE(budget.Allows(uint64_t{1} << 60));
  EXPECT_FALSE(budget.is_closed());
}

}  // namespace
}  // namespace hotroute
