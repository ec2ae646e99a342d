// The functions of an ELF file, from .symtab where it has one and .dynsym otherwise, and its
// build-id.
//
// Reads untrusted bytes: every offset is checked, nothing is trusted to end. About 3 ms for 45,000
// symbols.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace hotroute {

struct FunctionSymbol {
  uint64_t start = 0;     // address in the file (as linked)
  uint64_t size = 0;      // 0: unknown
  std::string_view name;  // mangled; points into the given bytes
};

// Sorted by start, one per start (the longest extent, then the shortest name, wins). 64-bit
// little-endian ELF only: kUnsupported otherwise.
Result<std::vector<FunctionSymbol>> ReadFunctionSymbols(std::string_view elf);

// The GNU build-id among the notes of one PT_NOTE segment, raw bytes; empty when it is not there.
std::string_view BuildIdIn(std::string_view notes, uint64_t alignment);
// The GNU build-id of an ELF file; empty when it has none or is no 64-bit little-endian ELF file.
std::string_view ReadBuildId(std::string_view elf);

}  // namespace hotroute
