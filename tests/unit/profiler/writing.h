// A data directory to write to, with a clock and a disk that tests set.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "gtest/gtest.h"
#include "profiler/encode/writer_context.h"
#include "tests/unit/base/temporary_directory.h"

namespace hotroute {

// No file of this process grows beyond `bytes` while it lives: the kernel writes what fits, then
// fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(uint64_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit = {bytes, old_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*const old_handler_)(int);
};

class WritingTest : public TemporaryDirectory {
 protected:
  static constexpr int64_t kStartUs = 1'795'312'800'000'000;  // 2026-11-22T02:00:00Z

  WritingTest() { clock_us = kStartUs; }

  WriterContext MakeContext(uint64_t max_bytes = 0) { return MakeContext(root(), max_bytes); }
  WriterContext MakeContext(const std::string& directory, uint64_t max_bytes) {
    return {.layout = Layout(directory),
            .host = "web1",
            .service = "shop",
            .build = "b1",
            .boot_id = "boot",
            .engine = "thread-timer",
            .unwinder = "libunwind",
            .pid = 7,
            .writer_id = 0x7e21c0deu,
            .period_ns = 10'000'000,
            .start_us = kStartUs,
            .budget = ByteBudget(directory, max_bytes),
            .losses = &losses_,
            .now_us = [] { return clock_us; }};
  }

  // A disk of `kilobytes` below the test's folder, or empty with the reason in *reason. It is
  // mounted in a namespace of this process, so that nothing is left behind however the test ends.
  std::string MountSmallDisk(int kilobytes, std::string* reason) {
    const std::string path = Path("disk");
    const std::string size = "size=" + std::to_string(kilobytes) + "k";
    mkdir(path.c_str(), 0755);
    if (unshare(CLONE_NEWNS) == 0 &&
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        mount("tmpfs", path.c_str(), "tmpfs", 0, size.c_str()) == 0)
      return path;
    *reason = std::string("cannot mount a small tmpfs: ") + std::strerror(errno);
    return {};
  }

  inline static int64_t clock_us = 0;  // what the library takes for the time
  LossCounters losses_;
};

}  // namespace hotroute
