#include "profiler/symbols/symbol_writer.h"

#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "profiler/symbols/elf_symbols.h"
#include "proto/frame.h"
#include "proto/record_encoder.h"

namespace hotroute {
namespace {

// Functions per frame: about 1 MiB of names, so that neither side needs much memory at once.
constexpr size_t kFunctionsPerFrame = 16 * 1024;
constexpr int kZstdLevel = 3;

}  // namespace

Result<std::string> EncodeSymbolFile(const LoadedModule& module, std::string_view elf,
                                     const Uuid& store_id) {
  HOTROUTE_ASSIGN_OR_RETURN(const std::vector<FunctionSymbol> functions, ReadFunctionSymbols(elf));
  FileHeader header;
  header.kind = FileKind::kSymbols;
  header.compatible_flags = kFlagSealed;
  header.store_id = store_id;
  header.created_us = RealtimeMicros();
  std::string file = EncodeFileHeader(header);
  uint32_t seq = 0;
  for (size_t begin = 0; begin < functions.size() || begin == 0; begin += kFunctionsPerFrame) {
    std::vector<std::pair<uint64_t, uint64_t>> extents;
    std::string names;
    for (size_t i = begin; i < functions.size() && i < begin + kFunctionsPerFrame; ++i) {
      extents.emplace_back(functions[i].start, functions[i].size);
      names.append(functions[i].name);
      names.push_back('\0');
    }
    std::string payload;
    EncodeSymbols({module.build_id, module.path, extents, names}, &payload);
    if (payload.size() > kMaxPayloadBytes)
      return Exhausted(module.path + ": function names of unusual length");
    HOTROUTE_RETURN_IF_ERROR(
        AppendCompressedFrame(FrameType::kData, ++seq, payload, kZstdLevel, &file));
  }
  return file;
}

Status SymbolWriter::Write(const LoadedModule& module) {
  if (module.build_id.empty() || !done_.insert(module.build_id).second) return {};
  const std::string path = layout_.SymbolFile(module.build_id);
  if (PathExists(path)) return {};
  std::string read;
  std::string_view elf = module.image;
  if (elf.empty()) {
    HOTROUTE_ASSIGN_OR_RETURN(read, ReadFile(module.path));
    elf = read;
  }
  // An upgrade replaces files under running programs; another build's names would be wrong for
  // ever.
  if (const std::string_view id = ReadBuildId(elf); !id.empty() && id != module.build_id)
    return NotFound(module.path + ": the file is no longer the one that is loaded");
  HOTROUTE_ASSIGN_OR_RETURN(const std::string file, EncodeSymbolFile(module, elf, store_id_));
  if (budget_ != nullptr && !budget_->Allows(file.size())) return Exhausted("no room for " + path);
  HOTROUTE_RETURN_IF_ERROR(CreateFileAtomically(path, file).status());
  if (budget_ != nullptr) budget_->Spend(file.size());
  return {};
}

}  // namespace hotroute
