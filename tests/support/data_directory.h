// A data directory for one test: made with its STORE, removed with everything in it at the end.
#pragma once

#include <string>

#include "proto/layout.h"
#include "tests/support/segment_builder.h"

namespace hotroute::testing {

// Thread-compatible.
class DataDirectory {
 public:
  DataDirectory();
  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return layout_.root(); }
  const Layout& layout() const { return layout_; }

  // Write the file under the name that its writer would give it, and return its path.
  std::string Write(const SegmentBuilder& builder) { return WriteBytes(builder, builder.Bytes()); }
  std::string WriteSealed(const SegmentBuilder& builder) {
    return WriteBytes(builder, builder.SealedBytes());
  }
  std::string WriteBytes(const SegmentBuilder& builder, const std::string& bytes);
  void WriteSymbols(const std::string& bytes);
  // Any file, `name` below the directory.
  std::string WriteFile(const std::string& name, const std::string& bytes);
  void Remove(const std::string& name);

 private:
  const Layout layout_;
};

}  // namespace hotroute::testing
