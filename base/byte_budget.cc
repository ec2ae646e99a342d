#include "base/byte_budget.h"

#include "base/file.h"

namespace hotroute {

ByteBudget::ByteBudget(std::string directory, uint64_t max_bytes)
    : directory_(std::move(directory)), max_bytes_(max_bytes) {
  Measure();
}

bool ByteBudget::Allows(uint64_t bytes) {
  if (max_bytes_ == 0) return true;
  if (used_ + bytes > max_bytes_) closed_ = true;
  return !closed_;
}

void ByteBudget::Measure() {
  if (max_bytes_ == 0) return;
  used_ = DirectoryBytes(directory_);
  closed_ = used_ >= max_bytes_;
}

}  // namespace hotroute
