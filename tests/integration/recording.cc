#include "tests/integration/recording.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>

#include "base/clock.h"
#include "proto/layout.h"
#include "store/store.h"
#include "store/symbols.h"

namespace hotroute::testing {
namespace {

std::string FrameText(const store::StackTable& stacks, store::SymbolStore* symbols, NodeId node) {
  const store::Location& location = stacks.location(stacks.location_of(node));
  const store::Module& module = stacks.module(location.module);
  if (const auto symbol = symbols->Lookup(module.build_id, location.offset))
    return std::string(symbol->mangled_name);
  return std::filesystem::path(module.path).filename().string() + "+" +
         std::to_string(location.offset);
}

std::string StackText(const store::StackTable& stacks, store::SymbolStore* symbols, NodeId node) {
  std::string text;
  for (; node; node = stacks.parent(node)) {
    text.insert(0, FrameText(stacks, symbols, node) + (text.empty() ? "" : ";"));
  }
  return text;
}

StoredProfile Copy(const store::ProfileRecord& record, const store::StackTable& stacks,
                   store::SymbolStore* symbols) {
  StoredProfile profile;
  profile.id = ProfileIdText(record.id.writer_id, record.id.number);
  profile.writer_id = record.id.writer_id;
  profile.pid = record.writer->pid;
  profile.name = record.name;
  profile.method = record.method;
  profile.is_task = record.kind == store::Kind::kTask;
  profile.status = record.status;
  profile.wall_ms = static_cast<double>(record.wall_ns) / 1e6;
  profile.cpu_ms = static_cast<double>(record.cpu_ns) / 1e6;
  for (const store::Label& label : record.labels)
    profile.labels[std::string(label.key)] = label.value;
  profile.trace_id = record.trace_id;
  profile.stratum = record.stratum;
  profile.fraction = record.fraction;
  profile.probability = record.probability;
  profile.incomplete = record.samples_incomplete;
  for (const store::SampleRun& run : record.runs) {
    profile.samples += run.count;
    profile.stacks[StackText(stacks, symbols, run.node)] += run.count;
  }
  profile.sampled_cpu_ms = static_cast<double>(profile.samples * record.period_ns) / 1e6;
  return profile;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hotroute-test-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

uint64_t Recording::CountOf(std::string_view name) const {
  uint64_t count = 0;
  for (const StoredProfile& profile : profiles) count += profile.name == name;
  return count;
}

uint64_t Recording::SamplesWith(std::string_view name, std::string_view function) const {
  uint64_t samples = 0;
  for (const StoredProfile& profile : profiles) {
    if (profile.name != name) continue;
    for (const auto& [stack, count] : profile.stacks) {
      if (stack.find(function) != std::string::npos) samples += count;
    }
  }
  return samples;
}

Recording ReadRecording(const std::string& data_dir) {
  Recording recording;
  auto store = store::Store::Open(data_dir);
  if (!store.ok()) {
    ADD_FAILURE() << store.status().message();
    return recording;
  }
  store::SymbolStore symbols{Layout(data_dir)};
  store::ReadReport report;
  const Status profiles = (*store)->ReadProfiles(
      {},
      [&](const store::ProfileRecord& record) {
        recording.profiles.push_back(Copy(record, (*store)->stacks(), &symbols));
      },
      &report);
  const Status exposures = (*store)->ReadExposures(
      {},
      [&](const store::ExposureRecord& record) {
        recording.requests[std::string(record.name)] += record.count;
      },
      &report);
  EXPECT_TRUE(profiles.ok()) << profiles.message();
  EXPECT_TRUE(exposures.ok()) << exposures.message();
  recording.losses = (*store)->Losses();
  recording.damage = report.damage;
  return recording;
}

Options TestOptions(const std::string& data_dir) {
  Options options;
  options.data_dir = data_dir;
  options.fraction = 1;
  options.sample_hz = 1000;  // lowered to the kernel's tick rate
  return options;
}

void StartOrFail(const Options& options) {
  std::string error;
  ASSERT_TRUE(Start(options, &error)) << error;
}

void BurnNanos(uint64_t cpu_ns) {
  const uint64_t end = ThreadCpuNanos() + cpu_ns;
  volatile double sink = 0;
  while (ThreadCpuNanos() < end) {
    for (int i = 0; i < 200; ++i) sink = sink + std::sqrt(static_cast<double>(i));
  }
}

void BurnInAlpha(uint64_t cpu_ns) {
  BurnNanos(cpu_ns);
  asm volatile("" ::: "memory");  // not a tail call: the frame must stay
}

void BurnInBeta(uint64_t cpu_ns) {
  BurnNanos(cpu_ns);
  asm volatile("" ::: "memory");
}

}  // namespace hotroute::testing
