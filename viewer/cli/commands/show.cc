// `hotroute show ID`: one request in time order.
#include <algorithm>
#include <optional>

#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/request_timeline.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/cli/request_text.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 200;
constexpr size_t kFixedColumns = 3 * (6 + 2);  // numbers and blanks before the names
constexpr size_t kLeastNames = 40;
constexpr Flag kFlags[] = {
    {"limit", "N", "at most this many lines; default 200, 0 for all"},
    {"full", "", "no stack cut to the terminal's width"},
};

struct Shown {
  RequestRow row;
  std::vector<TimelineRun> runs;
  uint64_t period_ns = 0;
  uint32_t samples = 0;
  uint32_t dropped = 0;
  uint32_t truncated = 0;
  uint32_t incomplete = 0;
};

Shown ShownOf(const store::ProfileRecord& record, Symbolizer* symbolizer) {
  Shown shown;
  shown.row = RequestRowOf(record, WeightOf(record));
  shown.runs = TimelineOf(record, symbolizer);
  shown.period_ns = record.period_ns;
  for (const TimelineRun& run : shown.runs) shown.samples += run.samples;
  shown.dropped = record.samples_dropped;
  shown.truncated = record.samples_truncated;
  shown.incomplete = record.samples_incomplete;
  return shown;
}

Json RunsJson(const Shown& shown, const std::vector<Frame>& frames) {
  Json rows = Json::array();
  for (const TimelineRun& run : shown.runs) {
    Json stack = Json::array();
    for (const uint32_t frame : run.frames) stack.push_back(frames[frame].function);
    rows.push_back({{"offset_ms", run.offset_ms},
                    {"cpu_ms", run.cpu_ms},
                    {"samples", run.samples},
                    {"stack", std::move(stack)}});
  }
  return rows;
}

Json DocumentOf(const Shown& shown, Question& question, const std::vector<Frame>& frames) {
  Json request = RequestJson(shown.row);
  request["period_ms"] = MillisOfNanos(static_cast<double>(shown.period_ns));
  request["samples"] = shown.samples;
  request["samples_dropped"] = shown.dropped;
  request["samples_truncated"] = shown.truncated;
  request["samples_incomplete"] = shown.incomplete;
  Json document = Document("show", question.query(), RunsJson(shown, frames), shown.runs.size());
  document["request"] = std::move(request);
  return document;
}

std::string StandsForText(const RequestRow& row) {
  if (row.weight == 0) return "stands for no other request and is in no total";
  return "stands for " + WeightText(row) + (row.weight == 1 ? " request" : " requests");
}

std::string HeadText(const Shown& shown) {
  const RequestRow& row = shown.row;
  std::string text = IdText(row) + ": " + Printable(row.name) +
                     (row.method.empty() ? "" : " " + Printable(row.method)) + ", status " +
                     StatusText(row) + ", started " + StartText(row) + " UTC\n";
  text += "wall " + NumberText(row.wall_ms) + " ms = CPU " + NumberText(row.cpu_ms) +
          " ms + waiting (off-CPU) " + NumberText(row.offcpu_ms) + " ms\n";
  if (!row.labels.empty()) text += "labels: " + Printable(LabelsText(row)) + "\n";
  if (!row.trace_id.empty()) text += "trace: " + ToHex(row.trace_id) + "\n";
  text += "host " + Printable(row.host) + ", build " + Printable(row.build) + "; kept as " +
          KeptText(row) + ", " + StandsForText(row) + "\n";
  return text;
}

std::string SamplesText(const Shown& shown) {
  std::string text = CountText(shown.samples, "CPU sample") + ", one per " +
                     NumberText(MillisOfNanos(static_cast<double>(shown.period_ns))) +
                     " ms of CPU time";
  if (shown.samples == 0) text += ": it used too little CPU to be seen in one";
  if (shown.dropped > 0) text += "; " + CountText(shown.dropped) + " were dropped";
  if (shown.truncated > 0)
    text += "; " + CountText(shown.truncated) + " were too deep, their root side is missing";
  if (shown.incomplete > 0)
    text += "; " + CountText(shown.incomplete) + " ended before the thread's start";
  return text + "\n";
}

std::string StackText(const TimelineSpan& span, const std::vector<Frame>& frames, size_t width) {
  std::vector<std::string> names;
  for (const uint32_t frame : span.frames) names.push_back(Printable(frames[frame].function));
  if (names.empty()) return "(no stack)";
  const std::string more = span.shared > 0 ? " < ..." : "";
  const size_t taken = kFixedColumns + more.size();
  const size_t room = std::max(width - std::min(width, taken), kLeastNames);
  return ChainText(names, " < ", room, ChainEnd::kFirst) + more;
}

std::string SpansText(const Shown& shown, const std::vector<Frame>& frames, size_t limit,
                      size_t width, bool color) {
  std::vector<TimelineSpan> spans = SpansOf(shown.runs, shown.row.wall_ms);
  const size_t total = spans.size();
  if (limit > 0 && total > limit) spans.resize(limit);
  const auto ms = [&](double value) { return ColumnText(value, shown.row.wall_ms); };
  TextTable table({{"at ms"},
                   {"for ms"},
                   {"CPU ms"},
                   {"innermost function < its callers; ... as in the line above", Align::kLeft}});
  for (const TimelineSpan& span : spans) {
    table.AddRow(
        {ms(span.offset_ms), ms(span.wall_ms), ms(span.cpu_ms), StackText(span, frames, width)});
  }
  return table.Render(color) + MoreText(spans.size(), total);
}

class Show : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "show",
        .summary = "one request in time order",
        .operand = "ID",
        .flags = kFlags,
        .help =
            "The request's CPU samples as they came, one line per stretch with one stack. `at` is "
            "the time since\n"
            "the request began, `for` the wall time until the next line; where that is much more "
            "than `CPU`, the\n"
            "request was waiting. The stack is written innermost first and ends with `...` where "
            "its callers are\n"
            "those of the line above.",
        .example = "show 7e21c0de-1742",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    const std::optional<ProfileId> id = ParseProfileId(arguments.operand());
    if (!id) {
      return InvalidArgument(
          "'" + arguments.operand() +
          "' is not a request's id like 7e21c0de-1742; `hotroute requests URL` lists them");
    }
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    HOTROUTE_ASSIGN_OR_RETURN(Question question, Question::Open(arguments, environment, ""));
    std::optional<Shown> shown;
    HOTROUTE_RETURN_IF_ERROR(
        question.query().ReadProfile(*id, [&](const store::ProfileRecord& record, double) {
          shown = ShownOf(record, &question.symbolizer());
        }));
    if (!shown) {
      return NotFound("no request has the id " + arguments.operand() +
                      "; `hotroute requests URL` lists the ids there are");
    }
    question.NoteSymbolDamage();
    const std::vector<Frame>& frames = question.symbolizer().frames();
    if (arguments.json()) {
      PrintJson(DocumentOf(*shown, question, frames), environment);
      return kExitDone;
    }
    environment.out << HeadText(*shown) << SamplesText(*shown) << "\n";
    if (shown->samples > 0) {
      const size_t width = arguments.Has("full") ? SIZE_MAX : environment.width;
      environment.out << SpansText(*shown, frames, limit, width, environment.color);
    }
    environment.out << FooterText(question.query());
    return kExitDone;
  }
};

}  // namespace

const Command& ShowCommand() {
  static const Show kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
