// Times as people write and read them: parsing of moments and spans, printing of moments. All in
// UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace hotroute::viewer {

// Microseconds since the Unix epoch of "2026-11-22", "2026-11-22 03:00", "2026-11-22 03:00:07"
// (UTC) or RFC 3339
// ("2026-11-22T03:00:07.25Z", "...+01:00"). kInvalidArgument naming the text and the accepted
// forms.
Result<int64_t> ParseTime(std::string_view text);

// Microseconds of "90s", "30m", "2h", "7d", "2w". kInvalidArgument naming the text and the accepted
// forms.
Result<int64_t> ParseSpan(std::string_view text);

// Nanoseconds of "250us", "100ms", "1.5s", "2m". kInvalidArgument naming the text and the accepted
// forms.
Result<uint64_t> ParseDuration(std::string_view text);

// "2026-11-22 03:00:07".
std::string TimeText(int64_t time_us);
// "2026-11-22T03:00:07.250000Z".
std::string Rfc3339(int64_t time_us);

}  // namespace hotroute::viewer
