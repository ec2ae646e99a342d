// gperftools' CPU profiler as Debian builds it: the signal goes to its handler while a profile
// runs. Its own timer is switched off, so that the signals are those of the contest.
#include <gperftools/profiler.h>
#include <sys/time.h>

#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/signal_contest.h"
#include "tests/bench/contestants/temporary_folder.h"

namespace {

int SamplesGathered() {
  ProfilerState state{};
  ProfilerGetCurrentState(&state);
  return state.samples_gathered;
}

}  // namespace

int main(int argc, char** argv) {
  using hotroute::bench::Require;
  const hotroute::bench::TemporaryFolder folder;
  Require(ProfilerStart((folder.path() + "/profile").c_str()) != 0, "gperftools did not start");
  const itimerval off{};
  Require(setitimer(ITIMER_PROF, &off, nullptr) == 0, "cannot stop gperftools' timer");
  int seen = SamplesGathered();
  const auto check = [&](int) {
    const int now = SamplesGathered();
    Require(now - seen == hotroute::bench::kSignalsPerBatch,
            "gperftools did not take a sample per signal");
    seen = now;
  };
  hotroute::bench::RunSignalContest({"gperftools", SIGPROF, nullptr, check},
                                    hotroute::bench::IsQuick(argc, argv));
  // It reports on standard error when it stops, which would stand in the middle of the table.
  Require(std::freopen("/dev/null", "w", stderr) != nullptr, "cannot open /dev/null");
  ProfilerStop();
  return 0;
}
