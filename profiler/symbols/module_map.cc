#include "profiler/symbols/module_map.h"

#define XXH_INLINE_ALL
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <climits>

#include "profiler/symbols/elf_symbols.h"

namespace hotroute {
namespace {

struct Seen {
  LoadedModule module;
  std::vector<std::pair<uintptr_t, uintptr_t>> code;  // [begin, end) of executable segments
};

struct Listing {
  unsigned long long adds = 0;
  unsigned long long subs = 0;
  unsigned long long known_adds = 0;
  unsigned long long known_subs = 0;
  std::vector<Seen> seen;
};

std::string ExecutablePath() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<size_t>(size)) : std::string();
}

// For files linked without --build-id: the same file gives the same id in every process.
std::string StandInBuildId(const std::string& path) {
  struct stat info;
  if (path.empty() || stat(path.c_str(), &info) != 0) return {};
  const std::string key = path + '\0' + std::to_string(info.st_size) + '\0' +
                          std::to_string(info.st_mtim.tv_sec) + '.' +
                          std::to_string(info.st_mtim.tv_nsec);
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return std::string(reinterpret_cast<const char*>(&hash), sizeof hash);
}

Seen Describe(const dl_phdr_info& info, bool is_first) {
  Seen seen;
  LoadedModule& module = seen.module;
  module.load_bias = info.dlpi_addr;
  module.path = info.dlpi_name != nullptr ? info.dlpi_name : "";
  if (is_first && module.path.empty()) module.path = ExecutablePath();
  const uintptr_t vdso = getauxval(AT_SYSINFO_EHDR);
  uintptr_t first = UINTPTR_MAX;
  uintptr_t end = 0;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    const uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      first = std::min(first, begin);
      end = begin + segment.p_memsz;
      if ((segment.p_flags & PF_X) != 0) seen.code.emplace_back(begin, end);
    } else if (segment.p_type == PT_NOTE && module.build_id.empty()) {
      module.build_id =
          BuildIdIn({reinterpret_cast<const char*>(begin), segment.p_memsz}, segment.p_align);
    }
  }
  if (vdso != 0 && vdso >= first && vdso < end) {
    module.path = "[vdso]";
    // Its section headers stand behind its only segment, in the last of its pages.
    const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    module.image = {reinterpret_cast<const char*>(vdso), (end - vdso + page - 1) / page * page};
  }
  if (module.build_id.empty()) module.build_id = StandInBuildId(module.path);
  return seen;
}

int Visit(dl_phdr_info* info, size_t, void* context) {
  auto* listing = static_cast<Listing*>(context);
  const bool is_first = listing->seen.empty();
  if (is_first) {
    listing->adds = info->dlpi_adds;
    listing->subs = info->dlpi_subs;
    if (listing->adds == listing->known_adds && listing->subs == listing->known_subs) return 1;
  }
  listing->seen.push_back(Describe(*info, is_first));
  return 0;
}

}  // namespace

void ModuleMap::Refresh() {
  Listing listing;
  listing.known_adds = adds_;
  listing.known_subs = subs_;
  dl_iterate_phdr(Visit, &listing);
  if (listing.seen.empty()) return;
  adds_ = listing.adds;
  subs_ = listing.subs;
  ++generation_;
  for (const Seen& seen : listing.seen) Add(seen.module, seen.code);
}

void ModuleMap::Add(const LoadedModule& module,
                    const std::vector<std::pair<uintptr_t, uintptr_t>>& code) {
  for (const auto& [begin, end] : code) {
    const auto known = ranges_.find(begin);
    if (known != ranges_.end() && known->second.end == end &&
        modules_[known->second.module].build_id == module.build_id &&
        modules_[known->second.module].load_bias == module.load_bias) {
      continue;
    }
    // What was here before is gone.
    auto overlap = ranges_.lower_bound(begin);
    if (overlap != ranges_.begin() && std::prev(overlap)->second.end > begin) --overlap;
    while (overlap != ranges_.end() && overlap->first < end) overlap = ranges_.erase(overlap);
    modules_.push_back(module);
    ranges_[begin] = {end, modules_.size() - 1};
  }
}

const LoadedModule* ModuleMap::Find(uintptr_t pc) const {
  auto range = ranges_.upper_bound(pc);
  if (range == ranges_.begin()) return nullptr;
  --range;
  return pc < range->second.end ? &modules_[range->second.module] : nullptr;
}

}  // namespace hotroute
