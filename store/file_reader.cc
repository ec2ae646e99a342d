#include "store/file_reader.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <sys/stat.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"

namespace hotroute::store {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr size_t kVersionOffset = 8;  // of the u16 in a file header

// A flipped bit in the version field looks like a newer format; with our version put back, its
// checksum tells.
bool OnlyVersionIsDamaged(std::string_view bytes, FileKind kind) {
  std::string repaired(bytes.substr(0, kFileHeaderBytes));
  std::memcpy(repaired.data() + kVersionOffset, &kFormatVersion, sizeof kFormatVersion);
  return DecodeFileHeader(repaired, kind, "").ok();
}

// What an unfinished write leaves: the beginning of a frame, or zeros where a file system lost the
// data at power-off.
bool LooksUnfinished(std::string_view tail) {
  if (tail.size() < kFrameHeaderBytes) return true;
  uint32_t length;
  std::memcpy(&length, tail.data(), sizeof length);
  const uint64_t stored =
      (uint64_t{length} + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
  if (length <= kMaxPayloadBytes && stored > tail.size() - kFrameHeaderBytes) return true;
  return std::all_of(tail.begin(), tail.end(), [](char c) { return c == '\0'; });
}

// Splits a payload at its top level, without decoding the records: a frame of a million tiny
// records must not become a million objects at once.
bool VisitPayload(std::string_view payload, const RecordVisitor& visit) {
  CodedInputStream input(reinterpret_cast<const uint8_t*>(payload.data()),
                         static_cast<int>(payload.size()));
  bool good = true;
  while (const uint32_t tag = input.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&input, tag)) return false;
      continue;
    }
    uint32_t size;
    if (!input.ReadVarint32(&size)) return false;
    const auto begin = static_cast<size_t>(input.CurrentPosition());
    if (size > payload.size() - begin) return false;
    if (!visit(WireFormatLite::GetTagFieldNumber(tag), payload.substr(begin, size))) good = false;
    input.Skip(static_cast<int>(size));
  }
  return good && input.ConsumedEntireMessage();
}

void AddFinding(Finding finding, uint64_t* left_out, std::vector<Finding>* findings) {
  if (findings->size() < kMaxFindings) {
    findings->push_back(std::move(finding));
  } else {
    ++*left_out;
  }
}

}  // namespace

std::string FindingLine(const Finding& finding) {
  return finding.path + ": offset " + std::to_string(finding.offset) + ": " + finding.what;
}

bool FileScan::damaged() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return !finding.incomplete; });
}

Result<FileReader> FileReader::Open(const std::string& path, FileKind kind) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && static_cast<uint64_t>(info.st_size) > kMaxFileBytes) {
    return Exhausted(path + ": larger than any file of hotroute (1 GiB); move it away");
  }
  HOTROUTE_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  return FileReader(path, kind, std::move(bytes));
}

FileReader::FileReader(std::string path, FileKind kind, std::string bytes)
    : path_(std::move(path)), kind_(kind), bytes_(std::move(bytes)) {
  ReadHeader();
}

void FileReader::ReadHeader() {
  Result<FileHeader> header = DecodeFileHeader(bytes_, kind_, path_);
  if (header.ok()) {
    header_ = *header;
    return;
  }
  header_status_ = header.status();
  if (bytes_.size() < kFileHeaderBytes) {
    header_state_ = Header::kMissing;
  } else if (header_status_.code() == StatusCode::kUnsupported &&
             !OnlyVersionIsDamaged(bytes_, kind_)) {
    header_state_ = Header::kRefused;
  } else {
    header_state_ = Header::kDamaged;
  }
}

Finding FileReader::HeaderFinding() const {
  Finding finding{path_, 0, std::min<uint64_t>(bytes_.size(), kFileHeaderBytes), "", false};
  switch (header_state_) {
    case Header::kMissing:
      finding.incomplete = true;
      finding.what = "incomplete file header, " + std::to_string(bytes_.size()) +
                     " of 64 bytes: the writer was killed or is writing";
      break;
    case Header::kRefused: {
      finding.bytes = bytes_.size();
      // The message begins with the path, which a finding states by itself.
      finding.what = header_status_.message().substr(path_.size() + 2);
      break;
    }
    default:
      finding.what = "the file header is damaged; its frames are read nevertheless";
  }
  return finding;
}

Finding FileReader::Describe(const Damage& damage) const {
  Finding finding{path_, damage.offset, damage.bytes, "", false};
  const std::string bytes = std::to_string(damage.bytes) + " bytes";
  finding.incomplete =
      damage.tail && !sealed() && LooksUnfinished(std::string_view(bytes_).substr(damage.offset));
  if (finding.incomplete) {
    finding.what = "incomplete last frame, " + bytes + ": the writer was killed or is writing";
  } else if (damage.tail && sealed()) {
    finding.what = "the end is damaged or cut off, " + bytes + "; the records in them are lost";
  } else {
    finding.what = bytes + " damaged; the records in them are lost";
  }
  return finding;
}

bool FileReader::ReadFrame(const Frame& frame, const RecordVisitor& visit, std::string* buffer,
                           std::string* problem) const {
  // Types that a later version may add are not for this one.
  if (frame.type != FrameType::kData) return true;
  // Only symbol tables have records beyond what one frame stores uncompressed.
  if (kind_ != FileKind::kSymbols && frame.codec == Codec::kZstd &&
      ZSTD_getFrameContentSize(frame.payload.data(), frame.payload.size()) > kMaxPayloadBytes) {
    *problem = "frame " + std::to_string(frame.seq) + ": unusable decompressed size";
    return false;
  }
  const Result<std::string_view> payload = DecodePayload(frame, buffer);
  if (!payload.ok()) {
    *problem = payload.status().message();
    return false;
  }
  if (VisitPayload(*payload, visit)) return true;
  *problem = "frame " + std::to_string(frame.seq) + " has records that make no sense; left out";
  return false;
}

FileScan FileReader::ReadRecords(const RecordVisitor& visit) const {
  FileScan scan;
  if (header_state_ != Header::kGood) scan.findings.push_back(HeaderFinding());
  if (header_state_ == Header::kMissing || header_state_ == Header::kRefused) return scan;
  std::string buffer;
  uint64_t left_out = 0;
  uint32_t previous_seq = 0;
  bool after_damage = false;
  const auto on_frame = [&](const Frame& frame) {
    std::string problem;
    // Without damage in between, a jump means that whole frames were cut out.
    if (frame.seq != previous_seq + 1 && !after_damage) {
      problem = "frames " + std::to_string(previous_seq + 1) + " to " +
                std::to_string(frame.seq - 1) + " are missing";
      AddFinding({path_, frame.offset, 0, problem, false}, &left_out, &scan.findings);
    }
    previous_seq = frame.seq;
    after_damage = false;
    if (!ReadFrame(frame, visit, &buffer, &problem)) {
      AddFinding({path_, frame.offset, kFrameHeaderBytes + frame.payload.size(), problem, false},
                 &left_out, &scan.findings);
    }
  };
  const auto on_damage = [&](const Damage& damage) {
    after_damage = true;
    AddFinding(Describe(damage), &left_out, &scan.findings);
  };
  scan.frames = ScanFrames(bytes_, kFileHeaderBytes, 1, on_frame, on_damage).frames;
  if (left_out > 0) {
    scan.findings.back().what += "; and " + std::to_string(left_out) + " more damaged places";
  }
  return scan;
}

}  // namespace hotroute::store
