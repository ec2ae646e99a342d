// Every file name in a data directory is made and parsed here, and nowhere else.
//
//   DATA/STORE                      format version, store id, creation time (text)
//   DATA/segments/2026112201/       by start hour (UTC)
//     web1-20524-7e21c0de-000001.seg    host, pid, writer id, number
//   DATA/metrics/
//     web1-20524-7e21c0de-000001.met    exact counters of one writer
//   DATA/symbols/<build-id in hex>.sym  function names of one module
//   DATA/blocks/  DATA/tmp/  DATA/trash/  DATA/quarantine/  DATA/reserve
//   DATA/maintainer.lock  DATA/index.sqlite
//
// Both halves use it, so it stands in proto/ (docs/design/001-structure.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "proto/frame.h"

namespace hotroute {

inline constexpr int kStoreFormat = 1;  // on disk, in STORE

struct StoreIdentity {
  int format = kStoreFormat;
  Uuid id{};
  std::string created;  // RFC 3339, UTC
};

// Parts of a segment's or metrics file's name. The host is reduced to [A-Za-z0-9._] in names;
// ProcessInfo has it whole.
struct WriterFileName {
  std::string host;
  uint64_t pid = 0;
  uint32_t writer_id = 0;
  uint32_t number = 0;
};

// Names below one data directory. Thread-compatible.
class Layout {
 public:
  explicit Layout(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  std::string StoreFile() const { return root_ + "/STORE"; }
  std::string SegmentsDirectory() const { return root_ + "/segments"; }
  std::string MetricsDirectory() const { return root_ + "/metrics"; }
  std::string SymbolsDirectory() const { return root_ + "/symbols"; }
  std::string BlocksDirectory() const { return root_ + "/blocks"; }
  std::string QuarantineDirectory() const { return root_ + "/quarantine"; }
  std::string MaintainerLock() const { return root_ + "/maintainer.lock"; }
  std::string IndexFile() const { return root_ + "/index.sqlite"; }
  std::string SegmentHourDirectory(int64_t start_us) const;
  std::string SegmentFile(int64_t start_us, const WriterFileName& name) const;
  std::string MetricsFile(const WriterFileName& name) const;
  std::string SymbolFile(std::string_view build_id_bytes) const;

 private:
  std::string root_;
};

inline constexpr std::string_view kSegmentSuffix = ".seg";
inline constexpr std::string_view kMetricsSuffix = ".met";
inline constexpr std::string_view kSymbolsSuffix = ".sym";
// A file being rewritten; readers pass it over.
inline constexpr std::string_view kTemporarySuffix = ".tmp";

std::string ToHex(std::string_view bytes);
// Empty for anything but an even number of hexadecimal digits.
std::optional<std::string> FromHex(std::string_view text);
std::string UuidText(const Uuid& uuid);

std::string EncodeWriterFileName(const WriterFileName& name, std::string_view suffix);
// Nothing for a name that EncodeWriterFileName would not have written.
std::optional<WriterFileName> ParseWriterFileName(std::string_view file_name,
                                                  std::string_view suffix);

// "7e21c0de-1742": writer id and Profile.number; what `hotroute show` takes.
std::string ProfileIdText(uint32_t writer_id, uint64_t number);
struct ProfileId {
  uint32_t writer_id = 0;
  uint64_t number = 0;
  auto operator<=>(const ProfileId&) const = default;
};
std::optional<ProfileId> ParseProfileId(std::string_view text);

std::string EncodeStoreFile(const StoreIdentity& identity);
// kCorruption for anything else, kUnsupported for a newer format; both name `path` and say what to
// do.
Result<StoreIdentity> ParseStoreFile(std::string_view text, std::string_view path);

}  // namespace hotroute
