#include "viewer/aggregate/source_lines.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>

#include <string_view>

#include "base/file.h"
#include "proto/layout.h"

namespace hotroute::viewer {
namespace {

// Debian's packages of debug information put it here, under the build-id.
std::string DebugFileOf(std::string_view build_id) {
  const std::string hex = ToHex(build_id);
  return "/usr/lib/debug/.build-id/" + hex.substr(0, 2) + "/" + hex.substr(2) + ".debug";
}

std::string_view BuildIdOf(Dwfl_Module* module) {
  const unsigned char* bits = nullptr;
  GElf_Addr address = 0;
  const int size = dwfl_module_build_id(module, &bits, &address);
  return size > 0 ? std::string_view(reinterpret_cast<const char*>(bits), static_cast<size_t>(size))
                  : std::string_view();
}

// libdw's own search may ask a debuginfod server; this one only looks beside Debian's packages.
int FindDebugFile(Dwfl_Module* module, void**, const char*, Dwarf_Addr, const char*, const char*,
                  GElf_Word, char**) {
  const std::string_view build_id = BuildIdOf(module);
  if (build_id.empty()) return -1;
  Result<UniqueFd> file = OpenFile(DebugFileOf(build_id), O_RDONLY);
  return file.ok() ? file->Release() : -1;
}

const Dwfl_Callbacks kCallbacks = {
    .find_elf = nullptr,
    .find_debuginfo = FindDebugFile,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = nullptr,
};

}  // namespace

// One opened module. Thread-compatible.
class SourceLines::DebugModule {
 public:
  // Null when `path` cannot be read or is of another build.
  static std::unique_ptr<DebugModule> Open(const std::string& path, std::string_view build_id) {
    if (!PathExists(path)) return nullptr;
    auto opened = std::unique_ptr<DebugModule>(new DebugModule(path));
    const bool same = opened->module_ != nullptr && BuildIdOf(opened->module_) == build_id;
    return same ? std::move(opened) : nullptr;
  }

  SourceLine Find(uint64_t address) const {
    Dwfl_Line* line = dwfl_module_getsrc(module_, address + bias_);
    int number = 0;
    const char* file = line == nullptr
                           ? nullptr
                           : dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
    if (file == nullptr) return {};
    return {file, number > 0 ? static_cast<uint32_t>(number) : 0};
  }

 private:
  explicit DebugModule(const std::string& path) : dwfl_(dwfl_begin(&kCallbacks), &dwfl_end) {
    if (!dwfl_) return;
    module_ = dwfl_report_offline(dwfl_.get(), path.c_str(), path.c_str(), -1);
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
    if (module_ != nullptr && dwfl_module_getelf(module_, &bias_) == nullptr) module_ = nullptr;
  }

  std::unique_ptr<Dwfl, decltype(&dwfl_end)> dwfl_;
  Dwfl_Module* module_ = nullptr;  // owned by dwfl_
  GElf_Addr bias_ = 0;
};

SourceLines::SourceLines() = default;
SourceLines::~SourceLines() = default;

SourceLines::DebugModule* SourceLines::Open(const store::Module& module) {
  const auto [entry, fresh] = modules_.try_emplace(module.path + '\0' + module.build_id);
  if (fresh && !module.build_id.empty()) {
    entry->second = DebugModule::Open(module.path, module.build_id);
    if (!entry->second)
      entry->second = DebugModule::Open(DebugFileOf(module.build_id), module.build_id);
  }
  return entry->second.get();
}

SourceLine SourceLines::Find(const store::Module& module, uint64_t address) {
  const DebugModule* opened = Open(module);
  return opened == nullptr ? SourceLine() : opened->Find(address);
}

}  // namespace hotroute::viewer
