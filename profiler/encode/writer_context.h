// What all files of one writing process share: where they go, what they say about it, and how much
// they may take.
#pragma once

#include <cstdint>
#include <string>

#include "base/byte_budget.h"
#include "base/clock.h"
#include "base/losses.h"
#include "proto/frame.h"
#include "proto/layout.h"
#include "proto/record_encoder.h"

namespace hotroute {

// Constant but for `budget`, which belongs to the helper thread.
struct WriterContext {
  Layout layout;
  Uuid store_id{};
  std::string host;
  std::string service;
  std::string build;
  std::string boot_id;
  std::string engine;
  std::string unwinder;
  uint64_t pid = 0;
  uint32_t writer_id = 0;
  uint64_t period_ns = 0;
  int64_t start_us = 0;
  ByteBudget budget;
  LossCounters* losses = nullptr;
  int64_t (*now_us)() = RealtimeMicros;  // Unix time; tests bring their own

  // The ProcessInfo record with which every file begins.
  std::string EncodedProcess() const;
  FileHeader NewHeader(FileKind kind) const;
  WriterFileName FileName(uint32_t number) const { return {host, pid, writer_id, number}; }
};

// From the kernel; also used for ids that must differ between forked processes.
uint64_t RandomBits();

}  // namespace hotroute
