#include "tests/support/segment_builder.h"

#include <algorithm>
#include <cassert>
#include <sstream>

namespace hotroute::testing {
namespace {

constexpr uint64_t kFunctionBytes = 0x100;
constexpr uint64_t kCallOffset = 0x10;  // of a sampled address behind its function's begin

// Begins of functions by name and back. The same name has the same place in every file of one
// process.
struct Places {
  std::map<std::string, uint64_t> by_name;
  std::map<uint64_t, std::string> by_start;
};

Places& AllPlaces() {
  static Places places;
  return places;
}

uint64_t StartOf(const std::string& function) {
  Places& places = AllPlaces();
  const auto [entry, inserted] = places.by_name.try_emplace(function, 0);
  if (inserted) {
    entry->second = 0x1000 + kFunctionBytes * places.by_name.size();
    places.by_start[entry->second] = function;
  }
  return entry->second;
}

std::string FrameText(const store::Module& module, uint64_t offset) {
  const auto& by_start = AllPlaces().by_start;
  const auto found = by_start.find(offset - kCallOffset);
  if (module.path != kTestModule) return module.path;
  return found != by_start.end() ? found->second : "?";
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

}  // namespace

SegmentBuilder::SegmentBuilder(FileKind kind, TestWriter writer)
    : kind_(kind), writer_(std::move(writer)) {
  file_id_[0] = static_cast<uint8_t>(kind_);
  file_id_[1] = static_cast<uint8_t>(writer_.name.number);
  file_id_[2] = static_cast<uint8_t>(writer_.name.writer_id);
  ProcessInfoRecord process;
  process.host = writer_.name.host;
  process.pid = writer_.name.pid;
  process.writer_id = writer_.name.writer_id;
  process.start_us = writer_.start_us;
  process.service = writer_.service;
  process.build = writer_.build;
  process.writer_version = "0.1.0";
  process.engine = "thread-timer";
  process.unwinder = "libunwind";
  EncodeProcessInfo(process, &definitions_);
}

uint32_t SegmentBuilder::StringIdOf(const std::string& text) {
  if (text.empty()) return 0;
  const auto [entry, inserted] =
      strings_.try_emplace(text, static_cast<uint32_t>(strings_.size() + 1));
  if (inserted) EncodeStrings(entry->second, std::vector{text}, &definitions_);
  return entry->second;
}

uint32_t SegmentBuilder::ModuleIdOnce() {
  if (!has_module_)
    EncodeModules(1, std::vector{ModuleRecord{kTestModule, kTestBuildId}}, &definitions_);
  has_module_ = true;
  return 1;
}

uint32_t SegmentBuilder::LocationIdOf(const std::string& function) {
  const auto [entry, inserted] =
      locations_.try_emplace(function, static_cast<uint32_t>(locations_.size() + 1));
  if (inserted) {
    const std::vector<uint32_t> modules = {ModuleIdOnce()};
    EncodeLocations(entry->second, modules, std::vector{StartOf(function) + kCallOffset},
                    &definitions_);
  }
  return entry->second;
}

uint32_t SegmentBuilder::NodeIdOf(std::string_view stack) {
  uint32_t node = 0;
  for (const std::string& function : Split(stack, ';')) {
    const uint32_t location = LocationIdOf(function);
    const auto [entry, inserted] =
        nodes_.try_emplace({node, location}, static_cast<uint32_t>(nodes_.size() + 1));
    if (inserted) {
      EncodeNodes(entry->second, std::vector{node}, std::vector{location}, &definitions_);
    }
    node = entry->second;
  }
  return node;
}

std::vector<SampleRunRecord> SegmentBuilder::RunsOf(const TestProfile& profile) {
  std::vector<SampleRunRecord> runs;
  int64_t offset_us = 0;
  for (const std::string& line : Split(profile.stacks, '\n')) {
    const size_t space = line.rfind(' ');
    assert(space != std::string::npos && "a stack line ends with its number of samples");
    const auto count = static_cast<uint32_t>(std::stoul(line.substr(space + 1)));
    runs.push_back({NodeIdOf(std::string_view(line).substr(0, space)), count, offset_us});
    offset_us += static_cast<int64_t>(count * profile.period_ns / 1000);
  }
  return runs;
}

SegmentBuilder& SegmentBuilder::Add(const TestProfile& profile) {
  ProfileRecordFields fields;
  fields.number = next_number_++;
  fields.start_us = profile.start_us;
  fields.wall_ns = profile.wall_ns;
  fields.cpu_ns = profile.cpu_ns;
  fields.kind = profile.kind;
  fields.name_id = StringIdOf(profile.name);
  fields.method_id = profile.kind == RecordKind::kTask ? 0 : StringIdOf(profile.method);
  fields.status = profile.status;
  std::vector<std::pair<uint32_t, uint32_t>> labels;
  for (const auto& [key, value] : profile.labels) {
    const uint32_t key_id = StringIdOf(key);
    labels.emplace_back(key_id, StringIdOf(value));
  }
  fields.labels = labels;
  fields.trace_id = profile.trace_id;
  fields.stratum = profile.stratum;
  fields.fraction = profile.fraction;
  fields.probability = profile.probability;
  fields.period_ns = profile.period_ns;
  const std::vector<SampleRunRecord> runs = RunsOf(profile);
  fields.runs = runs;
  fields.samples_dropped = profile.samples_dropped;
  fields.samples_truncated = profile.samples_truncated;
  fields.samples_incomplete = profile.samples_incomplete;
  std::string record;
  EncodeProfile(fields, &record);
  EndFrame(record);
  return *this;
}

SegmentBuilder& SegmentBuilder::Add(const TestExposure& exposure) {
  ExposureFields fields;
  fields.kind = exposure.kind;
  fields.name_id = StringIdOf(exposure.name);
  fields.method_id = exposure.kind == RecordKind::kTask ? 0 : StringIdOf(exposure.method);
  fields.status_class = exposure.status_class;
  fields.minute = exposure.minute;
  fields.count = exposure.count;
  fields.wall_ns = exposure.wall_ns;
  fields.kept = exposure.kept;
  fields.buckets = exposure.buckets;
  std::string record;
  EncodeExposure(fields, &record);
  EndFrame(record);
  return *this;
}

SegmentBuilder& SegmentBuilder::Add(const TestLosses& losses) {
  const std::vector<std::pair<std::string_view, uint64_t>> views(losses.begin(), losses.end());
  std::string record;
  EncodeLosses(views, &record);
  EndFrame(record);
  return *this;
}

SegmentBuilder& SegmentBuilder::AddRaw(std::string payload) {
  EndFrame(payload);
  return *this;
}

void SegmentBuilder::EndFrame(const std::string& record) {
  payloads_.push_back(previous_definitions_ + definitions_ + record);
  all_definitions_ += definitions_;
  previous_definitions_ = std::move(definitions_);
  definitions_.clear();
}

std::string SegmentBuilder::Header(uint32_t flags) const {
  FileHeader header;
  header.kind = kind_;
  header.compatible_flags = flags;
  header.file_id = file_id_;
  header.created_us = writer_.start_us;
  return EncodeFileHeader(header);
}

std::string SegmentBuilder::Bytes() const {
  std::string bytes = Header(0);
  uint32_t seq = 0;
  for (const std::string& payload : payloads_) {
    AppendFrame(FrameType::kData, Codec::kNone, ++seq, payload, &bytes);
  }
  return bytes;
}

std::string SegmentBuilder::SealedBytes(size_t raw_bytes) const {
  std::string bytes = Header(kFlagSealed);
  uint32_t seq = 0;
  const auto append = [&](const std::string& payload) {
    const Status status = AppendCompressedFrame(FrameType::kData, ++seq, payload, 1, &bytes);
    assert(status.ok());
    static_cast<void>(status);
  };
  append(all_definitions_);
  std::string joined;
  for (const std::string& payload : payloads_) {
    if (!joined.empty() && joined.size() + payload.size() > raw_bytes) {
      append(joined);
      joined.clear();
    }
    joined += payload;
  }
  EncodeFooter({next_number_ - 1, writer_.start_us, writer_.start_us}, &joined);
  append(joined);
  return bytes;
}

std::string SymbolFileBytes(const std::vector<std::string>& functions) {
  std::vector<std::pair<uint64_t, std::string>> sorted;
  for (const std::string& function : functions) sorted.emplace_back(StartOf(function), function);
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  std::string names;
  for (const auto& [start, function] : sorted) {
    ranges.emplace_back(start, kFunctionBytes);
    names += function + '\0';
  }
  std::string payload;
  EncodeSymbols({kTestBuildId, kTestModule, ranges, names}, &payload);
  FileHeader header;
  header.kind = FileKind::kSymbols;
  header.compatible_flags = kFlagSealed;
  std::string bytes = EncodeFileHeader(header);
  AppendFrame(FrameType::kData, Codec::kNone, 1, payload, &bytes);
  return bytes;
}

std::string StackText(const store::StackTable& stacks, NodeId node) {
  std::string text;
  for (; node; node = stacks.parent(node)) {
    const store::Location& location = stacks.location(stacks.location_of(node));
    const std::string frame = FrameText(stacks.module(location.module), location.offset);
    text = text.empty() ? frame : frame + ";" + text;
  }
  return text;
}

}  // namespace hotroute::testing
