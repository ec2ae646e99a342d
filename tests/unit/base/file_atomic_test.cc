// Whole files that appear at once or not at all.
#include <sys/resource.h>

#include <atomic>
#include <barrier>
#include <csignal>
#include <thread>
#include <vector>

#include "base/file.h"
#include "tests/unit/base/temporary_directory.h"

namespace hotroute {
namespace {

class AtomicFileTest : public TemporaryDirectory {};

TEST_F(AtomicFileTest, ReplacesTheWholeContent) {
  ASSERT_TRUE(WriteFileAtomically(Path("STORE"), "a long first content").ok());
  ASSERT_TRUE(WriteFileAtomically(Path("STORE"), "short").ok());
  EXPECT_EQ(*ReadFile(Path("STORE")), "short");
  EXPECT_EQ(*ListDirectory(root()), std::vector<std::string>{"STORE"});
}

// A folder cannot be replaced by a file: the last step, the rename, fails.
TEST_F(AtomicFileTest, FailedReplaceLeavesTheOldContentAndNoTemporaryFile) {
  ASSERT_TRUE(MakeDirectories(Path("STORE")).ok());
  ASSERT_TRUE(WriteFileAtomically(Path("STORE/inside"), "old").ok());
  const Status status = WriteFileAtomically(Path("STORE"), "new");
  EXPECT_EQ(status.message(), "cannot replace " + Path("STORE") + ": Is a directory");
  EXPECT_EQ(*ReadFile(Path("STORE/inside")), "old");
  EXPECT_EQ(*ListDirectory(root()), std::vector<std::string>{"STORE"});
}

// RLIMIT_FSIZE makes write(2) fail in the middle, as a full disk does.
TEST_F(AtomicFileTest, FailedWriteLeavesTheOldContentAndNoTemporaryFile) {
  ASSERT_TRUE(WriteFileAtomically(Path("STORE"), "old").ok());
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status replaced = WriteFileAtomically(Path("STORE"), std::string(2000, 'n'));
  const Result<bool> created = CreateFileAtomically(Path("other"), std::string(2000, 'n'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(replaced.message(), "cannot write " + Path("STORE") + ": File too large");
  EXPECT_EQ(created.status().message(), "cannot write " + Path("other") + ": File too large");
  EXPECT_EQ(*ReadFile(Path("STORE")), "old");
  EXPECT_EQ(*ListDirectory(root()), std::vector<std::string>{"STORE"});
}

TEST_F(AtomicFileTest, MissingFolderIsNamedByTheFilesOwnName) {
  const std::string path = Path("no/STORE");
  const std::string expected = "cannot create " + path + ": no such file or directory";
  EXPECT_EQ(WriteFileAtomically(path, "x").message(), expected);
  EXPECT_EQ(CreateFileAtomically(path, "x").status().message(), expected);
}

TEST_F(AtomicFileTest, AnExistingFileWins) {
  EXPECT_TRUE(*CreateFileAtomically(Path("STORE"), "first"));
  EXPECT_FALSE(*CreateFileAtomically(Path("STORE"), "second"));
  EXPECT_EQ(*ReadFile(Path("STORE")), "first");
}

TEST_F(AtomicFileTest, ExactlyOneOfEightRacingCreatorsWins) {
  constexpr int kThreads = 8;
  for (int round = 0; round < 50; ++round) {
    const std::string path = Path("round" + std::to_string(round));
    std::atomic<int> winner = -1;
    std::atomic<int> winners = 0;
    std::atomic<int> failures = 0;
    std::barrier start(kThreads);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        start.arrive_and_wait();
        const Result<bool> created = CreateFileAtomically(path, std::to_string(thread));
        if (!created.ok()) ++failures;
        if (created.ok() && *created) {
          winner = thread;
          ++winners;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
    ASSERT_EQ(winners, 1);
    EXPECT_EQ(*ReadFile(path), std::to_string(winner));
  }
  EXPECT_EQ(ListDirectory(root())->size(), 50u);  // and no temporary file is left
}

}  // namespace
}  // namespace hotroute
