// `hotroute paths URL`: the merged call tree as text, heaviest first.
#include <algorithm>
#include <functional>
#include <numeric>

#include "viewer/aggregate/call_tree_builder.h"
#include "viewer/aggregate/path_lines.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 60;
constexpr Flag kFlags[] = {
    {"limit", "N", "show the N heaviest lines of the tree; default 60, 0 for all"},
    {"full", "", "one line per frame, no name cut"}};

// What stands on a line besides names and the two columns of ms: "*", "100.0%" and blanks between.
constexpr size_t kFixedColumns = 1 + 6 + 4 * 2;
constexpr std::string_view kMsHeading = "total ms";
constexpr size_t kLeastNames = 40;  // columns that names have, however deep the tree is

// Which `limit` of `size` weigh most. Ties go to the earlier, so a caller is never hidden before
// what it called.
std::vector<bool> Heaviest(size_t size, size_t limit, const std::function<double(uint32_t)>& ms) {
  std::vector<uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return ms(a) > ms(b); });
  if (limit > 0 && order.size() > limit) order.resize(limit);
  std::vector<bool> shown(size);
  for (const uint32_t index : order) shown[index] = true;
  return shown;
}

Json RowJson(const CallTree& tree, uint32_t i, uint32_t depth, bool hot) {
  const CallTreeNode& node = tree.nodes[i];
  const double all_ms = tree.nodes[0].total_ms;
  Json row = {{"id", i}, {"parent", i == 0 ? Json(nullptr) : Json(node.parent)}, {"depth", depth}};
  if (i > 0) {
    const Frame& frame = tree.frames[node.frame];
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
  row["hot_path"] = hot;
  return row;
}

// One row per frame, nothing folded.
Json RowsJson(const CallTree& tree, size_t limit) {
  const std::vector<bool> shown =
      Heaviest(tree.nodes.size(), limit, [&](uint32_t node) { return tree.nodes[node].total_ms; });
  std::vector<bool> hot(tree.nodes.size());
  for (const uint32_t node : HotPath(tree)) hot[node] = true;
  std::vector<uint32_t> depth(tree.nodes.size());
  Json rows = Json::array();
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (i > 0) depth[i] = depth[tree.nodes[i].parent] + 1;
    if (shown[i]) rows.push_back(RowJson(tree, i, depth[i], hot[i]));
  }
  return rows;
}

// The heaviest lines: how many there are, and which are shown.
struct ShownLines {
  std::vector<PathLine> lines;
  std::vector<bool> shown;
  std::vector<uint32_t> callees;  // by line: shown ones
  size_t count = 0;               // shown lines
};

ShownLines ChooseLines(const CallTree& tree, size_t limit, bool fold) {
  ShownLines choice;
  choice.lines = PathLines(tree, fold);
  choice.callees.resize(choice.lines.size());
  choice.shown = Heaviest(choice.lines.size(), limit, [&](uint32_t line) {
    return tree.nodes[choice.lines[line].nodes.front()].total_ms;
  });
  for (uint32_t i = 0; i < choice.lines.size(); ++i) {
    if (!choice.shown[i]) continue;
    ++choice.count;
    if (i > 0) ++choice.callees[choice.lines[i].parent];
  }
  return choice;
}

std::vector<std::string> NamesOf(const CallTree& tree, const PathLine& line) {
  if (line.nodes.front() == 0) return {"all requests"};
  std::vector<std::string> names;
  for (const uint32_t node : line.nodes) {
    names.push_back(Printable(tree.frames[tree.nodes[node].frame].function));
  }
  return names;
}

// Indents only where the tree branches: "↓" is called by the line above, and shown as its only
// callee.
std::string TreeText(const CallTree& tree, const ShownLines& choice, size_t width, bool color) {
  const double all_ms = tree.nodes[0].total_ms;
  const auto ms = [&](double value) { return ColumnText(value, all_ms); };
  const size_t numbers = std::max(ms(all_ms).size(), kMsHeading.size());
  const size_t taken = kFixedColumns + 2 * numbers;
  TextTable table(
      {{"", Align::kLeft}, {std::string(kMsHeading)}, {"self ms"}, {"of CPU"}, {"", Align::kLeft}});
  std::vector<size_t> indent(choice.lines.size());
  for (uint32_t i = 0; i < choice.lines.size(); ++i) {
    if (!choice.shown[i]) continue;
    const PathLine& line = choice.lines[i];
    const double total_ms = tree.nodes[line.nodes.front()].total_ms;
    const bool only = i > 0 && choice.callees[line.parent] == 1;
    if (i > 0) indent[i] = indent[line.parent] + (only ? 0 : 2);
    const size_t lead = indent[i] + (only ? 2 : 0);
    const size_t room = std::max(width - std::min(width, taken + lead), kLeastNames);
    table.AddRow({line.hot ? "*" : "", ms(total_ms), ms(line.self_ms),
                  PercentText(all_ms > 0 ? total_ms / all_ms : 0),
                  std::string(indent[i], ' ') + (only ? "↓ " : "") +
                      ChainText(NamesOf(tree, line), " > ", room, ChainEnd::kLast)});
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
            "which follows the heaviest callee from the top. `a > b` is one line for frames that "
            "only pass on:\n"
            "each spends 95 % or more of its time in the next; --full gives every frame its own "
            "line. `↓` is the\n"
            "only callee shown of the line above; the text moves to the right only where the tree "
            "branches.\n"
            "`total` is CPU ms per request here and below, `self` in the frames of the line.",
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
    const CallTree tree = BuildCallTree(costs, &question.symbolizer());
    question.NoteSymbolDamage();
    const Query& query = question.query();
    if (arguments.json()) {
      PrintJson(Document("paths", query, RowsJson(tree, limit), tree.nodes.size()), environment);
      return kExitDone;
    }
    const bool full = arguments.Has("full");
    const ShownLines choice = ChooseLines(tree, limit, !full);
    environment.out << HeaderText(query) << CostText(query) << "\n"
                    << TreeText(tree, choice, full ? SIZE_MAX : environment.width,
                                environment.color)
                    << MoreText(choice.count, choice.lines.size())
                    << "\n* hot path   ↓ only callee shown of the line above   "
                       "a > b: nearly all of a is b\n"
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
