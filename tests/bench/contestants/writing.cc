// How fast one thread that only begins and ends requests can have them stored, at fraction 1.
//
// Far more requests than any service serves per thread: it shows where the helper thread's limit is
// and that beyond it requests are left out and counted (capture_limit), never delayed.
#include <string>

#include "base/clock.h"
#include "hotroute/hotroute.hpp"
#include "store/store.h"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/scoped_profiling.h"

namespace hotroute::bench {
namespace {

constexpr uint64_t kFullNanos = 500'000'000;
constexpr uint64_t kQuickNanos = 20'000'000;

uint64_t ServeFor(uint64_t nanos) {
  uint64_t requests = 0;
  for (const uint64_t end_ns = MonotonicNanos() + nanos; MonotonicNanos() < end_ns; ++requests) {
    Request request("event.index", "GET");
    request.SetStatus(200);
    request.SetLabel("shop", "acme");
  }
  return requests;
}

uint64_t StoredLoss(const std::string& data_dir, const std::string& name) {
  auto store = store::Store::Open(data_dir);
  if (!store.ok()) Fail(store.status().message());
  return (*store)->Losses()[name];
}

void MeasureWriting(bool quick) {
  ScopedProfiling profiling(1);
  const uint64_t process_ns = ProcessCpuNanos();
  const uint64_t thread_ns = ThreadCpuNanos();
  const uint64_t begin_ns = MonotonicNanos();
  const uint64_t requests = ServeFor(quick ? kQuickNanos : kFullNanos);
  profiling.StopNow();
  const double seconds = static_cast<double>(MonotonicNanos() - begin_ns) * 1e-9;
  const auto helper_ns =
      static_cast<double>((ProcessCpuNanos() - process_ns) - (ThreadCpuNanos() - thread_ns));
  const Stats stats = GetStats();
  const uint64_t left_out = StoredLoss(profiling.data_dir(), "capture_limit");
  Require(stats.profiles_written + left_out == requests,
          "requests are neither stored nor counted as left out");
  const auto written = static_cast<double>(stats.profiles_written);
  PrintFigure("writing.offered_per_s", static_cast<double>(requests) / seconds);
  PrintFigure("writing.written_per_s", written / seconds);
  PrintFigure("writing.left_out_share",
              100 * static_cast<double>(left_out) / static_cast<double>(requests));
  PrintFigure("writing.helper_us", helper_ns / written / 1000);
}

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) {
  hotroute::bench::MeasureWriting(hotroute::bench::IsQuick(argc, argv));
  return 0;
}
