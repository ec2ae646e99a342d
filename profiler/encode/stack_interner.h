// Stacks to small numbers, for the life of the process: addresses become (module, offset), stacks
// become tree nodes.
//
// In: program counters as the handler saw them. Out: node ids; the tables behind them are what a
// file's dictionary copies from. Bounded: when the table is full a stack is folded into its nearest
// known caller and counted, until the next Rebuild().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/losses.h"
#include "profiler/symbols/module_map.h"
#include "proto/record_encoder.h"

namespace hotroute {

inline constexpr size_t kMaxStackNodes = 256 * 1024;

// Owned by the helper thread.
class StackInterner {
 public:
  struct Module {
    std::string path;
    std::string build_id;
  };
  struct Location {
    uint32_t module = 0;
    uint64_t offset = 0;
  };
  struct Node {
    uint32_t parent = 0;
    uint32_t location = 0;
  };

  explicit StackInterner(LossCounters* losses, size_t max_nodes = kMaxStackNodes);

  // The node of a stack given innermost first. `modules` names the addresses; what it does not know
  // becomes module "[unknown]" with the address as offset. Modules met for the first time are
  // appended to *new_modules.
  uint32_t Intern(std::span<const uintptr_t> pcs, const ModuleMap& modules,
                  std::vector<const LoadedModule*>* new_modules);

  // Ids count from 1; entry 0 is unused, node 0 is the root.
  const std::vector<Module>& modules() const { return modules_; }
  const std::vector<Location>& locations() const { return locations_; }
  const std::vector<Node>& nodes() const { return nodes_; }

  bool is_full() const { return nodes_.size() > max_nodes_; }
  bool is_half_full() const { return nodes_.size() * 2 > max_nodes_; }

  // Forgets every node and location but those of `runs`, whose node ids are rewritten. All files'
  // dictionaries must begin anew.
  void Rebuild(std::span<std::vector<SampleRunRecord>* const> runs);

 private:
  uint32_t LocationOf(uintptr_t pc, const ModuleMap& modules,
                      std::vector<const LoadedModule*>* new_modules);
  uint32_t ModuleOf(const std::string& path, const std::string& build_id, bool* is_new);
  uint32_t NodeOf(uint32_t parent, uint32_t location);
  uint32_t IdOf(const Location& location);
  // What a Rebuild() copies from.
  struct Old {
    std::vector<Node> nodes;
    std::vector<Location> locations;
  };
  uint32_t Copy(const Old& old, uint32_t node, std::unordered_map<uint32_t, uint32_t>* copies);

  LossCounters* const losses_;
  const size_t max_nodes_;
  std::vector<Module> modules_{1};
  std::vector<Location> locations_{1};
  std::vector<Node> nodes_{1};
  std::unordered_map<std::string, uint32_t> module_ids_;
  std::unordered_map<uint64_t, uint32_t> node_ids_;      // parent << 32 | location
  std::unordered_map<uintptr_t, uint32_t> location_of_;  // by address, of one module map generation
  uint64_t module_generation_ = 0;
  struct LocationKeyHash {
    size_t operator()(const std::pair<uint32_t, uint64_t>& key) const {
      return key.second * 0x9e3779b97f4a7c15u ^ key.first;
    }
  };
  std::unordered_map<std::pair<uint32_t, uint64_t>, uint32_t, LocationKeyHash> location_ids_;
};

}  // namespace hotroute
