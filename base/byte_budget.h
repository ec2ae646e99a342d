// Keeps a directory below a number of bytes, for a process that is not the only one to write there.
#pragma once

#include <cstdint>
#include <string>

namespace hotroute {

// Thread-compatible. Once it has refused it refuses everything until the next Measure(), so that
// whoever asks can skip work early and what is stored stays without holes of chance.
class ByteBudget {
 public:
  // `max_bytes` 0: no limit. Measures the directory.
  ByteBudget(std::string directory, uint64_t max_bytes);

  // May `bytes` more be written? The answer no closes the budget.
  bool Allows(uint64_t bytes);
  void Spend(uint64_t bytes) { used_ += bytes; }
  bool is_closed() const { return closed_; }

  // Measures again: other processes write too, and somebody may have made room.
  void Measure();

 private:
  const std::string directory_;
  const uint64_t max_bytes_;
  uint64_t used_ = 0;
  bool closed_ = false;
};

}  // namespace hotroute
