// The encoder inside the profiled process against the generated reader, field by field.
//
// kEveryField is the expectation in protobuf's text format; EncodeEverything says the same through
// the encoder. A field that is new in records.proto turns EveryFieldOfTheFormatIsCompared red until
// it stands in both.
#include "proto/record_encoder.h"

#include <google/protobuf/text_format.h>

#include <cmath>
#include <limits>
#include <set>

#include "gtest/gtest.h"
#include "hotroute/v1/records.pb.h"

namespace hotroute {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fields that the library does not write yet.
const std::set<std::string> kReserved = {"hotroute.v1.ProcessInfo.data_source"};

constexpr char kEveryField[] = R"(
  processes {
    host: "web-1" pid: 20524 writer_id: 0x7e21c0de start_us: 1795312800000001
    service: "shop" build: "b7" boot_id: "boot" writer_version: "0.1.0"
    engine: "thread-timer" unwinder: "libunwind" period_ns: 10000000
  }
  strings { first_id: 3 values: "event.index" values: "" values: "a\000b" }
  modules {
    first_id: 4
    modules { path: "/usr/bin/shop" build_id: "\001\000\002" }
    modules { path: "/lib/x.so" }
    modules { build_id: "\377" }
  }
  locations { first_id: 5 module_id: 4 module_id: 300 offset: 4660 offset: 18446744073709551615 }
  nodes {
    first_id: 6 parent_distance: 6 parent_distance: 1 parent_distance: 3
    location_id: 7 location_id: 8 location_id: 4294967295
  }
  profiles {
    number: 1742 start_us: 1795312800000002 wall_ns: 6000001 cpu_ns: 5000001
    kind: KIND_TASK name_id: 21 method_id: 22 status: 503
    label_key_id: 23 label_key_id: 24 label_value_id: 25 label_value_id: 26
    trace_id: "0123456789abcdef" stratum: STRATUM_FORCED fraction: 0.1 probability: 0.25
    cpu {
      period_ns: 10000001 node_id: 31 node_id: 32 node_id: 33 count: 41 count: 42 count: 43
      delta_us: 1000 delta_us: -400 delta_us: 5000000000 truncated: 51 incomplete: 52
    }
    samples_dropped: 53
  }
  losses { name: "ring_full" name: "disk_full" count: 61 count: 18446744073709551615 }
  footers { profiles: 71 first_start_us: 1795312800000003 last_start_us: 1795312800000004 }
  exposures {
    kind: KIND_TASK name_id: 81 method_id: 82 status_class: 5 minute: 29921880 count: 83
    wall_ns: 84 bucket: 85 bucket: 256 bucket_count: 86 bucket_count: 87 kept: 88
  }
  symbols {
    build_id: "\252\273" path: "/usr/lib/y.so" start_delta: 4096 start_delta: 0 start_delta: 91
    size: 92 size: 93 size: 94 names: "_Za\000_Zb\000_Zc\000"
  }
)";

void EncodeProcess(std::string* payload) {
  ProcessInfoRecord process;
  process.host = "web-1";
  process.pid = 20524;
  process.writer_id = 0x7e21c0deu;
  process.start_us = 1795312800000001;
  process.service = "shop";
  process.build = "b7";
  process.boot_id = "boot";
  process.writer_version = "0.1.0";
  process.engine = "thread-timer";
  process.unwinder = "libunwind";
  process.period_ns = 10000000;
  EncodeProcessInfo(process, payload);
}

void EncodeDefinitions(std::string* payload) {
  const std::vector<std::string> strings = {"event.index", "", std::string("a\0b", 3)};
  EncodeStrings(3, strings, payload);
  const std::vector<ModuleRecord> modules = {
      {"/usr/bin/shop", std::string_view("\1\0\2", 3)}, {"/lib/x.so", ""}, {"", "\xff"}};
  EncodeModules(4, modules, payload);
  EncodeLocations(5, std::vector<uint32_t>{4, 300}, std::vector<uint64_t>{0x1234, UINT64_MAX},
                  payload);
  EncodeNodes(6, std::vector<uint32_t>{0, 6, 5}, std::vector<uint32_t>{7, 8, UINT32_MAX}, payload);
}

