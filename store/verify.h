// Re-reads every checksum of a data directory and says what does not check out. Changes nothing.
//
// In: a data directory. Out: findings, each with file, offset, length and a sentence, and totals of
// what is sound.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/file_reader.h"

namespace hotroute::store {

struct VerifyResult {
  std::vector<Finding> findings;  // by path, then offset; see Finding::incomplete
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t frames = 0;    // that checked out
  uint64_t profiles = 0;  // in them

  // True when nothing is damaged; a write under way is no damage.
  bool sound() const;
};

// Fails only where Store::Open() would, except that a damaged STORE is a finding.
Result<VerifyResult> Verify(const std::string& data_dir);

}  // namespace hotroute::store
