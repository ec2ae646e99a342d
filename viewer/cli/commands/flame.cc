// `hotroute flame URL -o FILE`: the merged call tree as one self-contained picture.
#include <algorithm>

#include "base/file.h"
#include "viewer/aggregate/call_tree_builder.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/flame_html.h"
#include "viewer/render/flame_svg.h"

namespace hotroute::viewer {
namespace {

constexpr Flag kFlags[] = {
    {"output,o", "FILE", "the file to write; its ending, .html or .svg, says what"}};

bool EndsWith(const std::string& text, std::string_view ending) {
  return text.size() > ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

FlameInfo InfoOf(const Query& query) {
  FlameInfo info;
  info.title = query.population().name.value_or("");
  info.subtitle = Lines(HeaderText(query) + CostText(query) + FooterText(query));
  const CostEstimate costs = query.summary().costs.Estimate().value_or(CostEstimate());
  info.cpu_ms = costs.cpu_ms.mean;
  info.offcpu_ms = costs.offcpu_ms.mean;
  return info;
}

class Flame : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "flame",
        .summary = "a flame graph as one self-contained file: HTML (zoom, search) or SVG",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "Width is CPU time per request, callers above what they call. The HTML file needs no "
            "network and\n"
            "no other file: send it, attach it, keep it. Waiting time has no stacks yet and stands "
            "above the\n"
            "graph as a number.",
        .example = "flame event.index -o event.html",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    const std::string path = arguments.Get("output").value_or("");
    if (path.empty())
      return InvalidArgument("no output file given; add -o FILE.html or -o FILE.svg");
    const bool html = EndsWith(path, ".html");
    if (!html && !EndsWith(path, ".svg")) {
      return InvalidArgument("'" + path +
                             "' ends in neither .html nor .svg; its ending says what to write");
    }
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    StackCosts costs;
    HOTROUTE_RETURN_IF_ERROR(question.ReadWeighted(
        true,
        [&](const store::ProfileRecord& record, double weight) { costs.Add(record, weight); }));
    costs.Scale(question.cpu_scale());
    const CallTree tree = BuildCallTree(costs, &question.symbolizer());
    question.NoteSymbolDamage();
    const FlameInfo info = InfoOf(question.query());
    const std::string picture = html ? RenderFlameHtml(tree, info) : RenderFlameSvg(tree, info);
    HOTROUTE_RETURN_IF_ERROR(WriteFileAtomically(path, picture));
    PrintWritten(arguments, question.query(), "flame", path, picture.size(), environment);
    return kExitDone;
  }
};

}  // namespace

const Command& FlameCommand() {
  static const Flame kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
