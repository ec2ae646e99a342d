#include "profiler/request/active_request.h"

#include "base/utf8.h"

namespace hotroute {
namespace {

std::string_view Cut(std::string_view text, size_t limit, LossCounters* losses) {
  if (text.size() <= limit) return text;
  losses->Add(Loss::kLabelTruncated);
  return CutUtf8(text, limit);
}

}  // namespace

void LabelSet::Set(std::string_view key, std::string_view value, LossCounters* losses) {
  key = Cut(key, kMaxLabelKeyBytes, losses);
  value = Cut(value, kMaxLabelValueBytes, losses);
  size_t i = 0;
  while (i < size_ && labels_[i].key != key) ++i;
  if (i == kMaxLabels) {
    losses->Add(Loss::kLabelLimit);
    return;
  }
  if (i == labels_.size()) labels_.emplace_back();
  labels_[i].key.assign(key);
  labels_[i].value.assign(value);
  if (i == size_) ++size_;
}

ActiveRequestPool::~ActiveRequestPool() {
  for (auto& place : all_) delete place.load(std::memory_order_relaxed);
}

ActiveRequest* ActiveRequestPool::Take() {
  MutexLock lock(mutex_);
  ActiveRequest* request = nullptr;
  if (free_ != nullptr) {
    request = free_;
    free_ = request->next;
  } else if (created_ < kMaxActiveRequests) {
    request = new ActiveRequest();
    request->index = created_;
    all_[created_++].store(request, std::memory_order_release);
  } else {
    return nullptr;
  }
  in_use_.fetch_add(1, std::memory_order_relaxed);
  return request;
}

void ActiveRequestPool::Return(ActiveRequest* request) {
  request->generation.fetch_add(1, std::memory_order_relaxed);
  request->labels.Clear();
  request->trace_id_size = 0;
  request->status = 0;
  request->detached.store(false);
  request->runs.clear();
  request->samples_truncated = 0;
  request->samples_incomplete = 0;
  in_use_.fetch_sub(1, std::memory_order_relaxed);
  MutexLock lock(mutex_);
  request->next = free_;
  free_ = request;
}

bool ActiveRequestPool::Finish(ActiveRequest* request) {
  ActiveRequest* head = finished_.load(std::memory_order_relaxed);
  do {
    request->next = head;
    // Release pairs with TakeFinished's acquire: the helper sees the request, and the samples taken
    // before this.
  } while (!finished_.compare_exchange_weak(head, request, std::memory_order_release,
                                            std::memory_order_relaxed));
  return waiting_.fetch_add(1, std::memory_order_relaxed) + 1 == kWakeAt;
}

ActiveRequest* ActiveRequestPool::TakeFinished() {
  waiting_.store(0, std::memory_order_relaxed);
  ActiveRequest* newest = finished_.exchange(nullptr, std::memory_order_acquire);
  ActiveRequest* oldest = nullptr;
  while (newest != nullptr) {
    ActiveRequest* next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}

void ActiveRequestPool::ForEachRuns(
    const std::function<void(std::vector<SampleRunRecord>*)>& visit) {
  for (auto& place : all_) {
    ActiveRequest* request = place.load(std::memory_order_acquire);
    if (request == nullptr) return;
    if (!request->runs.empty()) visit(&request->runs);
  }
}

ActiveRequest* ActiveRequestPool::Find(uint64_t id) {
  const uint32_t place = static_cast<uint32_t>(id);
  if (place == 0 || place > kMaxActiveRequests) return nullptr;
  ActiveRequest* request = all_[place - 1].load(std::memory_order_acquire);
  return request != nullptr && request->id() == id ? request : nullptr;
}

}  // namespace hotroute
