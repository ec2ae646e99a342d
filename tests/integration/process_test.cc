// What happens to the data when processes fork, are killed, exit without Stop() or run out of
// permission.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "proto/frame.h"
#include "tests/integration/recording.h"

namespace hotroute::testing {
namespace {

void Serve(const char* name, int count) {
  for (int i = 0; i < count; ++i) Request request(name, "GET");
}

// Runs `work` in a forked child and waits for its end.
template <typename Work>
int RunInChild(Work work) {
  const pid_t pid = fork();
  if (pid == 0) {
    work();
    std::exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(ProcessTest, LosesNoAcknowledgedProfileWhenKilled) {
  for (int round = 0; round < 5; ++round) {
    TemporaryDirectory directory;
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    const pid_t pid = fork();
    if (pid == 0) {
      StartOrFail(TestOptions(directory.path()));
      std::thread([&] {
        while (true) {
          Request request("served", "GET");
          request.SetStatus(200);
          BurnNanos(20'000);
        }
      }).detach();
      while (true) {
        const uint64_t written = GetStats().profiles_written;
        if (write(acknowledged[1], &written, sizeof written) < 0) _exit(1);
        usleep(500);
      }
    }
    close(acknowledged[1]);
    uint64_t last = 0;
    const uint64_t end =
        MonotonicNanos() + 700'000'000u + static_cast<uint64_t>(round) * 37'000'000u;
    while (MonotonicNanos() < end && read(acknowledged[0], &last, sizeof last) == sizeof last) {
    }
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    uint64_t next = 0;
    while (read(acknowledged[0], &next, sizeof next) == sizeof next) last = next;
    close(acknowledged[0]);
    ASSERT_GT(last, 100u);
    const Recording recording = ReadRecording(directory.path());
    std::set<std::string> ids;
    for (const StoredProfile& profile : recording.profiles)
      EXPECT_TRUE(ids.insert(profile.id).second) << profile.id;
    EXPECT_GE(ids.size(), last);
    EXPECT_TRUE(recording.damage.empty());
  }
}

TEST(ProcessTest, GivesAForkedChildFilesOfItsOwn) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  Serve("parent", 50);
  hotroute_request running = HOTROUTE_REQUEST_INIT;
  hotroute_request_begin(&running, "running", 7, "GET", 3);
  const int status = RunInChild([&] {
    hotroute_request_end(&running);  // the parent's: must be neither stored nor counted here
    Serve("child", 30);
    BurnNanos(50'000'000);
    const int grandchild = RunInChild([] { Serve("grandchild", 10); });
    if (!WIFEXITED(grandchild) || WEXITSTATUS(grandchild) != 0) _exit(1);
  });
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  hotroute_request_end(&running);
  Serve("parent", 20);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.CountOf("parent"), 70u);
  EXPECT_EQ(recording.CountOf("running"), 1u);
  EXPECT_EQ(recording.CountOf("child"), 30u);
  EXPECT_EQ(recording.CountOf("grandchild"), 10u);
  EXPECT_EQ(recording.requests.at("child"), 30u);
  EXPECT_EQ(recording.requests.at("running"), 1u);
  std::set<uint64_t> pids;
  std::set<uint32_t> writers;
  for (const StoredProfile& profile : recording.profiles) {
    pids.insert(profile.pid);
    writers.insert(profile.writer_id);
  }
  EXPECT_EQ(pids.size(), 3u);
  EXPECT_EQ(writers.size(), 3u);
}

TEST(ProcessTest, SurvivesAStormOfForks) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  std::atomic<bool> stop{false};
  std::thread server([&] {
    while (!stop) {
      Request request("parent");
      BurnNanos(50'000);
    }
  });
  for (int i = 0; i < 100; ++i) {
    const int status = RunInChild([] {
      alarm(20);  // a child that hangs on a lock of its parent ends with SIGALRM
      Serve("child", 5);
      Stop();
      _exit(0);
    });
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
        << "child " << i << " status " << status;
  }
  stop = true;
  server.join();
  Stop();
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.CountOf("child"), 500u);
  EXPECT_TRUE(recording.damage.empty());
}

TEST(ProcessTest, StoresWhatEndedWhenTheProcessExitsWithoutStop) {
  TemporaryDirectory directory;
  const int status = RunInChild([&] {
    StartOrFail(TestOptions(directory.path()));
    Serve("served", 25);
  });
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.CountOf("served"), 25u);
  EXPECT_EQ(recording.requests.at("served"), 25u);
}

TEST(ProcessTest, KeepsTheNamesOfCountersWhenTheirDictionaryIsDamaged) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  Serve("served", 25);
  Stop();
  std::string path;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path() + "/metrics"))
    path = entry.path();
  Result<std::string> bytes = ReadFile(path);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  bytes->at(kFileHeaderBytes + kFrameHeaderBytes + 2) ^= 0x20;
  std::ofstream(path, std::ios::binary) << *bytes;
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.damage.size(), 1u);
  EXPECT_EQ(recording.requests, (std::map<std::string, uint64_t>{{"served", 25}}));
}

TEST(ProcessTest, DoesNothingWhenNotStarted) {
  Serve("nobody", 10);
  hotroute_request request = HOTROUTE_REQUEST_INIT;
  hotroute_request_end(&request);
  hotroute_request_set_status(&request, 200);
  hotroute_request_set_label(&request, "k", 1, "v", 1);
  hotroute_request_set_trace_id(&request, "t", 1);
  Stop();
  Stop();
  EXPECT_FALSE(GetStats().running);
  EXPECT_TRUE(SetFraction(0.5));
}

TEST(ProcessTest, ForgetsAStatusThatWasSetBeforeTheRequestBegan) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  hotroute_request request = HOTROUTE_REQUEST_INIT;
  hotroute_request_set_status(&request, 500);
  hotroute_request_begin(&request, "page", 4, "GET", 3);
  hotroute_request_begin(&request, "again", 5, "GET", 3);  // ends the first
  hotroute_request_end(&request);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ASSERT_EQ(recording.profiles.size(), 2u);
  EXPECT_EQ(recording.profiles[0].status, 0u);
  EXPECT_EQ(recording.profiles[1].status, 0u);
}

TEST(ProcessTest, CountsRequestsThatWereStillRunningAtStop) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  hotroute_request request = HOTROUTE_REQUEST_INIT;
  hotroute_request_begin(&request, "late", 4, "GET", 3);
  Serve("served", 3);
  Stop();
  hotroute_request_end(&request);
  EXPECT_EQ(ReadRecording(directory.path()).losses.at("request_abandoned"), 1u);
  StartOrFail(TestOptions(directory.path()));
  Serve("again", 2);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.CountOf("late"), 0u);
  EXPECT_EQ(recording.CountOf("again"), 2u);
}

TEST(ProcessTest, ShowsProfilesWithinASecond) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  Serve("served", 10);
  const uint64_t deadline = MonotonicNanos() + 1'000'000'000u;
  uint64_t seen = 0;
  while (seen < 10 && MonotonicNanos() < deadline) {
    usleep(10'000);
    seen = ReadRecording(directory.path()).CountOf("served");
  }
  EXPECT_EQ(seen, 10u);
  Stop();
}

}  // namespace
}  // namespace hotroute::testing
