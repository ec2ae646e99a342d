#include "tests/bench/figures.h"

namespace hotroute::bench {
namespace {

constexpr Target AtMost(double value) { return {Bound::kAtMost, value, false}; }
constexpr Target RatioAtMost(double value) { return {Bound::kAtMost, value, true}; }
constexpr Target RatioAtLeast(double value) { return {Bound::kAtLeast, value, true}; }

constexpr std::string_view kContestants[] = {
    "decision",        "unselected",        "selected", "signal_empty",
    "signal_hotroute", "signal_gperftools", "writing",  "bytes",
};

constexpr Row Heading(std::string_view label) { return {.label = label, .figure = ""}; }

constexpr Row Plain(std::string_view label, std::string_view figure, std::string_view unit,
                    int decimals) {
  return {.label = label, .figure = figure, .unit = unit, .decimals = decimals};
}

constexpr Row Ours(std::string_view label, std::string_view figure, std::string_view empty,
                   Target target) {
  return {.label = label,
          .figure = figure,
          .unit = "ns",
          .compared_with = empty,
          .comparison = "x empty handler",
          .target = target};
}

constexpr Row Gperftools(std::string_view label, std::string_view figure, std::string_view ours) {
  return {.label = label,
          .figure = figure,
          .unit = "ns",
          .compared_with = ours,
          .comparison = "x hotroute",
          .target = RatioAtLeast(4)};
}

constexpr Row kRows[] = {
    Heading("A request that is not selected"),
    {.label = "the decision alone",
     .figure = "unselected.decision",
     .unit = "ns",
     .decimals = 1,
     .target = AtMost(5)},
    Plain("two clock readings alone", "unselected.two_clock_readings", "ns", 1),
    {.label = "begin + end, with its counters",
     .figure = "unselected.begin_and_end",
     .unit = "ns",
     .decimals = 1,
     .compared_with = "unselected.two_clock_readings",
     .comparison = "x two clock readings",
     .target = AtMost(120)},
    Plain("begin + end, switched off", "unselected.switched_off", "ns", 1),

    Heading("A request that is selected (fraction 1), without samples, in its own thread"),
    Plain("its four clock readings alone", "selected.four_clock_readings", "ns", 0),
    {.label = "begin + end",
     .figure = "selected.begin_and_end",
     .unit = "ns",
     .decimals = 0,
     .compared_with = "selected.four_clock_readings",
     .comparison = "x four clock readings"},

    Heading("One sample: a signal sent, handled and returned from"),
    Plain("depth 10   empty handler", "signal.empty.10", "ns", 0),
    Ours("           hotroute", "signal.hotroute.10", "signal.empty.10", {}),
    Gperftools("           gperftools", "signal.gperftools.10", "signal.hotroute.10"),
    Plain("depth 35   empty handler", "signal.empty.35", "ns", 0),
    Ours("           hotroute", "signal.hotroute.35", "signal.empty.35", RatioAtMost(2)),
    Gperftools("           gperftools", "signal.gperftools.35", "signal.hotroute.35"),
    Plain("depth 100  empty handler", "signal.empty.100", "ns", 0),
    Ours("           hotroute", "signal.hotroute.100", "signal.empty.100", {}),
    Gperftools("           gperftools", "signal.gperftools.100", "signal.hotroute.100"),

    Heading("Storing profiles without samples: one thread that does nothing but requests"),
    Plain("requests offered", "writing.offered_per_s", "/s", 0),
    Plain("profiles written", "writing.written_per_s", "/s", 0),
    Plain("left out and counted (capture_limit)", "writing.left_out_share", "%", 1),
    Plain("helper thread, per profile", "writing.helper_us", "us", 2),

    Heading("Bytes per profile: SQLite, zlib, regex and sorting, 12 ms of CPU at 250 Hz"),
    Plain("samples per profile", "bytes.samples", "", 2),
    Plain("frames per sample", "bytes.depth", "", 1),
    Plain("hotroute, open segment", "bytes.raw", "B", 0),
    Plain("hotroute, sealed segment", "bytes.sealed", "B", 0),
    {.label = "one gzipped pprof per request",
     .figure = "bytes.pprof",
     .unit = "B",
     .compared_with = "bytes.sealed",
     .comparison = "x sealed"},
    Plain("hotroute's symbols, once per build", "bytes.symbols", "KiB", 0),
};

}  // namespace

std::span<const Row> Rows() { return kRows; }
std::span<const std::string_view> Contestants() { return kContestants; }

}  // namespace hotroute::bench
