// Functions and build-ids out of ELF files: this program's own are right, damaged ones do no harm.
// Run under AddressSanitizer these tests show that nothing is read outside of the bytes.
#include "profiler/symbols/elf_symbols.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/file.h"
#include "gtest/gtest.h"
#include "profiler/select/selector.h"

extern "C" __attribute__((noinline, used)) int hotroute_test_known_function(int x) { return x + 1; }

namespace hotroute {
namespace {

std::string OwnElf() {
  Result<std::string> elf = ReadFile("/proc/self/exe");
  EXPECT_TRUE(elf.ok()) << elf.status().message();
  return *elf;
}

uintptr_t OwnLoadBias() {
  uintptr_t bias = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        *static_cast<uintptr_t*>(out) = info->dlpi_addr;
        return 1;  // the program itself comes first
      },
      &bias);
  return bias;
}

// A small ELF file with one symbol table.
std::string SmallElf(uint32_t table_type, const std::vector<Elf64_Sym>& symbols,
                     const std::string& names) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_shnum = 3;
  header.e_shoff = sizeof header;
  Elf64_Shdr sections[3]{};
  sections[1].sh_type = table_type;
  sections[1].sh_link = 2;
  sections[1].sh_offset = sizeof header + sizeof sections;
  sections[1].sh_size = symbols.size() * sizeof(Elf64_Sym);
  sections[2].sh_type = SHT_STRTAB;
  sections[2].sh_offset = sections[1].sh_offset + sections[1].sh_size;
  sections[2].sh_size = names.size();
  std::string elf(reinterpret_cast<const char*>(&header), sizeof header);
  elf.append(reinterpret_cast<const char*>(sections), sizeof sections);
  elf.append(reinterpret_cast<const char*>(symbols.data()), sections[1].sh_size);
  return elf + names;
}

Elf64_Sym Symbol(uint32_t name, uint64_t start, uint64_t size, unsigned type = STT_FUNC,
                 uint16_t section = 1) {
  Elf64_Sym symbol{};
  symbol.st_name = name;
  symbol.st_value = start;
  symbol.st_size = size;
  symbol.st_info = static_cast<unsigned char>(ELF64_ST_INFO(STB_GLOBAL, type));
  symbol.st_shndx = section;
  return symbol;
}

// "10+4 f;20+0 g"
std::string Text(std::string_view elf) {
  const Result<std::vector<FunctionSymbol>> functions = ReadFunctionSymbols(elf);
  if (!functions.ok()) return functions.status().message();
  std::string text;
  for (const FunctionSymbol& function : *functions) {
    text += (text.empty() ? "" : ";") + std::to_string(function.start) + "+" +
            std::to_string(function.size) + " " + std::string(function.name);
  }
  return text;
}

TEST(ElfSymbolsTest, FindsAFunctionOfThisProgramByItsAddress) {
  const std::string elf = OwnElf();
  const auto functions = ReadFunctionSymbols(elf);
  ASSERT_TRUE(functions.ok()) << functions.status().message();
  const uint64_t address =
      reinterpret_cast<uintptr_t>(&hotroute_test_known_function) - OwnLoadBias();
  auto after = std::upper_bound(functions->begin(), functions->end(), address + 1,
                                [](uint64_t at, const FunctionSymbol& f) { return at < f.start; });
  ASSERT_NE(after, functions->begin());
  --after;
  EXPECT_EQ(after->name, "hotroute_test_known_function");
  EXPECT_EQ(after->start, address);
  EXPECT_GT(after->size, 0u);
  for (size_t i = 1; i < functions->size(); ++i)
    ASSERT_LT((*functions)[i - 1].start, (*functions)[i].start) << "sorted, one per start";
}

TEST(ElfSymbolsTest, TakesFunctionsOnlyAndOneNameForEachStart) {
  const std::string names("\0long_name\0f\0g\0", 15);
  const std::string elf = SmallElf(
      SHT_SYMTAB,
      {Symbol(11, 0x20, 4), Symbol(1, 0x20, 8), Symbol(11, 0x20, 8), Symbol(13, 0x10, 0),
       Symbol(13, 0x30, 4, STT_OBJECT), Symbol(13, 0x40, 4, STT_FUNC, SHN_UNDEF), Symbol(13, 0, 4),
       Symbol(0, 0x50, 4), Symbol(99, 0x60, 4), Symbol(13, 0x70, 4, STT_GNU_IFUNC)},
      names);
  EXPECT_EQ(Text(elf), "16+0 g;32+8 f;112+4 g");
}

