#include "store/metrics_reader.h"

#include <utility>
#include <vector>

#include "hotroute/v1/records.pb.h"
#include "proto/histogram.h"

namespace hotroute::store {
namespace {

constexpr int64_t kMinuteMicros = 60'000'000;
// Keeps minute * kMinuteMicros inside 64 bits; it is the year 292,000.
constexpr int64_t kMaxMinute = INT64_MAX / kMinuteMicros - 1;

bool IsSound(const v1::Exposure& cell) {
  if (!v1::Kind_IsValid(cell.kind()) || cell.bucket_size() != cell.bucket_count_size())
    return false;
  if (cell.minute() < -kMaxMinute || cell.minute() > kMaxMinute) return false;
  for (const uint32_t bucket : cell.bucket()) {
    if (bucket >= kBuckets) return false;
  }
  return true;
}

// False for a cell that makes no sense.
bool OnExposure(std::string_view record, const ReadFilter& filter, RecordReader* records,
                const ExposureVisitor& visit) {
  v1::Exposure cell;
  if (!cell.ParseFromArray(record.data(), static_cast<int>(record.size())) || !IsSound(cell)) {
    return false;
  }
  ExposureRecord out;
  out.writer = records->writer();
  out.kind = static_cast<Kind>(cell.kind());
  out.name = records->dictionary().String(cell.name_id());
  out.method = records->dictionary().String(cell.method_id());
  out.status_class = cell.status_class();
  out.minute = cell.minute();
  out.count = cell.count();
  out.wall_ns = cell.wall_ns();
  out.kept = cell.kept();
  const int64_t first_us = cell.minute() * kMinuteMicros;
  const int64_t last_us = first_us + kMinuteMicros - 1;
  records->datasets().Add(out.name, out.kind, first_us, last_us, 0, out.count);
  if (!OverlapsTime(first_us, last_us, filter) || (filter.name && *filter.name != out.name)) {
    return true;
  }
  std::vector<std::pair<uint32_t, uint64_t>> buckets;
  for (int i = 0; i < cell.bucket_size(); ++i) {
    buckets.emplace_back(cell.bucket(i), cell.bucket_count(i));
  }
  out.buckets = buckets;
  visit(out);
  return true;
}

}  // namespace

FileRead ReadMetrics(const FileReader& file, const std::string& path, const ReadFilter& filter,
                     WriterTable* writers, const ExposureVisitor& visit) {
  RecordReader records(file, FileKind::kMetrics, path, writers);
  FileScan scan = file.ReadRecords([&](int field, std::string_view record) {
    return field == v1::Payload::kExposuresFieldNumber ? OnExposure(record, filter, &records, visit)
                                                       : records.Add(field, record);
  });
  return records.Finish(std::move(scan));
}

}  // namespace hotroute::store
