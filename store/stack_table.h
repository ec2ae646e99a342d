// The merged stacks of a query: modules, locations and the tree of nodes, joined over all files
// that were read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "store/flat_index.h"

namespace hotroute::store {

struct Module {
  std::string path;      // "" where code belongs to no file
  std::string build_id;  // raw bytes; may be empty
};

struct Location {
  ModuleId module;
  uint64_t offset = 0;  // in the module's file: a call instruction's last byte for callers, the
                        // instruction for the innermost
};

// Thread-compatible.
class StackTable {
 public:
  StackTable();

  ModuleId InternModule(std::string_view path, std::string_view build_id);
  LocationId InternLocation(ModuleId module, uint64_t offset);
  // The node of `location` called from `parent` (NodeId() is the root).
  NodeId InternNode(NodeId parent, LocationId location);

  const Module& module(ModuleId id) const { return modules_[id.value()]; }
  const Location& location(LocationId id) const { return locations_[id.value()]; }
  NodeId parent(NodeId id) const { return nodes_[id.value()].parent; }
  LocationId location_of(NodeId id) const { return nodes_[id.value()].location; }
  // Ids go from 1 to these counts; a parent's id is smaller than its children's.
  uint32_t node_count() const { return static_cast<uint32_t>(nodes_.size()) - 1; }
  uint32_t location_count() const { return static_cast<uint32_t>(locations_.size()) - 1; }
  uint32_t module_count() const { return static_cast<uint32_t>(modules_.size()) - 1; }

 private:
  struct Node {
    NodeId parent;
    LocationId location;
  };

  std::vector<Module> modules_;
  std::vector<Location> locations_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, ModuleId> module_ids_;  // by path, a zero byte, build-id
  FlatIndex location_index_;                              // by module and offset
  FlatIndex node_index_;                                  // by parent and location
};

}  // namespace hotroute::store
