// Background tasks: a bounded queue and the worker threads that run it, each task profiled by
// hotroute.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hotroute/hotroute.hpp"
#include "ticketshop/tally.h"

namespace ticketshop {

struct QueuedTask {
  std::string task_name;
  std::string shop;  // empty: the task is for all shops
  std::function<hotroute::TaskStatus()> run;
};

// Thread-safe.
class TaskQueue {
 public:
  explicit TaskQueue(int workers);
  // Runs what is queued, then joins the workers.
  ~TaskQueue();
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;

  // Drops the task, and counts it as `dropped`, when the queue is full.
  void Add(QueuedTask task);

  // Runs what is queued, then stops; tasks added later stay undone. A second call does nothing.
  void Stop();

  // By task_name and status.
  const Tally& tally() const { return tally_; }

 private:
  void Work();
  void Run(const QueuedTask& task);

  Tally tally_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<QueuedTask> queue_;  // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
  std::vector<std::thread> workers_;
};

}  // namespace ticketshop
