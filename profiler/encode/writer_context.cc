#include "profiler/encode/writer_context.h"

#include <sys/random.h>

#include <cstring>

#include "base/clock.h"
#include "hotroute/hotroute.h"

namespace hotroute {

std::string WriterContext::EncodedProcess() const {
  ProcessInfoRecord record;
  record.host = host;
  record.pid = pid;
  record.writer_id = writer_id;
  record.start_us = start_us;
  record.service = service;
  record.build = build;
  record.boot_id = boot_id;
  record.writer_version = HOTROUTE_VERSION_STRING;
  record.engine = engine;
  record.unwinder = unwinder;
  record.period_ns = period_ns;
  std::string payload;
  EncodeProcessInfo(record, &payload);
  return payload;
}

FileHeader WriterContext::NewHeader(FileKind kind) const {
  FileHeader header;
  header.kind = kind;
  header.store_id = store_id;
  header.created_us = now_us();
  for (size_t i = 0; i < header.file_id.size(); i += sizeof(uint64_t)) {
    const uint64_t bits = RandomBits();
    std::memcpy(header.file_id.data() + i, &bits, sizeof bits);
  }
  return header;
}

uint64_t RandomBits() {
  uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != sizeof bits)
    bits = MonotonicNanos() * 0x9e3779b97f4a7c15u;
  return bits;
}

}  // namespace hotroute
