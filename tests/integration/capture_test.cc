// Are the numbers true? Real threads, real timers, real stacks, read back from disk.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "tests/integration/recording.h"

namespace hotroute::testing {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;

// Requests of `cpu_ns` with pauses of random CPU time between them, so that their phase against the
// timer is random. samples x period / CPU must be 1 within 3 sigma. Sigma is Poisson's, which is an
// upper bound: the timer runs through the pauses, so the count is binomial with half the variance,
// and 3 sigma of the bound are more than 4 of the truth.
void ExpectTrueCpu(uint64_t cpu_ns, int requests) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  std::mt19937 random(20261122);
  std::uniform_real_distribution<double> pause(0, 2);
  for (int i = 0; i < requests; ++i) {
    {
      Request request("burn", "GET");
      BurnNanos(cpu_ns);
    }
    BurnNanos(static_cast<uint64_t>(pause(random) * static_cast<double>(cpu_ns)));
  }
  const double period_ms = 1e3 / GetStats().sample_hz;
  Stop();
  const Recording recording = ReadRecording(directory.path());
  double cpu_ms = 0;
  double sampled_ms = 0;
  for (const StoredProfile& profile : recording.profiles) {
    cpu_ms += profile.cpu_ms;
    sampled_ms += profile.sampled_cpu_ms;
    // The exact clock of each request, too: what it burnt and little more.
    EXPECT_GE(profile.cpu_ms, static_cast<double>(cpu_ns) / 1e6 * 0.999);
    EXPECT_LE(profile.cpu_ms, profile.wall_ms);
  }
  EXPECT_EQ(recording.profiles.size(), static_cast<size_t>(requests));
  const double expected = cpu_ms / period_ms;
  EXPECT_NEAR(sampled_ms / cpu_ms, 1.0, 3 / std::sqrt(expected)) << expected << " samples expected";
}

TEST(CaptureTest, CountsTheCpuOfRequestsOf300Microseconds) { ExpectTrueCpu(300'000, 8000); }
TEST(CaptureTest, CountsTheCpuOfRequestsOf1500Microseconds) { ExpectTrueCpu(1'500'000, 1600); }
TEST(CaptureTest, CountsTheCpuOfRequestsOf6Milliseconds) { ExpectTrueCpu(6 * kMillisecond, 400); }
TEST(CaptureTest, CountsTheCpuOfRequestsOf50Milliseconds) { ExpectTrueCpu(50 * kMillisecond, 48); }

TEST(CaptureTest, ShowsThreeToOneAsThreeToOne) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  // 6 + 2 ms are two of the timer's periods: without pauses of random length every sample would
  // fall at the same place of every request.
  std::mt19937 random(20261122);
  std::uniform_int_distribution<uint64_t> pause(0, 8 * kMillisecond);
  for (int i = 0; i < 400; ++i) {
    {
      Request request("split", "GET");
      BurnInAlpha(6 * kMillisecond);
      BurnInBeta(2 * kMillisecond);
    }
    BurnNanos(pause(random));
  }
  Stop();
  const Recording recording = ReadRecording(directory.path());
  const auto alpha = static_cast<double>(recording.SamplesWith("split", "BurnInAlpha"));
  const auto beta = static_cast<double>(recording.SamplesWith("split", "BurnInBeta"));
  ASSERT_GT(alpha + beta, 400);
  // Binomial around 3/4; 4 sigma.
  EXPECT_NEAR(alpha / (alpha + beta), 0.75, 4 * std::sqrt(0.75 * 0.25 / (alpha + beta)));
}

TEST(CaptureTest, ReachesTheThreadsStart) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  {
    Request request("main_thread");
    BurnInAlpha(300 * kMillisecond);
  }
  std::thread([] {
    Request request("other_thread");
    BurnInBeta(300 * kMillisecond);
  }).join();
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ASSERT_EQ(recording.profiles.size(), 2u);
  for (const StoredProfile& profile : recording.profiles) {
    EXPECT_GT(profile.samples, 20u);
    EXPECT_EQ(profile.incomplete, 0u);
    for (const auto& [stack, count] : profile.stacks) {
      const std::string root = stack.substr(0, stack.find(';'));
      EXPECT_TRUE(root == "_start" || root.find("clone") != std::string::npos ||
                  root.starts_with("libc.so"))
          << stack;
      EXPECT_NE(stack.find("BurnIn"), std::string::npos) << stack;
    }
    if (profile.name == "main_thread") {
      EXPECT_NE(profile.stacks.begin()->first.find(";main;"), std::string::npos)
          << profile.stacks.begin()->first;
    }
  }
}

