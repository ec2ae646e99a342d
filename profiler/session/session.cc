#include "profiler/session/session.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "base/clock.h"
#include "base/file.h"
#include "profiler/capture/signal_handler.h"
#include "profiler/capture/signal_install.h"
#include "profiler/encode/fork_closed_fd.h"
#include "profiler/session/current_thread.h"

namespace hotroute {

constinit LiveState Session::live_;
constinit LossCounters Session::losses_;
constinit std::atomic<Session*> Session::instance_{nullptr};
constinit std::atomic<uint32_t> Session::last_generation_{0};

namespace {

const StackWalker& kWalker = kLibunwindWalker;

std::string NowText() {
  const time_t now = time(nullptr);
  tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  return std::string(text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc));
}

std::string BootId() {
  Result<std::string> text = ReadFile("/proc/sys/kernel/random/boot_id");
  if (!text.ok()) return {};
  text->erase(std::remove(text->begin(), text->end(), '\n'), text->end());
  return *text;
}

// Makes `layout` a data directory of ours, or finds that it is one.
Result<StoreIdentity> EnsureStore(const Layout& layout) {
  const std::string path = layout.StoreFile();
  if (!PathExists(path)) {
    HOTROUTE_RETURN_IF_ERROR(MakeDirectories(layout.root()));
    HOTROUTE_ASSIGN_OR_RETURN(const std::vector<std::string> entries, ListDirectory(layout.root()));
    const bool foreign = std::any_of(entries.begin(), entries.end(), [](const std::string& name) {
      return !name.starts_with("STORE");
    });
    if (foreign && !PathExists(path)) {
      return InvalidArgument(
          "data_dir " + layout.root() +
          " is not empty and not a hotroute data directory; give one of its own");
    }
    StoreIdentity identity;
    for (size_t i = 0; i < identity.id.size(); i += sizeof(uint64_t)) {
      const uint64_t bits = RandomBits();
      std::memcpy(identity.id.data() + i, &bits, sizeof bits);
    }
    identity.created = NowText();
    // Another process may be first; then its identity counts.
    HOTROUTE_RETURN_IF_ERROR(CreateFileAtomically(path, EncodeStoreFile(identity)).status());
  }
  HOTROUTE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseStoreFile(text, path);
}

}  // namespace

Session& Session::Get() {
  Session* session = instance_.load(std::memory_order_acquire);
  if (session != nullptr) return *session;
  auto* made = new Session();
  if (instance_.compare_exchange_strong(session, made, std::memory_order_acq_rel)) return *made;
  delete made;
  return *session;
}

Session::Session() : routes_(&losses_), threads_(&routes_) {}

Status Session::Start(const hotroute_options& options) {
  HOTROUTE_ASSIGN_OR_RETURN(Settings settings, ReadSettings(options));
  MutexLock lock(mutex_);
  if (live_.generation.load(std::memory_order_relaxed) != 0) {
    return InvalidArgument("already started; call hotroute_stop first");
  }
  HOTROUTE_RETURN_IF_ERROR(StartLocked(settings));
  static const bool registered_once = [] {
    pthread_atfork(nullptr, nullptr, [] { ResetInChild(); });
    std::atexit([] { Get().Stop(); });
    return true;
  }();
  (void)registered_once;
  return {};
}

Status Session::StartLocked(const Settings& settings) {
  HOTROUTE_ASSIGN_OR_RETURN(const int signal_number, InstallSignalHandler(kWalker, &losses_));
  auto engine = MakeThreadTimerEngine(signal_number, settings.sample_hz, RandomBits());
  HOTROUTE_ASSIGN_OR_RETURN(WriterContext context, OpenDataDirectory(settings, *engine));
  losses_.Clear();
  auto collector = std::make_unique<Collector>(std::move(context), &pool_, &threads_, &helper_);
  HOTROUTE_RETURN_IF_ERROR(collector->Open());
  HOTROUTE_RETURN_IF_ERROR(collector->Start());
  routes_.SetPolicy(settings.routes);
  live_.threshold.store(ThresholdOf(settings.fraction), std::memory_order_relaxed);
  live_.slow_threshold_ns.store(settings.keep.slow_threshold_ns, std::memory_order_relaxed);
  live_.keep_errors.store(settings.keep.keep_errors, std::memory_order_relaxed);
  settings_ = settings;
  const uint32_t generation = last_generation_.fetch_add(1, std::memory_order_relaxed) + 1;
  threads_.SetEngine(engine.get(), generation);
  engine_ = std::move(engine);
  collector_ = std::move(collector);
  live_.generation.store(generation, std::memory_order_release);
  return {};
}

