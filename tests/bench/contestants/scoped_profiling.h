// Profiling into a data directory of its own through the public interface, for as long as an object
// lives, and waiting for the helper thread.
#pragma once

#include <unistd.h>

#include <string>

#include "hotroute/hotroute.hpp"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/temporary_folder.h"

namespace hotroute::bench {

// Returns when `profiles` are written; ends the program when some never are.
inline void WaitUntilWritten(uint64_t profiles) {
  constexpr useconds_t kPollMicros = 200;
  constexpr int kMaxPolls = 50'000;  // 10 s: a batch takes the helper milliseconds
  for (int i = 0; i < kMaxPolls; ++i) {
    if (GetStats().profiles_written == profiles) return;
    usleep(kPollMicros);
  }
  Fail("of " + std::to_string(profiles) + " profiles only " +
       std::to_string(GetStats().profiles_written) + " were written within 10 s");
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
