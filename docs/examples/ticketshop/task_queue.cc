#include "ticketshop/task_queue.h"

#include <pthread.h>

#include <exception>
#include <utility>

namespace ticketshop {
namespace {

constexpr size_t kMaxQueued = 10'000;

const char* StatusName(hotroute::TaskStatus status) {
  switch (status) {
    case hotroute::TaskStatus::kSuccess:
      return "success";
    case hotroute::TaskStatus::kError:
      return "error";
    case hotroute::TaskStatus::kExpectedError:
      return "expected-error";
  }
  return "unknown";
}

hotroute::TaskStatus RunCatching(const QueuedTask& task) {
  try {
    return task.run();
  } catch (const std::exception&) {
    return hotroute::TaskStatus::kError;
  }
}

}  // namespace

TaskQueue::TaskQueue(int workers) {
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { Work(); });
}

TaskQueue::~TaskQueue() { Stop(); }

void TaskQueue::Add(QueuedTask task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kMaxQueued) {
      tally_.Count(task.task_name, "dropped");
      return;
    }
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void TaskQueue::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void TaskQueue::Work() {
  pthread_setname_np(pthread_self(), "task");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const QueuedTask task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Run(task);
    lock.lock();
  }
}

void TaskQueue::Run(const QueuedTask& task) {
  hotroute::Task profile(task.task_name);
  if (!task.shop.empty()) profile.SetLabel("shop", task.shop);
  const hotroute::TaskStatus status = RunCatching(task);
  profile.SetStatus(status);
  tally_.Count(task.task_name, StatusName(status));
}

}  // namespace ticketshop
