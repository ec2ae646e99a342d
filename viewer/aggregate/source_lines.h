// Where a function stands in the source: file and line from a module's debug information, read
// through elfutils' libdw.
//
// In: a module as a profile recorded it, and an address in it. Out: file and line, or nothing: the
// module or its debug information may not be on this machine, which is no error. Only files with
// the recorded build-id are believed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "store/stack_table.h"

namespace hotroute::viewer {

struct SourceLine {
  std::string file;   // "" unknown
  uint32_t line = 0;  // 0 unknown
};

// Opens the module's recorded path, else /usr/lib/debug/.build-id; each module once. Never asks the
// network. Thread-compatible.
class SourceLines {
 public:
  SourceLines();
  ~SourceLines();
  SourceLines(const SourceLines&) = delete;
  SourceLines& operator=(const SourceLines&) = delete;

  // The line that holds `address`, an address in the module's file.
  SourceLine Find(const store::Module& module, uint64_t address);

 private:
  class DebugModule;
  DebugModule* Open(const store::Module& module);

  std::unordered_map<std::string, std::unique_ptr<DebugModule>>
      modules_;  // by path and build-id; null: none
};

}  // namespace hotroute::viewer
