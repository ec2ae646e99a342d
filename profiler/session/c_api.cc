// hotroute.h's control functions over Session. Nothing passes this edge but values: no exception,
// no abort.
#include <algorithm>
#include <cstring>
#include <exception>
#include <string_view>

#include "hotroute/hotroute.h"
#include "profiler/session/session.h"

namespace hotroute {
namespace {

void Copy(std::string_view text, char* error, size_t error_size) {
  if (error == nullptr || error_size == 0) return;
  const size_t size = std::min(text.size(), error_size - 1);
  std::memcpy(error, text.data(), size);
  error[size] = '\0';
}

// Runs `work`; false with the reason in `error` when it fails, in words that need no memory when it
// throws.
template <typename Work>
bool Guarded(Work work, char* error, size_t error_size) noexcept {
  try {
    const Status status = work();
    Copy(status.message(), error, error_size);
    return status.ok();
  } catch (const std::exception& exception) {
    Copy(exception.what(), error, error_size);
  } catch (...) {
    Copy("unknown exception", error, error_size);
  }
  return false;
}

}  // namespace
}  // namespace hotroute

using hotroute::Session;

extern "C" {

void hotroute_options_init(hotroute_options* options) noexcept {
  *options = {};
  options->struct_size = sizeof *options;
  options->fraction = 0.1;
  options->sample_hz = 100;
  options->max_bytes = uint64_t{4} << 30;
}

bool hotroute_start(const hotroute_options* options, char* error, size_t error_size) noexcept {
  return hotroute::Guarded([&] { return Session::Get().Start(*options); }, error, error_size);
}

void hotroute_stop(void) noexcept {
  hotroute::Guarded(
      [] {
        Session::Get().Stop();
        return hotroute::Status();
      },
      nullptr, 0);
}

bool hotroute_set_fraction(double fraction, char* error, size_t error_size) noexcept {
  return hotroute::Guarded([&] { return Session::Get().SetFraction(fraction); }, error, error_size);
}

void hotroute_get_stats(hotroute_stats* stats) noexcept {
  hotroute::Guarded(
      [&] {
        Session::Get().GetStats(stats);
        return hotroute::Status();
      },
      nullptr, 0);
}

const char* hotroute_version(void) noexcept { return HOTROUTE_VERSION_STRING; }

}  // extern "C"
