// A data directory, read: the ProfileSource that every command of the viewer starts from.
//
// In: DATA/segments, DATA/metrics, and DATA/index.sqlite when it is there and sound. Out: profiles,
// exact counters, and what `hotroute stats` shows. Files that cannot hold what is asked for are
// passed over with the help of the index; live tails of open segments are always read. Changes
// nothing but the index, and that only while nobody else maintains it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "proto/layout.h"
#include "store/catalog.h"
#include "store/profile_source.h"
#include "store/read_context.h"
#include "store/stack_table.h"

namespace hotroute::store {

// A url_name or task_name that has profiles or counters.
struct KnownName {
  std::string name;
  Kind kind = Kind::kRequest;
  int64_t first_us = 0;  // Unix time of its first and last request
  int64_t last_us = 0;
  uint64_t profiles = 0;
  uint64_t requests = 0;  // counted exactly, kept or not
};

// One file of segments/ or metrics/.
struct FileInfo {
  std::string path;  // below the data directory
  FileKind kind = FileKind::kSegment;
  uint64_t bytes = 0;
  bool sealed = false;   // closed and compressed by its writer
  bool damaged = false;  // `hotroute verify` says where
  uint64_t profiles = 0;
  uint64_t requests = 0;
  int64_t first_us = 0;  // Unix time; both 0 when the file holds no profile and no counter
  int64_t last_us = 0;
};

struct FolderSize {
  std::string name;  // "segments", "metrics", "symbols", "blocks", "quarantine" or "index"
  uint64_t bytes = 0;
};

// Thread-compatible.
class Store : public ProfileSource {
 public:
  // Fails with one line that says what to do for a directory that is missing, empty, foreign, of a
  // newer format, not a directory or unreadable.
  static Result<std::unique_ptr<Store>> Open(const std::string& data_dir);

  Status ReadProfiles(const ReadFilter& filter,
                      const std::function<void(const ProfileRecord&)>& visit,
                      ReadReport* report) override;
  Status ReadExposures(const ReadFilter& filter,
                       const std::function<void(const ExposureRecord&)>& visit,
                       ReadReport* report) override;
  const StackTable& stacks() const override { return stacks_; }

  // Each of these first reads what changed since the last call. Sorted by name, path or writer.
  std::vector<KnownName> Names();
  std::vector<FileInfo> Files();
  std::vector<Writer> Writers();
  std::map<std::string, uint64_t> Losses();
  std::vector<FolderSize> Folders() const;

  const Layout& layout() const { return layout_; }
  const StoreIdentity& identity() const { return identity_; }

  // Segment and metrics files opened so far: how a test sees that the index saved some.
  uint64_t files_read_for_testing() const { return files_read_; }

 private:
  Store(Layout layout, StoreIdentity identity);

  // Opens `file`, lets `read(reader)` read it, tells the catalog what it holds if that is news, and
  // `report` what it lacks: damage always, losses where the file may match.
  template <typename Read>
  void ReadOne(const CatalogFile& file, const ReadFilter& filter, const Read& read,
               ReadReport* report);
  // The files that may hold what `filter` asks for, and all that are unknown.
  std::vector<CatalogFile> Candidates(FileKind kind, const ReadFilter& filter) const;
  // Summaries of all files, reading those that are not known.
  std::vector<FileSummary> Summaries();

  const Layout layout_;
  const StoreIdentity identity_;
  Catalog catalog_;
  StackTable stacks_;
  WriterTable writers_;
  uint64_t files_read_ = 0;
};

}  // namespace hotroute::store
