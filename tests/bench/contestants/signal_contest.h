// One sample as the kernel delivers it: signals to the own thread at a given stack depth, timed.
//
// Every contestant gets the same signals by the same system call (rt_tgsigqueueinfo with the
// siginfo of a POSIX timer), so the figures differ by what the handlers do. Time is the thread's
// CPU time: sending, kernel entry, handler and return.
#pragma once

#include <csignal>
#include <functional>
#include <string>

namespace hotroute::bench {

inline constexpr int kSignalsPerBatch = 32;

struct Contestant {
  std::string name;
  int signal_number = 0;
  void* cookie = nullptr;  // siginfo's sival_ptr
  // Called after each batch, unmeasured: checks that every signal became a sample of a stack this
  // deep.
  std::function<void(int depth)> check_batch;
};

// Figures "signal.<name>.<depth>": the median over batches of the nanoseconds per signal.
void RunSignalContest(const Contestant& contestant, bool quick);

}  // namespace hotroute::bench
