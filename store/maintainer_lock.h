// DATA/maintainer.lock: whoever holds it may write the index (later also blocks); everybody else
// only reads.
//
// flock(2), so that it is released when its holder dies, and held through one open file description
// only.
#pragma once

#include <utility>

#include "base/file.h"
#include "base/status.h"
#include "proto/layout.h"

namespace hotroute::store {

// Held for as long as the object lives. Thread-compatible.
class MaintainerLock {
 public:
  // Never waits: kUnavailable when somebody else maintains the directory, kIo when it cannot be
  // written.
  static Result<MaintainerLock> TryAcquire(const Layout& layout);

 private:
  explicit MaintainerLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace hotroute::store
