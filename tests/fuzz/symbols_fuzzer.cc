// Symbol files: whatever the bytes, a function that is found holds the offset that was asked for.
#include <cstdlib>

#include "store/symbols.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hotroute;
  const store::FileReader file("input", FileKind::kSymbols,
                               hotroute::testing::FileFromInput(data, size, FileKind::kSymbols));
  store::FileScan scan;
  const store::SymbolTable table = store::SymbolTable::Read(file, &scan);
  for (const uint64_t offset : {uint64_t{0}, uint64_t{0x1110}, uint64_t{0x1250}, UINT64_MAX}) {
    const auto symbol = table.Lookup(offset);
    if (!symbol) continue;
    if (symbol->start > offset) std::abort();
    if (symbol->size != 0 && offset - symbol->start >= symbol->size) std::abort();
  }
  return 0;
}
