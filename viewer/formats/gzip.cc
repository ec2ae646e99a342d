#include "viewer/formats/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstddef>

namespace hotroute::viewer {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // 16 selects gzip's header (zlib.h, deflateInit2)
constexpr int kMemoryLevel = 8;           // zlib's default
constexpr size_t kBufferBytes = 64 * 1024;

}  // namespace

Result<std::string> Gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return Exhausted("gzip: not enough memory");
  }
  std::string out;
  std::string buffer(kBufferBytes, '\0');
  int code = Z_OK;
  while (code == Z_OK) {
    // zlib counts input in unsigned int, so large inputs go in parts.
    const size_t part = std::min<size_t>(bytes.size(), UINT_MAX);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(part);
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = deflate(&stream, part == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    bytes.remove_prefix(part - stream.avail_in);
    out.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  if (code != Z_STREAM_END) return Internal("gzip: zlib code " + std::to_string(code));
  return out;
}

}  // namespace hotroute::viewer
