#include "viewer/cli/answer.h"

#include <algorithm>

#include "base/losses.h"
#include "viewer/aggregate/time_text.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr char kStacksLost[] = "stacks_lost";
constexpr int64_t kMinuteMicros = 60'000'000;

bool OnMinute(int64_t time_us) {
  return time_us == INT64_MIN || time_us == INT64_MAX || time_us % kMinuteMicros == 0;
}

Json ConditionsJson(const Population& population) {
  Json conditions = Json::object();
  if (population.name) conditions["url_name"] = *population.name;
  for (const auto& [flag, value] : population.given) conditions[flag].push_back(value);
  return conditions;
}

Json PopulationJson(const Query& query) {
  const PopulationSummary& summary = query.summary();
  Json population;
  population["conditions"] = ConditionsJson(query.population());
  population["profiles"] = summary.requests.count();
  population["requests"] = summary.requests.sum();
  const uint64_t counted = summary.costs.counted();
  population["requests_exact"] = counted > 0 ? Json(counted) : Json(nullptr);
  population["n_eff"] = summary.requests.effective();
  const bool any = summary.matching() > 0;
  population["from"] = any ? Json(Rfc3339(summary.first_us)) : Json(nullptr);
  population["to"] = any ? Json(Rfc3339(summary.last_us)) : Json(nullptr);
  population["forced"] = summary.forced;
  population["invalid"] = summary.invalid;
  const std::optional<CostEstimate> costs = summary.costs.Estimate();
  population["wall_ms"] = costs ? MeanJson(costs->wall_ms) : Json(nullptr);
  population["cpu_ms"] = costs ? MeanJson(costs->cpu_ms) : Json(nullptr);
  population["offcpu_ms"] = costs ? MeanJson(costs->offcpu_ms) : Json(nullptr);
  return population;
}

Json LossesJson(const store::ReadReport& report) {
  Json losses = Json::object();
  for (const auto& [name, count] : report.losses) losses[name] = count;
  if (report.stacks_lost > 0) losses[kStacksLost] = report.stacks_lost;
  return losses;
}

Json FrameOf(std::string_view command, Json population, const store::ReadReport& report,
             size_t rows_total, Json rows) {
  Json document;
  document["schema"] = "hotroute." + std::string(command) + ".v1";
  document["command"] = command;
  document["population"] = std::move(population);
  document["losses"] = LossesJson(report);
  document["damage"] = report.damage;
  document["rows_total"] = rows_total;
  document["rows"] = rows.is_null() ? Json::array() : std::move(rows);
  return document;
}

std::string LossSentence(const std::string& name) {
  const auto known = std::find_if(kLossInfo.begin(), kLossInfo.end(),
                                  [&](const LossInfo& info) { return info.name == name; });
  return known == kLossInfo.end() ? "(a loss that this version has no words for)"
                                  : std::string(known->help);
}

// Counters know minutes only, so at the ends of a time range they count what is a little outside.
std::string MinutesText(const Query& query) {
  const Population& population = query.population();
  const bool whole = OnMinute(population.from_us) && OnMinute(population.to_us);
  if (whole || query.summary().costs.counted() == 0) return "";
  return "counted is by whole minutes: up to a minute more at each end of the time range\n";
}

}  // namespace

Json Document(std::string_view command, const Query& query, Json rows, size_t rows_total) {
  return FrameOf(command, PopulationJson(query), query.report(), rows_total, std::move(rows));
}

Json MeanJson(const MeanAndError& mean) {
  return {{"mean", mean.mean}, {"stderr", OrNull(mean.standard_error)}};
}

std::string MeanText(const MeanAndError& mean) {
  const bool exact = mean.standard_error.value_or(0) == 0;
  return NumberText(mean.mean) + (exact ? "" : " ± " + NumberText(*mean.standard_error));
}

Json PlainDocument(std::string_view command, const store::ReadReport& report, Json rows) {
  const size_t rows_total = rows.size();
  return FrameOf(command, nullptr, report, rows_total, std::move(rows));
}

void PrintJson(const Json& document, Environment& environment) {
  environment.out << document.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

std::string HeaderText(const Query& query) {
  const PopulationSummary& summary = query.summary();
  const uint64_t counted = summary.costs.counted();
  std::string text = Printable(query.population().name.value_or("all routes and tasks")) + ": " +
                     CountText(summary.requests.count(), "profile") +
                     (summary.requests.count() == 1 ? " stands for " : " stand for ") +
                     CountText(static_cast<uint64_t>(summary.requests.sum() + 0.5)) +
                     " requests (" + (counted > 0 ? CountText(counted) + " counted, " : "") +
                     "n_eff " +
                     CountText(static_cast<uint64_t>(summary.requests.effective() + 0.5)) + ")";
  if (summary.matching() > 0) {
    text += ", " + TimeText(summary.first_us) + " to " + TimeText(summary.last_us) + " UTC";
  }
  text += "\n";
  if (query.population().given.empty()) return text;
  text += "only:";
  for (const auto& [flag, value] : query.population().given)
    text += " --" + flag + " " + Printable(value);
  return text + "\n";
}

std::string CostText(const Query& query) {
  const CostEstimate costs = query.summary().costs.Estimate().value_or(CostEstimate());
  return "per request: wall " + MeanText(costs.wall_ms) + " ms = CPU " + MeanText(costs.cpu_ms) +
         " ms + waiting (off-CPU) " + MeanText(costs.offcpu_ms) +
         " ms\nwaiting has no stacks yet: what is shown by function is CPU time\n";
}

std::string LossText(const store::ReadReport& report) {
  std::string text;
  for (const auto& [name, count] : report.losses) {
    if (count > 0) {
      text +=
          "lost: " + CountText(count) + " " + LossSentence(name) + " [" + Printable(name) + "]\n";
    }
  }
  if (report.stacks_lost > 0) {
    text += "lost: " + CountText(report.stacks_lost) +
            " samples whose stack was in a damaged place, shown as [lost]\n";
  }
  for (const std::string& line : report.damage) text += "damaged: " + Printable(line) + "\n";
  return text;
}

std::string FooterText(const Query& query) {
  const PopulationSummary& summary = query.summary();
  std::string text = MinutesText(query);
  if (summary.forced > 0) {
    text += CountText(summary.forced, "forced profile") + " left out of all totals\n";
  }
  if (summary.invalid > 0) {
    text += CountText(summary.invalid, "profile") +
            " without a usable probability left out of all totals\n";
  }
  text += LossText(query.report());
  return text.empty() ? text : "\n" + text;
}

void PrintWritten(const Arguments& arguments, const Query& query, std::string_view command,
                  const std::string& path, size_t bytes, Environment& environment) {
  if (arguments.json()) {
    Json rows = Json::array({{{"path", path}, {"bytes", bytes}}});
    return PrintJson(Document(command, query, std::move(rows), 1), environment);
  }
  environment.out << HeaderText(query) << CostText(query) << "\n"
                  << "wrote " << Printable(path) << " (" << CountText(bytes) << " bytes)\n"
                  << FooterText(query);
}

std::string MoreText(size_t shown, size_t total) {
  return shown < total ? CountText(total - shown) + " more; --limit 0 shows all\n" : "";
}

}  // namespace hotroute::viewer
