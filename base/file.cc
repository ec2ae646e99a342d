#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace hotroute {
namespace {

// Larger files are not hotroute's, and must not be copied into a service's memory.
constexpr size_t kMaxReadBytes = size_t{1} << 30;

// Repeats a system call that a signal interrupted.
template <typename Call>
auto Uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// A name beside `path`. Random, because process ids repeat between containers and after restarts.
std::string TemporaryName(const std::string& path) {
  uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random)
    random = static_cast<uint64_t>(getpid());
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, ".%016llx.tmp", static_cast<unsigned long long>(random));
  return path + suffix;
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int OpenUninterrupted(const std::string& path, int flags) {
  return Uninterrupted([&] { return open(path.c_str(), flags | O_CLOEXEC, 0644); });
}

// The status of the last failed call. A missing path is the one failure that callers tell apart.
Status PathError(std::string_view what, const std::string& path) {
  if (errno != ENOENT) return IoError(what, path, errno);
  return NotFound(std::string(what) + " " + path + ": no such file or directory");
}

// A new file beside `path` that holds `bytes`, on the disk; returns its name. On failure nothing is
// left behind.
Result<std::string> WriteTemporary(const std::string& path, std::string_view bytes) {
  std::string temporary = TemporaryName(path);
  const UniqueFd fd(OpenUninterrupted(temporary, O_WRONLY | O_CREAT | O_EXCL));
  if (!fd) return PathError("cannot create", path);
  Status status = WriteAll(fd.get(), bytes, path);
  if (status.ok() && Uninterrupted([&] { return fdatasync(fd.get()); }) != 0) {
    status = IoError("cannot sync", path, errno);
  }
  if (status.ok()) return temporary;
  unlink(temporary.c_str());
  return status;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Reset();
    fd_ = other.Release();
  }
  return *this;
}

int UniqueFd::Release() { return std::exchange(fd_, -1); }

void UniqueFd::Reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Result<std::string> ReadFile(const std::string& path) {
  // O_NONBLOCK: a named pipe in the way must not hold us up. Regular files do not care.
  HOTROUTE_ASSIGN_OR_RETURN(const UniqueFd fd, OpenFile(path, O_RDONLY | O_NONBLOCK));
  struct stat info;
  if (fstat(fd.get(), &info) != 0) return IoError("cannot stat", path, errno);
  if (S_ISDIR(info.st_mode)) return IoError("cannot read", path, EISDIR);
  if (!S_ISREG(info.st_mode))
    return InvalidArgument("cannot read " + path + ": not a regular file");
  // The kernel's files in /proc and /sys say 0 and have content; they fit in a page.
  const size_t size = info.st_size > 0 ? static_cast<size_t>(info.st_size) : size_t{4096};
  if (size > kMaxReadBytes) return Exhausted("cannot read " + path + ": larger than 1 GiB");
  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = Uninterrupted([&] {
      return pread(fd.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    });
    if (got < 0) return IoError("cannot read", path, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<UniqueFd> OpenFile(const std::string& path, int flags) {
  UniqueFd fd(OpenUninterrupted(path, flags));
  if (!fd) return PathError("cannot open", path);
  return fd;
}

Status WriteAll(int fd, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t put = Uninterrupted([&] { return write(fd, bytes.data(), bytes.size()); });
    if (put < 0) return IoError("cannot write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes) {
  HOTROUTE_ASSIGN_OR_RETURN(const std::string temporary, WriteTemporary(path, bytes));
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    unlink(temporary.c_str());
    return IoError("cannot replace", path, reason);
  }
  return SyncDirectory(ParentOf(path));
}

Result<bool> CreateFileAtomically(const std::string& path, std::string_view bytes) {
  HOTROUTE_ASSIGN_OR_RETURN(const std::string temporary, WriteTemporary(path, bytes));
  // link(2), unlike rename(2), never replaces a file that another process made first.
  const bool created = link(temporary.c_str(), path.c_str()) == 0;
  const int reason = created ? 0 : errno;
  unlink(temporary.c_str());
  if (!created && reason != EEXIST) return IoError("cannot create", path, reason);
  HOTROUTE_RETURN_IF_ERROR(SyncDirectory(ParentOf(path)));
  return created;
}

Status SyncDirectory(const std::string& path) {
  HOTROUTE_ASSIGN_OR_RETURN(const UniqueFd fd, OpenFile(path, O_RDONLY | O_DIRECTORY));
  if (Uninterrupted([&] { return fsync(fd.get()); }) != 0) {
    return IoError("cannot sync", path, errno);
  }
  return {};
}

// Not std::filesystem::create_directories: that leaves them open to everybody under umask 0.
Status MakeDirectories(const std::string& path) {
  size_t end = 0;
  do {
    end = path.find('/', end + 1);
    const std::string prefix = path.substr(0, end);
    if (mkdir(prefix.c_str(), 0755) != 0 && errno != EEXIST) {
      return IoError("cannot create", prefix, errno);
    }
  } while (end != std::string::npos);
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return IoError("cannot create", path, errno);
  if (!S_ISDIR(info.st_mode)) return IoError("cannot create", path, ENOTDIR);
  return {};
}

Result<std::vector<std::string>> ListDirectory(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return PathError("cannot open", path);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  const int reason = errno;  // 0 at the end of the folder
  closedir(directory);
  if (reason != 0) return IoError("cannot list", path, reason);
  std::sort(names.begin(), names.end());
  return names;
}

bool PathExists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Not std::filesystem::recursive_directory_iterator: that ends early when a folder disappears
// before it is entered, and everything behind it would count as 0 too.
uint64_t DirectoryBytes(const std::string& path) {
  const Result<std::vector<std::string>> names = ListDirectory(path);
  if (!names.ok()) return 0;
  uint64_t total = 0;
  for (const std::string& name : *names) {
    const std::string child = path + "/" + name;
    struct stat info;
    if (lstat(child.c_str(), &info) != 0) continue;
    if (S_ISREG(info.st_mode)) total += static_cast<uint64_t>(info.st_size);
    if (S_ISDIR(info.st_mode)) total += DirectoryBytes(child);
  }
  return total;
}

}  // namespace hotroute
