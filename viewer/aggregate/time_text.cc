#include "viewer/aggregate/time_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <optional>

namespace hotroute::viewer {
namespace {

constexpr int64_t kSecondMicros = 1'000'000;

// Takes pieces off the front of a text.
struct Cursor {
  std::string_view rest;

  bool Take(char expected) {
    if (rest.empty() || rest.front() != expected) return false;
    rest.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits, in [low, high].
  bool Number(size_t digits, int low, int high, int* value) {
    if (rest.size() < digits) return false;
    const char* end = rest.data() + digits;
    const auto [stop, error] = std::from_chars(rest.data(), end, *value);
    if (error != std::errc() || stop != end || rest.front() == '-') return false;
    rest.remove_prefix(digits);
    return *value >= low && *value <= high;
  }
};

struct Moment {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int64_t micros = 0;
  int64_t offset_seconds = 0;
};

bool ReadFraction(Cursor* cursor, int64_t* micros) {
  if (!cursor->Take('.')) return true;
  int64_t unit = kSecondMicros / 10;
  size_t digits = 0;
  while (!cursor->rest.empty() && cursor->rest.front() >= '0' && cursor->rest.front() <= '9') {
    *micros += (cursor->rest.front() - '0') * unit;
    unit /= 10;
    ++digits;
    cursor->rest.remove_prefix(1);
  }
  return digits > 0;
}

bool ReadZone(Cursor* cursor, int64_t* offset_seconds) {
  if (cursor->Take('Z') || cursor->Take('z')) return true;
  const bool east = cursor->Take('+');
  if (!east && !cursor->Take('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!cursor->Number(2, 0, 23, &hours) || !cursor->Take(':') ||
      !cursor->Number(2, 0, 59, &minutes)) {
    return false;
  }
  *offset_seconds = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
  return true;
}

bool ReadMoment(std::string_view text, Moment* moment) {
  Cursor cursor{text};
  if (!cursor.Number(4, 1970, 9999, &moment->year) || !cursor.Take('-') ||
      !cursor.Number(2, 1, 12, &moment->month) || !cursor.Take('-') ||
      !cursor.Number(2, 1, 31, &moment->day)) {
    return false;
  }
  if (cursor.rest.empty()) return true;
  const bool rfc3339 = cursor.Take('T') || cursor.Take('t');
  if (!rfc3339 && !cursor.Take(' ')) return false;
  if (!cursor.Number(2, 0, 23, &moment->hour) || !cursor.Take(':') ||
      !cursor.Number(2, 0, 59, &moment->minute)) {
    return false;
  }
  if (cursor.Take(':')) {
    if (!cursor.Number(2, 0, 60, &moment->second) || !ReadFraction(&cursor, &moment->micros))
      return false;
  }
  if (cursor.rest.empty()) return !rfc3339;
  return ReadZone(&cursor, &moment->offset_seconds) && cursor.rest.empty();
}

// "1.5s" -> 1.5 and "s". Empty when there is no number in front or it is not finite.
std::optional<double> SplitNumber(std::string_view text, std::string_view* unit) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  *unit = text.substr(static_cast<size_t>(stop - text.data()));
  return number;
}

struct Unit {
  std::string_view name;
  double size;
};

std::optional<double> ReadQuantity(std::string_view text, std::initializer_list<Unit> units,
                                   double limit) {
  std::string_view name;
  const std::optional<double> number = SplitNumber(text, &name);
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name == name && *number * unit.size <= limit) return *number * unit.size;
  }
  return std::nullopt;
}

std::tm CalendarOf(int64_t time_us, int64_t* micros) {
  int64_t seconds = time_us / kSecondMicros;
  *micros = time_us % kSecondMicros;
  if (*micros < 0) {
    *micros += kSecondMicros;
    --seconds;
  }
  const time_t time = static_cast<time_t>(seconds);
  std::tm calendar{};
  gmtime_r(&time, &calendar);
  return calendar;
}

}  // namespace

Result<int64_t> ParseTime(std::string_view text) {
  Moment moment;
  std::tm calendar{};
  const bool read = ReadMoment(text, &moment);
  if (read) {
    calendar.tm_year = moment.year - 1900;
    calendar.tm_mon = moment.month - 1;
    calendar.tm_mday = moment.day;
    calendar.tm_hour = moment.hour;
    calendar.tm_min = moment.minute;
    calendar.tm_sec = moment.second;
  }
  const time_t seconds = timegm(&calendar);
  // timegm turns 31 February into March; the day tells.
  if (!read || (calendar.tm_mday != moment.day && moment.second < 60)) {
    return InvalidArgument(
        "time '" + std::string(text) +
        "' is not understood; write 2026-11-22, '2026-11-22 03:00[:07]' (UTC) or "
        "2026-11-22T03:00:07Z");
  }
  return (static_cast<int64_t>(seconds) - moment.offset_seconds) * kSecondMicros + moment.micros;
}

Result<int64_t> ParseSpan(std::string_view text) {
  constexpr double kSecond = 1e6;
  const auto span = ReadQuantity(text,
                                 {{"s", kSecond},
                                  {"m", 60 * kSecond},
                                  {"h", 3600 * kSecond},
                                  {"d", 86400 * kSecond},
                                  {"w", 604800 * kSecond}},
                                 1e16);
  if (!span || *span <= 0) {
    return InvalidArgument(
        "time span '" + std::string(text) +
        "' is not understood; write a number and s, m, h, d or w, as in 30m, 2h, 7d");
  }
  return static_cast<int64_t>(*span);
}

Result<uint64_t> ParseDuration(std::string_view text) {
  const auto nanos = ReadQuantity(text, {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}}, 1e18);
  if (!nanos) {
    return InvalidArgument(
        "duration '" + std::string(text) +
        "' is not understood; write a number and us, ms, s or m, as in 250us, 100ms, 1.5s");
  }
  return static_cast<uint64_t>(std::llround(*nanos));
}

std::string TimeText(int64_t time_us) {
  int64_t micros = 0;
  const std::tm calendar = CalendarOf(time_us, &micros);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &calendar);
  return text;
}

std::string Rfc3339(int64_t time_us) {
  int64_t micros = 0;
  const std::tm calendar = CalendarOf(time_us, &micros);
  char text[32];
  char fraction[16];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &calendar);
  std::snprintf(fraction, sizeof fraction, ".%06dZ", static_cast<int>(micros));
  return std::string(text) + fraction;
}

}  // namespace hotroute::viewer
