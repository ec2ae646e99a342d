// One file of frames that its process appends to: segments and metrics files.
//
// Append() is one write(2); once it returns, a killed process loses nothing of it. Definitions are
// written twice, in the frame that first needs them and in the next one, so that a damaged frame
// costs no other frame its names. After a failed write the file is cut back to its last whole
// frame, and the definitions go into the next frame that succeeds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"
#include "profiler/encode/fork_closed_fd.h"
#include "proto/frame.h"

namespace hotroute {

// Takes one payload after the other; a failure ends the sequence and is passed on.
using PayloadSink = std::function<Status(std::string_view)>;
using PayloadSource = std::function<Status(const PayloadSink&)>;

// Owned by the helper thread.
class FrameFile {
 public:
  // Creates `path`, which must not exist, with `header`, and locks it (flock) as the sign that its
  // writer lives. The descriptor is closed in forked children, so that the lock is the writer's
  // alone.
  static Result<FrameFile> Create(const std::string& path, const FileHeader& header);

  // Writes one frame: definitions that are due, `definitions`, `records`. kExhausted: the disk is
  // full, trying again later makes sense. Any other failure: write to this file no more.
  Status Append(std::string_view definitions, std::string_view records);

  // Leaves `definitions` to the next frame that is written.
  void Postpone(std::string_view definitions) { due_.append(definitions); }

  // fdatasync if anything was written since the last time. After a failure what was written before
  // is in doubt: write no more to this file.
  Status Sync();

  // Reads the payloads back, a frame at a time.
  Status ForEachPayload(const PayloadSink& use) const;

  const std::string& path() const { return path_; }
  const FileHeader& header() const { return header_; }
  uint64_t bytes() const { return bytes_; }
  uint32_t frames() const { return seq_; }
  // Size of the frame that Append would write.
  uint64_t FrameBytes(std::string_view definitions, std::string_view records) const;

 private:
  FrameFile(std::string path, FileHeader header, ForkClosedFd fd)
      : path_(std::move(path)), header_(header), fd_(std::move(fd)) {}

  std::string path_;
  FileHeader header_;
  ForkClosedFd fd_;
  uint64_t bytes_ = kFileHeaderBytes;
  uint64_t synced_bytes_ = 0;
  uint32_t seq_ = 0;
  std::string due_;      // definitions that the next frame repeats or still has to bring
  std::string payload_;  // reused
  std::string frame_;
};

// Replaces `file` by a sealed one: NAME.tmp, fdatasync, rename. The payloads of `dictionary` come
// first, then those of `body`, both joined to compressed frames of 64 KiB. On failure the file
// stays as it was. Returns the new size.
Result<uint64_t> ReplaceBySealed(const FrameFile& file, const PayloadSource& dictionary,
                                 const PayloadSource& body);

}  // namespace hotroute
