// A mutex whose guarded members the compiler checks (Clang's thread-safety analysis; GCC ignores
// the attributes).
#pragma once

#include <mutex>

#if defined(__clang__)
#define HOTROUTE_ATTRIBUTE(x) __attribute__((x))
#else
#define HOTROUTE_ATTRIBUTE(x)
#endif

#define HOTROUTE_GUARDED_BY(mutex) HOTROUTE_ATTRIBUTE(guarded_by(mutex))
#define HOTROUTE_REQUIRES(mutex) HOTROUTE_ATTRIBUTE(requires_capability(mutex))
#define HOTROUTE_EXCLUDES(mutex) HOTROUTE_ATTRIBUTE(locks_excluded(mutex))

namespace hotroute {

// Thread-safe.
class HOTROUTE_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void Lock() HOTROUTE_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void Unlock() HOTROUTE_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

// Thread-compatible. Holds a mutex as long as it lives.
class HOTROUTE_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HOTROUTE_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() HOTROUTE_ATTRIBUTE(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace hotroute
