// A SQLite connection, its prepared statements and a pool of connections for many threads.
//
// In: SQL with `?` parameters. Out: columns of rows. A failure throws DatabaseError with SQLite's
// reason; a write that waited too long for another writer throws DatabaseBusy.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace ticketshop {

class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class DatabaseBusy : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

// A prepared statement while it runs; leaving the scope resets it for the next use.
// Thread-compatible.
class Statement {
 public:
  Statement(sqlite3* connection, sqlite3_stmt* statement);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds the next parameter, counted from the left.
  Statement& Bind(int64_t value);
  Statement& Bind(std::string_view text);
  // Runs to the next row; false when there is none.
  bool Step();
  // Columns of the current row, counted from 0.
  int64_t Integer(int column) const;
  std::string Text(int column) const;

 private:
  void Check(int code) const;

  sqlite3* connection_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

// One connection with a cache of prepared statements. Thread-compatible.
class Connection {
 public:
  // Opens or creates the file, in WAL mode.
  explicit Connection(const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` is the cache's key: pass text with parameters, never text with values in it.
  Statement Prepare(std::string_view sql);
  // For statements without parameters and rows; several may be separated by semicolons.
  void Execute(const char* sql);
  int64_t last_insert_id() const;
  int64_t changed_rows() const;

 private:
  sqlite3* connection_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

// Takes the write lock when constructed, rolls back unless committed. Owned by the thread that uses
// the connection.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// Lends connections to one database; opens another when all are lent. Thread-safe.
class Database {
 public:
  explicit Database(std::string path) : path_(std::move(path)) {}

  struct Return {
    Database* database;
    void operator()(Connection* connection) const;
  };
  using Lease = std::unique_ptr<Connection, Return>;
  Lease Borrow();

 private:
  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

}  // namespace ticketshop
