#include "proto/record_encoder.h"

#include <protozero/pbf_writer.hpp>

namespace hotroute {
namespace {

using protozero::packed_field_sint64;
using protozero::packed_field_uint32;
using protozero::packed_field_uint64;
using protozero::pbf_writer;

// Field numbers of message Payload. On disk; see records.proto, which says the same for the reader.
enum PayloadField : uint32_t {
  kProcesses = 1,
  kStrings = 2,
  kModules = 3,
  kLocations = 4,
  kNodes = 5,
  kProfiles = 6,
  kLosses = 7,
  kFooters = 8,
  kExposures = 9,
  kSymbols = 10,
};

// proto3 leaves out fields that hold their default.
void AddBytes(pbf_writer* writer, uint32_t field, std::string_view value) {
  if (!value.empty()) writer->add_bytes(field, value.data(), value.size());
}
void AddUnsigned(pbf_writer* writer, uint32_t field, uint64_t value) {
  if (value != 0) writer->add_uint64(field, value);
}
void AddSigned(pbf_writer* writer, uint32_t field, int64_t value) {
  if (value != 0) writer->add_int64(field, value);
}
void AddDouble(pbf_writer* writer, uint32_t field, double value) {
  if (value != 0) writer->add_double(field, value);
}

void AddCpuSamples(const ProfileRecordFields& record, pbf_writer* profile) {
  pbf_writer samples(*profile, 15);
  AddUnsigned(&samples, 1, record.period_ns);
  {
    packed_field_uint32 field(samples, 2);
    for (const SampleRunRecord& run : record.runs) field.add_element(run.node_id);
  }
  {
    packed_field_uint32 field(samples, 3);
    for (const SampleRunRecord& run : record.runs) field.add_element(run.count);
  }
  {
    packed_field_sint64 field(samples, 4);
    int64_t previous = 0;
    for (const SampleRunRecord& run : record.runs) {
      field.add_element(run.offset_us - previous);
      previous = run.offset_us;
    }
  }
  AddUnsigned(&samples, 5, record.samples_truncated);
  AddUnsigned(&samples, 6, record.samples_incomplete);
}

}  // namespace

void EncodeProcessInfo(const ProcessInfoRecord& record, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kProcesses);
  AddBytes(&writer, 1, record.host);
  AddUnsigned(&writer, 2, record.pid);
  writer.add_fixed32(3, record.writer_id);
  AddSigned(&writer, 4, record.start_us);
  AddBytes(&writer, 5, record.service);
  AddBytes(&writer, 6, record.build);
  AddBytes(&writer, 7, record.boot_id);
  AddBytes(&writer, 8, record.writer_version);
  AddBytes(&writer, 9, record.engine);
  AddBytes(&writer, 10, record.unwinder);
  AddUnsigned(&writer, 11, record.period_ns);
}

void EncodeStrings(uint32_t first_id, std::span<const std::string> values, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kStrings);
  writer.add_uint32(1, first_id);
  for (const std::string& value : values) writer.add_bytes(2, value);
}

void EncodeModules(uint32_t first_id, std::span<const ModuleRecord> modules, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kModules);
  writer.add_uint32(1, first_id);
  for (const ModuleRecord& record : modules) {
    pbf_writer module(writer, 2);
    // Written even when empty: protozero leaves out messages without a field, and with it the
    // module, whose place in the list is its id.
    module.add_bytes(1, record.path.data(), record.path.size());
    AddBytes(&module, 2, record.build_id);
  }
}

void EncodeLocations(uint32_t first_id, std::span<const uint32_t> module_ids,
                     std::span<const uint64_t> offsets, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kLocations);
  writer.add_uint32(1, first_id);
  writer.add_packed_uint32(2, module_ids.begin(), module_ids.end());
  writer.add_packed_uint64(3, offsets.begin(), offsets.end());
}

