// DATA/index.sqlite: the summaries of all segments and metrics files, so that a query opens only
// those it needs.
//
// Derived: it can be deleted at any time and is rebuilt, with equal content, from the files. Rows
// are about files and (file, name, kind) datasets, never about single profiles. One writer, the
// holder of maintainer.lock; readers hold no transaction beyond one call. A row counts only while
// its file has the size it had when it was read.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>

#include "base/status.h"
#include "proto/layout.h"
#include "store/file_summary.h"
#include "store/maintainer_lock.h"
#include "store/sqlite.h"

namespace hotroute::store {

// Thread-compatible.
class Index {
 public:
  // kNotFound when there is none, kCorruption when it cannot be used (damaged, another schema,
  // another store's), kUnavailable when it cannot be opened now.
  static Result<Index> OpenForReading(const Layout& layout, const Uuid& store_id);
  // Makes an empty one where OpenForReading() would not give a usable one, after deleting what is
  // there.
  static Result<Index> OpenForWriting(const Layout& layout, const Uuid& store_id,
                                      const MaintainerLock& lock);

  // Deletes it, for the next OpenForWriting() to make anew.
  static void Discard(const Layout& layout, const MaintainerLock& lock);

  // The rows of all files, by path, as of one moment. With a filter, `datasets` holds only those of
  // the filter's name, and `losses` is empty: enough for MayMatch(). Without one, everything.
  Result<std::map<std::string, FileSummary>> Load(const ReadFilter* filter);

  // In one transaction: forgets `removed`, replaces or adds `changed`.
  Status Update(std::span<const FileSummary> changed, std::span<const std::string> removed);

 private:
  explicit Index(Database database) : database_(std::move(database)) {}

  static Result<Index> Open(const Layout& layout, const Uuid& store_id, Database::Mode mode);
  Status CheckIdentity(const Uuid& store_id);
  Status Create(const Uuid& store_id);
  Status Insert(const FileSummary& summary);
  Status Remove(const std::string& path);
  Status InsertDetails(const FileSummary& summary, int64_t id);
  Result<std::map<std::string, FileSummary>> LoadFiles();
  // Of one name, or of all where it is null.
  Status LoadDatasets(const std::string* name, std::map<std::string, FileSummary>* files);
  Status LoadLosses(std::map<std::string, FileSummary>* files);

  Database database_;
};

}  // namespace hotroute::store
