#include "profiler/session/current_thread.h"

#include <pthread.h>

#include <csignal>

#include "profiler/capture/signal_handler.h"
#include "profiler/capture/signal_install.h"
#include "profiler/session/session.h"

namespace hotroute {

constinit __attribute__((tls_model("initial-exec"))) thread_local ThreadState* t_thread = nullptr;

namespace {

// Runs in the ending thread, after its C++ thread_locals are gone.
void OnThreadExit(void* state) {
  // First thing: from here on no sample may look at this thread.
  if (const int signal_number = InstalledSignal(); signal_number != 0) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
  }
  SetThreadCapture(nullptr);
  t_thread = nullptr;
  Session::Get().ReleaseThread(static_cast<ThreadState*>(state));
}

// One key for the life of the process; 0 is a valid key, hence the pair.
struct ExitKey {
  pthread_key_t key{};
  bool made = pthread_key_create(&key, OnThreadExit) == 0;
};

ExitKey& Key() {
  static ExitKey key;
  return key;
}

}  // namespace

ThreadState* RegisterCurrentThread() {
  // Without a way to learn of the thread's end its state could not be given back.
  if (!Key().made) return nullptr;
  ThreadState* state = Session::Get().AcquireThread();
  if (state == nullptr) return nullptr;
  if (pthread_setspecific(Key().key, state) != 0) {
    Session::Get().ReleaseThread(state);
    return nullptr;
  }
  t_thread = state;
  return state;
}

void DropCurrentThread() {
  t_thread = nullptr;
  if (Key().made) pthread_setspecific(Key().key, nullptr);
}

}  // namespace hotroute
