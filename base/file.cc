#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace hotroute {
namespace {

// A name beside `path` that no other process or thread uses.
std::string TemporaryName(const std::string& path) {
  static int counter = 0;
  return path + ".tmp." + std::to_string(getpid()) + "." +
         std::to_string(__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED));
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status WriteSynced(const std::string& path, std::string_view bytes) {
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(path, O_WRONLY | O_CREAT | O_EXCL));
  HOTROUTE_RETURN_IF_ERROR(WriteAll(fd.get(), bytes, path));
  if (fdatasync(fd.get()) != 0) return IoError("cannot sync", path, errno);
  return {};
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
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(path, O_RDONLY));
  struct stat info;
  if (fstat(fd.get(), &info) != 0) return IoError("cannot stat", path, errno);
  if (S_ISDIR(info.st_mode)) return IoError("cannot read", path, EISDIR);
  std::string bytes(static_cast<size_t>(info.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = pread(fd.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return IoError("cannot read", path, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<UniqueFd> OpenFile(const std::string& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, 0644);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    if (errno == ENOENT) return Status(StatusCode::kNotFound, "cannot open " + path + ": no such file or directory");
    return IoError("cannot open", path, errno);
  }
  return UniqueFd(fd);
}

Status WriteAll(int fd, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return IoError("cannot write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes) {
  const std::string temporary = TemporaryName(path);
  Status status = WriteSynced(temporary, bytes);
  if (status.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    status = IoError("cannot rename to", path, errno);
  }
  if (!status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return SyncDirectory(ParentOf(path));
}

Result<bool> CreateFileAtomically(const std::string& path, std::string_view bytes) {
  const std::string temporary = TemporaryName(path);
  Status status = WriteSynced(temporary, bytes);
  bool created = false;
  if (status.ok()) {
    // link(2), unlike rename(2), never replaces a file that another process made first.
    if (link(temporary.c_str(), path.c_str()) == 0) {
      created = true;
    } else if (errno != EEXIST) {
      status = IoError("cannot create", path, errno);
    }
  }
  unlink(temporary.c_str());
  if (!status.ok()) return status;
  HOTROUTE_RETURN_IF_ERROR(SyncDirectory(ParentOf(path)));
  return created;
}

Status SyncDirectory(const std::string& path) {
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(path, O_RDONLY | O_DIRECTORY));
  if (fsync(fd.get()) != 0) return IoError("cannot sync", path, errno);
  return {};
}

Status MakeDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return IoError("cannot create", path, error.value());
  return {};
}

Result<std::vector<std::string>> ListDirectory(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) {
    if (errno == ENOENT) return NotFound("cannot open " + path + ": no such file or directory");
    return IoError("cannot open", path, errno);
  }
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

bool PathExists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

uint64_t DirectoryBytes(const std::string& path) {
  namespace fs = std::filesystem;
  uint64_t total = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) {
      const uint64_t size = entry->file_size(ignored);
      if (!ignored) total += size;
    }
  }
  return total;
}

}  // namespace hotroute