void EncodeNodes(uint32_t first_id, std::span<const uint32_t> parent_ids,
                 std::span<const uint32_t> location_ids, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kNodes);
  writer.add_uint32(1, first_id);
  {
    packed_field_uint32 field(writer, 2);
    for (size_t i = 0; i < parent_ids.size(); ++i) {
      field.add_element(first_id + static_cast<uint32_t>(i) - parent_ids[i]);
    }
  }
  writer.add_packed_uint32(3, location_ids.begin(), location_ids.end());
}

void EncodeProfile(const ProfileRecordFields& record, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kProfiles);
  AddUnsigned(&writer, 1, record.number);
  AddSigned(&writer, 2, record.start_us);
  AddUnsigned(&writer, 3, record.wall_ns);
  AddUnsigned(&writer, 4, record.cpu_ns);
  AddUnsigned(&writer, 5, static_cast<uint64_t>(record.kind));
  AddUnsigned(&writer, 6, record.name_id);
  AddUnsigned(&writer, 7, record.method_id);
  AddUnsigned(&writer, 8, record.status);
  if (!record.labels.empty()) {
    {
      packed_field_uint32 field(writer, 9);
      for (const auto& [key, value] : record.labels) field.add_element(key);
    }
    {
      packed_field_uint32 field(writer, 10);
      for (const auto& [key, value] : record.labels) field.add_element(value);
    }
  }
  AddBytes(&writer, 11, record.trace_id);
  AddUnsigned(&writer, 12, static_cast<uint64_t>(record.stratum));
  AddDouble(&writer, 13, record.fraction);
  AddDouble(&writer, 14, record.probability);
  if (record.period_ns != 0 || !record.runs.empty() || record.samples_truncated != 0 ||
      record.samples_incomplete != 0) {
    AddCpuSamples(record, &writer);
  }
  AddUnsigned(&writer, 16, record.samples_dropped);
}

void EncodeLosses(std::span<const std::pair<std::string_view, uint64_t>> losses,
                  std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kLosses);
  for (const auto& [name, count] : losses) writer.add_bytes(1, name.data(), name.size());
  packed_field_uint64 field(writer, 2);
  for (const auto& [name, count] : losses) field.add_element(count);
}

void EncodeFooter(const FooterFields& record, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kFooters);
  // Written even when 0: the footer of a file without profiles must still stand there.
  writer.add_uint64(1, record.profiles);
  AddSigned(&writer, 2, record.first_start_us);
  AddSigned(&writer, 3, record.last_start_us);
}

void EncodeExposure(const ExposureFields& record, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kExposures);
  AddUnsigned(&writer, 1, static_cast<uint64_t>(record.kind));
  AddUnsigned(&writer, 2, record.name_id);
  AddUnsigned(&writer, 3, record.method_id);
  AddUnsigned(&writer, 4, record.status_class);
  AddSigned(&writer, 5, record.minute);
  AddUnsigned(&writer, 6, record.count);
  AddUnsigned(&writer, 7, record.wall_ns);
  if (!record.buckets.empty()) {
    {
      packed_field_uint32 field(writer, 8);
      for (const auto& [bucket, count] : record.buckets) field.add_element(bucket);
    }
    {
      packed_field_uint64 field(writer, 9);
      for (const auto& [bucket, count] : record.buckets) field.add_element(count);
    }
  }
  AddUnsigned(&writer, 10, record.kept);
}

void EncodeSymbols(const SymbolTableFields& record, std::string* payload) {
  pbf_writer root(*payload);
  pbf_writer writer(root, kSymbols);
  AddBytes(&writer, 1, record.build_id);
  AddBytes(&writer, 2, record.path);
  {
    packed_field_uint64 field(writer, 3);
    uint64_t previous = 0;
    for (const auto& [start, size] : record.functions) {
      field.add_element(start - previous);
      previous = start;
    }
  }
  {
    packed_field_uint64 field(writer, 4);
    for (const auto& [start, size] : record.functions) field.add_element(size);
  }
  AddBytes(&writer, 5, record.names);
}

}  // namespace hotroute
