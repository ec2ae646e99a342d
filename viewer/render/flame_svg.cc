#include "viewer/render/flame_svg.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "viewer/render/flame_markup.h"
#include "viewer/render/flame_tree.h"

namespace hotroute::viewer {
namespace {

constexpr double kMinShare = 0.001;
constexpr double kWidth = 1200;
constexpr double kMargin = 12;
constexpr double kRow = 19;
constexpr double kLine = 17;      // of the text above the boxes
constexpr double kCharWidth = 7;  // of 11.5 px monospace, rounded up
constexpr double kTextPadding = 4;
constexpr size_t kMinChars = 3;  // less is no help
constexpr double kSaturation = 0.55;
constexpr double kLightness = 0.79;  // black text on it has a contrast above 7:1 in every hue

// CSS Color Module Level 4, section 7.1.
std::string FillOf(double hue) {
  const double chroma = kSaturation * std::min(kLightness, 1 - kLightness);
  const auto channel = [&](double n) {
    const double k = std::fmod(n + hue / 30, 12);
    return static_cast<int>(
        std::lround(255 * (kLightness - chroma * std::max(-1.0, std::min({k - 3, 9 - k, 1.0})))));
  };
  char text[8];
  snprintf(text, sizeof(text), "#%02x%02x%02x", channel(0) & 0xFF, channel(8) & 0xFF,
           channel(4) & 0xFF);
  return text;
}

// `name` cut to `chars` characters, the last of them "…".
std::string Shorten(const std::string& name, size_t chars) {
  size_t seen = 0;
  size_t cut = 0;  // where the text ends if it has to be cut
  for (size_t at = 0; at < name.size(); ++at) {
    if ((static_cast<unsigned char>(name[at]) & 0xC0) == 0x80) continue;
    if (++seen == chars) cut = at;
    if (seen > chars) return name.substr(0, cut) + "…";
  }
  return name;
}

std::string Number(double value) {
  char text[64];
  snprintf(text, sizeof(text), "%.2f", value);
  return text;
}

// Draws one picture. Owned by the call of RenderFlameSvg.
class Picture {
 public:
  Picture(const CallTree& tree, const FlameInfo& info)
      : tree_(tree),
        info_(info),
        hues_(ModuleHues(tree)),
        left_(tree.nodes.size()),
        depth_(tree.nodes.size()) {
    for (size_t i = 1; i < tree.nodes.size(); ++i) depth_[i] = depth_[tree.nodes[i].parent] + 1;
  }

  std::string Draw() && {
    const size_t rows = *std::max_element(depth_.begin(), depth_.end()) + 1;
    const double head =
        kMargin + kLine * static_cast<double>(info_.subtitle.size() + 2) + kMargin / 2;
    DrawHead(head + kRow * static_cast<double>(rows) + kMargin);
    std::vector<double> next(tree_.nodes.size());  // where the next child begins
    for (size_t i = 0; i < tree_.nodes.size(); ++i) {
      const CallTreeNode& node = tree_.nodes[i];
      left_[i] = i == 0 ? kMargin : next[node.parent];
      next[i] = left_[i];
      if (i > 0) next[node.parent] += WidthOf(node);
      DrawBox(i, head + kRow * static_cast<double>(depth_[i]));
    }
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  double WidthOf(const CallTreeNode& node) const {
    const double root = tree_.nodes.front().total_ms;
    return root > 0 ? node.total_ms / root * (kWidth - 2 * kMargin) : 0;
  }

  void DrawText(double x, double y, std::string_view style, std::string_view text) {
    out_ += "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\"";
    if (!style.empty()) out_.append(" class=\"").append(style).append("\"");
    out_ += ">" + EscapeMarkup(text) + "</text>\n";
  }

  void DrawHead(double height) {
    out_ += "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + Number(kWidth) + ' ' +
            Number(height) + "\" width=\"" + Number(kWidth) + "\" height=\"" + Number(height) +
            "\" role=\"img\">\n<title>" + EscapeMarkup(info_.title) +
            "</title>\n"
            "<style>text{font:11.5px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
            "fill:#1b1b1f;white-space:pre}.h{font:600 16px system-ui,sans-serif}"
            ".s{font:12.5px system-ui,sans-serif;fill:#55555e}rect{stroke:#fff;stroke-width:.6}"
            "g:hover rect{stroke:#1b1b1f}</style>\n"
            "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    double y = kMargin + 13;
    DrawText(kMargin, y, "h", info_.title);
    DrawText(kMargin, y += kLine, "s",
             MsText(info_.cpu_ms) + " CPU and " + MsText(info_.offcpu_ms) +
                 " off-CPU per request; boxes: " + info_.unit);
    for (const std::string& line : info_.subtitle) DrawText(kMargin, y += kLine, "s", line);
  }

  std::string TooltipOf(const CallTreeNode& node, const Frame& frame) const {
    std::string text = frame.function;
    if (!frame.module.empty()) text += "\n" + frame.module;
    if (!frame.file.empty()) text += "\n" + frame.file + ":" + std::to_string(frame.line);
    const double root = tree_.nodes.front().total_ms;
    text += "\n" + MsText(node.total_ms) + " " + info_.unit + " (" +
            Number(root > 0 ? 100 * node.total_ms / root : 0) + " %), self " + MsText(node.self_ms);
    return text + "\n" + std::to_string(std::llround(node.samples)) + " samples";
  }

  std::string ColourOf(const Frame& frame) const {
    return frame.module.empty() ? "#d0d0d4" : FillOf(hues_.at(frame.module));
  }

  void DrawBox(size_t index, double y) {
    const CallTreeNode& node = tree_.nodes[index];
    Frame frame;
    if (index == 0) {
      frame.function = "all requests";
    } else {
      frame = tree_.frames[node.frame];
    }
    const double width = WidthOf(node);
    out_ += "<g><title>" + EscapeMarkup(TooltipOf(node, frame)) + "</title><rect x=\"" +
            Number(left_[index]) + "\" y=\"" + Number(y) + "\" width=\"" + Number(width) +
            "\" height=\"" + Number(kRow - 1) + "\" fill=\"" + ColourOf(frame) + "\"/>\n";
    const double chars = std::floor((width - 2 * kTextPadding) / kCharWidth);
    if (chars >= kMinChars) {
      DrawText(left_[index] + kTextPadding, y + 13, "",
               Shorten(frame.function, static_cast<size_t>(chars)));
    }
    out_ += "</g>\n";
  }

  const CallTree& tree_;
  const FlameInfo& info_;
  const std::map<std::string, int> hues_;
  std::vector<double> left_;
  std::vector<uint32_t> depth_;
  std::string out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
};

}  // namespace

std::string RenderFlameSvg(const CallTree& tree, const FlameInfo& info) {
  CallTree pruned = PruneCallTree(tree, kMinShare * tree.nodes.front().total_ms);
  for (Frame& frame : pruned.frames) {
    frame.function = VisibleText(frame.function);
    frame.module = VisibleText(frame.module);
    frame.file = VisibleText(frame.file);
  }
  FlameInfo visible = info;
  visible.title = VisibleText(info.title);
  visible.unit = VisibleText(info.unit);
  for (std::string& line : visible.subtitle) line = VisibleText(line);
  return Picture(pruned, visible).Draw();
}

}  // namespace hotroute::viewer
