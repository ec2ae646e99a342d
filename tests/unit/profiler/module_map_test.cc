// The modules of this very process, compared with what the loader and the files say.
#include "profiler/symbols/module_map.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/auxv.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "gtest/gtest.h"
#include "profiler/symbols/elf_symbols.h"
#include "profiler/symbols/symbol_writer.h"
#include "tests/unit/base/temporary_directory.h"
#include "tests/unit/profiler/written_file.h"

namespace hotroute {
namespace {

void KnownCode() {}
const uintptr_t kOwnCode = reinterpret_cast<uintptr_t>(&KnownCode);
const uintptr_t kLibcCode = reinterpret_cast<uintptr_t>(dlsym(RTLD_DEFAULT, "qsort"));

// What `readelf -n` prints for a file: another program's reading of the same note.
std::string ReadelfBuildId(const std::string& path) {
  std::string output;
  FILE* pipe = popen(("readelf -n '" + path + "' 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  char line[512];
  while (std::fgets(line, sizeof line, pipe) != nullptr) output += line;
  pclose(pipe);
  const size_t at = output.find("Build ID: ");
  return at == std::string::npos ? "" : output.substr(at + 10, output.find('\n', at) - at - 10);
}

class ModuleMapTest : public TemporaryDirectory {
 protected:
  ModuleMapTest() { modules_.Refresh(); }
  ModuleMap modules_;
};

TEST_F(ModuleMapTest, KnowsThisProgramAndItsLibraries) {
  for (const uintptr_t pc : {kOwnCode, kLibcCode}) {
    const LoadedModule* module = modules_.Find(pc);
    ASSERT_NE(module, nullptr);
    Dl_info info;
    ASSERT_NE(dladdr(reinterpret_cast<void*>(pc), &info), 0);
    EXPECT_TRUE(std::filesystem::equivalent(module->path, info.dli_fname)) << module->path;
    EXPECT_EQ(module->load_bias, reinterpret_cast<uintptr_t>(info.dli_fbase));
    EXPECT_EQ(ToHex(module->build_id), ReadelfBuildId(module->path)) << module->path;
    EXPECT_GE(module->build_id.size(), 16u);
    const Result<std::string> elf = ReadFile(module->path);
    ASSERT_TRUE(elf.ok());
    EXPECT_EQ(ReadBuildId(*elf), module->build_id);
    EXPECT_TRUE(module->image.empty());
  }
  EXPECT_EQ(modules_.Executable()->path, modules_.Find(kOwnCode)->path);
}

TEST_F(ModuleMapTest, KnowsTheVdsoWithItsImage) {
  const uintptr_t vdso = getauxval(AT_SYSINFO_EHDR);
  ASSERT_NE(vdso, 0u) << "this kernel gives no vDSO";
  const std::string_view head(reinterpret_cast<const char*>(vdso), 4);
  ASSERT_EQ(head,
            "\x7f"
            "ELF");
  const LoadedModule* module = nullptr;
  for (uintptr_t pc = vdso; module == nullptr && pc < vdso + 64 * 1024; pc += 16)
    module = modules_.Find(pc);
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(module->path, "[vdso]");
  EXPECT_EQ(reinterpret_cast<uintptr_t>(module->image.data()), vdso);
  EXPECT_EQ(module->build_id, ReadBuildId(module->image));
  EXPECT_FALSE(module->build_id.empty());
  const auto functions = ReadFunctionSymbols(module->image);
  ASSERT_TRUE(functions.ok());
  bool has_clock = false;
  for (const FunctionSymbol& function : *functions)
    has_clock |= function.name.find("clock_gettime") != std::string_view::npos;
  EXPECT_TRUE(has_clock) << functions->size() << " functions";
}

TEST_F(ModuleMapTest, DataAndFreeMemoryBelongToNoModule) {
  static int data = 0;
  const int on_the_stack = 0;
  EXPECT_EQ(modules_.Find(reinterpret_cast<uintptr_t>(&data)), nullptr);
  EXPECT_EQ(modules_.Find(reinterpret_cast<uintptr_t>(&on_the_stack)), nullptr);
  EXPECT_EQ(modules_.Find(0), nullptr);
  EXPECT_EQ(modules_.Find(UINTPTR_MAX), nullptr);
  EXPECT_EQ(ModuleMap().Find(kOwnCode), nullptr) << "before the first Refresh()";
  EXPECT_EQ(ModuleMap().Executable(), nullptr);
}

// A library that is loaded later is found by the next Refresh(), and keeps its name when it is
// gone.
TEST_F(ModuleMapTest, FollowsWhatIsLoadedAndUnloaded) {
  const uint64_t generation = modules_.generation();
  modules_.Refresh();
  EXPECT_EQ(modules_.generation(), generation) << "nothing changed";
  void* library = dlopen("libnss_files.so.2", RTLD_NOW);
  if (library == nullptr) library = dlopen("libanl.so.1", RTLD_NOW);
  ASSERT_NE(library, nullptr) << dlerror();
  struct link_map* map = nullptr;
  ASSERT_EQ(dlinfo(library, RTLD_DI_LINKMAP, &map), 0);
  const std::string path = map->l_name;
  modules_.Refresh();
  EXPECT_GT(modules_.generation(), generation);
  uintptr_t code = map->l_addr;
  while (modules_.Find(code) == nullptr) ASSERT_LT(code += 4096, map->l_addr + (1 << 24));
  EXPECT_EQ(modules_.Find(code)->path, path);
  dlclose(library);
  modules_.Refresh();
  ASSERT_NE(modules_.Find(code), nullptr) << "samples taken before are still named";
  EXPECT_EQ(modules_.Find(code)->path, path);
  EXPECT_EQ(modules_.Executable()->path, modules_.Find(kOwnCode)->path);
}

class SymbolWriterTest : public ModuleMapTest {
 protected:
  SymbolWriterTest() { EXPECT_TRUE(MakeDirectories(layout_.SymbolsDirectory()).ok()); }
  const LoadedModule& own() const { return *modules_.Find(kOwnCode); }
  const Layout layout_{root()};
  const Uuid store_id_{1, 2, 3};
};

TEST_F(SymbolWriterTest, WritesEveryFunctionOfAModule) {
  ASSERT_TRUE(SymbolWriter(layout_, store_id_).Write(own()).ok());
  const WrittenFile file = ReadWritten(layout_.SymbolFile(own().build_id), FileKind::kSymbols);
  EXPECT_EQ(file.header.store_id, store_id_);
  EXPECT_EQ(file.header.compatible_flags, kFlagSealed);
  const Result<std::string> elf = ReadFile(own().path);
  const auto functions = ReadFunctionSymbols(*elf);
  size_t next = 0;
  for (const v1::Payload& frame : file.frames) {
    const v1::SymbolTable& table = frame.symbols(0);
    EXPECT_EQ(table.build_id(), own().build_id);
    EXPECT_EQ(table.path(), own().path);
    uint64_t start = 0;
    const char* name = table.names().data();
    for (int i = 0; i < table.size_size(); ++i, ++next) {
      ASSERT_LT(next, functions->size());
      start += table.start_delta(i);
      ASSERT_EQ(start, (*functions)[next].start);
      ASSERT_EQ(table.size(i), (*functions)[next].size);
      ASSERT_EQ(std::string_view(name), (*functions)[next].name);
      name += (*functions)[next].name.size() + 1;
    }
  }
  EXPECT_EQ(next, functions->size());
}

TEST_F(SymbolWriterTest, WritesAModuleOnceAndLeavesAnExistingFileAlone) {
  const std::string path = layout_.SymbolFile(own().build_id);
  ASSERT_TRUE(WriteFileAtomically(path, "of another process").ok());
  ASSERT_TRUE(SymbolWriter(layout_, store_id_).Write(own()).ok());
  EXPECT_EQ(*ReadFile(path), "of another process");
  std::filesystem::remove(path);
  SymbolWriter writer(layout_, store_id_);
  ASSERT_TRUE(writer.Write(own()).ok());
  std::filesystem::remove(path);
  ASSERT_TRUE(writer.Write(own()).ok());
  EXPECT_FALSE(PathExists(path)) << "one process writes a module once";
  EXPECT_TRUE(FilesBelow(root()).empty()) << "no temporary file is left";
}

// A package upgrade puts another build under the path of a library that is in use.
TEST_F(SymbolWriterTest, DoesNotTakeAnotherBuildsNames) {
  LoadedModule old = own();
  old.build_id = "another build's id";
  const Status status = SymbolWriter(layout_, store_id_).Write(old);
  EXPECT_EQ(status.message(), own().path + ": the file is no longer the one that is loaded");
  EXPECT_TRUE(FilesBelow(root()).empty());
}

TEST_F(SymbolWriterTest, AModuleThatCannotBeReadIsAnErrorOnce) {
  SymbolWriter writer(layout_, store_id_);
  const LoadedModule gone = {Path("gone.so"), "id", 0, {}};
  EXPECT_EQ(writer.Write(gone).code(), StatusCode::kNotFound);
  EXPECT_TRUE(writer.Write(gone).ok()) << "not tried again";
  EXPECT_TRUE(writer.Write({Path("no-id.so"), "", 0, {}}).ok()) << "nothing to file it under";
}

}  // namespace
}  // namespace hotroute
