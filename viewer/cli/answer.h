// The frame of every answer: what it rests on, what was lost, and the rows between.
//
// In: a query that was read. Out: the JSON document {schema, command, population, losses, damage,
// rows_total, rows}, or the lines above and below a text table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "viewer/aggregate/query.h"
#include "viewer/cli/arguments.h"
#include "viewer/cli/command.h"

namespace hotroute::viewer {

using Json = nlohmann::ordered_json;

// A number, or null where there is none.
template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// `rows_total` is how many rows there were before --limit cut them.
Json Document(std::string_view command, const Query& query, Json rows, size_t rows_total);
// Of a command that asks no population.
Json PlainDocument(std::string_view command, const store::ReadReport& report, Json rows);
// What is no UTF-8 is replaced by U+FFFD.
void PrintJson(const Json& document, Environment& environment);

// "event.index: 120 profiles stand for 1,200 requests (1,187 counted, n_eff 118), 2026-11-22
// 03:00:01 to 2026-11-22 03:10:11 UTC", and the conditions where there are any.
std::string HeaderText(const Query& query);
// "7.13 ± 0.889"; without the error where there is none.
std::string MeanText(const MeanAndError& mean);
// {"mean", "stderr"}
Json MeanJson(const MeanAndError& mean);
// Wall, CPU and waiting per request, and that only CPU time has stacks.
std::string CostText(const Query& query);
// Losses and damage in words; empty when there are none.
std::string FooterText(const Query& query);
std::string LossText(const store::ReadReport& report);
// That `bytes` were written to `path`: what flame and export answer.
void PrintWritten(const Arguments& arguments, const Query& query, std::string_view command,
                  const std::string& path, size_t bytes, Environment& environment);
// "12 more; --limit 0 shows all", or nothing.
std::string MoreText(size_t shown, size_t total);

}  // namespace hotroute::viewer
