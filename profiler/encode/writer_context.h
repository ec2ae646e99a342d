// What all files of one writing process share: where they go, what they say about it, and how much
// they may take.
#pragma once

#include <cstdint>
#include <string>

#include "base/losses.h"
#include "proto/frame.h"
#include "proto/layout.h"
#include "proto/record_encoder.h"

namespace hotroute {

// Keeps the data directory below max_bytes. Owned by the helper thread.
class ByteBudget {
 public:
  // `max_bytes` 0: no limit. Measures the directory.
  ByteBudget(std::string directory, uint64_t max_bytes);

  bool Allows(uint64_t bytes) const { return max_bytes_ == 0 || used_ + bytes <= max_bytes_; }
  void Spend(uint64_t bytes) { used_ += bytes; }
  // Measures again: other processes write too, and somebody may have made room.
  void Measure();

 private:
  const std::string directory_;
  const uint64_t max_bytes_;
  uint64_t used_ = 0;
};

// Constant but for `budget` and `bytes_written`, which belong to the helper thread.
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

  // The ProcessInfo record with which every file begins.
  std::string EncodedProcess() const;
  FileHeader NewHeader(FileKind kind) const;
  WriterFileName FileName(uint32_t number) const { return {host, pid, writer_id, number}; }
};

// From the kernel; also used for ids that must differ between forked processes.
uint64_t RandomBits();

}  // namespace hotroute
