// The canonical hash of a location: the same in every process, host and release, so that siblings
// of a stack tree can be ordered alike everywhere and trees merge without sorting.
//
// XXH64, seed 0x686f74726f757465 ("hotroute"), over: the build-id's bytes, or the path's where
// there is none; one zero byte; the offset as 8 little-endian bytes. On disk from the block format
// on: never changes.
#pragma once

#include <cstdint>
#include <string_view>

namespace hotroute {

uint64_t LocationHash(std::string_view build_id, std::string_view path, uint64_t offset);

}  // namespace hotroute
