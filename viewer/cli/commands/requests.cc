// `hotroute requests URL`: single requests worth looking at.
#include "viewer/aggregate/request_table.h"
#include "viewer/aggregate/wall_distribution.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/cli/request_text.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kDefaultLimit = 10;
constexpr Flag kFlags[] = {
    {"sort", "ORDER", "slowest (default), typical (nearest to the median), failed (latest first)"},
    {"limit,n", "N", "at most this many; default 10, 0 for all"},
};

std::string TableText(const std::vector<RequestRow>& rows, bool color) {
  TextTable table({{"id", Align::kLeft},
                   {"started (UTC)", Align::kLeft},
                   {"method", Align::kLeft},
                   {"status", Align::kLeft},
                   {"wall ms"},
                   {"CPU ms"},
                   {"waiting ms"},
                   {"kept as", Align::kLeft},
                   {"stands for"},
                   {"labels", Align::kLeft}});
  for (const RequestRow& row : rows) {
    table.AddRow({IdText(row), StartText(row), row.method, StatusText(row), NumberText(row.wall_ms),
                  NumberText(row.cpu_ms), NumberText(row.offcpu_ms), KeptText(row), WeightText(row),
                  LabelsText(row)});
  }
  return table.Render(color);
}

class Requests : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "requests",
        .summary = "single requests: the slowest, the failed, the most typical",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "One row per profiled request. `hotroute show ID` shows one of them in time order. "
            "Failed is a\n"
            "status of 500 and above, or a task's status error. `stands for` is the request's "
            "weight; forced\n"
            "profiles have 0, they stand for no other request and are in no total.",
        .example = "requests event.index --sort failed -n 5",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const size_t limit, arguments.Limit(kDefaultLimit));
    HOTROUTE_ASSIGN_OR_RETURN(const RequestOrder order,
                              ParseRequestOrder(arguments.Get("sort").value_or("slowest")));
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    Query& query = question.query();
    HOTROUTE_ASSIGN_OR_RETURN(const double median_ms, MedianFor(order, &query));
    RequestTable table(order, limit == 0 ? SIZE_MAX : limit, median_ms);
    size_t total = 0;
    HOTROUTE_RETURN_IF_ERROR(
        question.Read(false, [&](const store::ProfileRecord& record, double weight) {
          total += table.Add(record, weight) ? 1 : 0;
        }));
    if (query.summary().matching() == 0) return question.ExplainNothing();
    Print(arguments, query, table.Rows(), total, environment);
    return kExitDone;
  }

 private:
  // Of wall time, which only the typical ones are measured by.
  static Result<double> MedianFor(RequestOrder order, Query* query) {
    if (order != RequestOrder::kTypical) return 0.0;
    WallQuantiles walls;
    HOTROUTE_RETURN_IF_ERROR(
        query->ReadProfiles(false, [&](const store::ProfileRecord& record, double weight) {
          if (weight > 0) walls.Add(record.wall_ns, weight);
        }));
    return MillisOfNanos(static_cast<double>(walls.Quantile(0.5)));
  }

  static void Print(const Arguments& arguments, const Query& query,
                    const std::vector<RequestRow>& rows, size_t total, Environment& environment) {
    if (arguments.json()) {
      Json lines = Json::array();
      for (const RequestRow& row : rows) lines.push_back(RequestJson(row));
      return PrintJson(Document("requests", query, std::move(lines), total), environment);
    }
    environment.out << HeaderText(query) << "\n";
    if (rows.empty()) {
      environment.out << "none of them failed\n";
    } else {
      environment.out << TableText(rows, environment.color) << MoreText(rows.size(), total);
    }
    environment.out << FooterText(query);
  }
};

}  // namespace

const Command& RequestsCommand() {
  static const Requests kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
