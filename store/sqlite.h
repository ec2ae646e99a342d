// A thin owner of a SQLite connection and its statements: RAII and Status, nothing more.
//
// Rules for Debian's SQLite (3.40.1 has a WAL bug that needs two connections which both write or
// checkpoint): only the holder of maintainer.lock opens for writing; readers never checkpoint, not
// even when they close; no mmap.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hotroute::store {

// One prepared statement. Parameters and columns count from 1 and 0, as in SQLite.
// Thread-compatible.
class Statement {
 public:
  // Stay bound until bound again or the statement is destroyed.
  void Bind(int parameter, int64_t value);
  void Bind(int parameter, uint64_t value) { Bind(parameter, static_cast<int64_t>(value)); }
  void Bind(int parameter, std::string_view value);

  // True while there is a row.
  Result<bool> Step();
  // Runs a statement without rows and makes it ready for the next values.
  Status Run();

  int64_t Integer(int column) const;
  uint64_t Unsigned(int column) const { return static_cast<uint64_t>(Integer(column)); }
  std::string Text(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Thread-compatible.
class Database {
 public:
  enum class Mode { kRead, kCreateOrWrite };

  // kCorruption when the file is no database, kUnavailable when it is busy or cannot be opened.
  static Result<Database> Open(const std::string& path, Mode mode);

  Status Run(const std::string& sql);
  Result<Statement> Prepare(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace hotroute::store
