#include "profiler/symbols/elf_symbols.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace hotroute {
namespace {

// Copies a T out of `bytes` at `offset`; false when it is not wholly inside.
template <typename T>
bool ReadAt(std::string_view bytes, uint64_t offset, T* value) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return false;
  std::memcpy(value, bytes.data() + offset, sizeof(T));
  return true;
}

std::string_view Slice(std::string_view bytes, uint64_t offset, uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return {};
  return bytes.substr(offset, size);
}

// The zero-terminated string at `offset`, empty when it does not end inside.
std::string_view StringAt(std::string_view strings, uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view rest = strings.substr(offset);
  const size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

bool IsFunction(const Elf64_Sym& symbol) {
  const unsigned type = ELF64_ST_TYPE(symbol.st_info);
  return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF &&
         symbol.st_value != 0;
}

void AddFunctions(std::string_view symbols, std::string_view strings,
                  std::vector<FunctionSymbol>* functions) {
  Elf64_Sym symbol;
  for (uint64_t offset = 0; ReadAt(symbols, offset, &symbol); offset += sizeof symbol) {
    if (!IsFunction(symbol)) continue;
    const std::string_view name = StringAt(strings, symbol.st_name);
    if (!name.empty()) functions->push_back({symbol.st_value, symbol.st_size, name});
  }
}

bool Before(const FunctionSymbol& a, const FunctionSymbol& b) {
  if (a.start != b.start) return a.start < b.start;
  if (a.size != b.size) return a.size > b.size;
  if (a.name.size() != b.name.size()) return a.name.size() < b.name.size();
  return a.name < b.name;
}

Result<Elf64_Ehdr> ReadHeader(std::string_view elf) {
  Elf64_Ehdr header;
  if (!ReadAt(elf, 0, &header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return Corruption("not an ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    return Unsupported("not a 64-bit little-endian ELF file");
  }
  return header;
}

}  // namespace

Result<std::vector<FunctionSymbol>> ReadFunctionSymbols(std::string_view elf) {
  HOTROUTE_ASSIGN_OR_RETURN(const Elf64_Ehdr header, ReadHeader(elf));
  std::vector<FunctionSymbol> functions;
  for (const uint32_t wanted :
       {static_cast<uint32_t>(SHT_SYMTAB), static_cast<uint32_t>(SHT_DYNSYM)}) {
    for (unsigned i = 0; i < header.e_shnum && functions.empty(); ++i) {
      Elf64_Shdr section;
      Elf64_Shdr strings;
      if (!ReadAt(elf, header.e_shoff + uint64_t{i} * sizeof section, &section) ||
          section.sh_type != wanted)
        continue;
      if (section.sh_link >= header.e_shnum) continue;
      if (!ReadAt(elf, header.e_shoff + uint64_t{section.sh_link} * sizeof strings, &strings))
        continue;
      AddFunctions(Slice(elf, section.sh_offset, section.sh_size),
                   Slice(elf, strings.sh_offset, strings.sh_size), &functions);
    }
  }
  std::sort(functions.begin(), functions.end(), Before);
  const auto same_start = [](const FunctionSymbol& a, const FunctionSymbol& b) {
    return a.start == b.start;
  };
  functions.erase(std::unique(functions.begin(), functions.end(), same_start), functions.end());
  return functions;
}

std::string_view BuildIdIn(std::string_view notes, uint64_t alignment) {
  const uint64_t align = alignment == 8 ? 8 : 4;
  const auto padded = [align](uint64_t n) { return (n + align - 1) & ~(align - 1); };
  Elf64_Nhdr header;
  for (uint64_t offset = 0; ReadAt(notes, offset, &header);) {
    const uint64_t name = offset + sizeof header;
    const uint64_t descriptor = name + padded(header.n_namesz);
    if (header.n_type == NT_GNU_BUILD_ID &&
        Slice(notes, name, header.n_namesz) == std::string_view("GNU", 4)) {
      return Slice(notes, descriptor, header.n_descsz);
    }
    offset = descriptor + padded(header.n_descsz);
  }
  return {};
}

std::string_view ReadBuildId(std::string_view elf) {
  const Result<Elf64_Ehdr> header = ReadHeader(elf);
  if (!header.ok()) return {};
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!ReadAt(elf, header->e_phoff + uint64_t{i} * sizeof segment, &segment)) break;
    if (segment.p_type != PT_NOTE) continue;
    const std::string_view id =
        BuildIdIn(Slice(elf, segment.p_offset, segment.p_filesz), segment.p_align);
    if (!id.empty()) return id;
  }
  return {};
}

}  // namespace hotroute
