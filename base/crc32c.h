// CRC-32C (Castagnoli), as in RFC 3720 appendix B.4, and the masking that LevelDB introduced for
// checksums that are themselves checksummed. Thread-safe; about 10 GB/s with SSE4.2, 0.4 GB/s
// without.
#pragma once

#include <cstdint>
#include <string_view>

namespace hotroute {

// CRC of `bytes` appended to data whose CRC is `crc` (0 for none).
uint32_t Crc32c(std::string_view bytes, uint32_t crc = 0);
// The same by table, as on a processor without SSE4.2.
uint32_t Crc32cPortableForTesting(std::string_view bytes, uint32_t crc = 0);

// A stored CRC is rotated and offset so that a CRC over data with embedded CRCs stays a good
// checksum.
constexpr uint32_t MaskCrc(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

}  // namespace hotroute
