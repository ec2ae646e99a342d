// The calls that every request makes: begin, label, status, end. Everything else in the library
// exists so that these are cheap.
#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "base/utf8.h"
#include "hotroute/hotroute.h"
#include "profiler/session/current_thread.h"
#include "profiler/session/session.h"

namespace hotroute {
namespace {

// What hotroute_request holds. All zero: not begun.
struct PrivateRequest {
  uint32_t generation;  // of the session in which it began
  RecordKind kind;
  uint8_t unused;
  uint16_t status;
  uint64_t start_ns;
  ThreadState* thread;     // on which it began
  ExposureCell* cell;      // of that thread
  ActiveRequest* capture;  // null unless it is captured
};
static_assert(sizeof(PrivateRequest) <= sizeof(hotroute_request));
static_assert(alignof(PrivateRequest) <= alignof(hotroute_request));

PrivateRequest& Private(hotroute_request* request) {
  return *reinterpret_cast<PrivateRequest*>(request->state);
}

// Nothing may leave the library: the worst an out-of-memory does is to leave a request unprofiled.
template <typename Work>
void Guarded(Work work) noexcept {
  try {
    work();
  } catch (...) {
  }
}

std::string_view Cut(const char* text, size_t size, size_t limit) {
  if (text == nullptr) return {};
  if (size <= limit) return {text, size};
  Session::losses().Add(Loss::kNameTruncated);
  return CutUtf8({text, size}, limit);
}

bool Failed(const PrivateRequest& request) {
  return request.kind == RecordKind::kTask ? request.status == HOTROUTE_TASK_ERROR
                                           : request.status >= 500;
}

uint32_t StatusClass(const PrivateRequest& request) {
  return request.kind == RecordKind::kTask ? request.status : request.status / 100u;
}

Threshold ThresholdFor(const Route& route) {
  const Threshold own = route.threshold.load(std::memory_order_relaxed);
  return own == Route::kUseDefault ? Session::live().threshold.load(std::memory_order_relaxed)
                                   : own;
}

uint64_t ThreadCpuNanosOf(clockid_t clock) {
  timespec time;
  if (clock_gettime(clock, &time) != 0) return 0;  // the thread has ended
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

void BeginCapture(PrivateRequest* request, bool drawn, Threshold threshold) {
  ThreadState* thread = request->thread;
  ThreadCapture* capture = thread->capture.load(std::memory_order_relaxed);
  if (thread->armed_generation != request->generation) {
    capture = Session::Get().PrepareCapture(thread, request->generation);
  }
  ActiveRequest* active = Session::Get().pool().Take();
  if (active == nullptr) {
    Session::losses().Add(Loss::kCaptureLimit);
    return;
  }
  active->route = request->cell->route();
  active->start_ns = request->start_ns;
  active->drawn = drawn;
  active->fraction = FractionOf(threshold);
  active->samples_before = capture->samples.load(std::memory_order_relaxed);
  thread->running.Push(active->id(), &Session::Get().pool());
  request->capture = active;
  active->start_cpu_ns = ThreadCpuNanos();
  capture->request_id.store(active->id(), std::memory_order_relaxed);
}

// Takes `active` from the thread it began on, which the caller is.
void Detach(ThreadState* thread, ActiveRequest* active) {
  thread->running.Remove(active->id());
  ActiveRequestPool& pool = Session::Get().pool();
  ThreadCapture* capture = thread->capture.load(std::memory_order_relaxed);
  uint64_t id = 0;
  do {
    id = thread->running.Innermost(&pool);
    // Sequentially consistent, as in DetachFromOutside: either the other thread finds the id here,
    // or this one finds that the request has ended.
    capture->request_id.store(id);
  } while (id != 0 && !pool.IsRunning(id));
}

// As Detach, from another thread: the owner's list is not ours to change, so the owner is told, and
// the samples stop.
void DetachFromOutside(ThreadState* thread, ActiveRequest* active) {
  uint64_t id = active->id();
  active->detached.store(true);
  ThreadCapture* capture = thread->capture.load(std::memory_order_acquire);
  capture->request_id.compare_exchange_strong(id, 0);
}

// Ends the capture without storing it, unless samples of it are still in the ring.
void DropCapture(PrivateRequest* request) {
  ActiveRequest* active = std::exchange(request->capture, nullptr);
  const bool here = request->thread == t_thread;
  if (here) {
    Detach(request->thread, active);
  } else {
    DetachFromOutside(request->thread, active);
  }
  ThreadCapture* capture = request->thread->capture.load(std::memory_order_acquire);
  if (here && capture->samples.load(std::memory_order_relaxed) == active->samples_before) {
    Session::Get().pool().Return(active);
    return;
  }
  active->decision = {};
  if (Session::Get().pool().Finish(active)) Session::Get().WakeHelper();
}

// True when the request is kept.
bool FinishCapture(PrivateRequest* request, uint64_t end_cpu_ns, uint64_t wall_ns) {
  ActiveRequest* active = request->capture;
  active->wall_ns = wall_ns;
  // The two clocks are read one after the other, and the kernel rounds each: CPU time is never more
  // than wall time.
  active->cpu_ns = std::min(end_cpu_ns - std::min(end_cpu_ns, active->start_cpu_ns), wall_ns);
  active->status = request->status;
  active->decision =
      Decide(Session::live().rules(), active->drawn, active->fraction, wall_ns, Failed(*request));
  if (!active->decision.keep) {
    DropCapture(request);
    return false;
  }
  request->capture = nullptr;
  if (request->thread == t_thread) {
    Detach(request->thread, active);
  } else {
    DetachFromOutside(request->thread, active);
  }
  if (Session::Get().pool().Finish(active)) Session::Get().WakeHelper();
  return true;
}

void End(PrivateRequest* request) {
  uint64_t end_cpu_ns = 0;
  if (request->capture != nullptr) {
    end_cpu_ns = request->thread == t_thread ? ThreadCpuNanos()
                                             : ThreadCpuNanosOf(request->thread->cpu_clock);
  }
  const uint64_t wall_ns = MonotonicNanos() - request->start_ns;
  const uint32_t generation = Session::live().generation.load(std::memory_order_relaxed);
  if (generation != request->generation) {
    // Stopped meanwhile. After a fork the capture is the parent's and out of reach.
    if (request->capture != nullptr && Session::IsOfThisProcess(request->generation))
      DropCapture(request);
    return;
  }
  const bool kept = request->capture != nullptr && FinishCapture(request, end_cpu_ns, wall_ns);
  ExposureCell* cell = request->cell;
  if (request->thread != t_thread) {
    ThreadState* here = CurrentThread();
    if (here == nullptr) return;
    const Route& route = *cell->route();
    cell = here->exposure.Find(route.kind, route.name, route.method);
  }
  cell->Add(StatusClass(*request), wall_ns, kept);
}

void Begin(PrivateRequest* request, RecordKind kind, std::string_view name,
           std::string_view method) {
  const uint32_t generation = Session::live().generation.load(std::memory_order_relaxed);
  if (generation == 0) return;
  ThreadState* thread = CurrentThread();
  if (thread == nullptr) return;
  // A forked child has started its own session while the thread was registered.
  request->generation = Session::live().generation.load(std::memory_order_relaxed);
  if (request->generation == 0) return;  // stopped while the thread was registered
  request->kind = kind;
  request->thread = thread;
  request->cell = thread->exposure.Find(kind, name, method);
  const Route& route = *request->cell->route();
  const Threshold threshold = ThresholdFor(route);
  const bool drawn = thread->random.Draw(threshold);
  request->start_ns = MonotonicNanos();
  if (!drawn && !Session::live().rules().decides_at_end()) return;
  if (route.excluded.load(std::memory_order_relaxed)) return;
  BeginCapture(request, drawn, threshold);
}

void SetTraceId(PrivateRequest* request, std::string_view bytes) {
  if (request->generation != Session::live().generation.load(std::memory_order_relaxed)) return;
  const Route& route = *request->cell->route();
  if (bytes.empty() || route.excluded.load(std::memory_order_relaxed)) return;
  bytes = bytes.substr(0, kMaxTraceIdBytes);
  const Threshold threshold = ThresholdFor(route);
  const bool drawn = DrawByTraceId(bytes, threshold);
  if (request->capture != nullptr) {
    if (!drawn && !Session::live().rules().decides_at_end()) return DropCapture(request);
  } else if (drawn && request->thread == t_thread) {
    BeginCapture(request, drawn, threshold);
  }
  if (ActiveRequest* active = request->capture) {
    active->drawn = drawn;
    active->fraction = FractionOf(threshold);
    std::copy(bytes.begin(), bytes.end(), active->trace_id.begin());
    active->trace_id_size = static_cast<uint8_t>(bytes.size());
  }
}

}  // namespace
}  // namespace hotroute

using hotroute::Guarded;
using hotroute::Private;
using hotroute::RecordKind;

extern "C" {

void hotroute_request_begin(hotroute_request* request, const char* url_name, size_t url_name_size,
                            const char* method, size_t method_size) noexcept {
  hotroute_request_end(request);
  Private(request) = {};
  Guarded([&] {
    hotroute::Begin(&Private(request), RecordKind::kRequest,
                    hotroute::Cut(url_name, url_name_size, hotroute::kMaxNameBytes),
                    hotroute::Cut(method, method_size, hotroute::kMaxMethodBytes));
  });
}

void hotroute_task_begin(hotroute_request* task, const char* task_name,
                         size_t task_name_size) noexcept {
  hotroute_request_end(task);
  Private(task) = {};
  Guarded([&] {
    hotroute::Begin(&Private(task), RecordKind::kTask,
                    hotroute::Cut(task_name, task_name_size, hotroute::kMaxNameBytes), {});
  });
}

void hotroute_request_set_status(hotroute_request* request, int status) noexcept {
  Private(request).status =
      status >= 100 && status <= 599 ? static_cast<uint16_t>(status) : uint16_t{0};
}

void hotroute_task_set_status(hotroute_request* task, hotroute_task_status status) noexcept {
  const bool known = status >= HOTROUTE_TASK_SUCCESS && status <= HOTROUTE_TASK_EXPECTED_ERROR;
  Private(task).status = known ? static_cast<uint16_t>(status) : uint16_t{0};
}

void hotroute_request_set_label(hotroute_request* request, const char* key, size_t key_size,
                                const char* value, size_t value_size) noexcept {
  if (Private(request).capture == nullptr || key == nullptr || key_size == 0) return;
  Guarded([&] {
    Private(request).capture->labels.Set(
        {key, key_size}, {value != nullptr ? value : "", value != nullptr ? value_size : 0},
        &hotroute::Session::losses());
  });
}

void hotroute_request_set_trace_id(hotroute_request* request, const void* bytes,
                                   size_t size) noexcept {
  if (Private(request).cell == nullptr || bytes == nullptr) return;
  Guarded([&] {
    hotroute::SetTraceId(&Private(request), {static_cast<const char*>(bytes), size});
  });
}

void hotroute_request_end(hotroute_request* request) noexcept {
  if (Private(request).cell == nullptr) return;
  Guarded([&] { hotroute::End(&Private(request)); });
  Private(request) = {};
}

}  // extern "C"
