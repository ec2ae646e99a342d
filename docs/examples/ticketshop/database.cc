#include "ticketshop/database.h"

#include <sqlite3.h>

#include <utility>

namespace ticketshop {
namespace {

// Longer than any queue of writers under the load the shop is built for.
constexpr int kWriteLockTimeoutMs = 5000;

void ThrowIfFailed(sqlite3* connection, int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  const std::string reason =
      connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  if (code == SQLITE_BUSY) throw DatabaseBusy("database: " + reason);
  throw DatabaseError("database: " + reason);
}

}  // namespace

Statement::Statement(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::Check(int code) const { ThrowIfFailed(connection_, code); }

Statement& Statement::Bind(int64_t value) {
  Check(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  Check(sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT));
  return *this;
}

bool Statement::Step() {
  const int code = sqlite3_step(statement_);
  Check(code);
  return code == SQLITE_ROW;
}

int64_t Statement::Integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

Connection::Connection(const std::string& path) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &connection_, flags, nullptr);
  if (code != SQLITE_OK) {
    sqlite3_close(std::exchange(connection_, nullptr));
    throw DatabaseError("database " + path + ": " + sqlite3_errstr(code));
  }
  sqlite3_busy_timeout(connection_, kWriteLockTimeoutMs);
  Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(connection_);
}

Statement Connection::Prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    ThrowIfFailed(connection_,
                  sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                     SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    found = statements_.emplace(sql, statement).first;
  }
  return Statement(connection_, found->second);
}

void Connection::Execute(const char* sql) {
  ThrowIfFailed(connection_, sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr));
}

int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(connection_); }

int64_t Connection::changed_rows() const { return sqlite3_changes(connection_); }

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.Execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.Execute("ROLLBACK");
  } catch (const DatabaseError&) {
    // SQLite has already rolled back on its own, or closing the connection will.
  }
}

void Transaction::Commit() {
  connection_.Execute("COMMIT");
  open_ = false;
}

Database::Lease Database::Borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lease lease(idle_.back().release(), Return{this});
      idle_.pop_back();
      return lease;
    }
  }
  return Lease(new Connection(path_), Return{this});
}

void Database::Return::operator()(Connection* connection) const {
  std::unique_ptr<Connection> owned(connection);
  const std::lock_guard lock(database->mutex_);
  database->idle_.push_back(std::move(owned));
}

}  // namespace ticketshop
