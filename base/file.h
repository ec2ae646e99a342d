// Files: a descriptor that closes itself, and the few operations whose failure modes matter to a
// store.
//
// Every function reports the path and the operating system's reason. EINTR is retried inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace hotroute {

// Owns a file descriptor. Thread-compatible.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { Reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int Release();
  void Reset();

 private:
  int fd_ = -1;
};

// A copy of a whole regular file of at most 1 GiB, or of the part of it that existed when it was
// opened. Copied, not mapped: a file that is truncated meanwhile cannot raise SIGBUS. Never blocks.
Result<std::string> ReadFile(const std::string& path);

// open(2) with O_CLOEXEC added; mode 0644 where it creates.
Result<UniqueFd> OpenFile(const std::string& path, int flags);

// One write(2), repeated only for what a short write or EINTR left over. On failure some bytes may
// be in the file.
Status WriteAll(int fd, std::string_view bytes, std::string_view path);

// Makes `path` hold exactly `bytes` or leaves it as it was: temporary file, fdatasync, rename,
// fsync of the folder. Only when that last fsync fails, the new content is there and may not
// survive a power cut. A killed process may leave its temporary file, "<path>.<16 hex digits>.tmp".
Status WriteFileAtomically(const std::string& path, std::string_view bytes);

// As above, but an existing `path` wins: returns false and leaves it when somebody else was first.
Result<bool> CreateFileAtomically(const std::string& path, std::string_view bytes);

Status SyncDirectory(const std::string& path);

// mkdir -p; new folders have mode 0755 even under umask 0.
Status MakeDirectories(const std::string& path);

// Names (not paths) of the entries of a folder, sorted, without "." and "..". kNotFound when it
// does not exist.
Result<std::vector<std::string>> ListDirectory(const std::string& path);

bool PathExists(const std::string& path);

// Size in bytes of all regular files below `path`, links not followed; what disappears meanwhile or
// cannot be read counts as 0.
uint64_t DirectoryBytes(const std::string& path);

}  // namespace hotroute
