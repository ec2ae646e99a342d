#include "viewer/render/flame_tree.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <set>
#include <utility>
#include <vector>

namespace hotroute::viewer {
namespace {

constexpr uint32_t kPruned = UINT32_MAX;
constexpr int kMinHueGap = 30;  // degrees; nearer hues look alike at the lightness of boxes
constexpr int kHueStep = 137;   // the golden angle; prime to 360, so every hue is tried

void Add(const CallTreeNode& node, CallTreeNode* other) {
  other->self_ms += node.total_ms;
  other->total_ms += node.total_ms;
  other->samples += node.samples;
}

uint32_t HashOf(std::string_view text) {
  uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ hash >> 15;
}

bool IsTaken(const std::map<std::string, int>& hues, int hue, int gap) {
  return std::any_of(hues.begin(), hues.end(), [&](const auto& taken) {
    const int distance = std::abs(taken.second - hue);
    return std::min(distance, 360 - distance) < gap;
  });
}

}  // namespace

CallTree PruneCallTree(const CallTree& tree, double min_total_ms) {
  CallTree pruned;
  pruned.frames = tree.frames;
  std::vector<uint32_t> new_index(tree.nodes.size(), kPruned);
  std::vector<CallTreeNode> others;  // by new parent; total 0 where nothing was pruned
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    CallTreeNode node = tree.nodes[i];
    const uint32_t parent = i == 0 ? 0 : new_index[node.parent];
    if (parent == kPruned) continue;
    if (i > 0 && node.total_ms < min_total_ms) {
      Add(node, &others[parent]);
      continue;
    }
    new_index[i] = static_cast<uint32_t>(pruned.nodes.size());
    node.parent = parent;
    pruned.nodes.push_back(node);
    others.emplace_back();
  }
  pruned.frames.emplace_back().function = kOtherFrame;
  for (size_t parent = 0; parent < others.size(); ++parent) {
    if (others[parent].total_ms <= 0) continue;
    others[parent].parent = static_cast<uint32_t>(parent);
    others[parent].frame = static_cast<uint32_t>(pruned.frames.size() - 1);
    pruned.nodes.push_back(others[parent]);
  }
  return pruned;
}

double PruningThreshold(const CallTree& tree, size_t max_nodes) {
  if (tree.nodes.size() <= max_nodes) return 0;
  std::vector<double> totals;
  totals.reserve(tree.nodes.size());
  for (const CallTreeNode& node : tree.nodes) totals.push_back(node.total_ms);
  const auto last = totals.begin() + static_cast<std::ptrdiff_t>(max_nodes);
  std::nth_element(totals.begin(), last, totals.end(), std::greater<>());
  // Nodes as heavy as the first one too many have to go as well.
  return std::nextafter(*last, HUGE_VAL);
}

std::map<std::string, int> ModuleHues(const CallTree& tree) {
  std::set<std::pair<uint32_t, std::string>> by_hash;
  for (const Frame& frame : tree.frames) by_hash.emplace(HashOf(frame.module), frame.module);
  const int gap = std::min(kMinHueGap, static_cast<int>(180 / std::max<size_t>(by_hash.size(), 1)));
  std::map<std::string, int> hues;
  for (const auto& [hash, module] : by_hash) {
    int hue = static_cast<int>(hash % 360);
    for (int step = 0; step < 360 && IsTaken(hues, hue, gap); ++step) hue = (hue + kHueStep) % 360;
    hues[module] = hue;
  }
  return hues;
}

std::string MsText(double ms) {
  if (ms == 0) return "0 ms";
  // 0.9995: what is rounded up to the next digit has it.
  const int digits = ms > 0 ? static_cast<int>(std::floor(std::log10(ms / 0.9995))) : 0;
  char text[64];
  snprintf(text, sizeof(text), "%.*f ms", std::clamp(2 - digits, 0, 4), ms);
  return text;
}

}  // namespace hotroute::viewer
