// gzip in memory, through zlib.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace hotroute::viewer {

// One gzip member without name and time, so that equal bytes give equal files. Thread-safe.
Result<std::string> Gzip(std::string_view bytes);

}  // namespace hotroute::viewer
