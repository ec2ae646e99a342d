#include "viewer/render/flame_html.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "viewer/render/flame_assets.h"
#include "viewer/render/flame_data.h"
#include "viewer/render/flame_markup.h"
#include "viewer/render/flame_tree.h"

namespace hotroute::viewer {

std::string RenderFlameHtml(const CallTree& tree, const FlameInfo& info) {
  const double threshold = PruningThreshold(tree, kMaxHtmlNodes);
  const std::string data = threshold > 0 ? EncodeFlameData(PruneCallTree(tree, threshold), info)
                                         : EncodeFlameData(tree, info);
  const std::string title = EscapeMarkup(VisibleText(info.title));
  // In the order of the page: a value that contains a marker's text is never searched for markers.
  const std::array<std::pair<std::string_view, std::string_view>, 6> values = {{
      {"@SCRIPT_HASH@", kFlameScriptHash},
      {"@STYLE_HASH@", kFlameStyleHash},
      {"@TITLE@", title},
      {"@STYLE@", kFlameStyle},
      {"@DATA@", data},
      {"@SCRIPT@", kFlameScript},
  }};
  std::string out;
  out.reserve(kFlamePage.size() + kFlameScript.size() + kFlameStyle.size() + data.size());
  std::string_view page = kFlamePage;
  for (const auto& [marker, value] : values) {
    const size_t at = page.find(marker);
    out += page.substr(0, at);
    out += value;
    page.remove_prefix(at + marker.size());
  }
  out += page;
  return out;
}

}  // namespace hotroute::viewer
