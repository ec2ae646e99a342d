// `hotroute labels URL`: which customer, build, host or method carries the cost.

#include <algorithm>

#include "viewer/aggregate/label_table.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 20;
constexpr Flag kFlags[] = {{"limit", "N", "at most this many rows; default 20, 0 for all"}};

Json RowJson(const LabelRow& row) {
  return {{"key", row.key},
          {"value", row.value},
          {"attribute", row.attribute},
          {"profiles", row.profiles},
          {"requests", row.requests},
          {"request_share", row.request_share},
          {"wall_share", row.wall_share},
          {"cpu_share", row.cpu_share},
          {"wall_ms", row.wall_ms},
          {"cpu_ms", row.cpu_ms},
          {"offcpu_ms", row.offcpu_ms},
          {"ratio", OrNull(row.ratio)}};
}

std::string NameOf(const LabelRow& row) {
  return (row.attribute ? "(" + row.key + ") " : row.key + "=") + row.value;
}

bool IsOfAll(const LabelRow& row) { return row.request_share > 1 - 1e-9; }

// What all requests share tells none apart, and is one line.
std::string TableText(const std::vector<LabelRow>& rows, bool color) {
  TextTable table({{"label", Align::kLeft},
                   {"profiles"},
                   {"requests (est.)"},
                   {"of requests"},
                   {"of wall time"},
                   {"of CPU"},
                   {"wall ms"},
                   {"CPU ms"},
                   {"waiting ms"},
                   {"wall, times the rest"}});
  std::string same;
  for (const LabelRow& row : rows) {
    if (IsOfAll(row)) {
      same += (same.empty() ? "" : ", ") + Printable(NameOf(row));
      continue;
    }
    table.AddRow({NameOf(row), CountText(row.profiles),
                  CountText(static_cast<uint64_t>(row.requests + 0.5)),
                  PercentText(row.request_share), PercentText(row.wall_share),
                  PercentText(row.cpu_share), NumberText(row.wall_ms), NumberText(row.cpu_ms),
                  NumberText(row.offcpu_ms), NumberText(row.ratio)});
  }
  const bool any = !std::all_of(rows.begin(), rows.end(), IsOfAll);
  return (any ? table.Render(color) : "") +
         (same.empty() ? "" : "the same for all requests: " + same + "\n");
}

class Labels : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "labels",
        .summary =
            "which customer, build, host, method or status carries the cost, and how unusual that "
            "is",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "One row per label value; build, host, method and status stand in brackets. First "
            "comes the value\n"
            "whose share of wall time exceeds its share of requests most: the one that costs out "
            "of proportion.\n"
            "The last column is its wall time per request divided by that of all other requests. "
            "Few profiles\n"
            "behind a value make its figures rough.",
        .example = "labels event.index --since 2h",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    LabelTable table;
    HOTROUTE_RETURN_IF_ERROR(question.ReadWeighted(
        false,
        [&](const store::ProfileRecord& record, double weight) { table.Add(record, weight); }));
    std::vector<LabelRow> rows = table.Rows();
    const size_t total = rows.size();
    if (limit > 0 && rows.size() > limit) rows.resize(limit);
    const Query& query = question.query();
    if (arguments.json()) {
      Json lines = Json::array();
      for (const LabelRow& row : rows) lines.push_back(RowJson(row));
      PrintJson(Document("labels", query, std::move(lines), total), environment);
      return kExitDone;
    }
    environment.out << HeaderText(query) << "\n"
                    << TableText(rows, environment.color) << MoreText(rows.size(), total)
                    << FooterText(query);
    return kExitDone;
  }
};

}  // namespace

const Command& LabelsCommand() {
  static const Labels kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
