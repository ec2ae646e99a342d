#include "profiler/encode/metrics_writer.h"

#include <unistd.h>

#include <vector>

#include "base/clock.h"

namespace hotroute {
namespace {

constexpr int64_t kMicrosPerMinute = 60'000'000;
constexpr int64_t kMaxFileMicros = 3'600'000'000;
constexpr size_t kMaxCells = 16 * 1024;
// A service with 100 busy cells reaches it in about five minutes; the sums that replace it take a
// fiftieth.
constexpr uint64_t kMaxRawBytesPerFile = 1 << 20;
constexpr size_t kRecordBytesPerFrame = 256 * 1024;
constexpr int64_t kRetryMicros = 5'000'000;

}  // namespace

void MetricsWriter::Cell::Add(const Cell& other) {
  count += other.count;
  wall_ns += other.wall_ns;
  kept += other.kept;
  for (const auto& [bucket, added] : other.buckets) buckets[bucket] += added;
}

Status MetricsWriter::Open() {
  HOTROUTE_RETURN_IF_ERROR(MakeDirectories(context_->layout.MetricsDirectory()));
  const std::string path = context_->layout.MetricsFile(context_->FileName(file_number_ + 1));
  HOTROUTE_ASSIGN_OR_RETURN(FrameFile file,
                            FrameFile::Create(path, context_->NewHeader(FileKind::kMetrics)));
  if (Status status = file.Append(context_->EncodedProcess(), {}); !status.ok()) {
    unlink(path.c_str());
    return status;
  }
  ++file_number_;
  opened_us_ = context_->now_us();
  dictionary_ = std::make_unique<FileDictionary>(no_stacks_);
  totals_.clear();
  file_ = std::move(file);
  return {};
}

void MetricsWriter::Add(const ExposureDelta& delta, int64_t now_us) {
  Cell cell{delta.count, delta.wall_ns, delta.kept, {delta.buckets.begin(), delta.buckets.end()}};
  // While nothing can be written, minutes would pile up: then all are counted in the oldest one.
  const int64_t minute =
      added_.size() < kMaxCells ? now_us / kMicrosPerMinute : std::get<0>(added_.begin()->first);
  added_[{minute, delta.route, delta.status_class}].Add(cell);
}

void MetricsWriter::Encode(const Key& key, const Cell& cell, std::string* records) {
  const auto& [minute, route, status_class] = key;
  const std::vector<std::pair<uint32_t, uint64_t>> buckets(cell.buckets.begin(),
                                                           cell.buckets.end());
  ExposureFields fields;
  fields.kind = route->kind;
  fields.name_id = dictionary_->String(route->name);
  fields.method_id = dictionary_->String(route->method);
  fields.status_class = status_class;
  fields.minute = minute;
  fields.count = cell.count;
  fields.wall_ns = cell.wall_ns;
  fields.kept = cell.kept;
  fields.buckets = buckets;
  EncodeExposure(fields, records);
}

bool MetricsWriter::WantsNewFile(int64_t now_us) const {
  return now_us - opened_us_ >= kMaxFileMicros || now_us < opened_us_ - kMaxFileMicros ||
         totals_.size() >= kMaxCells || file_->bytes() > kMaxRawBytesPerFile;
}

void MetricsWriter::Flush(int64_t now_us) {
  // A clock that was set back must not stop the writing for as long.
  if (now_us < retry_us_ && retry_us_ - now_us <= kRetryMicros) return;
  if (file_ && WantsNewFile(now_us)) CloseFile();
  if (added_.empty()) return;
  if (!file_ && !Open().ok()) {
    retry_us_ = now_us + kRetryMicros;
    return;
  }
  while (!added_.empty()) {
    std::string records;
    auto end = added_.begin();
    for (; end != added_.end() && records.size() < kRecordBytesPerFrame; ++end)
      Encode(end->first, end->second, &records);
    std::string definitions;
    dictionary_->EncodeNew(&definitions);
    const uint64_t bytes = file_->FrameBytes(definitions, records);
    if (!context_->budget.Allows(bytes) || !file_->Append(definitions, records).ok()) {
      // Nothing is lost: what was not written stays in memory, and a new file takes it when there
      // is room.
      CloseFile();
      retry_us_ = now_us + kRetryMicros;
      return;
    }
    context_->budget.Spend(bytes);
    bytes_written_ += bytes;
    for (auto cell = added_.begin(); cell != end; cell = added_.erase(cell))
      totals_[cell->first].Add(cell->second);
  }
}

void MetricsWriter::CloseFile() {
  if (totals_.empty()) {
    unlink(file_->path().c_str());
    file_.reset();
    return;
  }
  const auto dictionary = [this](const PayloadSink& emit) {
    return dictionary_->EncodeAll(context_->EncodedProcess(), emit);
  };
  const auto body = [&](const PayloadSink& emit) -> Status {
    // Unlike a segment's, these records never carried their definitions: they stand again before
    // them, in another frame.
    HOTROUTE_RETURN_IF_ERROR(dictionary(emit));
    for (const auto& [key, cell] : totals_) {
      std::string record;
      Encode(key, cell, &record);
      HOTROUTE_RETURN_IF_ERROR(emit(record));
    }
    return {};
  };
  // If it fails the second-by-second records stay: longer, but the same sums.
  if (ReplaceBySealed(*file_, dictionary, body).ok()) context_->budget.Measure();
  file_.reset();
}

void MetricsWriter::Close(int64_t now_us) {
  retry_us_ = 0;
  Flush(now_us);
  if (file_) CloseFile();
}

}  // namespace hotroute
