// Which files a data directory has, and what is known about each: from the index, or from having
// read it.
//
// In: the folders segments/ and metrics/, the index, and the summaries of files that were read.
// Out: the list of files and which of them a query has to open; the index brought up to date when
// nobody else maintains it. Without a usable index everything works, only slower.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "proto/layout.h"
#include "store/file_summary.h"
#include "store/profile_source.h"

namespace hotroute::store {

struct CatalogFile {
  std::string path;  // below the data directory
  FileKind kind = FileKind::kSegment;
  uint64_t bytes = 0;  // when it was listed
};

// Thread-compatible.
class Catalog {
 public:
  Catalog(Layout layout, const Uuid& store_id) : layout_(std::move(layout)), store_id_(store_id) {}

  // Lists the files again and asks the index about those not read before. What it then knows is
  // enough for `filter`; null asks for whole summaries. `report` is told about folders that cannot
  // be listed.
  void Refresh(const ReadFilter* filter, ReadReport* report);

  // By path.
  const std::vector<CatalogFile>& files() const { return files_; }
  // Null when the file is unknown or has changed since.
  const FileSummary* Find(const CatalogFile& file) const;

  // The summaries of all files that Find() knows, by path.
  std::vector<FileSummary> Known() const;

  // Takes the whole summary of a file that was just read.
  void Learn(FileSummary summary);
  // Brings the index up to date with the files and with what was learnt, if there is anything to do
  // and it may be written. What cannot be saved now is saved another time.
  void Save();

 private:
  // kMissing: there is none, or it cannot be opened now.
  enum class IndexState { kGood, kMissing, kDamaged };

  Status LoadRows(const ReadFilter* filter);
  void ListSegments(ReadReport* report);
  void ListFolder(FileKind kind, const std::string& folder, ReadReport* report);
  // The learnt summaries that the index lacks, and the rows whose files are gone.
  std::vector<FileSummary> Unsaved() const;
  std::vector<std::string> Vanished() const;

  const Layout layout_;
  const Uuid store_id_;
  std::vector<CatalogFile> files_;
  std::map<std::string, FileSummary> rows_;    // of the index, as of the last Refresh()
  std::map<std::string, FileSummary> learnt_;  // whole
  std::set<std::string> unsaved_;              // paths of learnt_ that Save() has to write
  IndexState index_state_ = IndexState::kMissing;
};

}  // namespace hotroute::store
