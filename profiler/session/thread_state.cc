#include "profiler/session/thread_state.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "profiler/capture/signal_handler.h"
#include "profiler/encode/writer_context.h"

namespace hotroute {

void RunningRequests::Push(uint64_t id, ActiveRequestPool* pool) {
  if (size_ == kMaxNesting) {
    const auto ended = [pool](uint64_t other) { return !pool->IsRunning(other); };
    size_ = static_cast<size_t>(std::remove_if(ids_.begin(), ids_.end(), ended) - ids_.begin());
  }
  if (size_ < kMaxNesting) ids_[size_++] = id;
}

void RunningRequests::Remove(uint64_t id) {
  const auto end = ids_.begin() + static_cast<ptrdiff_t>(size_);
  size_ = static_cast<size_t>(std::remove(ids_.begin(), end, id) - ids_.begin());
}

uint64_t RunningRequests::Innermost(ActiveRequestPool* pool) {
  while (size_ > 0 && !pool->IsRunning(ids_[size_ - 1])) --size_;
  return size_ > 0 ? ids_[size_ - 1] : 0;
}

ThreadState* ThreadRegistry::Acquire() {
  MutexLock lock(mutex_);
  ThreadState* state = nullptr;
  if (idle_ != nullptr) {
    state = std::exchange(idle_, idle_->next_idle);
  } else {
    state = new ThreadState(routes_, RandomBits());
    state->next = first_.load(std::memory_order_relaxed);
    first_.store(state, std::memory_order_release);
  }
  pthread_getcpuclockid(pthread_self(), &state->cpu_clock);
  return state;
}

void ThreadRegistry::Release(ThreadState* state) {
  MutexLock lock(mutex_);
  ThreadCapture* capture = state->capture.load(std::memory_order_relaxed);
  if (capture != nullptr) {
    if (engine_ != nullptr) engine_->DisarmThread(capture);
    capture->request_id.store(0, std::memory_order_relaxed);
  }
  state->running.Clear();
  state->armed_generation = 0;
  state->next_idle = std::exchange(idle_, state);
}

ThreadCapture* ThreadRegistry::PrepareCapture(ThreadState* state, uint32_t generation,
                                              const StackWalker& walker, LossCounters* losses) {
  ThreadCapture* capture = state->capture.load(std::memory_order_relaxed);
  if (capture == nullptr) {
    capture = new ThreadCapture();
    state->capture.store(capture, std::memory_order_release);
  }
  capture->root_pc = walker.prime_thread();
  SetThreadCapture(capture);
  MutexLock lock(mutex_);
  if (engine_ != nullptr && engine_generation_ == generation && !engine_->ArmThread(capture)) {
    losses->Add(Loss::kTimerUnavailable);
  }
  state->armed_generation = generation;
  return capture;
}

void ThreadRegistry::SetEngine(SamplingEngine* engine, uint32_t generation) {
  MutexLock lock(mutex_);
  if (engine_ != nullptr) {
    ForEach([this](ThreadState* state) HOTROUTE_ATTRIBUTE(no_thread_safety_analysis) {
      ThreadCapture* capture = state->capture.load(std::memory_order_acquire);
      if (capture != nullptr) engine_->DisarmThread(capture);
    });
  }
  engine_ = engine;
  engine_generation_ = generation;
}

void ThreadRegistry::ForEach(const std::function<void(ThreadState*)>& visit) const {
  for (ThreadState* state = first_.load(std::memory_order_acquire); state != nullptr;
       state = state->next)
    visit(state);
}

}  // namespace hotroute
