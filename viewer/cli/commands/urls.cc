// `hotroute urls`: which routes and tasks there are, and where the time goes.
#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/url_table.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 50;
constexpr Flag kFlags[] = {{"limit", "N", "at most this many rows; default 50, 0 for all"}};

Json WallJson(const std::optional<WallRow>& wall) {
  if (!wall) return nullptr;
  return {{"mean", wall->mean}, {"p50", wall->p50}, {"p95", wall->p95}, {"p99", wall->p99}};
}

Json RowJson(const UrlRow& row) {
  return {{"url_name", row.name},
          {"kind", KindText(row.kind)},
          {"profiles", row.profiles},
          {"requests", OrNull(row.requests)},
          {"requests_exact", OrNull(row.requests_exact)},
          {"errors", row.errors},
          {"wall_ms", WallJson(row.wall_ms)},
          {"cpu_ms", row.cpu_ms ? MeanJson(*row.cpu_ms) : Json(nullptr)},
          {"offcpu_ms", row.offcpu_ms ? MeanJson(*row.offcpu_ms) : Json(nullptr)},
          {"share", row.share}};
}

std::string RoundText(const std::optional<double>& value) {
  return value ? CountText(static_cast<uint64_t>(*value + 0.5)) : "-";
}

std::vector<std::string> RowCells(const UrlRow& row) {
  const WallRow wall = row.wall_ms.value_or(WallRow());
  const auto of_wall = [&](double value) {
    return row.wall_ms ? NumberText(value) : std::string("-");
  };
  return {row.name,
          std::string(KindText(row.kind)),
          PercentText(row.share),
          CountText(row.profiles),
          RoundText(row.requests),
          row.requests_exact ? CountText(*row.requests_exact) : "-",
          RoundText(row.errors),
          of_wall(wall.mean),
          of_wall(wall.p50),
          of_wall(wall.p95),
          of_wall(wall.p99),
          row.cpu_ms ? MeanText(*row.cpu_ms) : "-",
          row.offcpu_ms ? MeanText(*row.offcpu_ms) : "-"};
}

std::string TableText(const std::vector<UrlRow>& rows, bool color) {
  TextTable table({{"url_name", Align::kLeft},
                   {"kind", Align::kLeft},
                   {"time share"},
                   {"profiles"},
                   {"requests (est.)"},
                   {"counted"},
                   {"errors"},
                   {"wall ms"},
                   {"p50"},
                   {"p95"},
                   {"p99"},
                   {"CPU ms"},
                   {"waiting ms"}});
  for (const UrlRow& row : rows) table.AddRow(RowCells(row));
  return table.Render(color);
}

class Urls : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "urls",
        .summary = "which routes and tasks: requests, errors, wall time, CPU and waiting",
        .operand = "",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "One row per url_name or task_name, the one with most wall time first. `requests "
            "(est.)` is\n"
            "the sum of the profiles' weights; `counted` is exact, of all requests, and `-` where "
            "a condition\n"
            "(a label, an exact status, a duration, a stratum) is one that the counters do not "
            "know. Errors\n"
            "and wall times are of all requests where `counted` is there, else estimated. CPU and "
            "waiting are\n"
            "means per request that add up to wall ms: the profiles tell how the counted wall time "
            "divides, ± is\n"
            "the standard error of having profiled some of the requests instead of all.",
        .example = "urls --since 2h --kind request",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    HOTROUTE_ASSIGN_OR_RETURN(Question question, Question::Open(arguments, environment, ""));
    Query& query = question.query();
    UrlTable table;
    HOTROUTE_RETURN_IF_ERROR(query.ReadProfiles(
        false,
        [&](const store::ProfileRecord& record, double weight) { table.Add(record, weight); }));
    if (query.population().CountersApply()) {
      HOTROUTE_RETURN_IF_ERROR(query.ReadExposures(
          [&](const store::ExposureRecord& record) { table.AddExposure(record); }));
    }
    std::vector<UrlRow> rows = table.Rows();
    if (rows.empty() && query.summary().matching() == 0) return question.ExplainNothing();
    const size_t total = rows.size();
    if (limit > 0 && rows.size() > limit) rows.resize(limit);
    Print(arguments, query, rows, total, environment);
    return kExitDone;
  }

 private:
  static void Print(const Arguments& arguments, const Query& query, const std::vector<UrlRow>& rows,
                    size_t total, Environment& environment) {
    if (arguments.json()) {
      Json lines = Json::array();
      for (const UrlRow& row : rows) lines.push_back(RowJson(row));
      return PrintJson(Document("urls", query, std::move(lines), total), environment);
    }
    environment.out << HeaderText(query) << "\n"
                    << TableText(rows, environment.color) << MoreText(rows.size(), total)
                    << FooterText(query);
  }
};

}  // namespace

const Command& UrlsCommand() {
  static const Urls kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
