#include "store/sqlite.h"

#include <sqlite3.h>

namespace hotroute::store {
namespace {

constexpr int kBusyTimeoutMillis = 2000;

Status ErrorOf(sqlite3* database, int code) {
  const std::string message = "index " + std::string(sqlite3_db_filename(database, "main")) + ": " +
                              sqlite3_errmsg(database);
  switch (code & 0xff) {
    // SQLITE_ERROR is a table or column that is not there: not our schema.
    case SQLITE_ERROR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
      return Corruption(message);
    default:
      return Unavailable(message);
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::Bind(int parameter, int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
}

void Statement::Bind(int parameter, std::string_view value) {
  // A null pointer would bind NULL instead of the empty text.
  sqlite3_bind_text64(statement_.get(), parameter, value.empty() ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(sqlite3_db_handle(statement_.get()), code);
}

Status Statement::Run() {
  const Result<bool> row = Step();
  sqlite3_reset(statement_.get());
  return row.status();
}

int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Result<Database> Database::Open(const std::string& path, Mode mode) {
  const bool write = mode == Mode::kCreateOrWrite;
  sqlite3* handle = nullptr;
  const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  // SQLite hands out a connection even when it failed; null only means out of memory.
  if (handle == nullptr) return Unavailable("index " + path + ": out of memory");
  Database database(handle);
  if (code != SQLITE_OK) return Unavailable("index " + path + ": " + sqlite3_errmsg(handle));
  sqlite3_busy_timeout(handle, kBusyTimeoutMillis);
  if (write) {
    HOTROUTE_RETURN_IF_ERROR(
        database.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF;"
                     "PRAGMA journal_size_limit=67108864; PRAGMA mmap_size=0;"));
  } else {
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    HOTROUTE_RETURN_IF_ERROR(database.Run("PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0;"));
  }
  return database;
}

Status Database::Run(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : ErrorOf(database_.get(), code);
}

Result<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return ErrorOf(database_.get(), code);
  return Statement(statement);
}

}  // namespace hotroute::store