Result<WriterContext> Session::OpenDataDirectory(const Settings& settings,
                                                 const SamplingEngine& engine) {
  const Layout layout(settings.data_dir);
  HOTROUTE_ASSIGN_OR_RETURN(const StoreIdentity identity, EnsureStore(layout));
  WriterContext context{.layout = layout,
                        .store_id = identity.id,
                        .host = settings.host,
                        .service = settings.service,
                        .build = settings.build,
                        .boot_id = BootId(),
                        .engine = std::string(engine.name()),
                        .unwinder = std::string(kWalker.name),
                        .pid = static_cast<uint64_t>(getpid()),
                        .writer_id = static_cast<uint32_t>(RandomBits()),
                        .period_ns = engine.period_ns(),
                        .start_us = RealtimeMicros(),
                        .budget = ByteBudget(settings.data_dir, settings.max_bytes),
                        .losses = &losses_};
  return context;
}

void Session::Stop() {
  MutexLock lock(mutex_);
  restart_ = false;
  live_.generation.store(0, std::memory_order_relaxed);
  if (engine_ == nullptr) return;
  threads_.SetEngine(nullptr, 0);
  engine_.reset();
  collector_->Stop();
  collector_.reset();
}

Status Session::SetFraction(double fraction) {
  HOTROUTE_RETURN_IF_ERROR(CheckFraction("fraction", fraction));
  MutexLock lock(mutex_);
  live_.threshold.store(ThresholdOf(fraction), std::memory_order_relaxed);
  settings_.fraction = fraction;
  return {};
}

void Session::GetStats(hotroute_stats* stats) {
  hotroute_stats now{};
  now.struct_size = std::min(stats->struct_size, sizeof now);
  now.running = live_.generation.load(std::memory_order_relaxed) != 0;
  now.fraction = FractionOf(live_.threshold.load(std::memory_order_relaxed));
  if (const uint64_t period_ns = helper_.period_ns.load(std::memory_order_relaxed);
      period_ns != 0) {
    now.sample_hz = 1e9 / static_cast<double>(period_ns);
  }
  now.profiles_written = helper_.profiles_written.load(std::memory_order_relaxed);
  now.bytes_written = helper_.bytes_written.load(std::memory_order_relaxed);
  now.samples = helper_.samples.load(std::memory_order_relaxed);
  now.losses = losses_.Sum();
  std::memcpy(stats, &now, now.struct_size);
}

ThreadState* Session::AcquireThread() {
  {
    MutexLock lock(mutex_);
    if (restart_) {
      restart_ = false;
      const Settings settings = settings_;
      if (!StartLocked(settings).ok()) live_.generation.store(0, std::memory_order_relaxed);
    }
    if (live_.generation.load(std::memory_order_relaxed) == 0) return nullptr;
  }
  return threads_.Acquire();
}

ThreadCapture* Session::PrepareCapture(ThreadState* state, uint32_t generation) {
  return threads_.PrepareCapture(state, generation, kWalker, &losses_);
}

void Session::ResetInChild() {
  ForkClosedFd::CloseAllInChild();
  SetThreadCapture(nullptr);
  DropCurrentThread();
  Session* parents = instance_.load(std::memory_order_relaxed);
  if (parents == nullptr) return;
  // The parent's objects are left as they are: their locks may be held by threads that do not exist
  // here.
  losses_.Clear();
  // Requests that were running belong to the parent.
  last_generation_.fetch_add(1u << kStartBits, std::memory_order_relaxed);
  auto* session = new (std::nothrow) Session();
  instance_.store(session, std::memory_order_release);
  if (session == nullptr || live_.generation.load(std::memory_order_relaxed) == 0) {
    live_.generation.store(0, std::memory_order_relaxed);
    return;
  }
  session->InheritFrom(*parents);
}

void Session::InheritFrom(const Session& parents) {
  settings_ = parents.settings_;
  settings_.fraction = FractionOf(live_.threshold.load(std::memory_order_relaxed));
  restart_ = true;
  live_.generation.store(last_generation_.load(std::memory_order_relaxed),
                         std::memory_order_relaxed);
}

}  // namespace hotroute
