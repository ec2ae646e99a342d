#include "viewer/formats/pprof.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "viewer/formats/gperftools.h"
#include "viewer/formats/gzip.h"
#include "viewer/formats/rounding.h"

namespace hotroute::viewer {
namespace {

// Field numbers of profile.proto.
enum ProfileField : uint32_t {
  kSampleType = 1,
  kSample = 2,
  kMapping = 3,
  kLocation = 4,
  kFunction = 5,
  kStringTable = 6,
  kTimeNanos = 9,
  kDurationNanos = 10,
  kPeriodType = 11,
  kPeriod = 12,
  kDefaultSampleType = 14,
};
enum ValueTypeField : uint32_t { kType = 1, kUnit = 2 };
enum SampleField : uint32_t { kLocationIds = 1, kValues = 2, kLabel = 3 };
enum LabelField : uint32_t { kLabelKey = 1, kLabelString = 2 };
enum MappingField : uint32_t {
  kMappingId = 1,
  kMemoryStart = 2,
  kMemoryLimit = 3,
  kFilename = 5,
  kBuildId = 6,
  kHasFunctions = 7,
};
enum LocationField : uint32_t {
  kLocationId = 1,
  kLocationMapping = 2,
  kAddress = 3,
  kLine = 4,
};
enum LineField : uint32_t { kLineFunction = 1, kLineNumber = 2 };
enum FunctionField : uint32_t {
  kFunctionId = 1,
  kFunctionName = 2,
  kSystemName = 3,
  kFunctionFile = 4,
  kStartLine = 5,
};

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kFirstMappingStart = 0x400000;
constexpr int64_t kNsPerUs = 1000;

std::string HexBytes(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[c & 0xF];
  }
  return out;
}

// Builds one message. Owned by the call of EncodePprofProto.
class Encoder {
 public:
  explicit Encoder(const StackProfile& profile) : profile_(profile), writer_(bytes_) {}

  std::string Encode() && {
    String("");  // the format wants it first
    WriteTypes();
    WriteSamples();
    WriteMappings();
    for (size_t i = 0; i < profile_.frames.size(); ++i) WriteLocation(i + 1, profile_.frames[i]);
    if (no_stack_) {
      StackFrame frame;
      frame.function = kNoStackName;
      WriteLocation(no_stack_id(), frame);
    }
    for (const std::string& text : strings_) writer_.add_string(kStringTable, text);
    return std::move(bytes_);
  }

 private:
  struct Mapping {
    uint64_t id = 0;
    uint64_t start = 0;
    uint64_t bytes = 0;
  };
  using ModuleKey = std::pair<std::string, std::string>;  // path, build-id

  int64_t String(const std::string& text) {
    std::string valid = ToValidUtf8(text);
    const auto [it, added] = string_ids_.try_emplace(valid, static_cast<int64_t>(strings_.size()));
    if (added) strings_.push_back(std::move(valid));
    return it->second;
  }

  void WriteValueType(ProfileField field, const char* type, const char* unit) {
    const int64_t type_id = String(type);
    const int64_t unit_id = String(unit);
    protozero::pbf_writer message(writer_, field);
    message.add_int64(kType, type_id);
    message.add_int64(kUnit, unit_id);
  }

  void WriteTypes() {
    WriteValueType(kSampleType, "samples", "count");
    WriteValueType(kSampleType, "cpu", "nanoseconds");
    WriteValueType(kPeriodType, "cpu", "nanoseconds");
    writer_.add_int64(kPeriod, static_cast<int64_t>(profile_.period_ns));
    writer_.add_int64(kTimeNanos, profile_.start_us * kNsPerUs);
    writer_.add_int64(kDurationNanos, (profile_.end_us - profile_.start_us) * kNsPerUs);
    writer_.add_int64(kDefaultSampleType, String("cpu"));
  }

  void WriteSamples() {
    std::vector<double> cpu_ns;
    for (const StackSample& stack : profile_.stacks) cpu_ns.push_back(stack.cpu_ns);
    const std::vector<uint64_t> rounded = RoundToTotal(cpu_ns);
    for (size_t i = 0; i < profile_.stacks.size(); ++i) WriteSample(profile_.stacks[i], rounded[i]);
  }

