// Segments: whatever the bytes, reading ends, and every record shown can be used.
#include <cstdlib>

#include "store/segment_reader.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hotroute;
  const store::FileReader file("input", FileKind::kSegment,
                               hotroute::testing::FileFromInput(data, size, FileKind::kSegment));
  store::WriterTable writers;
  store::StackTable stacks;
  store::ProfileSet seen;
  const auto check = [&](const store::ProfileRecord& profile) {
    for (const store::SampleRun& run : profile.runs) {
      if (run.node.value() > stacks.node_count()) std::abort();
      for (NodeId node = run.node; node; node = stacks.parent(node)) {
        if (stacks.parent(node) >= node) std::abort();
        if (stacks.location_of(node).value() > stacks.location_count()) std::abort();
      }
    }
  };
  store::ReadSegment(file, "input.seg", {}, {&writers, &stacks, &seen}, check);
  return 0;
}
