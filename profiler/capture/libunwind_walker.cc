// libunwind's fast trace (unw_backtrace): about 8 ns per frame when warm.
//
// Its first use in a thread maps a 256 KiB cache and registers a TLS destructor, so prime_thread
// uses it once in normal context. A frame seen for the first time is looked up with libunwind's own
// stepping, which reads the module list under the loader's lock (dl_iterate_phdr); it allocates
// from a pool of its own, never from malloc. Cursors are not used here: they take locks and ~700 ns
// per frame.
#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include <algorithm>

#include "profiler/capture/stack_walker.h"

namespace hotroute {
namespace {

// The walk begins in our own handler: walk, its callers, the kernel's trampoline. More than are
// ever there.
constexpr size_t kOwnFrames = 8;

uintptr_t PrimeThread() {
  void* pcs[256];
  const int depth = unw_backtrace(pcs, 256);
  // A deeper thread start is not found; its walks then count as complete only if they end at its
  // start by libunwind's word.
  return depth > 0 && depth < 256 ? reinterpret_cast<uintptr_t>(pcs[depth - 1]) : 0;
}

WalkResult Walk(const ucontext_t& context, uintptr_t root_pc, std::span<uintptr_t> pcs) {
  // Walks into the caller's buffer and moves the interrupted frames to its front: no second buffer
  // on the signal's stack.
  const int depth =
      unw_backtrace(reinterpret_cast<void**>(pcs.data()), static_cast<int>(pcs.size()));
  const auto interrupted = static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
  size_t first = 0;
  const size_t found = depth > 0 ? static_cast<size_t>(depth) : 0;
  while (first < found && first < kOwnFrames && pcs[first] != interrupted) ++first;
  if (first == found || first == kOwnFrames) {
    // The trace did not get through the signal frame; the interrupted instruction is still true.
    pcs[0] = interrupted;
    return {1, WalkEnd::kStopped};
  }
  std::copy(pcs.begin() + static_cast<ptrdiff_t>(first),
            pcs.begin() + static_cast<ptrdiff_t>(found), pcs.begin());
  const size_t kept = found - first;
  if (found == pcs.size()) return {kept, WalkEnd::kTruncated};
  return {kept, root_pc == 0 || pcs[kept - 1] == root_pc ? WalkEnd::kComplete : WalkEnd::kStopped};
}

}  // namespace

constinit const StackWalker kLibunwindWalker = {"libunwind", PrimeThread, Walk};

}  // namespace hotroute
