// Proves that the handler does not allocate: this program's malloc is slow, so that nearly every
// sample lands inside it, and notices when it is entered again on the same thread.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <random>

#include "base/clock.h"
#include "tests/integration/recording.h"

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void __libc_free(void* memory);
}

namespace {

thread_local bool t_inside = false;
thread_local bool t_slow = false;
std::atomic<int> g_entered_again{0};

// Around each call of the allocator.
class Inside {
 public:
  Inside() {
    if (t_inside) ++g_entered_again;
    t_inside = true;
    if (t_slow) {
      for (int i = 0; i < 2'000; ++i) asm volatile("" ::: "memory");
    }
  }
  ~Inside() { t_inside = false; }
};

}  // namespace

// Visible, so that every library of the process comes here too.
#pragma GCC visibility push(default)
extern "C" {
__attribute__((noinline)) void* malloc(size_t size) noexcept {
  Inside inside;
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
  Inside inside;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) noexcept {
  Inside inside;
  return __libc_realloc(memory, size);
}
__attribute__((noinline)) void free(void* memory) noexcept {
  Inside inside;
  __libc_free(memory);
}
}
#pragma GCC visibility pop

namespace hotroute::testing {
namespace {

// Stacks of changing depth, so that the unwinder also meets frames it has not seen.
__attribute__((noinline)) void AllocateAtDepth(unsigned depth) {
  if (depth > 0) {
    AllocateAtDepth(depth - 1);
  } else {
    for (int i = 0; i < 20; ++i) {
      void* memory = std::malloc(64);
      asm volatile("" : "+r"(memory));  // or the compiler leaves the pair out
      std::free(memory);
    }
  }
  asm volatile("" ::: "memory");
}

TEST(HostileAllocatorTest, HandlerNeverEntersTheAllocator) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  std::mt19937 random(1);
  {
    Request request("allocates");
    t_slow = true;
    const uint64_t end = ThreadCpuNanos() + 3'000'000'000u;
    while (ThreadCpuNanos() < end) AllocateAtDepth(static_cast<unsigned>(random() % 60));
    t_slow = false;
  }
  Stop();
  const int entered_again = g_entered_again;
  const Recording recording = ReadRecording(directory.path());
  const uint64_t samples = recording.profiles.at(0).samples;
  EXPECT_GT(samples, 300u);
  // The test can only fail if samples land where a second entry would be noticed.
  EXPECT_GT(
      recording.SamplesWith("allocates", ";malloc") + recording.SamplesWith("allocates", ";free"),
      samples / 2);
  EXPECT_EQ(entered_again, 0);
}

TEST(HostileAllocatorTest, NoticesASecondEntry) {
  Inside inside;
  void* memory = std::malloc(1);
  asm volatile("" : "+r"(memory));
  std::free(memory);
  EXPECT_GT(g_entered_again, 0);
}

}  // namespace
}  // namespace hotroute::testing
