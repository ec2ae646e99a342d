#include "profiler/session/collector.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <system_error>
#include <utility>

#include "base/clock.h"

namespace hotroute {
namespace {

constexpr int64_t kBusyWaitMillis = 20;  // between two rounds while requests are captured
constexpr int64_t kIdleWaitMillis =
    200;  // while there are none; a profile is still visible within a second
constexpr int64_t kTickMicros = 1'000'000;
constexpr int64_t kMeasureMicros = 60'000'000;

// Runs kept in time order per request; of a longer one the rest is added to equal stacks.
constexpr size_t kMaxRuns = 4096;

void AddRun(std::vector<SampleRunRecord>* runs, uint32_t node, uint32_t count, int64_t offset_us,
            LossCounters* losses) {
  if (!runs->empty() && runs->back().node_id == node) {
    runs->back().count += count;
    return;
  }
  if (runs->size() < kMaxRuns) {
    runs->push_back({node, count, offset_us});
    return;
  }
  losses->Add(Loss::kTimelineFolded, count);
  for (SampleRunRecord& run : *runs) {
    if (run.node_id == node) {
      run.count += count;
      return;
    }
  }
  runs->push_back({node, count, offset_us});
}

}  // namespace

void HelperState::Wake() {
  wake.store(1, std::memory_order_release);
  syscall(SYS_futex, &wake, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

Collector::Collector(WriterContext context, ActiveRequestPool* pool, ThreadRegistry* threads,
                     HelperState* state)
    : context_(std::move(context)),
      pool_(pool),
      threads_(threads),
      state_(state),
      stacks_(context_.losses),
      symbols_(context_.layout, context_.store_id, &context_.budget),
      segments_(&context_, &stacks_),
      metrics_(&context_, &stacks_),
      pcs_(kMaxDepth) {
  state_->period_ns.store(context_.period_ns, std::memory_order_relaxed);
  state_->profiles_written.store(0, std::memory_order_relaxed);
  state_->bytes_written.store(0, std::memory_order_relaxed);
  state_->samples.store(0, std::memory_order_relaxed);
}

template <typename Work>
void Collector::Attempt(Work work) {
  try {
    work();
  } catch (...) {
    context_.losses->Add(Loss::kOutOfMemory);
  }
}

Collector::~Collector() { Stop(); }

Status Collector::Open() {
  HOTROUTE_RETURN_IF_ERROR(MakeDirectories(context_.layout.SymbolsDirectory()));
  HOTROUTE_RETURN_IF_ERROR(segments_.Open());
  if (Status status = metrics_.Open(); !status.ok()) {
    segments_.Close();
    return status;
  }
  return {};
}

Status Collector::Start() {
  // The host's signals are not ours to handle, and SIGPROF must not interrupt our writes.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Status status;
  try {
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "hotroute");
  } catch (const std::system_error& error) {
    status = Unavailable(std::string("cannot start the helper thread: ") + error.what());
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!status.ok()) {
    metrics_.Close(RealtimeMicros());
    segments_.Close();
  }
  return status;
}

void Collector::Stop() {
  if (!thread_.joinable()) return;
  stop_.store(true, std::memory_order_release);
  state_->Wake();
  thread_.join();
}

void Collector::Wait() {
  const int64_t millis = pool_->in_use() > 0 ? kBusyWaitMillis : kIdleWaitMillis;
  const timespec timeout = {0, millis * 1'000'000};
  syscall(SYS_futex, &state_->wake, FUTEX_WAIT_PRIVATE, 0, &timeout, nullptr, 0);
  state_->wake.store(0, std::memory_order_relaxed);
}

void Collector::Run() {
  while (!stop_.load(std::memory_order_acquire)) {
    Wait();
    Drain();
    Attempt([this] { Tick(RealtimeMicros(), false); });
  }
  while (Drain()) {
  }
  context_.losses->Add(Loss::kRequestAbandoned, pool_->in_use());
  Attempt([this] { Tick(RealtimeMicros(), true); });
}

bool Collector::Drain() {
  // Finished requests first: their samples were in the rings before they were finished.
  ActiveRequest* finished = pool_->TakeFinished();
  bool did_something = finished != nullptr;
  realtime_offset_ns_ = RealtimeMicros() * 1000 - static_cast<int64_t>(MonotonicNanos());
  bool refreshed = false;
  threads_->ForEach([&](ThreadState* state) {
    ThreadCapture* capture = state->capture.load(std::memory_order_acquire);
    if (capture == nullptr) return;
    RawSample sample;
    while (capture->ring.Pop(&sample, pcs_)) {
      did_something = true;
      Attempt([&] {
        if (!std::exchange(refreshed, true)) modules_.Refresh();
        Fold(sample);
      });
    }
  });
  while (finished != nullptr) {
    ActiveRequest* next = finished->next;
    Store(finished);
    finished = next;
  }
  for (const LoadedModule* module : new_modules_) {
    // Without symbols a frame is shown as module+offset: no reason to trouble the host.
    Attempt([&] { (void)symbols_.Write(*module).ok(); });
  }
  new_modules_.clear();
  return did_something;
}

void Collector::Fold(const RawSample& sample) {
  ActiveRequest* request = pool_->Find(sample.request_id);
  if (request == nullptr) {
    context_.losses->Add(Loss::kLateSample, sample.count);
    return;
  }
  const uint32_t node = stacks_.Intern(sample.pcs, modules_, &new_modules_);
  const auto offset_ns =
      static_cast<int64_t>(sample.time_ns) - static_cast<int64_t>(request->start_ns);
  AddRun(&request->runs, node, sample.count, offset_ns / 1000, context_.losses);
  if (sample.end == WalkEnd::kTruncated) {
    request->samples_truncated += sample.count;
    context_.losses->Add(Loss::kStackTruncated, sample.count);
  } else if (sample.end == WalkEnd::kStopped) {
    request->samples_incomplete += sample.count;
    context_.losses->Add(Loss::kStackIncomplete, sample.count);
  }
  state_->samples.fetch_add(sample.count, std::memory_order_relaxed);
}

void Collector::Store(ActiveRequest* request) {
  if (request->decision.keep) {
    const int64_t start_us = (static_cast<int64_t>(request->start_ns) + realtime_offset_ns_) / 1000;
    Attempt([&] { segments_.Append(*request, start_us); });
    state_->profiles_written.store(segments_.profiles_written(), std::memory_order_relaxed);
  }
  pool_->Return(request);
}

void Collector::Tick(int64_t now_us, bool last) {
  // A request counts in the minute in which it ends, so the counters are also looked at when a
  // minute begins.
  const bool new_minute = now_us / 60'000'000 != ticked_us_ / 60'000'000;
  if (!last && !new_minute && now_us - ticked_us_ < kTickMicros && now_us >= ticked_us_) return;
  const int64_t counted_us = new_minute && ticked_us_ != 0 ? ticked_us_ : now_us;
  threads_->ForEach([&](ThreadState* state) {
    state->exposure.Collect([&](const ExposureDelta& delta) { metrics_.Add(delta, counted_us); });
  });
  ticked_us_ = now_us;
  if (now_us - measured_us_ > kMeasureMicros) {
    context_.budget.Measure();
    measured_us_ = now_us;
  }
  if (last) {
    metrics_.Close(now_us);
    segments_.Close();
    // Requests that still run outlive this collector, and their samples mean its stacks.
    pool_->ForEachRuns([](std::vector<SampleRunRecord>* runs) { runs->clear(); });
  } else {
    metrics_.Flush(now_us);
    segments_.Tick(now_us);
    if (segments_.WantsRotation(now_us) || stacks_.is_full()) Rotate();
  }
  state_->bytes_written.store(segments_.bytes_written() + metrics_.bytes_written(),
                              std::memory_order_relaxed);
}

void Collector::Rotate() {
  segments_.Close();
  if (!stacks_.is_half_full()) return;
  std::vector<std::vector<SampleRunRecord>*> live;
  pool_->ForEachRuns([&](std::vector<SampleRunRecord>* runs) { live.push_back(runs); });
  stacks_.Rebuild(live);
}

}  // namespace hotroute
