// Profiling into a data directory of its own through the public interface, for as long as an object
// lives, and waiting for the helper thread.
#pragma once

#include <unistd.h>

#include <string>

#include "hotroute/hotroute.hpp"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/temporary_folder.h"

namespace hotroute::bench {

// Returns when `profiles` are written and none was lost; otherwise ends the program.
inline void WaitUntilWritten(uint64_t profiles) {
  constexpr useconds_t kPollMicros = 200;
  constexpr int kMaxPolls = 50'000;  // 10 s: a batch takes the helper milliseconds
  for (int i = 0; i < kMaxPolls; ++i) {
    const Stats stats = GetStats();
    Require(stats.losses == 0, "a profile was lost although the helper thread had time");
    if (stats.profiles_written == profiles) return;
    usleep(kPollMicros);
  }
  Fail("the helper thread did not store " + std::to_string(profiles) + " profiles within 10 s");
}

// Thread-compatible; one at a time.
class ScopedProfiling {
 public:
  explicit ScopedProfiling(double fraction, double sample_hz = 100) {
    Options options;
    options.data_dir = folder_.path();
    options.service = "bench";
    options.fraction = fraction;
    options.sample_hz = sample_hz;
    std::string error;
    Require(Start(options, &error), error);
  }
  ~ScopedProfiling() { StopNow(); }
  ScopedProfiling(const ScopedProfiling&) = delete;
  ScopedProfiling& operator=(const ScopedProfiling&) = delete;

  // Stores and seals; the files stay until the object goes.
  void StopNow() { Stop(); }

  const std::string& data_dir() const { return folder_.path(); }

 private:
  const TemporaryFolder folder_;
};

}  // namespace hotroute::bench
