// The options of hotroute_start, checked and with defaults filled in.
#pragma once

#include <string>

#include "base/status.h"
#include "hotroute/hotroute.h"
#include "profiler/select/selector.h"

namespace hotroute {

struct Settings {
  std::string data_dir;
  std::string service;
  std::string build;
  std::string host;
  double fraction = 0;
  RoutePolicy routes;
  KeepRules keep;
  double sample_hz = 0;
  uint64_t max_bytes = 0;
};

// kInvalidArgument names the option, its value and the allowed range.
Result<Settings> ReadSettings(const hotroute_options& options);

}  // namespace hotroute
