#include "proto/location_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <string>

namespace hotroute {

uint64_t LocationHash(std::string_view build_id, std::string_view path, uint64_t offset) {
  constexpr uint64_t kSeed = 0x686f74726f757465u;  // on disk
  std::string key(build_id.empty() ? path : build_id);
  key.push_back('\0');
  key.append(reinterpret_cast<const char*>(&offset), sizeof offset);
  return XXH64(key.data(), key.size(), kSeed);
}

}  // namespace hotroute
