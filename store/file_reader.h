// Reads one .seg, .met or .sym file, record by record, past any damage.
//
// In: the bytes that exist when the file is opened. Out: every record of every good frame, in
// order, and a finding for every place that is not a good frame. Reading never fails halfway: what
// is bad is named and left out. Memory is bounded by the file and one decompressed frame, whatever
// the bytes claim.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "proto/frame.h"

namespace hotroute::store {

// A place in a file that does not check out.
struct Finding {
  std::string path;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  std::string what;
  // The last frame of a file that may still grow is not whole: a write under way, or a killed
  // writer. No damage.
  bool incomplete = false;
};

// "<path>: offset <n>: <what>".
std::string FindingLine(const Finding& finding);

// Larger is no file of ours: segments are closed at 64 MiB.
inline constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;
// Findings kept for one file; the last one then says how many more there are.
inline constexpr size_t kMaxFindings = 100;

struct FileScan {
  uint64_t frames = 0;  // that checked out
  std::vector<Finding> findings;

  // Anything but an incomplete last frame.
  bool damaged() const;
};

// `field` is the record's field number in hotroute.v1.Payload. Returns false for a record that
// makes no sense.
using RecordVisitor = std::function<bool(int field, std::string_view record)>;

// Thread-compatible.
class FileReader {
 public:
  // kNotFound when there is no such file.
  static Result<FileReader> Open(const std::string& path, FileKind kind);
  FileReader(std::string path, FileKind kind, std::string bytes);

  const std::string& path() const { return path_; }
  uint64_t size() const { return bytes_.size(); }
  // Closed by its writer: it will not grow, and is compressed.
  bool sealed() const { return (header_.compatible_flags & kFlagSealed) != 0; }

  FileScan ReadRecords(const RecordVisitor& visit) const;

 private:
  // How much of the file can be used.
  enum class Header { kGood, kDamaged, kMissing, kRefused };

  void ReadHeader();
  Finding HeaderFinding() const;
  Finding Describe(const Damage& damage) const;
  // False with the reason in `problem`.
  bool ReadFrame(const Frame& frame, const RecordVisitor& visit, std::string* buffer,
                 std::string* problem) const;

  std::string path_;
  FileKind kind_;
  std::string bytes_;
  FileHeader header_;
  Header header_state_ = Header::kGood;
  Status header_status_;
};

}  // namespace hotroute::store
