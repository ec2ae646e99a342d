#include "store/file_summary.h"

#include <algorithm>

namespace hotroute::store {

void DatasetCollector::Add(std::string_view name, Kind kind, int64_t first_us, int64_t last_us,
                           uint64_t profiles, uint64_t requests) {
  auto& dataset = datasets_[{std::string(name), kind}];
  dataset.first_us = std::min(dataset.first_us, first_us);
  dataset.last_us = std::max(dataset.last_us, last_us);
  dataset.profiles += profiles;
  dataset.requests += requests;
}

void DatasetCollector::Finish(FileSummary* summary) {
  for (auto& [key, dataset] : datasets_) {
    dataset.name = key.first;
    dataset.kind = key.second;
    summary->first_us = std::min(summary->first_us, dataset.first_us);
    summary->last_us = std::max(summary->last_us, dataset.last_us);
    summary->profiles += dataset.profiles;
    summary->requests += dataset.requests;
    summary->datasets.push_back(std::move(dataset));
  }
  datasets_.clear();
}

bool OverlapsTime(int64_t first_us, int64_t last_us, const ReadFilter& filter) {
  return first_us < filter.to_us && last_us >= filter.from_us;
}

ReadFilter MatchNothing() {
  ReadFilter filter;
  filter.from_us = INT64_MAX;
  filter.to_us = INT64_MIN;
  return filter;
}

bool MayMatch(const FileSummary& summary, const ReadFilter& filter) {
  if (summary.damaged) return true;
  if (!filter.name) return OverlapsTime(summary.first_us, summary.last_us, filter);
  return std::any_of(summary.datasets.begin(), summary.datasets.end(),
                     [&](const DatasetSummary& dataset) {
                       return dataset.name == *filter.name &&
                              OverlapsTime(dataset.first_us, dataset.last_us, filter);
                     });
}

}  // namespace hotroute::store