void EncodeOneProfile(std::string* payload) {
  const std::vector<std::pair<uint32_t, uint32_t>> labels = {{23, 25}, {24, 26}};
  const std::vector<SampleRunRecord> runs = {
      {31, 41, 1000}, {32, 42, 600}, {33, 43, 5'000'000'600}};
  ProfileRecordFields profile;
  profile.number = 1742;
  profile.start_us = 1795312800000002;
  profile.wall_ns = 6000001;
  profile.cpu_ns = 5000001;
  profile.kind = RecordKind::kTask;
  profile.name_id = 21;
  profile.method_id = 22;
  profile.status = 503;
  profile.labels = labels;
  profile.trace_id = "0123456789abcdef";
  profile.stratum = RecordStratum::kForced;
  profile.fraction = 0.1;
  profile.probability = 0.25;
  profile.period_ns = 10000001;
  profile.runs = runs;
  profile.samples_truncated = 51;
  profile.samples_incomplete = 52;
  profile.samples_dropped = 53;
  EncodeProfile(profile, payload);
}

void EncodeCounters(std::string* payload) {
  const std::vector<std::pair<std::string_view, uint64_t>> losses = {{"ring_full", 61},
                                                                     {"disk_full", UINT64_MAX}};
  EncodeLosses(losses, payload);
  EncodeFooter({71, 1795312800000003, 1795312800000004}, payload);
  const std::vector<std::pair<uint32_t, uint64_t>> buckets = {{85, 86}, {256, 87}};
  ExposureFields exposure;
  exposure.kind = RecordKind::kTask;
  exposure.name_id = 81;
  exposure.method_id = 82;
  exposure.status_class = 5;
  exposure.minute = 29921880;
  exposure.count = 83;
  exposure.wall_ns = 84;
  exposure.buckets = buckets;
  exposure.kept = 88;
  EncodeExposure(exposure, payload);
}

void EncodeSymbolTable(std::string* payload) {
  const std::vector<std::pair<uint64_t, uint64_t>> functions = {{4096, 92}, {4096, 93}, {4187, 94}};
  SymbolTableFields symbols;
  symbols.build_id = "\xaa\xbb";
  symbols.path = "/usr/lib/y.so";
  symbols.functions = functions;
  symbols.names = std::string_view("_Za\0_Zb\0_Zc\0", 12);
  EncodeSymbols(symbols, payload);
}

std::string EncodeEverything() {
  std::string payload;
  EncodeProcess(&payload);
  EncodeDefinitions(&payload);
  EncodeOneProfile(&payload);
  EncodeCounters(&payload);
  EncodeSymbolTable(&payload);
  return payload;
}

v1::Payload Parsed(const std::string& bytes) {
  v1::Payload payload;
  EXPECT_TRUE(payload.ParseFromString(bytes));
  EXPECT_EQ(payload.GetReflection()->GetUnknownFields(payload).field_count(), 0);
  return payload;
}

v1::Payload Expected(const char* text) {
  v1::Payload payload;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &payload));
  return payload;
}

// Names of all fields of `message`'s type and the types below it that are set somewhere / at all.
void CollectFields(const Message& message, std::set<std::string>* set, std::set<std::string>* all) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    all->insert(field->full_name());
    const int size = field->is_repeated() ? reflection->FieldSize(message, field)
                                          : reflection->HasField(message, field);
    if (size > 0) set->insert(field->full_name());
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) CollectFields(reflection->GetMessage(message, field), set, all);
    for (int at = 0; field->is_repeated() && at < size; ++at) {
      CollectFields(reflection->GetRepeatedMessage(message, field, at), set, all);
    }
  }
}

TEST(RecordEncoderTest, GeneratedReaderSeesEveryFieldAsItWasWritten) {
  EXPECT_EQ(Parsed(EncodeEverything()).DebugString(), Expected(kEveryField).DebugString());
}

// Turns red when records.proto has a field that kEveryField has not.
TEST(RecordEncoderTest, EveryFieldOfTheFormatIsCompared) {
  std::set<std::string> set;
  std::set<std::string> all;
  CollectFields(Parsed(EncodeEverything()), &set, &all);
  for (const std::string& name : all) {
    EXPECT_NE(set.contains(name), kReserved.contains(name))
        << name << " is in records.proto: encode it, and add it to this test";
  }
  for (const std::string& name : kReserved) EXPECT_TRUE(all.contains(name)) << name;
}

TEST(RecordEncoderTest, EnumerationsHaveTheNumbersOfTheFormat) {
  EXPECT_EQ(static_cast<int>(RecordKind::kRequest), v1::KIND_REQUEST);
  EXPECT_EQ(static_cast<int>(RecordKind::kTask), v1::KIND_TASK);
  EXPECT_EQ(static_cast<int>(RecordStratum::kRandom), v1::STRATUM_RANDOM);
  EXPECT_EQ(static_cast<int>(RecordStratum::kSlow), v1::STRATUM_SLOW);
  EXPECT_EQ(static_cast<int>(RecordStratum::kError), v1::STRATUM_ERROR);
  EXPECT_EQ(static_cast<int>(RecordStratum::kForced), v1::STRATUM_FORCED);
  EXPECT_EQ(v1::Kind_descriptor()->value_count(), 2);
  EXPECT_EQ(v1::Stratum_descriptor()->value_count(), 4);
}