TEST(CaptureTest, TellsWaitingFromBurning) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  {
    Request request("waits");
    poll(nullptr, 0, 120);
  }
  {
    Request request("burns");
    BurnNanos(120 * kMillisecond);
  }
  Stop();
  for (const StoredProfile& profile : ReadRecording(directory.path()).profiles) {
    EXPECT_GE(profile.wall_ms, 120);
    if (profile.name == "waits") {
      EXPECT_LT(profile.cpu_ms, 5);
    } else {
      EXPECT_GE(profile.cpu_ms, 120);
    }
  }
}

TEST(CaptureTest, GivesEachThreadItsOwnTimeWithMoreThreadsThanProcessors) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([i] {
      Request request("thread" + std::to_string(i));
      BurnNanos(static_cast<uint64_t>(200 + 200 * (i % 2)) * kMillisecond);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double period_ms = 1e3 / GetStats().sample_hz;
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ASSERT_EQ(recording.profiles.size(), 6u);
  for (const StoredProfile& profile : recording.profiles) {
    // One thread, one request: systematic sampling, so the count is off by its two ends and by late
    // ticks only.
    EXPECT_NEAR(profile.sampled_cpu_ms, profile.cpu_ms, 5 * period_ms) << profile.name;
  }
}

TEST(CaptureTest, CausesNoEintr) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  int interrupted = 0;
  {
    Request request("polls");
    for (int i = 0; i < 1000; ++i) {
      BurnNanos(300'000);
      if (poll(nullptr, 0, 1) < 0 && errno == EINTR) ++interrupted;
    }
  }
  Stop();
  EXPECT_EQ(interrupted, 0);
  EXPECT_GT(ReadRecording(directory.path()).profiles.at(0).samples, 30u);
}

TEST(CaptureTest, GivesSamplesToTheInnermostOfNestedRequests) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  {
    Request outer("outer");
    BurnInAlpha(200 * kMillisecond);
    {
      Request inner("inner");
      BurnInBeta(200 * kMillisecond);
    }
    BurnInAlpha(200 * kMillisecond);
  }
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ASSERT_EQ(recording.profiles.size(), 2u);
  EXPECT_EQ(recording.SamplesWith("outer", "BurnInBeta"), 0u);
  EXPECT_EQ(recording.SamplesWith("inner", "BurnInAlpha"), 0u);
  EXPECT_GT(recording.SamplesWith("outer", "BurnInAlpha"),
            recording.SamplesWith("inner", "BurnInBeta"));
}

TEST(CaptureTest, SurvivesNestedRequestsThatEndInTheWrongOrder) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  hotroute_request outer = HOTROUTE_REQUEST_INIT;
  hotroute_request inner = HOTROUTE_REQUEST_INIT;
  hotroute_request_begin(&outer, "outer", 5, "", 0);
  hotroute_request_begin(&inner, "inner", 5, "", 0);
  hotroute_request_end(&outer);
  BurnInBeta(200 * kMillisecond);
  hotroute_request_end(&inner);
  BurnInAlpha(100 * kMillisecond);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.profiles.size(), 2u);
  EXPECT_GT(recording.SamplesWith("inner", "BurnInBeta"), 20u);
  EXPECT_EQ(recording.SamplesWith("inner", "BurnInAlpha"), 0u);
}

TEST(CaptureTest, StoresRequestsThatEndOnAnotherThread) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  hotroute_request request = HOTROUTE_REQUEST_INIT;
  hotroute_request_begin(&request, "moves", 5, "POST", 4);
  BurnInAlpha(100 * kMillisecond);
  std::thread([&] {
    hotroute_request_set_status(&request, 201);
    hotroute_request_end(&request);
  }).join();
  BurnInBeta(100 * kMillisecond);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ASSERT_EQ(recording.profiles.size(), 1u);
  EXPECT_EQ(recording.profiles[0].status, 201u);
  EXPECT_GE(recording.profiles[0].cpu_ms, 100);
  EXPECT_LT(recording.profiles[0].cpu_ms, 150);
  EXPECT_EQ(recording.SamplesWith("moves", "BurnInBeta"), 0u);
  EXPECT_EQ(recording.requests.at("moves"), 1u);
}

}  // namespace
}  // namespace hotroute::testing
