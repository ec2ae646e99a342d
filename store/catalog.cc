#include "store/catalog.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/file.h"
#include "store/index.h"
#include "store/maintainer_lock.h"

namespace hotroute::store {
namespace {

const FileSummary* FindFresh(const std::map<std::string, FileSummary>& summaries,
                             const CatalogFile& file) {
  const auto found = summaries.find(file.path);
  return found != summaries.end() && found->second.bytes == file.bytes ? &found->second : nullptr;
}

// A folder that does not exist is empty.
std::vector<std::string> ListOrReport(const std::string& folder, ReadReport* report) {
  Result<std::vector<std::string>> names = ListDirectory(folder);
  if (names.ok()) return std::move(*names);
  if (names.status().code() != StatusCode::kNotFound) {
    report->damage.push_back(names.status().message());
  }
  return {};
}

}  // namespace

void Catalog::Refresh(const ReadFilter* filter, ReadReport* report) {
  files_.clear();
  ListSegments(report);
  ListFolder(FileKind::kMetrics, "metrics", report);
  std::sort(files_.begin(), files_.end(),
            [](const CatalogFile& a, const CatalogFile& b) { return a.path < b.path; });

  rows_.clear();
  Status status = LoadRows(filter);
  index_state_ = status.ok()                                ? IndexState::kGood
                 : status.code() == StatusCode::kCorruption ? IndexState::kDamaged
                                                            : IndexState::kMissing;
}

Status Catalog::LoadRows(const ReadFilter* filter) {
  HOTROUTE_ASSIGN_OR_RETURN(Index index, Index::OpenForReading(layout_, store_id_));
  HOTROUTE_ASSIGN_OR_RETURN(rows_, index.Load(filter));
  return {};
}

void Catalog::ListSegments(ReadReport* report) {
  for (const std::string& hour : ListOrReport(layout_.SegmentsDirectory(), report)) {
    struct stat info;
    const std::string folder = "segments/" + hour;
    if (stat((layout_.root() + "/" + folder).c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
      ListFolder(FileKind::kSegment, folder, report);
    }
  }
}

void Catalog::ListFolder(FileKind kind, const std::string& folder, ReadReport* report) {
  const auto suffix = kind == FileKind::kSegment ? kSegmentSuffix : kMetricsSuffix;
  for (const std::string& name : ListOrReport(layout_.root() + "/" + folder, report)) {
    // Also passes over what is being rewritten: its name ends in kTemporarySuffix.
    if (!std::string_view(name).ends_with(suffix)) continue;
    struct stat info;
    const std::string path = folder + "/" + name;
    if (stat((layout_.root() + "/" + path).c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    files_.push_back({path, kind, static_cast<uint64_t>(info.st_size)});
  }
}

const FileSummary* Catalog::Find(const CatalogFile& file) const {
  const FileSummary* learnt = FindFresh(learnt_, file);
  return learnt != nullptr ? learnt : FindFresh(rows_, file);
}

std::vector<FileSummary> Catalog::Known() const {
  std::vector<FileSummary> summaries;
  for (const CatalogFile& file : files_) {
    if (const FileSummary* summary = Find(file)) summaries.push_back(*summary);
  }
  return summaries;
}

void Catalog::Learn(FileSummary summary) {
  unsaved_.insert(summary.path);
  // The file may have grown since it was listed.
  const auto listed = std::lower_bound(
      files_.begin(), files_.end(), summary.path,
      [](const CatalogFile& file, const std::string& path) { return file.path < path; });
  if (listed != files_.end() && listed->path == summary.path) listed->bytes = summary.bytes;
  std::string path = summary.path;
  learnt_[std::move(path)] = std::move(summary);
}

std::vector<FileSummary> Catalog::Unsaved() const {
  std::vector<FileSummary> summaries;
  for (const CatalogFile& file : files_) {
    // An index that has to be made anew lacks everything.
    if (index_state_ == IndexState::kGood && !unsaved_.contains(file.path)) continue;
    const auto learnt = learnt_.find(file.path);
    if (learnt != learnt_.end()) summaries.push_back(learnt->second);
  }
  return summaries;
}

std::vector<std::string> Catalog::Vanished() const {
  std::set<std::string> present;
  for (const CatalogFile& file : files_) present.insert(file.path);
  std::vector<std::string> paths;
  for (const auto& [path, summary] : rows_) {
    if (!present.contains(path)) paths.push_back(path);
  }
  return paths;
}

void Catalog::Save() {
  const std::vector<FileSummary> changed = Unsaved();
  const std::vector<std::string> vanished = Vanished();
  if (changed.empty() && vanished.empty()) return;
  const Result<MaintainerLock> lock = MaintainerLock::TryAcquire(layout_);
  if (!lock.ok()) return;
  // What only shows when all rows are read does not show when it is opened.
  if (index_state_ == IndexState::kDamaged) Index::Discard(layout_, *lock);
  Result<Index> index = Index::OpenForWriting(layout_, store_id_, *lock);
  if (!index.ok()) return;
  const Status status = index->Update(changed, vanished);
  if (status.ok()) unsaved_.clear();
  if (status.code() == StatusCode::kCorruption) Index::Discard(layout_, *lock);
}

}  // namespace hotroute::store