TEST(ElfSymbolsTest, TheDynamicSymbolsStandInForMissingOnes) {
  EXPECT_EQ(Text(SmallElf(SHT_DYNSYM, {Symbol(1, 0x20, 4)}, std::string("\0f\0", 3))), "32+4 f");
}

TEST(ElfSymbolsTest, ANameThatDoesNotEndIsNone) {
  EXPECT_EQ(Text(SmallElf(SHT_SYMTAB, {Symbol(1, 0x20, 4)}, std::string("\0f", 2))), "");
}

TEST(ElfSymbolsTest, OtherFilesAreRefused) {
  EXPECT_EQ(Text(""), "not an ELF file");
  EXPECT_EQ(Text(std::string(1000, 'x')), "not an ELF file");
  std::string elf = SmallElf(SHT_SYMTAB, {}, "");
  elf[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(Text(elf), "not a 64-bit little-endian ELF file");
  elf[EI_CLASS] = ELFCLASS64;
  elf[EI_DATA] = ELFDATA2MSB;
  EXPECT_EQ(Text(elf), "not a 64-bit little-endian ELF file");
  EXPECT_EQ(ReadBuildId(elf), "");
}

// Reads a copy that ends where the memory does, so that a sanitizer sees every byte too many.
void ReadEverything(std::string_view bytes) {
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  const std::string_view elf(copy.get(), bytes.size());
  const auto functions = ReadFunctionSymbols(elf);
  size_t sum = ReadBuildId(elf).size();
  if (functions.ok()) {
    for (const FunctionSymbol& function : *functions) sum += function.name.size();
  }
  ASSERT_LE(ReadBuildId(elf).size(), bytes.size());
  volatile size_t used = sum;
  (void)used;
}

// A real library of some 100 KiB, so that thousands of damaged copies take little time.
std::string RealElf() {
  std::string elf;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        const std::string_view path = info->dlpi_name;
        if (path.find("libgcc_s") == std::string_view::npos) return 0;
        *static_cast<std::string*>(out) = *ReadFile(std::string(path));
        return 1;
      },
      &elf);
  return elf;
}

TEST(ElfSymbolsTest, ATruncatedFileDoesNoHarm) {
  const std::string elf = RealElf();
  ASSERT_GT(elf.size(), 10'000u);
  for (size_t size = 0; size < elf.size(); size += 64)
    ASSERT_NO_FATAL_FAILURE(ReadEverything(std::string_view(elf).substr(0, size)));
}

TEST(ElfSymbolsTest, ChangedBytesDoNoHarm) {
  const std::string elf = RealElf();
  ASSERT_GT(elf.size(), 10'000u);
  Random random(20261122);
  Elf64_Ehdr header;
  std::memcpy(&header, elf.data(), sizeof header);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = elf;
    // Half of the changes hit the headers, where they can do most.
    const bool in_headers = i % 2 == 0;
    const uint64_t bits = random.Next();
    const size_t table = header.e_shoff + bits % (header.e_shnum * sizeof(Elf64_Shdr));
    const size_t at = !in_headers ? bits % elf.size() : i % 4 == 0 ? bits % 1024 : table;
    bad[at] = static_cast<char>(random.Next());
    ASSERT_NO_FATAL_FAILURE(ReadEverything(bad)) << "change " << i << " at " << at;
  }
}

// In notes too: every length, and every byte set to 0xff.
TEST(ElfSymbolsTest, DamagedNotesDoNoHarm) {
  const std::string notes(
      "\4\0\0\0\2\0\0\0\1\0\0\0GNU\0ab\0\0"  // another type
      "\4\0\0\0\3\0\0\0\3\0\0\0GNU\0xyz\0",
      40);
  EXPECT_EQ(BuildIdIn(notes, 4), "xyz");
  for (size_t size = 0; size < notes.size() - 1; ++size) {
    const std::unique_ptr<char[]> copy(new char[size]);
    std::memcpy(copy.get(), notes.data(), size);
    EXPECT_EQ(BuildIdIn({copy.get(), size}, 4), "") << size;
  }
  for (size_t at = 0; at < notes.size(); ++at) {
    std::string bad = notes;
    bad[at] = '\xff';
    EXPECT_LE(BuildIdIn(bad, 4).size(), 3u) << at;
  }
}

}  // namespace
}  // namespace hotroute
