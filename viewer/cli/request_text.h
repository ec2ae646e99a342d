// One request as text and as JSON, the same in `requests` and `show`.
#pragma once

#include <string>

#include "viewer/aggregate/request_table.h"
#include "viewer/cli/answer.h"

namespace hotroute::viewer {

// "7e21c0de-1742".
std::string IdText(const RequestRow& row);
// "2026-11-22 03:00:01.042".
std::string StartText(const RequestRow& row);
std::string StatusText(const RequestRow& row);
// "random", "slow", ...
std::string KeptText(const RequestRow& row);
// "shop=bigtickets cart=3".
std::string LabelsText(const RequestRow& row);
// How many requests it stands for: "10".
std::string WeightText(const RequestRow& row);
Json RequestJson(const RequestRow& row);

}  // namespace hotroute::viewer
