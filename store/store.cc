#include "store/store.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "base/file.h"
#include "store/metrics_reader.h"
#include "store/segment_reader.h"

namespace hotroute::store {
namespace {

// Why `data_dir` holds no store, in one line that says what to do.
Status WhyNoStore(const std::string& data_dir) {
  struct stat info;
  if (stat(data_dir.c_str(), &info) != 0) {
    if (errno != ENOENT) return IoError("cannot read", data_dir, errno);
    return NotFound(data_dir +
                    ": no such directory; give the data_dir of a service with --data-dir");
  }
  if (!S_ISDIR(info.st_mode)) {
    return InvalidArgument(data_dir + ": not a directory; give the data_dir of a service");
  }
  const Result<std::vector<std::string>> names = ListDirectory(data_dir);
  if (!names.ok()) return names.status();
  if (names->empty()) {
    return NotFound(data_dir + ": no profiles yet: start a service with data_dir set to it");
  }
  return InvalidArgument(data_dir +
                         ": not a hotroute data directory (it has files but no STORE); give the "
                         "data_dir of a service");
}

FileInfo InfoOf(const FileSummary& summary) {
  FileInfo info;
  info.path = summary.path;
  info.kind = summary.kind;
  info.bytes = summary.bytes;
  info.sealed = summary.sealed;
  info.damaged = summary.damaged;
  info.profiles = summary.profiles;
  info.requests = summary.requests;
  if (summary.first_us <= summary.last_us) {
    info.first_us = summary.first_us;
    info.last_us = summary.last_us;
  }
  return info;
}

}  // namespace

Store::Store(Layout layout, StoreIdentity identity)
    : layout_(std::move(layout)), identity_(std::move(identity)), catalog_(layout_, identity_.id) {}

Result<std::unique_ptr<Store>> Store::Open(const std::string& data_dir) {
  Layout layout(data_dir);
  const Result<std::string> text = ReadFile(layout.StoreFile());
  if (!text.ok()) {
    // A directory that cannot be entered hides its STORE as well; the plain reason serves then.
    if (PathExists(layout.StoreFile())) return text.status();
    return WhyNoStore(data_dir);
  }
  HOTROUTE_ASSIGN_OR_RETURN(StoreIdentity identity, ParseStoreFile(*text, layout.StoreFile()));
  return std::unique_ptr<Store>(new Store(std::move(layout), std::move(identity)));
}

template <typename Read>
void Store::ReadOne(const CatalogFile& file, const ReadFilter& filter, const Read& read,
                    ReadReport* report) {
  const Result<FileReader> reader = FileReader::Open(layout_.root() + "/" + file.path, file.kind);
  if (!reader.ok()) {
    // A file that is gone since it was listed was removed by retention: that is no damage.
    if (reader.status().code() != StatusCode::kNotFound) {
      report->damage.push_back(reader.status().message());
    }
    return;
  }
  ++files_read_;
  FileRead result = read(*reader);
  FileSummary& summary = result.summary;
  for (const Finding& finding : result.scan.findings) {
    if (!finding.incomplete) report->damage.push_back(FindingLine(finding));
  }
  report->stacks_lost += result.stacks_lost;
  if (MayMatch(summary, filter)) {
    for (const auto& [name, count] : summary.losses) report->losses[name] += count;
  }
  const FileSummary* known = catalog_.Find(file);
  if (known == nullptr || known->bytes != summary.bytes) catalog_.Learn(std::move(summary));
}

Status Store::ReadProfiles(const ReadFilter& filter,
                           const std::function<void(const ProfileRecord&)>& visit,
                           ReadReport* report) {
  catalog_.Refresh(&filter, report);
  ProfileSet seen;
  const ReadContext context{&writers_, &stacks_, &seen};
  for (const CatalogFile& file : Candidates(FileKind::kSegment, filter)) {
    ReadOne(
        file, filter,
        [&](const FileReader& reader) {
          return ReadSegment(reader, file.path, filter, context, visit);
        },
        report);
  }
  catalog_.Save();
  return {};
}

Status Store::ReadExposures(const ReadFilter& filter,
                            const std::function<void(const ExposureRecord&)>& visit,
                            ReadReport* report) {
  catalog_.Refresh(&filter, report);
  for (const CatalogFile& file : Candidates(FileKind::kMetrics, filter)) {
    ReadOne(
        file, filter,
        [&](const FileReader& reader) {
          return ReadMetrics(reader, file.path, filter, &writers_, visit);
        },
        report);
  }
  catalog_.Save();
  return {};
}

std::vector<CatalogFile> Store::Candidates(FileKind kind, const ReadFilter& filter) const {
  std::vector<CatalogFile> candidates;
  for (const CatalogFile& file : catalog_.files()) {
    if (file.kind != kind) continue;
    const FileSummary* known = catalog_.Find(file);
    if (known == nullptr || MayMatch(*known, filter)) candidates.push_back(file);
  }
  return candidates;
}

std::vector<FileSummary> Store::Summaries() {
  ReadReport ignored;  // Files() shows damage, and every query reports it
  catalog_.Refresh(nullptr, &ignored);
  const ReadFilter filter = MatchNothing();
  ProfileSet seen;
  const ReadContext context{&writers_, &stacks_, &seen};
  for (const CatalogFile& file : catalog_.files()) {
    if (catalog_.Find(file) != nullptr) continue;
    ReadOne(
        file, filter,
        [&](const FileReader& reader) {
          return file.kind == FileKind::kSegment
                     ? ReadSegment(reader, file.path, filter, context, [](const auto&) {})
                     : ReadMetrics(reader, file.path, filter, &writers_, [](const auto&) {});
        },
        &ignored);
  }
  catalog_.Save();
  return catalog_.Known();
}

std::vector<KnownName> Store::Names() {
  std::map<std::pair<std::string, Kind>, KnownName> names;
  for (const FileSummary& file : Summaries()) {
    for (const DatasetSummary& dataset : file.datasets) {
      const auto [entry, inserted] = names.try_emplace({dataset.name, dataset.kind});
      KnownName& name = entry->second;
      if (inserted) name = {dataset.name, dataset.kind, INT64_MAX, INT64_MIN, 0, 0};
      name.first_us = std::min(name.first_us, dataset.first_us);
      name.last_us = std::max(name.last_us, dataset.last_us);
      name.profiles += dataset.profiles;
      name.requests += dataset.requests;
    }
  }
  std::vector<KnownName> sorted;
  for (auto& [key, name] : names) sorted.push_back(std::move(name));
  return sorted;
}

std::vector<FileInfo> Store::Files() {
  std::vector<FileInfo> files;
  for (const FileSummary& summary : Summaries()) files.push_back(InfoOf(summary));
  return files;
}

std::vector<Writer> Store::Writers() {
  std::set<Writer> writers;
  for (const FileSummary& summary : Summaries()) writers.insert(summary.writer);
  return {writers.begin(), writers.end()};
}

std::map<std::string, uint64_t> Store::Losses() {
  std::map<std::string, uint64_t> losses;
  for (const FileSummary& summary : Summaries()) {
    for (const auto& [name, count] : summary.losses) losses[name] += count;
  }
  return losses;
}

std::vector<FolderSize> Store::Folders() const {
  std::vector<FolderSize> folders = {
      {"segments", DirectoryBytes(layout_.SegmentsDirectory())},
      {"metrics", DirectoryBytes(layout_.MetricsDirectory())},
      {"symbols", DirectoryBytes(layout_.SymbolsDirectory())},
      {"blocks", DirectoryBytes(layout_.BlocksDirectory())},
      {"quarantine", DirectoryBytes(layout_.QuarantineDirectory())},
      {"index", 0},
  };
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info;
    if (stat((layout_.IndexFile() + suffix).c_str(), &info) == 0) {
      folders.back().bytes += static_cast<uint64_t>(info.st_size);
    }
  }
  return folders;
}

}  // namespace hotroute::store
