// The whole library in this process: what start, stop, fork and other threads must not break. Each
// TEST runs in a process of its own under ctest.
#include "profiler/session/session.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>

#include "hotroute/hotroute.hpp"
#include "profiler/session/current_thread.h"
#include "tests/unit/base/temporary_directory.h"

namespace hotroute {
namespace {

#ifdef __SANITIZE_THREAD__
// Two things that these tests are made of crash inside of ThreadSanitizer.
#define SKIP_UNDER_TSAN(reason) GTEST_SKIP() << "ThreadSanitizer: " << (reason)
#else
#define SKIP_UNDER_TSAN(reason)
#endif

class SessionTest : public TemporaryDirectory {
 protected:
  SessionTest() {
    options_.data_dir = Path("data");
    options_.fraction = 1;
  }
  ~SessionTest() override { Stop(); }
  void StartOrFail() {
    std::string error;
    ASSERT_TRUE(Start(options_, &error)) << error;
  }
  Options options_;
};

// Requests that begin while profiling stops find it stopped, half-way registered or not.
TEST_F(SessionTest, StartAndStopWhileThreadsBeginTheirFirstRequests) {
  SKIP_UNDER_TSAN(
      "libunwind locks a mutex when a thread ends, after the sanitizer has let go of it");
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!done.load(std::memory_order_relaxed)) {
        std::thread([] {
          Request request("event.index", "GET");
          request.SetLabel("shop", "acme");
        }).join();
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    StartOrFail();
    while (GetStats().samples + GetStats().profiles_written == 0 && i == 0)
      std::this_thread::yield();
    Stop();
  }
  done.store(true);
  for (std::thread& thread : threads) thread.join();
}

// A request of the parent ends in a child that has stopped profiling: it is not the child's, and
// must not reach the child's books.
TEST_F(SessionTest, ARequestOfTheParentIsNotTheChilds) {
  SKIP_UNDER_TSAN("a forked child cannot start threads");
  StartOrFail();
  std::optional<Request> request(std::in_place, "event.index", "GET");
  const pid_t child = fork();
  if (child == 0) {
    Stop();
    request.reset();
    options_.data_dir = Path("childs");
    if (!Start(options_, nullptr)) _exit(1);
    Stop();
    _exit(GetStats().losses == 0 ? 0 : 2);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

// A request that ended on another thread no longer owns the samples of the thread it began on.
TEST_F(SessionTest, AThreadForgetsARequestThatEndedElsewhere) {
  StartOrFail();
  std::optional<Request> moved(std::in_place, "moved", "GET");
  const std::atomic<uint64_t>& sampled = t_thread->capture.load()->request_id;
  EXPECT_NE(sampled, 0u);
  std::thread([&] { moved.reset(); }).join();
  EXPECT_EQ(sampled, 0u);
  Request("next", "GET").End();
  EXPECT_EQ(sampled, 0u);
  {
    Request outer("outer", "GET");
    const uint64_t outer_id = sampled;
    std::optional<Request> inner(std::in_place, "inner", "GET");
    std::thread([&] { inner.reset(); }).join();
    Request("again", "GET").End();
    EXPECT_EQ(sampled, outer_id);
  }
  EXPECT_EQ(sampled, 0u);
}

}  // namespace
}  // namespace hotroute
