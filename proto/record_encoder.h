// Writes the records of records.proto in protobuf wire format, without libprotobuf: hosts have
// their own.
//
// In: plain structs. Out: bytes appended to a Payload. Field numbers stand in record_encoder.cc
// only; a test decodes every record with the generated code and compares every field. Throws
// nothing; memory is the given string's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hotroute {

struct ProcessInfoRecord {
  std::string_view host{};
  uint64_t pid = 0;
  uint32_t writer_id = 0;
  int64_t start_us = 0;
  std::string_view service{};
  std::string_view build{};
  std::string_view boot_id{};
  std::string_view writer_version{};
  std::string_view engine{};
  std::string_view unwinder{};
  uint64_t period_ns = 0;
};

struct ModuleRecord {
  std::string_view path{};
  std::string_view build_id{};
};

struct SampleRunRecord {
  uint32_t node_id = 0;
  uint32_t count = 0;
  int64_t offset_us = 0;  // from the request's start; written as the difference to the run before
};

// Values as in the enumerations of records.proto.
enum class RecordKind : uint8_t { kRequest = 0, kTask = 1 };
enum class RecordStratum : uint8_t { kRandom = 0, kSlow = 1, kError = 2, kForced = 3 };

struct ProfileRecordFields {
  uint64_t number = 0;
  int64_t start_us = 0;
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
  RecordKind kind = RecordKind::kRequest;
  uint32_t name_id = 0;
  uint32_t method_id = 0;
  uint32_t status = 0;
  std::span<const std::pair<uint32_t, uint32_t>> labels{};  // key id, value id
  std::string_view trace_id{};
  RecordStratum stratum = RecordStratum::kRandom;
  double fraction = 0;
  double probability = 0;
  uint64_t period_ns = 0;
  std::span<const SampleRunRecord> runs{};
  uint32_t samples_dropped = 0;
  uint32_t samples_truncated = 0;
  uint32_t samples_incomplete = 0;
};

struct ExposureFields {
  RecordKind kind = RecordKind::kRequest;
  uint32_t name_id = 0;
  uint32_t method_id = 0;
  uint32_t status_class = 0;
  int64_t minute = 0;
  uint64_t count = 0;
  uint64_t wall_ns = 0;
  uint64_t kept = 0;
  std::span<const std::pair<uint32_t, uint64_t>> buckets{};  // bucket, count
};

struct FooterFields {
  uint64_t profiles = 0;
  int64_t first_start_us = 0;
  int64_t last_start_us = 0;
};

struct SymbolTableFields {
  std::string_view build_id{};
  std::string_view path{};
  std::span<const std::pair<uint64_t, uint64_t>> functions{};  // start, size; ascending
  std::string_view names{};                                    // mangled, each ended by a zero byte
};

void EncodeProcessInfo(const ProcessInfoRecord& record, std::string* payload);
void EncodeStrings(uint32_t first_id, std::span<const std::string> values, std::string* payload);
void EncodeModules(uint32_t first_id, std::span<const ModuleRecord> modules, std::string* payload);
// Location i has module_id[i] and offset[i].
void EncodeLocations(uint32_t first_id, std::span<const uint32_t> module_ids,
                     std::span<const uint64_t> offsets, std::string* payload);
// Node i has parent_ids[i] (0 the root) and location_ids[i]. Requires parent_ids[i] < first_id + i.
void EncodeNodes(uint32_t first_id, std::span<const uint32_t> parent_ids,
                 std::span<const uint32_t> location_ids, std::string* payload);
void EncodeProfile(const ProfileRecordFields& record, std::string* payload);
void EncodeLosses(std::span<const std::pair<std::string_view, uint64_t>> losses,
                  std::string* payload);
void EncodeFooter(const FooterFields& record, std::string* payload);
void EncodeExposure(const ExposureFields& record, std::string* payload);
void EncodeSymbols(const SymbolTableFields& record, std::string* payload);

}  // namespace hotroute
