#include "viewer/cli/question.h"

#include <algorithm>

#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/time_text.h"
#include "viewer/cli/suggest.h"

namespace hotroute::viewer {
namespace {

Result<Population> PopulationOf(const Arguments& arguments, int64_t now_us,
                                const std::string& url) {
  Population population;
  if (!url.empty()) population.name = url;
  bool since = false;
  bool range = false;
  for (const std::string& flag : arguments.condition_flags()) {
    for (const std::string& value : arguments.All(flag)) {
      HOTROUTE_RETURN_IF_ERROR(AddCondition(flag, value, now_us, &population));
      since = since || flag == "since";
      range = range || flag == "from" || flag == "to" || flag == "until";
    }
  }
  if (since && range) {
    return InvalidArgument("--since and --from/--to both set the time range; keep one");
  }
  HOTROUTE_RETURN_IF_ERROR(CheckPopulation(population));
  return population;
}

// What all names together span, for questions without one.
NameRange Everything(const std::vector<NameRange>& names) {
  NameRange all;
  for (const NameRange& range : names) {
    all.profiles += range.profiles;
    all.first_us = std::min(all.first_us, range.first_us);
    all.last_us = std::max(all.last_us, range.last_us);
  }
  return all;
}

std::string RangeText(const NameRange& range) {
  return "from " + TimeText(range.first_us) + " to " + TimeText(range.last_us) + " UTC";
}

}  // namespace

Result<std::string> DataDirectory(const Arguments& arguments, const Environment& environment) {
  const std::string data_dir = arguments.Get("data-dir").value_or(environment.default_data_dir);
  if (data_dir.empty()) {
    return InvalidArgument(
        "no data directory given; add --data-dir DIR or set HOTROUTE_DATA_DIR to the data_dir of "
        "the service");
  }
  return data_dir;
}

Question::Question(std::string data_dir, OpenedData data, Population population)
    : data_dir_(std::move(data_dir)),
      data_(std::move(data)),
      query_(std::make_unique<Query>(*data_.source, std::move(population))),
      symbolizer_(std::make_unique<Symbolizer>(data_.source->stacks(), data_.symbols)) {}

Result<Question> Question::Open(const Arguments& arguments, const Environment& environment,
                                const std::string& url) {
  HOTROUTE_ASSIGN_OR_RETURN(Population population,
                            PopulationOf(arguments, environment.now_us, url));
  HOTROUTE_ASSIGN_OR_RETURN(std::string data_dir, DataDirectory(arguments, environment));
  HOTROUTE_ASSIGN_OR_RETURN(OpenedData data, environment.open(data_dir));
  return Question(std::move(data_dir), std::move(data), std::move(population));
}

Status Question::Read(bool samples, const Query::Visitor& visit) {
  HOTROUTE_RETURN_IF_ERROR(query_->ReadProfiles(samples, visit));
  if (!query_->population().CountersApply()) return Status();
  return query_->ReadExposures([](const store::ExposureRecord&) {});
}

double Question::cpu_scale() const {
  return query_->summary().costs.Estimate().value_or(CostEstimate()).cpu_scale;
}

Status Question::ReadWeighted(bool samples, const Query::Visitor& visit) {
  HOTROUTE_RETURN_IF_ERROR(Read(samples, visit));
  const PopulationSummary& summary = query_->summary();
  if (summary.matching() == 0) return ExplainNothing();
  if (summary.requests.count() > 0) return Status();
  if (summary.forced > 0) {
    return NotFound(
        "only forced profiles match, and those stand for no other requests; `hotroute requests " +
        query_->population().name.value_or("URL") + " --stratum forced` lists them");
  }
  return Corruption(
      "none of the matching profiles has a probability above 0 and up to 1; run `hotroute verify`");
}

Status Question::ExplainNothing() {
  HOTROUTE_ASSIGN_OR_RETURN(const std::vector<NameRange> names, query_->Names());
  if (names.empty()) {
    return NotFound(data_dir_ +
                    " holds no request yet; is a service writing there, with a fraction above 0?");
  }
  const std::optional<std::string>& name = query_->population().name;
  return name ? ExplainName(names, *name) : ExplainConditions(Everything(names));
}

Status Question::ExplainName(const std::vector<NameRange>& names, const std::string& name) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const NameRange& range) { return range.name == name; });
  if (found != names.end()) return ExplainConditions(*found);
  std::vector<std::string> known;
  for (const NameRange& range : names) known.push_back(range.name);
  const std::optional<std::string> nearest = Nearest(name, known);
  return NotFound("unknown url_name or task_name '" + name + "'" +
                  (nearest ? "; did you mean " + *nearest + "?" : ";") +
                  " `hotroute urls` lists all");
}

Status Question::ExplainConditions(const NameRange& range) const {
  const Population& population = query_->population();
  const std::string of = range.name.empty() ? "" : " of " + range.name;
  if (range.profiles == 0) {
    return NotFound("requests" + of +
                    " were counted but none was selected; raise its fraction to get profiles");
  }
  if (population.to_us <= range.first_us || population.from_us > range.last_us) {
    return NotFound("no profile" + of + " in that time range; there are profiles " +
                    RangeText(range));
  }
  std::string conditions;
  for (const auto& [flag, value] : population.given) conditions += " --" + flag + " " + value;
  return NotFound("no profile" + of + " matches" + conditions + "; there are " +
                  std::to_string(range.profiles) + " profiles " + RangeText(range) +
                  ", drop a condition");
}

}  // namespace hotroute::viewer
