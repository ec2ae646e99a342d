#include "viewer/formats/folded.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/viewer/formats/example_profile.h"

namespace hotroute::viewer {
namespace {

TEST(FoldedTest, WritesOneSortedLinePerStackRootFirstWithTheTotalKept) {
  EXPECT_EQ(EncodeFolded(ExampleProfile()),
            "[no stack] 5000\n"
            "main;serve 10001\n"
            "main;serve;load;libsqlite3.so.0+0x4000 30000\n"
            "main;serve;load;load 40000\n");
}

TEST(FoldedTest, JoinsStacksThatReadTheSame) {
  StackProfile profile = ExampleProfile();
  profile.stacks = {{{0, 1}, 1, 600, {{"shop", "a"}}}, {{0, 1}, 1, 600, {{"shop", "b"}}}};
  EXPECT_EQ(EncodeFolded(profile), "main;serve 1\n");
}

TEST(FoldedTest, ReplacesWhatWouldBreakTheLine) {
  EXPECT_EQ(EncodeFolded(OneStack("a;b c\nd\xFF", 1000)), "a:b c d\xEF\xBF\xBD 1\n");
  EXPECT_EQ(EncodeFolded(OneStack("", 1000)), "[unknown] 1\n");
}

TEST(FoldedTest, LeavesOutStacksThatRoundToNothing) {
  EXPECT_EQ(EncodeFolded(OneStack("f", 400)), "");
  EXPECT_EQ(EncodeFolded(StackProfile()), "");
}

}  // namespace
}  // namespace hotroute::viewer
