#include "viewer/render/flame_svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace hotroute::viewer {
namespace {

using testing::HasSubstr;
using testing::Not;

// root 100 -> a 99.96, b 0.02, c 0.02 (both below 0.1 %)
CallTree Tree(const std::string& name) {
  CallTree tree;
  tree.frames = {{name, "shop", "src/cart.cc", 7}, {"b", "shop", "", 0}, {"c", "", "", 0}};
  tree.nodes = {{0, 0, 0, 100, 1000},
                {0, 0, 99.96, 99.96, 999},
                {0, 1, 0.02, 0.02, 1},
                {0, 2, 0.02, 0.02, 0}};
  return tree;
}

FlameInfo Info() {
  FlameInfo info;
  info.title = "event.index <&>";
  info.subtitle = {"412 profiles"};
  return info;
}

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(FlameSvgTest, DrawsOneBoxPerNodeWithItsNumbersAsTooltip) {
  const std::string svg = RenderFlameSvg(Tree("load"), Info());
  EXPECT_EQ(Count(svg, "<g>"), 3u) << "root, load, [other]";
  EXPECT_THAT(
      svg,
      HasSubstr("<title>load\nshop\nsrc/cart.cc:7\n100 ms CPU per request (99.96 %), self 100 ms\n"
                "999 samples</title>"));
}

TEST(FlameSvgTest, JoinsWhatIsBelowATenthOfAPercentWithTheSumKept) {
  const std::string svg = RenderFlameSvg(Tree("load"), Info());
  EXPECT_THAT(svg, HasSubstr("<title>[other]\n0.0400 ms"));
  EXPECT_THAT(svg, Not(HasSubstr("<title>b\n")));
}

TEST(FlameSvgTest, EscapesNamesAndTitle) {
  const std::string svg = RenderFlameSvg(Tree("<script>alert('x')</script>\x01\xFF"), Info());
  EXPECT_THAT(svg, Not(HasSubstr("<script>")));
  EXPECT_THAT(svg, Not(HasSubstr("\x01")));
  EXPECT_THAT(svg, HasSubstr("event.index &lt;&amp;&gt;"));
}

TEST(FlameSvgTest, CutsLongNamesBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 4000; ++i) name += "\u00FC";
  const std::string svg = RenderFlameSvg(Tree(name), Info());
  EXPECT_THAT(svg, HasSubstr("\u00FC\u2026</text>"));
}

TEST(FlameSvgTest, DrawsAnEmptyTree) {
  CallTree tree;
  tree.nodes.emplace_back();
  const std::string svg = RenderFlameSvg(tree, Info());
  EXPECT_EQ(Count(svg, "<g>"), 1u);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace hotroute::viewer
