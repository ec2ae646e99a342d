#include "store/index.h"

#include <unistd.h>

#include <functional>
#include <string_view>
#include <utility>

#include "base/file.h"

namespace hotroute::store {
namespace {

// Raised whenever a table, or the meaning of a column, changes; an index of another number is
// rebuilt.
constexpr std::string_view kSchemaVersion = "1";

// Times are Unix microseconds, t0 and t1 inclusive.
constexpr const char* kSchema = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, bytes INTEGER NOT NULL,
  sealed INTEGER NOT NULL, damaged INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,
  profiles INTEGER NOT NULL, requests INTEGER NOT NULL,
  writer_id INTEGER NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, service TEXT NOT NULL,
  build TEXT NOT NULL, version TEXT NOT NULL, engine TEXT NOT NULL, unwinder TEXT NOT NULL,
  start_us INTEGER NOT NULL);
CREATE TABLE dataset(
  name TEXT NOT NULL, kind INTEGER NOT NULL, t0 INTEGER NOT NULL, file_id INTEGER NOT NULL,
  t1 INTEGER NOT NULL, profiles INTEGER NOT NULL, requests INTEGER NOT NULL,
  PRIMARY KEY(name, kind, t0, file_id)) WITHOUT ROWID;
CREATE INDEX dataset_of_file ON dataset(file_id);
CREATE TABLE loss(
  file_id INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(file_id, name)) WITHOUT ROWID;
)";

FileSummary FileOf(const Statement& row) {
  FileSummary file;
  file.path = row.Text(1);
  file.kind = static_cast<FileKind>(row.Integer(2));
  file.bytes = row.Unsigned(3);
  file.sealed = row.Integer(4) != 0;
  file.damaged = row.Integer(5) != 0;
  file.first_us = row.Integer(6);
  file.last_us = row.Integer(7);
  file.profiles = row.Unsigned(8);
  file.requests = row.Unsigned(9);
  file.writer.writer_id = static_cast<uint32_t>(row.Integer(10));
  file.writer.host = row.Text(11);
  file.writer.pid = row.Unsigned(12);
  file.writer.service = row.Text(13);
  file.writer.build = row.Text(14);
  file.writer.version = row.Text(15);
  file.writer.engine = row.Text(16);
  file.writer.unwinder = row.Text(17);
  file.writer.start_us = row.Integer(18);
  return file;
}

void BindFile(const FileSummary& file, Statement* row) {
  row->Bind(1, file.path);
  row->Bind(2, static_cast<int64_t>(file.kind));
  row->Bind(3, file.bytes);
  row->Bind(4, int64_t{file.sealed});
  row->Bind(5, int64_t{file.damaged});
  row->Bind(6, file.first_us);
  row->Bind(7, file.last_us);
  row->Bind(8, file.profiles);
  row->Bind(9, file.requests);
  row->Bind(10, int64_t{file.writer.writer_id});
  row->Bind(11, file.writer.host);
  row->Bind(12, file.writer.pid);
  row->Bind(13, file.writer.service);
  row->Bind(14, file.writer.build);
  row->Bind(15, file.writer.version);
  row->Bind(16, file.writer.engine);
  row->Bind(17, file.writer.unwinder);
  row->Bind(18, file.writer.start_us);
}

Status ForEachRow(Statement* rows, const std::function<void(const Statement&)>& visit) {
  while (true) {
    HOTROUTE_ASSIGN_OR_RETURN(const bool row, rows->Step());
    if (!row) return {};
    visit(*rows);
  }
}

}  // namespace

Result<Index> Index::Open(const Layout& layout, const Uuid& store_id, Database::Mode mode) {
  if (!PathExists(layout.IndexFile())) return NotFound(layout.IndexFile() + ": no index");
  HOTROUTE_ASSIGN_OR_RETURN(Database database, Database::Open(layout.IndexFile(), mode));
  Index index(std::move(database));
  HOTROUTE_RETURN_IF_ERROR(index.CheckIdentity(store_id));
  return index;
}

Result<Index> Index::OpenForReading(const Layout& layout, const Uuid& store_id) {
  return Open(layout, store_id, Database::Mode::kRead);
}

Result<Index> Index::OpenForWriting(const Layout& layout, const Uuid& store_id,
                                    const MaintainerLock& lock) {
  Result<Index> existing = Open(layout, store_id, Database::Mode::kCreateOrWrite);
  if (existing.ok() || existing.status().code() == StatusCode::kUnavailable) return existing;
  Discard(layout, lock);
  HOTROUTE_ASSIGN_OR_RETURN(Database database,
                            Database::Open(layout.IndexFile(), Database::Mode::kCreateOrWrite));
  Index index(std::move(database));
  HOTROUTE_RETURN_IF_ERROR(index.Create(store_id));
  return index;
}

void Index::Discard(const Layout& layout, const MaintainerLock& /*lock*/) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    unlink((layout.IndexFile() + suffix).c_str());
  }
}

Status Index::CheckIdentity(const Uuid& store_id) {
  std::map<std::string, std::string> meta;
  HOTROUTE_ASSIGN_OR_RETURN(Statement rows, database_.Prepare("SELECT key, value FROM meta"));
  HOTROUTE_RETURN_IF_ERROR(
      ForEachRow(&rows, [&](const Statement& row) { meta[row.Text(0)] = row.Text(1); }));
  if (meta["schema"] != kSchemaVersion) return Corruption("the index has another schema");
  if (meta["store"] != UuidText(store_id)) return Corruption("the index is another store's");
  // Are all tables there?
  return database_.Prepare("SELECT 1 FROM file, dataset, loss").status();
}

