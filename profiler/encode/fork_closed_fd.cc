#include "profiler/encode/fork_closed_fd.h"

#include <unistd.h>

#include <array>
#include <atomic>

namespace hotroute {
namespace {

// Descriptor + 1; 0 is a free place. Written before close and after open, so that no entry ever
// names a descriptor that has become somebody else's.
constinit std::array<std::atomic<int>, 16> g_open{};

}  // namespace

ForkClosedFd::ForkClosedFd(UniqueFd fd) : fd_(std::move(fd)) {
  for (auto& place : g_open) {
    int free = 0;
    if (place.compare_exchange_strong(free, fd_.get() + 1)) return;
  }
}

ForkClosedFd& ForkClosedFd::operator=(ForkClosedFd&& other) noexcept {
  if (this != &other) {
    Forget();
    fd_ = std::move(other.fd_);
  }
  return *this;
}

ForkClosedFd::~ForkClosedFd() { Forget(); }

void ForkClosedFd::Forget() {
  if (!fd_) return;
  for (auto& place : g_open) {
    int mine = fd_.get() + 1;
    if (place.compare_exchange_strong(mine, 0)) return;
  }
}

void ForkClosedFd::CloseAllInChild() {
  for (auto& place : g_open) {
    const int fd = place.exchange(0) - 1;
    if (fd >= 0) close(fd);
  }
}

}  // namespace hotroute
