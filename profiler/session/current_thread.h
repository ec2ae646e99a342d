// The calling thread's state, for the request path and for thread exit and fork.
#pragma once

#include "profiler/session/thread_state.h"

namespace hotroute {

// Null until the thread's first request. Initial-exec: one load relative to the thread pointer.
extern constinit __attribute__((tls_model("initial-exec"))) thread_local ThreadState* t_thread;

// Registers the calling thread. Null when profiling is off or out of memory.
ThreadState* RegisterCurrentThread();

inline ThreadState* CurrentThread() {
  return t_thread != nullptr ? t_thread : RegisterCurrentThread();
}

// In a forked child: the state belongs to the parent's objects.
void DropCurrentThread();

}  // namespace hotroute
