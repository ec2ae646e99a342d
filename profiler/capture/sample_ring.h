// The ring through which one thread's signal handler hands stacks to the helper thread.
//
// One writer (the handler, on its thread), one reader (the helper). Fixed memory, taken and touched
// before the first signal; when it is full the sample is dropped and the caller counts it: produced
// = popped + dropped, exactly.
//
//   word 0: request id   word 1: time, ns   word 2: depth | end << 16 | count << 32   then depth
//   program counters
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

namespace hotroute {

// Why a walk ended.
enum class WalkEnd : uint8_t {
  kComplete = 0,   // at the thread's start
  kTruncated = 1,  // at the depth limit
  kStopped = 2,    // somewhere else: no unwind information, or a stack that is not the thread's own
};

struct RawSample {
  uint64_t request_id = 0;
  uint64_t time_ns = 0;  // CLOCK_MONOTONIC
  WalkEnd end = WalkEnd::kComplete;
  uint32_t count = 1;              // timer periods this sample stands for
  std::span<const uintptr_t> pcs;  // innermost first; the first is the interrupted instruction
};

// Push is signal-safe and belongs to one thread; Pop belongs to another.
class SampleRing {
 public:
  // `words` is a power of two, at least 8. Touches all memory.
  explicit SampleRing(size_t words) : words_(new uint64_t[words]()), mask_(words - 1) {}

  // False, and nothing changed, when there is no room.
  bool Push(const RawSample& sample) {
    const uint64_t needed = kHeaderWords + sample.pcs.size();
    const uint64_t head = head_.load(std::memory_order_relaxed);
    // Acquire pairs with Pop's release: the reader is done with the words that are written over.
    if (head + needed - tail_.load(std::memory_order_acquire) > mask_ + 1) return false;
    Word(head) = sample.request_id;
    Word(head + 1) = sample.time_ns;
    Word(head + 2) = sample.pcs.size() | uint64_t{static_cast<uint8_t>(sample.end)} << 16 |
                     uint64_t{sample.count} << 32;
    for (size_t i = 0; i < sample.pcs.size(); ++i) Word(head + kHeaderWords + i) = sample.pcs[i];
    // Release pairs with Pop's acquire: the reader sees whole samples only.
    head_.store(head + needed, std::memory_order_release);
    return true;
  }

  // Copies the oldest sample's program counters to `pcs`, which must hold kMaxDepth, and points
  // `sample` at them. False when empty.
  bool Pop(RawSample* sample, std::span<uintptr_t> pcs) {
    const uint64_t tail = tail_.load(std::memory_order_relaxed);
    if (head_.load(std::memory_order_acquire) == tail) return false;
    const uint64_t packed = Word(tail + 2);
    const size_t depth = packed & 0xffff;
    sample->request_id = Word(tail);
    sample->time_ns = Word(tail + 1);
    sample->end = static_cast<WalkEnd>(packed >> 16 & 0xff);
    sample->count = static_cast<uint32_t>(packed >> 32);
    for (size_t i = 0; i < depth; ++i) pcs[i] = Word(tail + kHeaderWords + i);
    sample->pcs = pcs.first(depth);
    tail_.store(tail + kHeaderWords + depth, std::memory_order_release);
    return true;
  }

 private:
  static constexpr size_t kHeaderWords = 3;

  uint64_t& Word(uint64_t position) { return words_[position & mask_]; }

  const std::unique_ptr<uint64_t[]> words_;
  const uint64_t mask_;
  alignas(64) std::atomic<uint64_t> head_{0};  // written by Push
  alignas(64) std::atomic<uint64_t> tail_{0};  // written by Pop
};

}  // namespace hotroute
