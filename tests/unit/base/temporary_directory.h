// A folder of its own for each test of files; removed with the test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "gtest/gtest.h"

namespace hotroute {

// Thread-compatible.
class TemporaryDirectory : public ::testing::Test {
 protected:
  TemporaryDirectory() : root_(::testing::TempDir() + "hotroute_base_XXXXXX") {
    if (mkdtemp(root_.data()) == nullptr) throw std::runtime_error("mkdtemp " + root_);
  }
  ~TemporaryDirectory() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  std::string Path(const std::string& name) const { return root_ + "/" + name; }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

}  // namespace hotroute