  void WriteSample(const StackSample& stack, uint64_t cpu_ns) {
    protozero::pbf_writer message(writer_, kSample);
    std::vector<uint64_t> locations(stack.frames.rbegin(), stack.frames.rend());
    for (uint64_t& id : locations) ++id;  // ids start at 1
    // Readers leave a sample without locations out of their tables.
    if (locations.empty()) {
      locations.push_back(no_stack_id());
      no_stack_ = true;
    }
    message.add_packed_uint64(kLocationIds, locations.begin(), locations.end());
    const int64_t values[] = {static_cast<int64_t>(stack.samples), static_cast<int64_t>(cpu_ns)};
    message.add_packed_int64(kValues, std::begin(values), std::end(values));
    for (const StackLabel& label : stack.labels) {
      protozero::pbf_writer label_message(message, kLabel);
      label_message.add_int64(kLabelKey, String(label.key));
      label_message.add_int64(kLabelString, String(label.value));
    }
  }

  // Of the location that stands for stacks without frames.
  uint64_t no_stack_id() const { return profile_.frames.size() + 1; }

  static ModuleKey KeyOf(const StackFrame& frame) { return {frame.module_path, frame.build_id}; }

  // Lays the modules out one behind the other, in the order the frames name them.
  void WriteMappings() {
    std::vector<ModuleKey> order;
    for (const StackFrame& frame : profile_.frames) {
      if (frame.module_path.empty()) continue;
      Mapping& mapping = mappings_[KeyOf(frame)];
      if (mapping.id == 0) {
        order.push_back(KeyOf(frame));
        mapping.id = order.size();
      }
      mapping.bytes = std::max(mapping.bytes, frame.offset + 1);
    }
    uint64_t start = kFirstMappingStart;
    for (const ModuleKey& key : order) {
      Mapping& mapping = mappings_[key];
      mapping.start = start;
      start += (mapping.bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
      const int64_t filename = String(key.first);
      const int64_t build_id = String(HexBytes(key.second));
      protozero::pbf_writer message(writer_, kMapping);
      message.add_uint64(kMappingId, mapping.id);
      message.add_uint64(kMemoryStart, mapping.start);
      message.add_uint64(kMemoryLimit, start);
      message.add_int64(kFilename, filename);
      message.add_int64(kBuildId, build_id);
      message.add_bool(kHasFunctions, true);
    }
  }

  void WriteLocation(uint64_t id, const StackFrame& frame) {
    const uint64_t function = WriteFunction(frame);
    protozero::pbf_writer message(writer_, kLocation);
    message.add_uint64(kLocationId, id);
    if (const auto it = mappings_.find(KeyOf(frame)); it != mappings_.end()) {
      message.add_uint64(kLocationMapping, it->second.id);
      message.add_uint64(kAddress, it->second.start + frame.offset);
    } else {
      message.add_uint64(kAddress, frame.offset);
    }
    protozero::pbf_writer line(message, kLine);
    line.add_uint64(kLineFunction, function);
    line.add_int64(kLineNumber, frame.line);
  }

  // The id of the frame's function, written when it is new.
  uint64_t WriteFunction(const StackFrame& frame) {
    const int64_t name = String(frame.function.empty() ? "[unknown]" : frame.function);
    const int64_t system_name = frame.system_name.empty() ? name : String(frame.system_name);
    const int64_t file = String(frame.file);
    const auto [it, added] =
        function_ids_.try_emplace({name, system_name, file, frame.line}, function_ids_.size() + 1);
    if (added) {
      protozero::pbf_writer message(writer_, kFunction);
      message.add_uint64(kFunctionId, it->second);
      message.add_int64(kFunctionName, name);
      message.add_int64(kSystemName, system_name);
      message.add_int64(kFunctionFile, file);
      message.add_int64(kStartLine, frame.line);
    }
    return it->second;
  }

  const StackProfile& profile_;
  bool no_stack_ = false;  // a stack without frames was written
  std::string bytes_;
  protozero::pbf_writer writer_;
  std::vector<std::string> strings_;
  std::unordered_map<std::string, int64_t> string_ids_;
  std::map<std::tuple<int64_t, int64_t, int64_t, uint32_t>, uint64_t> function_ids_;
  std::map<ModuleKey, Mapping> mappings_;
};

}  // namespace

std::string EncodePprofProto(const StackProfile& profile) { return Encoder(profile).Encode(); }

Result<std::string> EncodePprofFor(std::string_view path, const StackProfile& profile) {
  if (path.ends_with(".gz")) return Gzip(EncodePprofProto(profile));
  if (path.ends_with(".pb")) return EncodePprofProto(profile);
  return EncodeGperftools(profile);
}

}  // namespace hotroute::viewer
