#include "viewer/aggregate/population.h"

#include <algorithm>
#include <string_view>

namespace hotroute::viewer {
namespace {

constexpr int64_t kMinuteMicros = 60'000'000;
constexpr uint32_t kStatusesPerClass = 100;

bool AnyOf(const std::vector<std::string>& accepted, std::string_view value) {
  return accepted.empty() || std::find(accepted.begin(), accepted.end(), value) != accepted.end();
}

bool HasLabel(const store::ProfileRecord& record, std::string_view key, std::string_view value) {
  return std::any_of(record.labels.begin(), record.labels.end(), [&](const store::Label& label) {
    return label.key == key && label.value == value;
  });
}

bool LabelsMatch(const Population& population, const store::ProfileRecord& record) {
  for (const auto& [key, value] : population.labels) {
    const bool any = std::any_of(
        population.labels.begin(), population.labels.end(), [&, &wanted = key](const auto& label) {
          return label.first == wanted && HasLabel(record, wanted, label.second);
        });
    if (!any) return false;
  }
  return true;
}

// Requires: the record is of a writer, which every source promises.
template <typename Record>
bool CommonMatch(const Population& population, const Record& record) {
  return (!population.name || record.name == *population.name) &&
         (!population.kind || record.kind == *population.kind) &&
         AnyOf(population.methods, record.method) &&
         AnyOf(population.builds, record.writer->build) &&
         AnyOf(population.hosts, record.writer->host) &&
         AnyOf(population.services, record.writer->service);
}

bool IsWholeClass(const StatusRange& range) {
  return range.kind == store::Kind::kTask ||
         (range.from % kStatusesPerClass == 0 && range.to - range.from == kStatusesPerClass);
}

bool OnMinute(int64_t time_us) { return time_us % kMinuteMicros == 0; }

}  // namespace

bool Population::Matches(const store::ProfileRecord& record) const {
  if (record.start_us < from_us || record.start_us >= to_us) return false;
  if (!CommonMatch(*this, record)) return false;
  if (!statuses.empty() &&
      std::none_of(statuses.begin(), statuses.end(), [&](const StatusRange& range) {
        return range.kind == record.kind && record.status >= range.from && record.status < range.to;
      })) {
    return false;
  }
  if (!strata.empty() && std::find(strata.begin(), strata.end(), record.stratum) == strata.end()) {
    return false;
  }
  if (duration && (record.wall_ns < duration->from_ns || record.wall_ns >= duration->to_ns)) {
    return false;
  }
  return LabelsMatch(*this, record);
}

bool Population::Matches(const store::ExposureRecord& record) const {
  if (from_us != INT64_MIN && record.minute < from_us / kMinuteMicros) return false;
  if (to_us != INT64_MAX && record.minute >= to_us / kMinuteMicros) return false;
  if (!CommonMatch(*this, record)) return false;
  return statuses.empty() ||
         std::any_of(statuses.begin(), statuses.end(), [&](const StatusRange& range) {
           const uint32_t status_class =
               range.kind == store::Kind::kTask ? range.from : range.from / kStatusesPerClass;
           return range.kind == record.kind && record.status_class == status_class;
         });
}

bool Population::CountersApply() const {
  return labels.empty() && strata.empty() && !duration && !band &&
         (from_us == INT64_MIN || OnMinute(from_us)) && (to_us == INT64_MAX || OnMinute(to_us)) &&
         std::all_of(statuses.begin(), statuses.end(), IsWholeClass);
}

store::ReadFilter Population::Filter(bool samples) const {
  store::ReadFilter filter;
  filter.name = name;
  filter.from_us = from_us;
  filter.to_us = to_us;
  filter.samples = samples;
  return filter;
}

}  // namespace hotroute::viewer
