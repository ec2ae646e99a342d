#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace hotroute {
namespace {

const std::string kBad = "\xEF\xBF\xBD";

TEST(ToValidUtf8Test, KeepsValidText) {
  const std::string text = std::string("a\0b", 3) + "\u00FC\u20AC\U0001F525\U0010FFFF";
  EXPECT_EQ(ToValidUtf8(text), text);
}

TEST(ToValidUtf8Test, ReplacesEachInvalidPartOnce) {
  EXPECT_EQ(ToValidUtf8("\x80"), kBad);
  EXPECT_EQ(ToValidUtf8("\xC3("), kBad + "(");
  EXPECT_EQ(ToValidUtf8("\xE2\x82"), kBad);
  EXPECT_EQ(ToValidUtf8("\xF0\x9F\x94x"), kBad + "x");
}

TEST(ToValidUtf8Test, RefusesOverlongFormsSurrogatesAndTooLargeValues) {
  EXPECT_EQ(ToValidUtf8("\xC0\xAF"), kBad + kBad);
  EXPECT_EQ(ToValidUtf8("\xE0\x80\x80"), kBad + kBad + kBad);
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80"), kBad + kBad + kBad);
  EXPECT_EQ(ToValidUtf8("\xF4\x90\x80\x80"), kBad + kBad + kBad + kBad);
}

TEST(CutUtf8Test, CutsBetweenCharacters) {
  EXPECT_EQ(CutUtf8("short", 5), "short");
  EXPECT_EQ(CutUtf8("longer", 4), "long");
  EXPECT_EQ(CutUtf8("ab\u20AC", 5), "ab\u20AC");
  EXPECT_EQ(CutUtf8("ab\u20AC", 4), "ab");
  EXPECT_EQ(CutUtf8("ab\u20AC", 3), "ab");
  EXPECT_EQ(CutUtf8("\U0001F525\U0001F525", 7), "\U0001F525");
}

TEST(CutUtf8Test, CutsBytesThatAreNoTextAtTheLimit) {
  const std::string bytes(20, '\x80');
  EXPECT_EQ(CutUtf8(bytes, 10).size(), 10u);
  EXPECT_EQ(CutUtf8(bytes, 1).size(), 1u);
  EXPECT_EQ(CutUtf8(bytes, 0).size(), 0u);
}

}  // namespace
}  // namespace hotroute
