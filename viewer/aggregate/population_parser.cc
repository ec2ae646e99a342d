#include "viewer/aggregate/population_parser.h"

#include <array>
#include <cassert>
#include <charconv>
#include <string>

#include "viewer/aggregate/time_text.h"

namespace hotroute::viewer {
namespace {

constexpr int64_t kMinuteMicros = 60'000'000;
constexpr uint32_t kTaskError = 2;
constexpr std::array<std::string_view, 4> kStrata = {"random", "slow", "error", "forced"};
constexpr std::array<std::string_view, 4> kTaskStatuses = {"-", "success", "error",
                                                           "expected-error"};

std::string Quoted(std::string_view value) { return "'" + std::string(value) + "'"; }

Status AddSince(std::string_view value, int64_t now_us, Population* population) {
  HOTROUTE_ASSIGN_OR_RETURN(const int64_t span, ParseSpan(value));
  // Down to the minute, so that the exact counters, which are kept by the minute, apply.
  const int64_t from = now_us - span;
  population->from_us = from - ((from % kMinuteMicros) + kMinuteMicros) % kMinuteMicros;
  return Status();
}

Status AddFrom(std::string_view value, int64_t, Population* population) {
  HOTROUTE_ASSIGN_OR_RETURN(population->from_us, ParseTime(value));
  return Status();
}

Status AddTo(std::string_view value, int64_t, Population* population) {
  HOTROUTE_ASSIGN_OR_RETURN(population->to_us, ParseTime(value));
  return Status();
}

Status AddLabel(std::string_view value, int64_t, Population* population) {
  const size_t equals = value.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return InvalidArgument("label " + Quoted(value) + " is not KEY=VALUE, as in shop=bigtickets");
  }
  population->labels.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  return Status();
}

Status AddMethod(std::string_view value, int64_t, Population* population) {
  population->methods.emplace_back(value);
  return Status();
}

Status AddStatus(std::string_view value, int64_t, Population* population) {
  for (uint32_t i = 1; i < kTaskStatuses.size(); ++i) {
    if (value == kTaskStatuses[i]) {
      population->statuses.push_back({store::Kind::kTask, i, i + 1});
      return Status();
    }
  }
  const bool is_class = value.size() == 3 && value.substr(1) == "xx";
  const std::string digits = is_class ? std::string(1, value[0]) + "00" : std::string(value);
  uint32_t status = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (error != std::errc() || stop != digits.data() + digits.size() || status < 100 ||
      status > 599) {
    return InvalidArgument("status " + Quoted(value) +
                           " is not one of 100 to 599, 1xx to 5xx, success, error, expected-error");
  }
  population->statuses.push_back({store::Kind::kRequest, status, status + (is_class ? 100u : 1u)});
  return Status();
}

Status AddBuild(std::string_view value, int64_t, Population* population) {
  population->builds.emplace_back(value);
  return Status();
}

Status AddHost(std::string_view value, int64_t, Population* population) {
  population->hosts.emplace_back(value);
  return Status();
}

Status AddService(std::string_view value, int64_t, Population* population) {
  population->services.emplace_back(value);
  return Status();
}

Status AddKind(std::string_view value, int64_t, Population* population) {
  if (value != "request" && value != "task") {
    return InvalidArgument("kind " + Quoted(value) + " is not request or task");
  }
  population->kind = value == "task" ? store::Kind::kTask : store::Kind::kRequest;
  return Status();
}

Status AddStratum(std::string_view value, int64_t, Population* population) {
  for (size_t i = 0; i < kStrata.size(); ++i) {
    if (value == kStrata[i]) {
      population->strata.push_back(static_cast<store::Stratum>(i));
      return Status();
    }
  }
  return InvalidArgument("stratum " + Quoted(value) + " is not one of random, slow, error, forced");
}

bool ReadPercentile(std::string_view text, double* percentile) {
  if (text.size() < 2 || text.front() != 'p') return false;
  const auto [stop, error] =
      std::from_chars(text.data() + 1, text.data() + text.size(), *percentile);
  return error == std::errc() && stop == text.data() + text.size() && *percentile >= 0 &&
         *percentile <= 100;
}

// `value` is [p..] and has a "p" in front of at least one end.
Status AddBand(std::string_view value, std::string_view from, std::string_view to,
               Population* population) {
  PercentileBand band;
  if ((!from.empty() && !ReadPercentile(from, &band.from)) ||
      (!to.empty() && !ReadPercentile(to, &band.to)) || band.from >= band.to) {
    return InvalidArgument(
        "percentile band " + Quoted(value) +
        " is not two rising percentiles from p0 to p100, as in p95..p100 or ..p50");
  }
  population->band = band;
  return Status();
}

Status AddDuration(std::string_view value, int64_t, Population* population) {
  const size_t dots = value.find("..");
  if (dots == std::string_view::npos || value.size() == 2) {
    return InvalidArgument("duration " + Quoted(value) +
                           " is not a range, as in 100ms..2s, ..50ms, 2s.. or p95..p100");
  }
  const std::string_view from = value.substr(0, dots);
  const std::string_view to = value.substr(dots + 2);
  if (from.substr(0, 1) == "p" || to.substr(0, 1) == "p")
    return AddBand(value, from, to, population);
  DurationRange range;
  if (!from.empty()) {
    HOTROUTE_ASSIGN_OR_RETURN(range.from_ns, ParseDuration(from));
  }
  if (!to.empty()) {
    HOTROUTE_ASSIGN_OR_RETURN(range.to_ns, ParseDuration(to));
  }
  if (range.from_ns >= range.to_ns) {
    return InvalidArgument("duration " + Quoted(value) +
                           " is empty: its end is not above its start");
  }
  population->duration = range;
  return Status();
}

using Apply = Status (*)(std::string_view value, int64_t now_us, Population* population);

constexpr std::array<PopulationFlag, 13> kFlags = {{
    {"since", "SPAN", "requests of the last 30m, 2h, 7d"},
    {"from", "TIME", "started at or after: 2026-11-22, '2026-11-22 03:00' (UTC) or RFC 3339"},
    {"to", "TIME", "started before; same forms"},
    {"until", "TIME", "the same as --to, for export, whose --to is a format"},
    {"label", "KEY=VALUE", "with this label; the same key again is an alternative", true},
    {"method", "METHOD", "GET, POST, ...", true},
    {"status", "STATUS", "404, 5xx, or a task's success, error, expected-error", true},
    {"build", "BUILD", "taken by this build", true},
    {"host", "HOST", "on this host", true},
    {"service", "SERVICE", "of this service", true},
    {"kind", "KIND", "request or task"},
    {"stratum", "STRATUM", "why it was kept: random, slow, error, forced", true},
    {"duration", "RANGE", "wall time: 100ms..2s, ..50ms, 2s.., or percentiles: p95..p100"},
}};

constexpr std::array<Apply, kFlags.size()> kApply = {
    AddSince, AddFrom, AddTo,      AddTo,   AddLabel,   AddMethod,   AddStatus,
    AddBuild, AddHost, AddService, AddKind, AddStratum, AddDuration,
};

}  // namespace

