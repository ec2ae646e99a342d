// hotroute.h's control functions over Session. Nothing passes this edge but values: no exception,
// no abort.
#include <algorithm>
#include <cstring>
#include <exception>

#include "hotroute/hotroute.h"
#include "profiler/session/session.h"

namespace hotroute {
namespace {

bool Report(const Status& status, char* error, size_t error_size) {
  if (error != nullptr && error_size > 0) {
    const size_t size = std::min(status.message().size(), error_size - 1);
    std::memcpy(error, status.message().data(), size);
    error[size] = '\0';
  }
  return status.ok();
}

template <typename Work>
Status Guarded(Work work) noexcept {
  try {
    return work();
  } catch (const std::exception& exception) {
    try {
      return Internal(exception.what());
    } catch (...) {
    }
  } catch (...) {
  }
  return Status();
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
  return hotroute::Report(hotroute::Guarded([&] { return Session::Get().Start(*options); }), error,
                          error_size);
}

void hotroute_stop(void) noexcept {
  (void)hotroute::Guarded([] {
    Session::Get().Stop();
    return hotroute::Status();
  });
}

bool hotroute_set_fraction(double fraction, char* error, size_t error_size) noexcept {
  return hotroute::Report(hotroute::Guarded([&] { return Session::Get().SetFraction(fraction); }),
                          error, error_size);
}

void hotroute_get_stats(hotroute_stats* stats) noexcept {
  (void)hotroute::Guarded([&] {
    Session::Get().GetStats(stats);
    return hotroute::Status();
  });
}

const char* hotroute_version(void) noexcept { return HOTROUTE_VERSION_STRING; }

}  // extern "C"
