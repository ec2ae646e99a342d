#include "viewer/render/flame_data.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "viewer/render/flame_markup.h"
#include "viewer/render/flame_tree.h"

namespace hotroute::viewer {
namespace {

using nlohmann::json;

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) *out += static_cast<char>(value | 0x80);
  *out += static_cast<char>(value);
}

std::string Base64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() / 3 * 4 + 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= count ? kAlphabet[group >> (18 - 6 * i) & 0x3F] : '=';
    }
  }
  return out;
}

// Strings that repeat, as indices. Owned by the call that builds a table.
class NameTable {
 public:
  size_t Intern(const std::string& name) {
    const auto [it, added] = ids_.try_emplace(name, names_.size());
    if (added) names_.push_back(name);
    return it->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> ids_;
};

// A power of ten, so that the numbers stay readable: 1e-9 to 1e-10 of the root's total.
double UnitMs(double root_ms) {
  return root_ms > 0 ? std::pow(10, std::floor(std::log10(root_ms)) - 9) : 1;
}

uint64_t Units(double value, double unit) {
  return value > 0 ? static_cast<uint64_t>(std::llround(value / unit)) : 0;
}

std::string PackNodes(const CallTree& tree, double unit_ms) {
  std::vector<double> own_samples;
  own_samples.reserve(tree.nodes.size());
  for (const CallTreeNode& node : tree.nodes) own_samples.push_back(node.samples);
  for (size_t i = 1; i < tree.nodes.size(); ++i) {
    own_samples[tree.nodes[i].parent] -= tree.nodes[i].samples;
  }
  std::string packed;
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const CallTreeNode& node = tree.nodes[i];
    AppendVarint(i - node.parent, &packed);
    AppendVarint(i == 0 ? 0 : node.frame, &packed);
    AppendVarint(Units(node.self_ms, unit_ms), &packed);
    AppendVarint(Units(own_samples[i], 1), &packed);
  }
  return packed;
}

std::vector<std::string> VisibleTexts(std::vector<std::string> texts) {
  for (std::string& text : texts) text = VisibleText(text);
  return texts;
}

json FrameColumns(const CallTree& tree) {
  NameTable modules;
  NameTable files;
  json columns = {{"functions", json::array()},
                  {"frame_modules", json::array()},
                  {"frame_files", json::array()},
                  {"frame_lines", json::array()},
                  {"hues", json::array()}};
  for (const Frame& frame : tree.frames) {
    columns["functions"].push_back(VisibleText(frame.function));
    columns["frame_modules"].push_back(modules.Intern(frame.module));
    columns["frame_files"].push_back(files.Intern(frame.file));
    columns["frame_lines"].push_back(frame.line);
  }
  const std::map<std::string, int> hues = ModuleHues(tree);
  for (const std::string& module : modules.names()) columns["hues"].push_back(hues.at(module));
  columns["modules"] = VisibleTexts(modules.names());
  columns["files"] = VisibleTexts(files.names());
  return columns;
}

}  // namespace

std::string EncodeFlameData(const CallTree& tree, const FlameInfo& info) {
  const double unit_ms = UnitMs(tree.nodes.front().total_ms);
  json data = FrameColumns(tree);
  data["title"] = VisibleText(info.title);
  data["subtitle"] = VisibleTexts(info.subtitle);
  data["unit"] = VisibleText(info.unit);
  data["cpu_ms"] = info.cpu_ms;
  data["offcpu_ms"] = info.offcpu_ms;
  data["unit_ms"] = unit_ms;
  data["node_count"] = tree.nodes.size();
  data["nodes"] = Base64(PackNodes(tree, unit_ms));
  const std::string text = data.dump();
  // '<' can only stand inside strings; written so, no name can end the script element.
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace hotroute::viewer
