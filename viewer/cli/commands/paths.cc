// `hotroute paths URL`: the merged call tree as text, heaviest first.
#include <algorithm>
#include <numeric>

#include "viewer/aggregate/call_tree_builder.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 60;
constexpr Flag kFlags[] = {
    {"limit", "N", "show the N heaviest places of the tree; default 60, 0 for all"}};

// The tree with what is shown of it. Children of shown nodes may be hidden, never the other way
// round.
struct ShownTree {
  CallTree tree;
  std::vector<bool> shown;
  std::vector<bool> hot;           // on the hot path
  std::vector<uint32_t> depth;     // of the stack; the root has 0
  std::vector<uint32_t> children;  // shown ones
  size_t count = 0;                // shown nodes
};

// The heaviest `limit` nodes. Ties go to the earlier node, so a caller is never hidden before what
// it called.
std::vector<bool> Heaviest(const CallTree& tree, size_t limit) {
  std::vector<uint32_t> order(tree.nodes.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return tree.nodes[a].total_ms > tree.nodes[b].total_ms;
  });
  if (limit > 0 && order.size() > limit) order.resize(limit);
  std::vector<bool> shown(tree.nodes.size());
  for (const uint32_t node : order) shown[node] = true;
  return shown;
}

ShownTree Choose(CallTree tree, size_t limit) {
  ShownTree choice;
  const size_t size = tree.nodes.size();
  choice.shown = Heaviest(tree, limit);
  choice.hot.resize(size);
  choice.depth.resize(size);
  choice.children.resize(size);
  for (const uint32_t node : HotPath(tree)) choice.hot[node] = true;
  for (uint32_t i = 0; i < size; ++i) {
    if (!choice.shown[i]) continue;
    ++choice.count;
    if (i == 0) continue;
    choice.depth[i] = choice.depth[tree.nodes[i].parent] + 1;
    ++choice.children[tree.nodes[i].parent];
  }
  choice.tree = std::move(tree);
  return choice;
}

Json RowsJson(const ShownTree& choice) {
  Json rows = Json::array();
  const double all_ms = choice.tree.nodes[0].total_ms;
  for (uint32_t i = 0; i < choice.tree.nodes.size(); ++i) {
    if (!choice.shown[i]) continue;
    const CallTreeNode& node = choice.tree.nodes[i];
    Json row = {{"id", i},
                {"parent", i == 0 ? Json(nullptr) : Json(node.parent)},
                {"depth", choice.depth[i]}};
    if (i > 0) {
      const Frame& frame = choice.tree.frames[node.frame];
      row["function"] = frame.function;
      row["module"] = frame.module;
      row["file"] = frame.file.empty() ? Json(nullptr) : Json(frame.file);
      row["line"] = frame.line == 0 ? Json(nullptr) : Json(frame.line);
    } else {
      row["function"] = "all requests";
    }
    row["self_ms"] = node.self_ms;
    row["total_ms"] = node.total_ms;
    row["share"] = all_ms > 0 ? node.total_ms / all_ms : 0;
    row["samples"] = node.samples;
    row["hot_path"] = static_cast<bool>(choice.hot[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Indents only where the tree branches: "↓" is called by the line above, and shown as its only
// callee.
std::string TreeText(const ShownTree& choice, bool color) {
  TextTable table({{"", Align::kLeft}, {"total ms"}, {"self ms"}, {"of CPU"}, {"", Align::kLeft}});
  const double all_ms = choice.tree.nodes[0].total_ms;
  std::vector<size_t> indent(choice.tree.nodes.size());
  for (uint32_t i = 0; i < choice.tree.nodes.size(); ++i) {
    if (!choice.shown[i]) continue;
    const CallTreeNode& node = choice.tree.nodes[i];
    const bool only = i > 0 && choice.children[node.parent] == 1;
    if (i > 0) indent[i] = indent[node.parent] + (only ? 0 : 2);
    const std::string name = i == 0 ? "all requests" : choice.tree.frames[node.frame].function;
    table.AddRow({choice.hot[i] ? "*" : "", NumberText(node.total_ms), NumberText(node.self_ms),
                  PercentText(all_ms > 0 ? node.total_ms / all_ms : 0),
                  std::string(indent[i], ' ') + (only ? "↓ " : "") + name});
  }
  return table.Render(color);
}

class Paths : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "paths",
        .summary = "hot paths: the merged call tree, heaviest first, in CPU ms per request",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "The stacks of all profiled requests merged, callers above what they call. `*` marks "
            "the hot path,\n"
            "which follows the heaviest callee from the top. `↓` is the only callee shown of the "
            "line above; the\n"
            "text moves to the right only where the tree branches. `total` is CPU ms per request "
            "here and below,\n"
            "`self` here alone.",
        .example = "paths event.index --since 30m",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    StackCosts costs;
    HOTROUTE_RETURN_IF_ERROR(question.ReadWeighted(
        true,
        [&](const store::ProfileRecord& record, double weight) { costs.Add(record, weight); }));
    costs.Scale(question.cpu_scale());
    const ShownTree choice = Choose(BuildCallTree(costs, &question.symbolizer()), limit);
    const Query& query = question.query();
    if (arguments.json()) {
      PrintJson(Document("paths", query, RowsJson(choice), choice.tree.nodes.size()), environment);
      return kExitDone;
    }
    environment.out << HeaderText(query) << CostText(query) << "\n"
                    << TreeText(choice, environment.color)
                    << MoreText(choice.count, choice.tree.nodes.size())
                    << "\n* hot path   ↓ only callee shown of the line above\n"
                    << FooterText(query);
    return kExitDone;
  }
};

}  // namespace

const Command& PathsCommand() {
  static const Paths kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
