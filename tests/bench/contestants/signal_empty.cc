// The floor under every sampling profiler: a handler that does nothing.
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/signal_contest.h"

namespace {

volatile sig_atomic_t g_delivered = 0;

void Ignore(int, siginfo_t*, void*) {}
void Count(int, siginfo_t*, void*) { g_delivered = g_delivered + 1; }

void Install(void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  hotroute::bench::Require(sigaction(SIGPROF, &action, nullptr) == 0, "cannot install a handler");
}

}  // namespace

int main(int argc, char** argv) {
  using hotroute::bench::RunSignalContest;
  // An empty handler cannot be seen to run, so the delivery is checked with one that counts.
  Install(Count);
  raise(SIGPROF);
  hotroute::bench::Require(g_delivered == 1, "a signal to the own thread was not delivered");
  Install(Ignore);
  RunSignalContest({"empty", SIGPROF, nullptr, [](int) {}}, hotroute::bench::IsQuick(argc, argv));
  return 0;
}
