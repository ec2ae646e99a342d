#include "viewer/render/flame_markup.h"

#include <gtest/gtest.h>

namespace hotroute::viewer {
namespace {

constexpr char kReplaced[] = "a\uFFFDb";

TEST(VisibleTextTest, KeepsTextOfEveryScript) {
  const char text[] =
      "operator<< \u05E9\u05DC\u05D5\u05DD \u4E2D\u6587 \U0001F525 \u00FC\u20AC\uFFFD";
  EXPECT_EQ(VisibleText(text), text);
}

TEST(VisibleTextTest, ReplacesControlsAndDirectionMarks) {
  for (const char* text :
       {"a\nb",
        "a\x01"
        "b",
        "a\x7F"
        "b",
        "a\u0085b", "a\u202Eb", "a\u2066b", "a\u200Fb", "a\u2028b", "a\uFFFEb"}) {
    EXPECT_EQ(VisibleText(text), kReplaced) << text;
  }
}

TEST(VisibleTextTest, ReplacesInvalidUtf8) {
  EXPECT_EQ(VisibleText("a\xFF"
                        "b"),
            kReplaced);
}

TEST(EscapeMarkupTest, LeavesNothingThatIsMarkup) {
  EXPECT_EQ(EscapeMarkup("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

}  // namespace
}  // namespace hotroute::viewer
