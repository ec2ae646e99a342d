#include "viewer/aggregate/query.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "viewer/aggregate/wall_distribution.h"

namespace hotroute::viewer {
namespace {

constexpr int64_t kMinuteMicros = 60'000'000;

void Account(const store::ProfileRecord& record, double weight, PopulationSummary* summary) {
  summary->first_us = std::min(summary->first_us, record.start_us);
  summary->last_us = std::max(summary->last_us, record.start_us);
  if (record.stratum == store::Stratum::kForced) {
    ++summary->forced;
  } else if (weight == 0) {
    ++summary->invalid;
  } else {
    summary->requests.Add(weight);
    summary->costs.Add(record, weight);
  }
}

// The end of a band as the first wall time behind it; 100 keeps the slowest in.
DurationRange Cut(const PercentileBand& band, WallQuantiles* quantiles) {
  DurationRange range;
  if (band.from > 0) range.from_ns = quantiles->Quantile(band.from / 100);
  if (band.to < 100) range.to_ns = quantiles->Quantile(band.to / 100);
  return range;
}

}  // namespace

Status Query::ResolveBand() {
  if (band_resolved_ || !population_.band) return Status();
  WallQuantiles quantiles;
  store::ReadReport ignored;  // the second reading reports the same
  HOTROUTE_RETURN_IF_ERROR(source_.ReadProfiles(
      population_.Filter(false),
      [&](const store::ProfileRecord& record) {
        const double weight = WeightOf(record);
        if (weight > 0 && population_.Matches(record)) quantiles.Add(record.wall_ns, weight);
      },
      &ignored));
  population_.duration = Cut(*population_.band, &quantiles);
  band_resolved_ = true;
  return Status();
}

Status Query::ReadProfiles(bool samples, const Visitor& visit) {
  HOTROUTE_RETURN_IF_ERROR(ResolveBand());
  summary_ = PopulationSummary();
  report_ = store::ReadReport();
  return source_.ReadProfiles(
      population_.Filter(samples),
      [&](const store::ProfileRecord& record) {
        if (!population_.Matches(record)) return;
        const double weight = WeightOf(record);
        Account(record, weight, &summary_);
        visit(record, weight);
      },
      &report_);
}

Status Query::ReadProfile(const ProfileId& id, const Visitor& visit) {
  summary_ = PopulationSummary();
  report_ = store::ReadReport();
  return source_.ReadProfiles(
      store::ReadFilter(),
      [&](const store::ProfileRecord& record) {
        if (record.id != id) return;
        const double weight = WeightOf(record);
        Account(record, weight, &summary_);
        visit(record, weight);
      },
      &report_);
}

Status Query::ReadExposures(const std::function<void(const store::ExposureRecord&)>& visit) {
  assert(population_.CountersApply());
  store::ReadReport report;
  HOTROUTE_RETURN_IF_ERROR(source_.ReadExposures(
      population_.Filter(false),
      [&](const store::ExposureRecord& record) {
        if (!population_.Matches(record)) return;
        summary_.costs.AddExposure(record);
        visit(record);
      },
      &report));
  // A writer stores its losses beside its profiles; its counters' file adds only damage of its own.
  for (std::string& line : report.damage) report_.damage.push_back(std::move(line));
  return Status();
}

void Query::AddDamage(const std::vector<std::string>& lines) {
  report_.damage.insert(report_.damage.end(), lines.begin(), lines.end());
}

Result<std::vector<NameRange>> Query::Names() {
  std::map<std::pair<std::string, store::Kind>, NameRange> names;
  const auto add = [&](std::string_view name, store::Kind kind, int64_t first_us,
                       int64_t last_us) -> NameRange& {
    NameRange& range = names[{std::string(name), kind}];
    range.first_us = std::min(range.first_us, first_us);
    range.last_us = std::max(range.last_us, last_us);
    return range;
  };
  store::ReadFilter everything;
  everything.samples = false;
  store::ReadReport ignored;
  HOTROUTE_RETURN_IF_ERROR(source_.ReadProfiles(
      everything,
      [&](const store::ProfileRecord& record) {
        ++add(record.name, record.kind, record.start_us, record.start_us).profiles;
      },
      &ignored));
  HOTROUTE_RETURN_IF_ERROR(source_.ReadExposures(
      everything,
      [&](const store::ExposureRecord& record) {
        add(record.name, record.kind, record.minute * kMinuteMicros, record.minute * kMinuteMicros);
      },
      &ignored));
  std::vector<NameRange> sorted;
  for (auto& [key, range] : names) {
    range.name = key.first;
    range.kind = key.second;
    sorted.push_back(std::move(range));
  }
  return sorted;
}

}  // namespace hotroute::viewer
