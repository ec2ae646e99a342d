// From flags to a population: one table of conditions, used by every command (and by whatever else
// asks questions).
//
// In: a flag's name and its value as written. Out: the condition in a Population, or an error that
// names the value and the accepted forms.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.h"
#include "viewer/aggregate/population.h"

namespace hotroute::viewer {

struct PopulationFlag {
  std::string_view name;   // without dashes
  std::string_view value;  // what to write, for help: "KEY=VALUE"
  std::string_view help;
  bool repeatable = false;
};

// In the order in which help lists them.
std::span<const PopulationFlag> PopulationFlags();

// Adds the condition `flag` = `value`. `now_us` is what --since counts back from. Requires: `flag`
// is one of PopulationFlags(). The population is unchanged on failure.
Status AddCondition(std::string_view flag, std::string_view value, int64_t now_us,
                    Population* population);

// What only the whole can tell: an empty time range.
Status CheckPopulation(const Population& population);

// "random", "slow", "error", "forced".
std::string_view StratumText(store::Stratum stratum);
// "request" or "task".
std::string_view KindText(store::Kind kind);
// "404", "success", "-" where none was set.
std::string StatusText(store::Kind kind, uint32_t status);
// Whether the status says that the request or task failed: 500 and above, or the task status error.
bool IsFailure(store::Kind kind, uint32_t status);

}  // namespace hotroute::viewer