std::span<const PopulationFlag> PopulationFlags() { return kFlags; }

Status AddCondition(std::string_view flag, std::string_view value, int64_t now_us,
                    Population* population) {
  for (size_t i = 0; i < kFlags.size(); ++i) {
    if (kFlags[i].name != flag) continue;
    HOTROUTE_RETURN_IF_ERROR(kApply[i](value, now_us, population));
    population->given.emplace_back(flag, value);
    return Status();
  }
  assert(false && "not a population flag");
  return Internal("no condition is called " + std::string(flag));
}

Status CheckPopulation(const Population& population) {
  if (population.from_us >= population.to_us) {
    return InvalidArgument("the time range is empty: it begins " + TimeText(population.from_us) +
                           " and ends " + TimeText(population.to_us) + " UTC; swap or widen it");
  }
  return Status();
}

std::string_view StratumText(store::Stratum stratum) {
  return kStrata[static_cast<size_t>(stratum)];
}

std::string_view KindText(store::Kind kind) {
  return kind == store::Kind::kTask ? "task" : "request";
}

std::string StatusText(store::Kind kind, uint32_t status) {
  if (status == 0) return "-";
  if (kind == store::Kind::kTask && status < kTaskStatuses.size())
    return std::string(kTaskStatuses[status]);
  return std::to_string(status);
}

bool IsFailure(store::Kind kind, uint32_t status) {
  return kind == store::Kind::kTask ? status == kTaskError : status >= 500;
}

}  // namespace hotroute::viewer
