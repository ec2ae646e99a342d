#include "profiler/session/settings.h"

#include <unistd.h>

#include <climits>
#include <cmath>
#include <cstdlib>

#include "profiler/symbols/module_map.h"
#include "proto/layout.h"

namespace hotroute {
namespace {

constexpr double kMinSampleHz = 1;
constexpr double kMaxSampleHz = 1000;
constexpr double kMaxSlowMs = 24 * 3600 * 1000.0;

Status CheckRange(const char* what, double value, double low, double high, const char* range) {
  if (value >= low && value <= high) return {};
  return InvalidArgument(std::string(what) + " " + NumberText(value) +
                         " is outside the allowed range, " + range);
}

std::string HostName() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "unknown";
}

// The first 12 digits of the executable's build-id: changes with every build, and short enough to
// read.
std::string ExecutableBuild() {
  ModuleMap modules;
  modules.Refresh();
  const LoadedModule* executable = modules.Executable();
  return executable == nullptr ? "unknown" : ToHex(executable->build_id).substr(0, 12);
}

std::string TextOr(const char* value, std::string (*otherwise)()) {
  return value != nullptr && value[0] != '\0' ? std::string(value) : otherwise();
}

}  // namespace

Result<Settings> ReadSettings(const hotroute_options& options) {
  Settings settings;
  if (options.struct_size < sizeof options) {
    return InvalidArgument("options: call hotroute_options_init first");
  }
  if (options.data_dir == nullptr || options.data_dir[0] == '\0') {
    return InvalidArgument(
        "data_dir is not set; give the directory in which profiles are to be stored");
  }
  HOTROUTE_RETURN_IF_ERROR(CheckFraction("fraction", options.fraction));
  HOTROUTE_RETURN_IF_ERROR(CheckRange("sample_hz", options.sample_hz, kMinSampleHz, kMaxSampleHz,
                                      "1 to 1000 samples per second of CPU time"));
  HOTROUTE_RETURN_IF_ERROR(CheckRange("slow_threshold_ms", options.slow_threshold_ms, 0, kMaxSlowMs,
                                      "0 (off) to 86400000 (a day)"));
  for (size_t i = 0; i < options.route_fraction_count; ++i) {
    const hotroute_route_fraction& route = options.route_fractions[i];
    HOTROUTE_RETURN_IF_ERROR(
        settings.routes.AddFraction(route.route ? route.route : "", route.fraction));
  }
  for (size_t i = 0; i < options.excluded_route_count; ++i) {
    const char* route = options.excluded_routes[i];
    HOTROUTE_RETURN_IF_ERROR(settings.routes.Exclude(route ? route : ""));
  }
  settings.data_dir = options.data_dir;
  settings.service =
      TextOr(options.service, [] { return std::string(program_invocation_short_name); });
  settings.build = TextOr(options.build, ExecutableBuild);
  settings.host = TextOr(options.host, HostName);
  settings.fraction = options.fraction;
  settings.keep.slow_threshold_ns =
      static_cast<uint64_t>(std::llround(options.slow_threshold_ms * 1e6));
  settings.keep.keep_errors = options.keep_errors;
  settings.sample_hz = options.sample_hz;
  settings.max_bytes = options.max_bytes;
  return settings;
}

}  // namespace hotroute
