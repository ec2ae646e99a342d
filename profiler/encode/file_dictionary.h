// What the ids in one file mean: strings, modules, locations and nodes, dense from 1 in the order
// in which they were first needed. Encodes what is new for the next frame, and everything for a
// sealed file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "profiler/encode/stack_interner.h"

namespace hotroute {

// Owned by the helper thread. `stacks` must outlive it and not be rebuilt while it is in use.
class FileDictionary {
 public:
  explicit FileDictionary(const StackInterner* stacks) : stacks_(stacks) {}

  // The file's id of a string (0 for the empty one) or of a node of `stacks` (0 for the root).
  uint32_t String(std::string_view value);
  uint32_t Node(uint32_t node);

  // Appends the definitions made since the last call.
  void EncodeNew(std::string* payload);

  // `first`, then all definitions in payloads of about 64 KiB.
  Status EncodeAll(std::string_view first,
                   const std::function<Status(std::string_view)>& emit) const;

  // Memory behind the strings; a file is rotated before it grows without bound.
  size_t string_bytes() const { return string_bytes_; }

 private:
  struct Counts {
    size_t strings = 0;
    size_t modules = 0;
    size_t locations = 0;
    size_t nodes = 0;
  };

  uint32_t Module(uint32_t module);
  uint32_t Location(uint32_t location);
  Counts Total() const {
    return {strings_.size(), modules_.size(), locations_.size(), nodes_.size()};
  }
  void EncodeStringRange(size_t from, size_t to, std::string* payload) const;
  void EncodeModuleRange(size_t from, size_t to, std::string* payload) const;
  void EncodeLocationRange(size_t from, size_t to, std::string* payload) const;
  void EncodeNodeRange(size_t from, size_t to, std::string* payload) const;

  const StackInterner* const stacks_;
  // In file order; the i-th has id i + 1.
  std::vector<std::string> strings_;
  std::vector<uint32_t> modules_;
  std::vector<uint32_t> locations_;
  std::vector<uint32_t> nodes_;
  // From the process's ids to the file's, 0 where not yet defined.
  std::unordered_map<std::string, uint32_t> string_ids_;
  std::vector<uint32_t> module_ids_;
  std::vector<uint32_t> location_ids_;
  std::vector<uint32_t> node_ids_;
  Counts encoded_;
  size_t string_bytes_ = 0;
};

}  // namespace hotroute
