// Runs the contestants in turns and collects their figures.
//
// In: programs that print "name value" lines. Out: every value of every figure. The order is
// rotated from round to round, so that a slow minute of the machine hits everybody alike.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace hotroute::bench {

using Figures = std::map<std::string, std::vector<double>, std::less<>>;

// `folder`: where the programs are. Fails with the program that did.
Result<Figures> RunRounds(const std::string& folder, std::span<const std::string_view> contestants,
                          int rounds, bool quick);

}  // namespace hotroute::bench
