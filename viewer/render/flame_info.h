// What stands above a flame graph besides the tree itself.
#pragma once

#include <string>
#include <vector>

namespace hotroute::viewer {

// Thread-compatible.
struct FlameInfo {
  std::string title;                     // the url_name or task_name
  std::vector<std::string> subtitle;     // population, profiles, requests, losses: one line each
  std::string unit = "CPU per request";  // what the tree's milliseconds are of
  double cpu_ms = 0;  // exact means per request, from the profiles and not from samples
  double offcpu_ms = 0;
};

}  // namespace hotroute::viewer
