// A folder of its own for a contestant's files, removed with the object. Thread-compatible.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/bench/contestants/figure.h"

namespace hotroute::bench {

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / "hotroute_bench_XXXXXX") {
    Require(mkdtemp(path_.data()) != nullptr, "cannot make the folder " + path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace hotroute::bench
