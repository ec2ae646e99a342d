// Bytes on disk per profile, against the same requests as one gzipped pprof file each.
//
// A workload with realistic stacks is profiled for real; then every stored profile is read back and
// written as pprof by the encoder behind `hotroute export`, with the names from the same symbols.
#include <filesystem>

#include "hotroute/hotroute.hpp"
#include "store/store.h"
#include "store/symbols.h"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/scoped_profiling.h"
#include "tests/bench/contestants/workload.h"
#include "viewer/aggregate/symbolizer.h"
#include "viewer/cli/stack_export.h"
#include "viewer/formats/pprof.h"

namespace hotroute::bench {
namespace {

constexpr int kFullRequests = 150;
constexpr int kQuickRequests = 5;
// 250 Hz of 12 ms give the samples of a 30 ms request at the default 100 Hz, in less time.
constexpr double kSampleHz = 250;
constexpr uint64_t kRequestCpuNanos = 12'000'000;

uint64_t SizeOf(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

void Record(int requests) {
  Workload workload;
  for (int i = 0; i < requests; ++i) {
    Request request(i % 3 == 0 ? "order.create" : "event.index", i % 3 == 0 ? "POST" : "GET");
    request.SetLabel("shop", "shop " + std::to_string(i % 40));
    workload.Serve(kRequestCpuNanos);
    request.SetStatus(200);
  }
}

struct PprofTotals {
  double profiles = 0;
  double samples = 0;
  double frames = 0;
  double bytes = 0;
};

// One pprof file per profile, as if each were exported alone.
PprofTotals EncodeEach(const std::string& data_dir) {
  auto store = store::Store::Open(data_dir);
  if (!store.ok()) Fail(store.status().message());
  store::SymbolStore symbols{Layout(data_dir)};
  viewer::Symbolizer symbolizer((*store)->stacks(),
                                [&](const store::Module& module, uint64_t offset) {
                                  return symbols.Lookup(module.build_id, offset);
                                });
  PprofTotals totals;
  const auto add = [&](const store::ProfileRecord& record) {
    viewer::StackExport one;
    one.Add(record, 1);
    const viewer::StackProfile profile = one.Finish(&symbolizer);
    const auto file = viewer::EncodePprofFor("profile.pb.gz", profile);
    if (!file.ok()) Fail(file.status().message());
    totals.profiles += 1;
    totals.bytes += static_cast<double>(file->size());
    for (const viewer::StackSample& stack : profile.stacks) {
      totals.samples += static_cast<double>(stack.samples);
      totals.frames += static_cast<double>(stack.samples * stack.frames.size());
    }
  };
  store::ReadReport report;
  if (const Status status = (*store)->ReadProfiles({}, add, &report); !status.ok())
    Fail(status.message());
  return totals;
}

void MeasureBytes(int requests) {
  ScopedProfiling profiling(1, kSampleHz);
  const Layout layout(profiling.data_dir());
  Record(requests);
  WaitUntilWritten(static_cast<uint64_t>(requests));
  const auto raw = static_cast<double>(SizeOf(layout.SegmentsDirectory()));
  profiling.StopNow();
  const auto sealed = static_cast<double>(SizeOf(layout.SegmentsDirectory()));
  const PprofTotals pprof = EncodeEach(profiling.data_dir());
  Require(pprof.profiles == requests, "profiles read and requests served differ in number");
  PrintFigure("bytes.samples", pprof.samples / pprof.profiles);
  PrintFigure("bytes.depth", pprof.frames / pprof.samples);
  PrintFigure("bytes.raw", raw / pprof.profiles);
  PrintFigure("bytes.sealed", sealed / pprof.profiles);
  PrintFigure("bytes.pprof", pprof.bytes / pprof.profiles);
  PrintFigure("bytes.symbols", static_cast<double>(SizeOf(layout.SymbolsDirectory())) / 1024);
}

}  // namespace
}  // namespace hotroute::bench

int main(int argc, char** argv) {
  using namespace hotroute::bench;
  MeasureBytes(IsQuick(argc, argv) ? kQuickRequests : kFullRequests);
  return 0;
}