Status Index::Create(const Uuid& store_id) {
  return database_.Run("BEGIN;" + std::string(kSchema) + "INSERT INTO meta VALUES('schema', '" +
                       std::string(kSchemaVersion) + "'), ('store', '" + UuidText(store_id) +
                       "'); COMMIT;");
}

Result<std::map<std::string, FileSummary>> Index::Load(const ReadFilter* filter) {
  // All tables in the state of one moment; closing the connection ends the transaction where
  // reading fails.
  HOTROUTE_RETURN_IF_ERROR(database_.Run("BEGIN"));
  HOTROUTE_ASSIGN_OR_RETURN(auto files, LoadFiles());
  if (filter == nullptr) {
    HOTROUTE_RETURN_IF_ERROR(LoadDatasets(nullptr, &files));
    HOTROUTE_RETURN_IF_ERROR(LoadLosses(&files));
  } else if (filter->name) {
    HOTROUTE_RETURN_IF_ERROR(LoadDatasets(&*filter->name, &files));
  }
  HOTROUTE_RETURN_IF_ERROR(database_.Run("COMMIT"));
  return files;
}

Result<std::map<std::string, FileSummary>> Index::LoadFiles() {
  std::map<std::string, FileSummary> files;
  HOTROUTE_ASSIGN_OR_RETURN(Statement rows, database_.Prepare("SELECT * FROM file"));
  HOTROUTE_RETURN_IF_ERROR(ForEachRow(&rows, [&](const Statement& row) {
    FileSummary file = FileOf(row);
    files[file.path] = std::move(file);
  }));
  return files;
}

Status Index::LoadDatasets(const std::string* name, std::map<std::string, FileSummary>* files) {
  const std::string condition = name != nullptr ? "WHERE name = ?1 " : "";
  HOTROUTE_ASSIGN_OR_RETURN(
      Statement rows,
      database_.Prepare("SELECT path, dataset.* FROM dataset JOIN file ON file.id = file_id " +
                        condition + "ORDER BY file_id, name, dataset.kind"));
  if (name != nullptr) rows.Bind(1, *name);
  return ForEachRow(&rows, [&](const Statement& row) {
    (*files)[row.Text(0)].datasets.push_back({row.Text(1), static_cast<Kind>(row.Integer(2)),
                                              row.Integer(3), row.Integer(5), row.Unsigned(6),
                                              row.Unsigned(7)});
  });
}

Status Index::LoadLosses(std::map<std::string, FileSummary>* files) {
  HOTROUTE_ASSIGN_OR_RETURN(
      Statement rows,
      database_.Prepare("SELECT path, name, count FROM loss JOIN file ON file.id = file_id"));
  return ForEachRow(&rows, [&](const Statement& row) {
    (*files)[row.Text(0)].losses[row.Text(1)] = row.Unsigned(2);
  });
}

Status Index::Update(std::span<const FileSummary> changed, std::span<const std::string> removed) {
  HOTROUTE_RETURN_IF_ERROR(database_.Run("BEGIN IMMEDIATE"));
  const auto apply = [&]() -> Status {
    for (const std::string& path : removed) HOTROUTE_RETURN_IF_ERROR(Remove(path));
    for (const FileSummary& summary : changed) {
      HOTROUTE_RETURN_IF_ERROR(Remove(summary.path));
      HOTROUTE_RETURN_IF_ERROR(Insert(summary));
    }
    return database_.Run("COMMIT");
  };
  Status status = apply();
  // What failed is reported; that undoing may fail as well, once SQLite has undone it by itself, is
  // not.
  if (!status.ok()) (void)database_.Run("ROLLBACK");
  return status;
}

Status Index::Remove(const std::string& path) {
  for (const char* sql :
       {"DELETE FROM dataset WHERE file_id IN (SELECT id FROM file WHERE path = ?1)",
        "DELETE FROM loss WHERE file_id IN (SELECT id FROM file WHERE path = ?1)",
        "DELETE FROM file WHERE path = ?1"}) {
    HOTROUTE_ASSIGN_OR_RETURN(Statement statement, database_.Prepare(sql));
    statement.Bind(1, path);
    HOTROUTE_RETURN_IF_ERROR(statement.Run());
  }
  return {};
}

Status Index::Insert(const FileSummary& summary) {
  HOTROUTE_ASSIGN_OR_RETURN(
      Statement file,
      database_.Prepare(
          "INSERT INTO file VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " RETURNING id"));
  BindFile(summary, &file);
  HOTROUTE_ASSIGN_OR_RETURN(const bool inserted, file.Step());
  if (!inserted) return Internal("the index did not name the row of " + summary.path);
  return InsertDetails(summary, file.Integer(0));
}

Status Index::InsertDetails(const FileSummary& summary, int64_t id) {
  HOTROUTE_ASSIGN_OR_RETURN(Statement row,
                            database_.Prepare("INSERT INTO dataset VALUES(?, ?, ?, ?, ?, ?, ?)"));
  for (const DatasetSummary& dataset : summary.datasets) {
    row.Bind(1, dataset.name);
    row.Bind(2, static_cast<int64_t>(dataset.kind));
    row.Bind(3, dataset.first_us);
    row.Bind(4, id);
    row.Bind(5, dataset.last_us);
    row.Bind(6, dataset.profiles);
    row.Bind(7, dataset.requests);
    HOTROUTE_RETURN_IF_ERROR(row.Run());
  }
  HOTROUTE_ASSIGN_OR_RETURN(Statement loss, database_.Prepare("INSERT INTO loss VALUES(?, ?, ?)"));
  for (const auto& [name, count] : summary.losses) {
    loss.Bind(1, id);
    loss.Bind(2, name);
    loss.Bind(3, count);
    HOTROUTE_RETURN_IF_ERROR(loss.Run());
  }
  return {};
}

}  // namespace hotroute::store
