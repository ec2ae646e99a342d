#include "viewer/render/text.h"

#include <gtest/gtest.h>

namespace hotroute::viewer {
namespace {

TEST(TextTest, NumbersHaveThreeDigitsThatMatter) {
  EXPECT_EQ(NumberText(0.0421), "0.042");
  EXPECT_EQ(NumberText(4.2), "4.20");
  EXPECT_EQ(NumberText(42.04), "42.0");
  EXPECT_EQ(NumberText(4200.4), "4,200");
  EXPECT_EQ(NumberText(0.0), "0");
}

TEST(TextTest, NumbersOfOneColumnHaveAsManyDecimals) {
  EXPECT_EQ(ColumnText(4.2, 42), "4.2");
  EXPECT_EQ(ColumnText(0.04, 4.2), "0.04");
  EXPECT_EQ(ColumnText(1234, 1234), "1,234");
  EXPECT_EQ(ColumnText(0, 4.2), "0");
}

TEST(TextTest, CutsNamesInTheMiddle) {
  EXPECT_EQ(CutMiddle("sqlite3BtreeMoveto", 18), "sqlite3BtreeMoveto");
  EXPECT_EQ(CutMiddle("sqlite3BtreeMoveto", 9), "sqli…veto");
  EXPECT_EQ(CutMiddle("größe", 3), "g…e");
  EXPECT_EQ(CutMiddle("name", 1), "…");
  EXPECT_EQ(CutMiddle("name", 0), "");
}

TEST(TextTest, ChainsThatFitAreShownWhole) {
  EXPECT_EQ(ChainText({"main", "serve", "query"}, " > ", 40, ChainEnd::kLast),
            "main > serve > query");
}

TEST(TextTest, LongChainsKeepTheirEnds) {
  EXPECT_EQ(ChainText({"clone3", "start_thread", "std::thread::run", "serve"}, " > ", 40,
                      ChainEnd::kLast),
            "clone3 > (2 frames) > serve");
  const std::vector<std::string> names = {"std::thread::_State_impl::_M_run", "x",
                                          "httplib::Server::dispatch"};
  const std::string last = ChainText(names, " > ", 50, ChainEnd::kLast);
  EXPECT_EQ(last, "std::…_run > (1 frame) > httplib::Server::dispatch");
  const std::string first = ChainText(names, " < ", 50, ChainEnd::kFirst);
  EXPECT_EQ(first, "std::thread:…impl::_M_run < (1 frame) < httpl…atch");
  EXPECT_EQ(TextWidth(first), 50u);
}

TEST(TextTest, NamesThatFitNowhereAreCutOnBothSides) {
  const std::string name(100, 'x');
  EXPECT_EQ(TextWidth(ChainText({name, name}, " > ", 40, ChainEnd::kLast)), 40u);
  EXPECT_EQ(TextWidth(ChainText({name, name, name}, " > ", 40, ChainEnd::kLast)), 40u);
}

}  // namespace
}  // namespace hotroute::viewer
