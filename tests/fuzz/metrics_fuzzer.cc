// Metrics files: whatever the bytes, reading ends, and every cell shown fits the histogram.
#include <cstdlib>

#include "proto/histogram.h"
#include "store/metrics_reader.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hotroute;
  const store::FileReader file("input", FileKind::kMetrics,
                               hotroute::testing::FileFromInput(data, size, FileKind::kMetrics));
  store::WriterTable writers;
  const auto check = [](const store::ExposureRecord& cell) {
    for (const auto& [bucket, count] : cell.buckets) {
      if (bucket >= kBuckets) std::abort();
    }
  };
  store::ReadMetrics(file, "input.met", {}, &writers, check);
  return 0;
}
