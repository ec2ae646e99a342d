// A descriptor that a forked child closes: flock belongs to the open file, so a child that kept it
// would keep its parent's segment looking alive.
#pragma once

#include "base/file.h"

namespace hotroute {

// Thread-compatible. At most 16 live at once; more are simply not closed in children.
class ForkClosedFd {
 public:
  explicit ForkClosedFd(UniqueFd fd);
  ForkClosedFd(ForkClosedFd&& other) noexcept = default;
  ForkClosedFd& operator=(ForkClosedFd&& other) noexcept;
  ~ForkClosedFd();

  int get() const { return fd_.get(); }

  // In the child, right after fork. Async-signal-safe.
  static void CloseAllInChild();

 private:
  void Forget();

  UniqueFd fd_;
};

}  // namespace hotroute
