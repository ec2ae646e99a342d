#include "profiler/encode/frame_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "proto/layout.h"

namespace hotroute {
namespace {

constexpr size_t kSealedFrameBytes = 64 * 1024;
constexpr int kSealLevel = 1;  // higher levels gain nothing on these bytes and cost the host CPU

uint64_t Padded(uint64_t size) {
  return (size + kFrameAlignment - 1) & ~uint64_t{kFrameAlignment - 1};
}

// Collects payloads and writes them as compressed frames.
class SealedWriter {
 public:
  SealedWriter(int fd, const std::string& path) : fd_(fd), path_(path) {}

  Status Add(std::string_view payload) {
    pending_.append(payload);
    return pending_.size() >= kSealedFrameBytes ? Flush() : Status();
  }

  Status Flush() {
    if (pending_.empty()) return {};
    std::string frame;
    HOTROUTE_RETURN_IF_ERROR(
        AppendCompressedFrame(FrameType::kData, ++seq_, pending_, kSealLevel, &frame));
    pending_.clear();
    bytes_ += frame.size();
    return WriteAll(fd_, frame, path_);
  }

  uint64_t bytes() const { return bytes_; }

 private:
  const int fd_;
  const std::string& path_;
  std::string pending_;
  uint32_t seq_ = 0;
  uint64_t bytes_ = kFileHeaderBytes;
};

Status ReadExactly(int fd, uint64_t offset, char* bytes, size_t size, const std::string& path) {
  while (size > 0) {
    const ssize_t got = pread(fd, bytes, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return IoError("cannot read", path, got < 0 ? errno : EIO);
    bytes += got;
    offset += static_cast<uint64_t>(got);
    size -= static_cast<size_t>(got);
  }
  return {};
}

}  // namespace

Result<FrameFile> FrameFile::Create(const std::string& path, const FileHeader& header) {
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND));
  flock(fd.get(), LOCK_EX | LOCK_NB);
  if (Status status = WriteAll(fd.get(), EncodeFileHeader(header), path); !status.ok()) {
    unlink(path.c_str());
    return status;
  }
  return FrameFile(path, header, ForkClosedFd(std::move(fd)));
}

Status FrameFile::Append(std::string_view definitions, std::string_view records) {
  payload_.assign(due_);
  payload_.append(definitions);
  payload_.append(records);
  if (payload_.size() > kMaxPayloadBytes)
    return Internal(path_ + ": a frame beyond the size limit");
  frame_.clear();
  AppendFrame(FrameType::kData, Codec::kNone, seq_ + 1, payload_, &frame_);
  const ssize_t put = write(fd_.get(), frame_.data(), frame_.size());
  const int error = put < 0 ? errno : ENOSPC;
  if (put != static_cast<ssize_t>(frame_.size())) {
    due_.append(definitions);
    if (put > 0 && ftruncate(fd_.get(), static_cast<off_t>(bytes_)) != 0)
      return IoError("cannot cut back", path_, errno);
    if (error == ENOSPC || error == EDQUOT) return Exhausted("no space left for " + path_);
    return IoError("cannot write", path_, error);
  }
  bytes_ += frame_.size();
  ++seq_;
  due_.assign(definitions);
  return {};
}

uint64_t FrameFile::FrameBytes(std::string_view definitions, std::string_view records) const {
  return kFrameHeaderBytes + Padded(due_.size() + definitions.size() + records.size());
}

Status FrameFile::Sync() {
  if (bytes_ == synced_bytes_) return {};
  if (fdatasync(fd_.get()) != 0) return IoError("cannot sync", path_, errno);
  synced_bytes_ = bytes_;
  return {};
}

Status FrameFile::ForEachPayload(const PayloadSink& use) const {
  std::string frame;
  for (uint64_t offset = kFileHeaderBytes; offset < bytes_;) {
    frame.resize(kFrameHeaderBytes);
    HOTROUTE_RETURN_IF_ERROR(ReadExactly(fd_.get(), offset, frame.data(), frame.size(), path_));
    uint32_t length;
    std::memcpy(&length, frame.data(), sizeof length);
    if (length > kMaxPayloadBytes) return Corruption(path_ + ": changed by somebody else");
    frame.resize(length);
    HOTROUTE_RETURN_IF_ERROR(
        ReadExactly(fd_.get(), offset + kFrameHeaderBytes, frame.data(), length, path_));
    HOTROUTE_RETURN_IF_ERROR(use(frame));
    offset += kFrameHeaderBytes + Padded(length);
  }
  return {};
}

Result<uint64_t> ReplaceBySealed(const FrameFile& file, const PayloadSource& dictionary,
                                 const PayloadSource& body) {
  const std::string temporary = file.path() + std::string(kTemporarySuffix);
  HOTROUTE_ASSIGN_OR_RETURN(UniqueFd fd, OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC));
  SealedWriter writer(fd.get(), temporary);
  const PayloadSink add = [&](std::string_view payload) { return writer.Add(payload); };
  const auto write_all = [&]() -> Status {
    FileHeader header = file.header();
    header.compatible_flags |= kFlagSealed;
    HOTROUTE_RETURN_IF_ERROR(WriteAll(fd.get(), EncodeFileHeader(header), temporary));
    HOTROUTE_RETURN_IF_ERROR(dictionary(add));
    // The dictionary and the records never share a frame, so that each can stand in for the other's
    // damage.
    HOTROUTE_RETURN_IF_ERROR(writer.Flush());
    HOTROUTE_RETURN_IF_ERROR(body(add));
    HOTROUTE_RETURN_IF_ERROR(writer.Flush());
    if (fdatasync(fd.get()) != 0) return IoError("cannot sync", temporary, errno);
    if (rename(temporary.c_str(), file.path().c_str()) != 0)
      return IoError("cannot rename to", file.path(), errno);
    return {};
  };
  if (Status status = write_all(); !status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return writer.bytes();
}

}  // namespace hotroute
