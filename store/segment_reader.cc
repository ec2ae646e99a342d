#include "store/segment_reader.h"

#include <utility>
#include <vector>

#include "hotroute/v1/records.pb.h"

namespace hotroute::store {
namespace {

// One pass over one segment. Owned by ReadSegment().
class SegmentPass {
 public:
  SegmentPass(RecordReader* records, const ReadFilter& filter, const ReadContext& context,
              const ProfileVisitor& visit)
      : records_(*records), filter_(filter), context_(context), visit_(visit) {}

  // False for a profile that makes no sense.
  bool OnProfile(std::string_view record);
  uint64_t stacks_lost() const { return stacks_lost_; }

 private:
  bool Wanted(std::string_view name) const;
  void FillRequest(ProfileRecord* out);
  void FillSamples(ProfileRecord* out);

  RecordReader& records_;
  const ReadFilter& filter_;
  const ReadContext& context_;
  const ProfileVisitor& visit_;
  uint64_t stacks_lost_ = 0;
  // Kept between profiles for their memory.
  v1::Profile profile_;
  std::vector<Label> labels_;
  std::vector<SampleRun> runs_;
};

// What a viewer divides by or indexes with has to be in range.
bool IsSound(const v1::Profile& profile) {
  const v1::CpuSamples& cpu = profile.cpu();
  const bool forced = profile.stratum() == v1::STRATUM_FORCED;
  return v1::Kind_IsValid(profile.kind()) && v1::Stratum_IsValid(profile.stratum()) &&
         (forced || (profile.probability() > 0 && profile.probability() <= 1)) &&
         profile.label_key_id_size() == profile.label_value_id_size() &&
         cpu.node_id_size() == cpu.count_size() && cpu.node_id_size() == cpu.delta_us_size();
}

bool SegmentPass::Wanted(std::string_view name) const {
  return OverlapsTime(profile_.start_us(), profile_.start_us(), filter_) &&
         (!filter_.name || *filter_.name == name) &&
         context_.seen->Insert({records_.writer()->writer_id, profile_.number()});
}

bool SegmentPass::OnProfile(std::string_view record) {
  if (!profile_.ParseFromArray(record.data(), static_cast<int>(record.size())) ||
      !IsSound(profile_)) {
    return false;
  }
  const auto kind = static_cast<Kind>(profile_.kind());
  const std::string_view name = records_.dictionary().String(profile_.name_id());
  records_.datasets().Add(name, kind, profile_.start_us(), profile_.start_us(), 1, 0);
  if (!Wanted(name)) return true;
  ProfileRecord out;
  FillRequest(&out);
  FillSamples(&out);
  visit_(out);
  return true;
}

void SegmentPass::FillRequest(ProfileRecord* out) {
  Dictionary& dictionary = records_.dictionary();
  out->writer = records_.writer();
  out->id = {out->writer->writer_id, profile_.number()};
  out->kind = static_cast<Kind>(profile_.kind());
  out->name = dictionary.String(profile_.name_id());
  out->method = dictionary.String(profile_.method_id());
  out->status = profile_.status();
  out->start_us = profile_.start_us();
  out->wall_ns = profile_.wall_ns();
  out->cpu_ns = profile_.cpu_ns();
  out->trace_id = profile_.trace_id();
  out->stratum = static_cast<Stratum>(profile_.stratum());
  out->fraction = profile_.fraction();
  out->probability = profile_.probability();
  labels_.clear();
  for (int i = 0; i < profile_.label_key_id_size(); ++i) {
    labels_.push_back({dictionary.String(profile_.label_key_id(i)),
                       dictionary.String(profile_.label_value_id(i))});
  }
  out->labels = labels_;
}

void SegmentPass::FillSamples(ProfileRecord* out) {
  const v1::CpuSamples& cpu = profile_.cpu();
  out->period_ns = cpu.period_ns();
  out->samples_dropped = profile_.samples_dropped();
  out->samples_truncated = cpu.truncated();
  out->samples_incomplete = cpu.incomplete();
  if (!filter_.samples) return;
  runs_.clear();
  uint64_t offset_us = 0;  // unsigned: absurd differences wrap instead of overflowing
  for (int i = 0; i < cpu.node_id_size(); ++i) {
    offset_us += static_cast<uint64_t>(cpu.delta_us(i));
    const Dictionary::Stack stack = records_.dictionary().MapNode(cpu.node_id(i), context_.stacks);
    if (stack.lost) stacks_lost_ += cpu.count(i);
    runs_.push_back({stack.node, cpu.count(i), static_cast<int64_t>(offset_us)});
  }
  out->runs = runs_;
}

}  // namespace

FileRead ReadSegment(const FileReader& file, const std::string& path, const ReadFilter& filter,
                     const ReadContext& context, const ProfileVisitor& visit) {
  RecordReader records(file, FileKind::kSegment, path, context.writers);
  SegmentPass pass(&records, filter, context, visit);
  FileScan scan = file.ReadRecords([&](int field, std::string_view record) {
    return field == v1::Payload::kProfilesFieldNumber ? pass.OnProfile(record)
                                                      : records.Add(field, record);
  });
  FileRead read = records.Finish(std::move(scan));
  read.stacks_lost = pass.stacks_lost();
  return read;
}

}  // namespace hotroute::store
