// Function names of the modules that profiles point into, from DATA/symbols/<build-id>.sym.
//
// In: a module's build-id and an offset in its file. Out: the function there, mangled, as the
// module's own symbol table has it. A module's table is read once, at the first question about it.
// No symbol is not an error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/layout.h"
#include "store/file_reader.h"

namespace hotroute::store {

struct Symbol {
  uint64_t start = 0;             // offset of the function's begin in the module's file
  uint64_t size = 0;              // 0: the table does not say; it reaches to the next function
  std::string_view mangled_name;  // as long as the table it came from
};

// The functions of one module, sorted. Thread-safe once read.
class SymbolTable {
 public:
  // Whatever could be read of `file`; `scan` says what could not.
  static SymbolTable Read(const FileReader& file, FileScan* scan);

  // The function whose [start, start + size) holds `offset`; the innermost where functions overlap.
  std::optional<Symbol> Lookup(uint64_t offset) const;
  size_t size() const { return functions_.size(); }

 private:
  struct Function {
    uint64_t start = 0;
    uint64_t size = 0;
    uint64_t reach = 0;  // greatest end of this function and all before it: where a search may stop
    uint32_t name_begin = 0;
    uint32_t name_size = 0;
  };

  bool Add(std::string_view record);
  void Sort();
  Symbol SymbolOf(const Function& function) const;

  std::vector<Function> functions_;
  std::string names_;
};

// The tables of one data directory. Thread-compatible.
class SymbolStore {
 public:
  explicit SymbolStore(Layout layout) : layout_(std::move(layout)) {}

  // `build_id` in raw bytes, as Module::build_id. The name's view lives as long as this store.
  std::optional<Symbol> Lookup(std::string_view build_id, uint64_t offset);

  // One line per damaged place or unreadable file met so far.
  const std::vector<std::string>& damage() const { return damage_; }

 private:
  const SymbolTable& TableOf(std::string_view build_id);

  const Layout layout_;
  std::unordered_map<std::string, std::unique_ptr<SymbolTable>> tables_;  // by build-id
  std::vector<std::string> damage_;
};

}  // namespace hotroute::store
