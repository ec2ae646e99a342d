#include "profiler/encode/segment_writer.h"

#include <unistd.h>

#include <algorithm>
namespace hotroute {
namespace {

constexpr int64_t kSyncMicros = 1'000'000;
constexpr uint64_t kSyncBytes = 1 << 20;
// At max_bytes the loss counters move all the time; they are stored this often.
constexpr int64_t kFullLossMicros = 60'000'000;
constexpr int64_t kFirstBackOffMicros = 1'000'000;
constexpr int64_t kLastBackOffMicros = 60'000'000;

}  // namespace

Status SegmentWriter::Open() {
  const int64_t now_us = context_->now_us();
  HOTROUTE_RETURN_IF_ERROR(MakeDirectories(context_->layout.SegmentHourDirectory(now_us)));
  const std::string path =
      context_->layout.SegmentFile(now_us, context_->FileName(segment_number_ + 1));
  HOTROUTE_ASSIGN_OR_RETURN(FrameFile file,
                            FrameFile::Create(path, context_->NewHeader(FileKind::kSegment)));
  ++segment_number_;
  opened_us_ = now_us;
  synced_us_ = now_us;
  bytes_at_sync_ = 0;
  footer_ = {};
  dictionary_ = std::make_unique<FileDictionary>(stacks_);
  losses_in_earlier_files_ = losses_stored_;
  if (Status status = file.Append(context_->EncodedProcess(), {}); !status.ok()) {
    unlink(path.c_str());
    return status;
  }
  file_ = std::move(file);
  return {};
}

bool SegmentWriter::WantsRotation(int64_t now_us) const {
  return file_ && (file_->bytes() >= kMaxSegmentBytes || now_us - opened_us_ >= kMaxSegmentMicros ||
                   now_us < opened_us_ - kMaxSegmentMicros ||
                   dictionary_->string_bytes() >= kMaxSegmentStringBytes);
}

// A clock that was set back must not stop the writing for as long.
bool SegmentWriter::IsBackingOff(int64_t now_us) const {
  return now_us < retry_us_ && retry_us_ - now_us <= kLastBackOffMicros;
}

bool SegmentWriter::EnsureOpen() {
  if (file_) return true;
  const Status status = Open();
  if (!status.ok()) OnFailure(status, 0);
  return file_.has_value();
}

bool SegmentWriter::Append(const ActiveRequest& request, int64_t start_us) {
  if (IsBackingOff(context_->now_us()) || !EnsureOpen()) {
    // An open file that waits is a full disk's; any other error closes it.
    context_->losses->Add(file_ ? Loss::kDiskFull : Loss::kWriteError);
    return false;
  }
  if (context_->budget.is_closed()) {
    context_->losses->Add(Loss::kBytesLimit);
    return false;
  }
  std::string records;
  EncodeRequest(request, start_us, &records);
  if (!Write(records, 1)) return false;
  if (footer_.profiles == 1) footer_.first_start_us = start_us;
  footer_.first_start_us = std::min(footer_.first_start_us, start_us);
  footer_.last_start_us = std::max(footer_.last_start_us, start_us);
  return true;
}

bool SegmentWriter::Write(std::string_view records, uint64_t profiles) {
  std::string definitions;
  dictionary_->EncodeNew(&definitions);
  const uint64_t bytes = file_->FrameBytes(definitions, records);
  // What says that profiles were dropped is written all the same.
  if (profiles > 0 && !context_->budget.Allows(bytes)) {
    context_->losses->Add(Loss::kBytesLimit, profiles);
    // The ids are taken: the definitions must reach the file before anything else refers to them.
    file_->Postpone(definitions);
    return false;
  }
  if (Status status = file_->Append(definitions, records); !status.ok()) {
    OnFailure(status, profiles);
    return false;
  }
  context_->budget.Spend(bytes);
  bytes_written_ += bytes;
  footer_.profiles += profiles;
  number_ += profiles;
  back_off_us_ = 0;
  return true;
}

void SegmentWriter::OnFailure(const Status& status, uint64_t profiles) {
  back_off_us_ = std::clamp(back_off_us_ * 2, kFirstBackOffMicros, kLastBackOffMicros);
  retry_us_ = context_->now_us() + back_off_us_;
  const bool full = status.code() == StatusCode::kExhausted;
  if (profiles > 0) context_->losses->Add(full ? Loss::kDiskFull : Loss::kWriteError, profiles);
  // After any other error nothing is known about the file's end: never write to it again.
  if (!full) file_.reset();
}

void SegmentWriter::EncodeRequest(const ActiveRequest& request, int64_t start_us,
                                  std::string* records) {
  ProfileRecordFields fields;
  fields.number = number_ + 1;
  fields.start_us = start_us;
  fields.wall_ns = request.wall_ns;
  fields.cpu_ns = request.cpu_ns;
  fields.kind = request.route->kind;
  fields.name_id = dictionary_->String(request.route->name);
  fields.method_id = dictionary_->String(request.route->method);
  fields.status = request.status;
  std::array<std::pair<uint32_t, uint32_t>, kMaxLabels> labels;
  for (size_t i = 0; i < request.labels.size(); ++i) {
    labels[i] = {dictionary_->String(request.labels.key(i)),
                 dictionary_->String(request.labels.value(i))};
  }
  fields.labels = std::span(labels).first(request.labels.size());
  fields.trace_id = {request.trace_id.data(), request.trace_id_size};
  fields.stratum = request.decision.stratum;
  fields.fraction = request.fraction;
  fields.probability = request.decision.probability;
  fields.period_ns = context_->period_ns;
  runs_ = request.runs;
  for (SampleRunRecord& run : runs_) run.node_id = dictionary_->Node(run.node_id);
  fields.runs = runs_;
  fields.samples_truncated = request.samples_truncated;
  fields.samples_incomplete = request.samples_incomplete;
  EncodeProfile(fields, records);
}

SegmentWriter::LossSnapshot SegmentWriter::LossesNow() const {
  LossSnapshot now{};
  for (size_t i = 0; i < kLossCount; ++i) now[i] = context_->losses->Get(static_cast<Loss>(i));
  return now;
}

void SegmentWriter::EncodeLosses(const LossSnapshot& now, std::string* records) const {
  std::vector<std::pair<std::string_view, uint64_t>> losses;
  for (size_t i = 0; i < kLossCount; ++i) {
    const uint64_t count = now[i] - losses_in_earlier_files_[i];
    if (count > 0) losses.emplace_back(kLossInfo[i].name, count);
  }
  if (!losses.empty()) hotroute::EncodeLosses(losses, records);
}

void SegmentWriter::Tick(int64_t now_us) {
  if (!file_ || IsBackingOff(now_us)) return;
  const LossSnapshot losses = LossesNow();
  const int64_t interval_us = context_->budget.is_closed() ? kFullLossMicros : 0;
  if (losses != losses_stored_ && now_us - losses_stored_us_ >= interval_us) {
    losses_stored_us_ = now_us;
    std::string records;
    EncodeLosses(losses, &records);
    if (Write(records, 0)) losses_stored_ = losses;
  }
  if (!file_) return;
  if (now_us - synced_us_ < kSyncMicros && file_->bytes() - bytes_at_sync_ < kSyncBytes) return;
  synced_us_ = now_us;
  bytes_at_sync_ = file_->bytes();
  if (Status status = file_->Sync(); !status.ok()) OnFailure(status, 0);
}

void SegmentWriter::Close() {
  if (!file_) return;
  std::string last;
  const LossSnapshot losses = LossesNow();
  EncodeLosses(losses, &last);
  const std::string path = file_->path();
  if (footer_.profiles == 0 && last.empty()) {
    file_.reset();
    unlink(path.c_str());
    return;
  }
  EncodeFooter(footer_, &last);
  const auto dictionary = [this](const PayloadSink& emit) {
    return dictionary_->EncodeAll(context_->EncodedProcess(), emit);
  };
  const auto body = [&](const PayloadSink& emit) -> Status {
    HOTROUTE_RETURN_IF_ERROR(file_->ForEachPayload(emit));
    return emit(last);
  };
  // If sealing fails, on a full disk say, the segment stays as it is: bigger, but whole.
  if (ReplaceBySealed(*file_, dictionary, body).ok()) {
    losses_stored_ = losses;
    context_->budget.Measure();
  }
  file_.reset();
  dictionary_.reset();
}

}  // namespace hotroute
