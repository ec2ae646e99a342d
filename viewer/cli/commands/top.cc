// `hotroute top URL`: which functions use the CPU.
#include <algorithm>

#include "viewer/aggregate/function_table.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 30;
constexpr Flag kFlags[] = {
    {"limit", "N", "at most this many rows; default 30, 0 for all"},
    {"sort", "ORDER", "self (default) or total"},
};

Json RowJson(const FunctionRow& row) {
  return {{"function", row.frame.function},
          {"module", row.frame.module},
          {"file", row.frame.file.empty() ? Json(nullptr) : Json(row.frame.file)},
          {"line", row.frame.line == 0 ? Json(nullptr) : Json(row.frame.line)},
          {"self_ms", row.self_ms},
          {"total_ms", row.total_ms},
          {"reach", row.reach}};
}

std::string PlaceText(const Frame& frame) {
  if (frame.file.empty()) return frame.module;
  return frame.module + "  " + frame.file +
         (frame.line > 0 ? ":" + std::to_string(frame.line) : "");
}

std::string TableText(const std::vector<FunctionRow>& rows, double all_ms, bool color) {
  TextTable table({{"self ms"},
                   {"self"},
                   {"total ms"},
                   {"total"},
                   {"reach"},
                   {"function", Align::kLeft},
                   {"module, source", Align::kLeft}});
  for (const FunctionRow& row : rows) {
    table.AddRow({ColumnText(row.self_ms, all_ms), PercentText(row.self_ms / all_ms),
                  ColumnText(row.total_ms, all_ms), PercentText(row.total_ms / all_ms),
                  PercentText(row.reach), row.frame.function, PlaceText(row.frame)});
  }
  return table.Render(color);
}

class Top : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "top",
        .summary =
            "which functions use the CPU: self and total ms per request, reach, file and line",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "One row per function. `self` is CPU time in the function itself, `total` with all it "
            "called, both\n"
            "in ms per request (profiled or not) and as a share of the request's CPU time; a "
            "recursive function\n"
            "counts once per stack. `reach` is the share of requests with the function in at least "
            "one sample:\n"
            "a high total with a low reach is a few expensive requests.",
        .example = "top event.index --label shop=bigtickets",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    const std::string sort = arguments.Get("sort").value_or("self");
    if (sort != "self" && sort != "total") {
      return InvalidArgument("order '" + sort + "' is not one of self, total");
    }
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    FunctionTable table(&question.symbolizer());
    HOTROUTE_RETURN_IF_ERROR(question.ReadWeighted(
        true,
        [&](const store::ProfileRecord& record, double weight) { table.Add(record, weight); }));
    table.Scale(question.cpu_scale());
    std::vector<FunctionRow> rows = table.Rows();
    question.NoteSymbolDamage();
    double all_ms = 0;
    for (const FunctionRow& row : rows) all_ms += row.self_ms;
    if (sort == "total") {
      std::stable_sort(rows.begin(), rows.end(), [](const FunctionRow& a, const FunctionRow& b) {
        return a.total_ms > b.total_ms;
      });
    }
    const size_t total = rows.size();
    if (limit > 0 && rows.size() > limit) rows.resize(limit);
    Print(arguments, question.query(), rows, total, all_ms, environment);
    return kExitDone;
  }

 private:
  static void Print(const Arguments& arguments, const Query& query,
                    const std::vector<FunctionRow>& rows, size_t total, double all_ms,
                    Environment& environment) {
    if (arguments.json()) {
      Json lines = Json::array();
      for (const FunctionRow& row : rows) lines.push_back(RowJson(row));
      return PrintJson(Document("top", query, std::move(lines), total), environment);
    }
    environment.out << HeaderText(query) << CostText(query) << "\n"
                    << TableText(rows, all_ms, environment.color) << MoreText(rows.size(), total)
                    << FooterText(query);
  }
};

}  // namespace

const Command& TopCommand() {
  static const Top kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
