// Which module an address belongs to: the executable, shared objects and the vDSO, with their
// build-ids.
//
// Read from the dynamic loader in normal context, on the helper thread. A module that was unloaded
// keeps its place until another one is loaded over it, so that samples taken before are still
// named.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hotroute {

struct LoadedModule {
  std::string path;  // "[vdso]" for the kernel's
  // Raw GNU build-id. A file without one gets a stand-in from its path, size and time of change.
  std::string build_id;
  uintptr_t load_bias = 0;  // address in memory - address in the file
  // The module's ELF image in memory when it has no file (the vDSO).
  std::string_view image;
};

// Owned by the helper thread.
class ModuleMap {
 public:
  // Asks the loader for its modules if any was loaded or unloaded since the last time. Cheap when
  // nothing changed.
  void Refresh();

  // The module whose executable code holds `pc`, or null.
  const LoadedModule* Find(uintptr_t pc) const;

  // The program itself, or null before the first Refresh(). The loader lists it first.
  const LoadedModule* Executable() const { return modules_.empty() ? nullptr : &modules_[0]; }

  // Counts Refresh() calls that found changes; whoever caches addresses drops its cache when it
  // moves.
  uint64_t generation() const { return generation_; }

 private:
  struct Range {
    uintptr_t end = 0;
    size_t module = 0;
  };

  void Add(const LoadedModule& module, const std::vector<std::pair<uintptr_t, uintptr_t>>& code);

  std::map<uintptr_t, Range> ranges_;  // by first address
  std::vector<LoadedModule> modules_;
  unsigned long long adds_ = 0;
  unsigned long long subs_ = 0;
  uint64_t generation_ = 0;
};

}  // namespace hotroute
