// The STORE file and the names of files and profiles: what parses is written back alike.
#include <cstdlib>
#include <string_view>

#include "proto/layout.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hotroute;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto identity = ParseStoreFile(text, "STORE");
  if (identity.ok()) {
    const auto again = ParseStoreFile(EncodeStoreFile(*identity), "STORE");
    if (!again.ok() || again->id != identity->id) std::abort();
  }
  if (const auto name = ParseWriterFileName(text, kSegmentSuffix)) {
    EncodeWriterFileName(*name, kSegmentSuffix);
  }
  if (const auto id = ParseProfileId(text)) {
    if (ParseProfileId(ProfileIdText(id->writer_id, id->number)) != id) std::abort();
  }
  return 0;
}
