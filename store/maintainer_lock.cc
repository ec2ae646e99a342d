#include "store/maintainer_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace hotroute::store {

Result<MaintainerLock> MaintainerLock::TryAcquire(const Layout& layout) {
  const std::string path = layout.MaintainerLock();
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(path, O_RDWR | O_CREAT));
  if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return MaintainerLock(std::move(fd));
  if (errno == EWOULDBLOCK) return Unavailable(path + ": another process maintains the directory");
  return IoError("cannot lock", path, errno);
}

}  // namespace hotroute::store