TEST(RecordEncoderTest, DefaultsComeBackAsDefaults) {
  std::string payload;
  EncodeProcessInfo({}, &payload);
  EncodeProfile({.number = 1}, &payload);
  EncodeExposure({.name_id = 1}, &payload);
  EXPECT_EQ(Parsed(payload).DebugString(),
            Expected("processes {} profiles { number: 1 } exposures { name_id: 1 }").DebugString());
}

// A place in the list is an id, so a module without path and build-id must keep its place.
TEST(RecordEncoderTest, AModuleWithoutPathAndBuildIdKeepsItsPlace) {
  const std::vector<ModuleRecord> modules = {{"/a", ""}, {"", ""}, {"/c", ""}};
  std::string payload;
  EncodeModules(1, modules, &payload);
  const v1::Payload parsed = Parsed(payload);
  ASSERT_EQ(parsed.modules(0).modules_size(), 3);
  EXPECT_EQ(parsed.modules(0).modules(1).path(), "");
  EXPECT_EQ(parsed.modules(0).modules(2).path(), "/c");
}

// The footer says that the file was closed, also when nothing is in it.
TEST(RecordEncoderTest, AFooterOfNothingStandsThere) {
  std::string payload;
  EncodeFooter({}, &payload);
  EXPECT_EQ(Parsed(payload).footers_size(), 1);
}

TEST(RecordEncoderTest, StackFlagsAreKeptWithoutSamples) {
  std::string payload;
  EncodeProfile({.number = 1, .samples_truncated = 2}, &payload);
  EncodeProfile({.number = 2, .samples_incomplete = 3}, &payload);
  const v1::Payload parsed = Parsed(payload);
  EXPECT_EQ(parsed.profiles(0).cpu().truncated(), 2u);
  EXPECT_EQ(parsed.profiles(1).cpu().incomplete(), 3u);
}

TEST(RecordEncoderTest, ExtremesOfEveryWidthSurvive) {
  const std::vector<SampleRunRecord> runs = {{UINT32_MAX, UINT32_MAX, INT64_MIN / 2},
                                             {1, 1, INT64_MAX / 2}};
  std::string payload;
  EncodeProfile({.number = UINT64_MAX,
                 .start_us = INT64_MIN,
                 .wall_ns = UINT64_MAX,
                 .cpu_ns = UINT64_MAX,
                 .status = UINT32_MAX,
                 .fraction = std::numeric_limits<double>::denorm_min(),
                 .probability = std::numeric_limits<double>::quiet_NaN(),
                 .runs = runs},
                &payload);
  const v1::Payload parsed = Parsed(payload);
  const v1::Profile& profile = parsed.profiles(0);
  EXPECT_EQ(profile.number(), UINT64_MAX);
  EXPECT_EQ(profile.start_us(), INT64_MIN);
  EXPECT_EQ(profile.wall_ns(), UINT64_MAX);
  EXPECT_EQ(profile.cpu_ns(), UINT64_MAX);
  EXPECT_EQ(profile.status(), UINT32_MAX);
  EXPECT_EQ(profile.fraction(), std::numeric_limits<double>::denorm_min());
  EXPECT_TRUE(std::isnan(profile.probability()));
  EXPECT_EQ(profile.cpu().node_id(0), UINT32_MAX);
  EXPECT_EQ(profile.cpu().delta_us(0), INT64_MIN / 2);
  EXPECT_EQ(profile.cpu().delta_us(0) + profile.cpu().delta_us(1), INT64_MAX / 2);
}

// What sealing does: the payloads of many frames become one.
TEST(RecordEncoderTest, ConcatenatedPayloadsAreTheSequenceOfTheirRecords) {
  std::string joined;
  v1::Payload expected;
  for (uint64_t number = 1; number <= 50; ++number) {
    std::string payload;
    const std::vector<std::string> names = {"name" + std::to_string(number)};
    EncodeStrings(static_cast<uint32_t>(number), names, &payload);
    EncodeProfile({.number = number, .name_id = static_cast<uint32_t>(number)}, &payload);
    joined += payload;
    expected.MergeFrom(Parsed(payload));
  }
  EXPECT_EQ(Parsed(joined).DebugString(), expected.DebugString());
  EXPECT_EQ(expected.profiles_size(), 50);
}

TEST(RecordEncoderTest, AppendsAndNeverTouchesWhatIsThere) {
  const std::string before = "what stood before";
  std::string payload = before;
  payload += EncodeEverything();
  std::string appended = before;
  EncodeProcess(&appended);
  EncodeDefinitions(&appended);
  EncodeOneProfile(&appended);
  EncodeCounters(&appended);
  EncodeSymbolTable(&appended);
  EXPECT_EQ(appended, payload);
}

}  // namespace
}  // namespace hotroute
