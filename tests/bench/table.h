// One aligned text table of medians with their spread, ratios and verdicts.
//
//                          median  min .. max   ratio of medians      target
//   the decision alone     2.5 ns  2.5 .. 2.6                         <= 5 ns   PASS
//
// The median of all rounds decides; the ratio is that of medians.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/rounds.h"

namespace hotroute::bench {

// Requires a non-empty list. The mean of the two in the middle for an even number.
double Median(std::vector<double> values);

struct Table {
  std::string text;
  int passed = 0;
  int missed = 0;
};

// kNotFound names the first row whose figure no contestant printed.
Result<Table> MakeTable(std::span<const Row> rows, const Figures& figures);

}  // namespace hotroute::bench
