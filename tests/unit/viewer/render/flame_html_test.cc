// What can be said of the page without a browser; tests/e2e has the rest.
#include "viewer/render/flame_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "viewer/render/flame_data.h"

namespace hotroute::viewer {
namespace {

using testing::HasSubstr;
using testing::Not;

CallTree OneFunction(const std::string& name) {
  CallTree tree;
  tree.frames = {{name, "shop", "src/cart.cc", 7}};
  tree.nodes = {{0, 0, 0.5, 2, 20}, {0, 0, 1.5, 1.5, 15}};
  return tree;
}

FlameInfo Info() {
  FlameInfo info;
  info.title = "event.index";
  info.subtitle = {"412 profiles"};
  return info;
}

TEST(FlameDataTest, HoldsNamesTablesAndNumbers) {
  const auto data = nlohmann::json::parse(EncodeFlameData(OneFunction("load"), Info()));
  EXPECT_EQ(data["title"], "event.index");
  EXPECT_EQ(data["functions"][0], "load");
  EXPECT_EQ(data["modules"].at(data["frame_modules"].at(0).get<size_t>()), "shop");
  EXPECT_EQ(data["files"].at(data["frame_files"].at(0).get<size_t>()), "src/cart.cc");
  EXPECT_EQ(data["frame_lines"][0], 7);
  EXPECT_EQ(data["node_count"], 2);
  EXPECT_DOUBLE_EQ(data["unit_ms"], 1e-9);
}

TEST(FlameDataTest, PacksDistanceFrameSelfAndOwnSamplesAsVarints) {
  CallTree tree = OneFunction("load");
  tree.nodes[0] = {0, 0, 0, 1, 3};
  tree.nodes[1] = {0, 0, 1, 1, 3};
  const auto data = nlohmann::json::parse(EncodeFlameData(tree, Info()));
  // 0 0 0 0, then 1 0 1e9 3: 1e9 is 80 94 EB DC 03 in LEB128.
  EXPECT_EQ(data["nodes"], "AAAAAAEAgJTr3AMD");
}

TEST(FlameDataTest, NoNameCanEndTheScriptElement) {
  const std::string data = EncodeFlameData(OneFunction("</script><!--<script>"), Info());
  EXPECT_THAT(data, Not(HasSubstr("<")));
  EXPECT_EQ(nlohmann::json::parse(data)["functions"][0], "</script><!--<script>");
}

TEST(FlameHtmlTest, AllowsOnlyItsOwnScriptAndStyle) {
  const std::string page = RenderFlameHtml(OneFunction("load"), Info());
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
}

TEST(FlameHtmlTest, FillsEveryMarkerOnceWhateverTheNames) {
  FlameInfo info = Info();
  info.title = "@DATA@ </title><script>alert(1)</script>";
  const std::string page = RenderFlameHtml(OneFunction("@SCRIPT@"), info);
  EXPECT_THAT(page, HasSubstr("<title>@DATA@ &lt;/title&gt;&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("\"functions\":[\"@SCRIPT@\"]"));
  EXPECT_THAT(page, HasSubstr("class App"));
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
}

TEST(FlameHtmlTest, PrunesTreesAboveTheLimitAndKeepsTheTotal) {
  CallTree tree = OneFunction("load");
  tree.nodes[0].total_ms = 0;
  tree.nodes.resize(1);
  for (size_t i = 0; i < kMaxHtmlNodes + 1000; ++i) {
    const double ms = i < 10 ? 2 : 1e-6;
    tree.nodes.push_back({0, 0, ms, ms, 1});
    tree.nodes[0].total_ms += ms;
  }
  const std::string page = RenderFlameHtml(tree, Info());
  // Equal weights at the limit all go, so ten functions, the root and "[other]" remain.
  EXPECT_THAT(page, HasSubstr("\"node_count\":12,"));
  EXPECT_THAT(page, HasSubstr("\"[other]\""));
}

}  // namespace
}  // namespace hotroute::viewer
