#include "viewer/aggregate/source_lines.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <link.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace hotroute::viewer {

// Not inlined, so that it has an address of its own.
constexpr uint32_t kFunctionLine = __LINE__ + 1;
__attribute__((noinline)) int FunctionOfThisFile(int value) { return value * 3 + 1; }

namespace {

// This test's own executable, as a profile would have recorded it.
struct Self {
  store::Module module;
  uint64_t bias = 0;
};

// Notes are padded to 4 bytes: elf(5).
std::string BuildIdIn(const char* notes, size_t size) {
  for (size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    const size_t description = at + sizeof note + (note.n_namesz + 3) / 4 * 4;
    if (note.n_type == NT_GNU_BUILD_ID) return std::string(notes + description, note.n_descsz);
    at = description + (note.n_descsz + 3) / 4 * 4;
  }
  return "";
}

int ReadSelf(dl_phdr_info* info, size_t, void* out) {
  Self* self = static_cast<Self*>(out);
  self->bias = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE || !self->module.build_id.empty()) continue;
    self->module.build_id =
        BuildIdIn(reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr), header.p_memsz);
  }
  return 1;  // the executable comes first; no more
}

Self ThisProgram() {
  Self self;
  dl_iterate_phdr(ReadSelf, &self);
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  if (size > 0) self.module.path.assign(path, static_cast<size_t>(size));
  return self;
}

TEST(SourceLinesTest, FindsAFunctionOfThisFile) {
  const Self self = ThisProgram();
  ASSERT_FALSE(self.module.build_id.empty()) << "the linker gave this test no build-id";
  SourceLines lines;
  const SourceLine found =
      lines.Find(self.module, reinterpret_cast<uint64_t>(&FunctionOfThisFile) - self.bias);
  EXPECT_THAT(found.file, ::testing::EndsWith("source_lines_test.cc"));
  EXPECT_EQ(found.line, kFunctionLine);
}

TEST(SourceLinesTest, DoesNotBelieveAnotherBuild) {
  Self self = ThisProgram();
  self.module.build_id = "another";
  SourceLines lines;
  EXPECT_EQ(
      lines.Find(self.module, reinterpret_cast<uint64_t>(&FunctionOfThisFile) - self.bias).file,
      "");
}

TEST(SourceLinesTest, MissingModulesHaveNoLines) {
  SourceLines lines;
  EXPECT_EQ(lines.Find({"/nowhere/at/all", "\x01\x02"}, 0x1000).file, "");
  EXPECT_EQ(lines.Find({"", ""}, 0x1000).line, 0u);
}

}  // namespace
}  // namespace hotroute::viewer
