// The definitions of one file: its strings, modules, locations and stack nodes, and their way into
// a StackTable.
//
// In: definition records, in file order. Out: texts, and nodes of the query's StackTable, made when
// first asked for. Every definition stands twice in a file, so a repeated id is normal: the first
// one counts. A gap is normal after damage: what refers to it becomes a frame of the module
// "[lost]". Ids are bounded by the file's size, so no number in a file can make it allocate more
// than a small multiple of that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "store/stack_table.h"

namespace hotroute::store {

// Stands for whatever a damaged frame defined: a module's path, a name, a label.
inline constexpr std::string_view kLost = "[lost]";

// Things by id, dense from 1, with gaps where definitions were lost. Thread-compatible.
template <typename T>
class IdTable {
 public:
  void Define(uint32_t id, T value) {
    if (id >= values_.size()) values_.resize(size_t{id} + 1);
    if (!values_[id]) values_[id] = std::move(value);
  }
  T* Find(uint32_t id) { return id < values_.size() && values_[id] ? &*values_[id] : nullptr; }

 private:
  std::vector<std::optional<T>> values_;
};

// Thread-compatible.
class Dictionary {
 public:
  explicit Dictionary(uint64_t file_bytes);

  // Takes a definition record (field number in hotroute.v1.Payload). False when it makes no sense.
  // Fields that define nothing are accepted and ignored.
  bool Add(int field, std::string_view record);

  // "" for 0, kLost for what is not defined. Valid until the next Add().
  std::string_view String(uint32_t id);

  struct Stack {
    NodeId node;        // in the StackTable
    bool lost = false;  // some frame of it is not defined in this file
  };
  Stack MapNode(uint32_t id, StackTable* stacks);

 private:
  struct FileModule {
    std::string path;
    std::string build_id;
    ModuleId mapped;
  };
  struct FileLocation {
    uint32_t module_id = 0;
    uint64_t offset = 0;
    LocationId mapped;
  };
  struct FileNode {
    uint32_t parent_id = 0;
    uint32_t location_id = 0;
    Stack mapped;
  };

  // Are `count` ids from `first_id` on acceptable?
  bool InBounds(uint32_t first_id, int count) const;
  bool AddStrings(std::string_view record);
  bool AddModules(std::string_view record);
  bool AddLocations(std::string_view record);
  bool AddNodes(std::string_view record);
  // LocationId() when it or its module is not defined.
  LocationId MapLocation(uint32_t id, StackTable* stacks);

  const uint64_t max_id_;
  IdTable<std::string> strings_;
  IdTable<FileModule> modules_;
  IdTable<FileLocation> locations_;
  IdTable<FileNode> nodes_;
};

}  // namespace hotroute::store
