// Writes symbols/<build-id>.sym, once per build-id, so that a data directory can be read where the
// binaries are not.
#pragma once

#include <set>
#include <string>

#include "base/byte_budget.h"
#include "base/status.h"
#include "profiler/symbols/module_map.h"
#include "proto/layout.h"

namespace hotroute {

// Owned by the helper thread.
class SymbolWriter {
 public:
  // `budget` must outlive it; null: no limit.
  SymbolWriter(const Layout& layout, const Uuid& store_id, ByteBudget* budget = nullptr)
      : layout_(layout), store_id_(store_id), budget_(budget) {}

  // Writes the module's functions unless its file exists already (from whatever process). Reads the
  // whole ELF file: 3 ms for 45,000 symbols. A module that cannot be read is not tried again.
  Status Write(const LoadedModule& module);

 private:
  const Layout layout_;
  const Uuid store_id_;
  ByteBudget* const budget_;
  std::set<std::string> done_;
};

// The file's bytes; for tests and for Write().
Result<std::string> EncodeSymbolFile(const LoadedModule& module, std::string_view elf,
                                     const Uuid& store_id);

}  // namespace hotroute
