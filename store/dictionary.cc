#include "store/dictionary.h"

#include <algorithm>
#include <utility>

#include "hotroute/v1/records.pb.h"

namespace hotroute::store {
namespace {

// A definition is seldom below one byte even when compressed; eight per byte of file leave room for
// the best of cases.
constexpr uint64_t kIdsPerByte = 8;
constexpr uint64_t kMinIds = 1 << 16;
constexpr uint64_t kMaxIds = 1 << 24;

template <typename Message>
bool Parse(std::string_view record, Message* message) {
  return message->ParseFromArray(record.data(), static_cast<int>(record.size()));
}

LocationId LostLocation(StackTable* stacks) {
  return stacks->InternLocation(stacks->InternModule(kLost, ""), 0);
}

}  // namespace

Dictionary::Dictionary(uint64_t file_bytes)
    : max_id_(std::min(kMaxIds, kMinIds + file_bytes * kIdsPerByte)) {}

bool Dictionary::InBounds(uint32_t first_id, int count) const {
  return first_id >= 1 && uint64_t{first_id} + static_cast<uint64_t>(count) <= max_id_ + 1;
}

bool Dictionary::Add(int field, std::string_view record) {
  switch (field) {
    case v1::Payload::kStringsFieldNumber:
      return AddStrings(record);
    case v1::Payload::kModulesFieldNumber:
      return AddModules(record);
    case v1::Payload::kLocationsFieldNumber:
      return AddLocations(record);
    case v1::Payload::kNodesFieldNumber:
      return AddNodes(record);
    default:
      return true;
  }
}

bool Dictionary::AddStrings(std::string_view record) {
  v1::StringTable table;
  if (!Parse(record, &table) || !InBounds(table.first_id(), table.values_size())) return false;
  uint32_t id = table.first_id();
  for (std::string& value : *table.mutable_values()) strings_.Define(id++, std::move(value));
  return true;
}

bool Dictionary::AddModules(std::string_view record) {
  v1::ModuleTable table;
  if (!Parse(record, &table) || !InBounds(table.first_id(), table.modules_size())) return false;
  uint32_t id = table.first_id();
  for (v1::Module& module : *table.mutable_modules()) {
    modules_.Define(id++, {std::move(*module.mutable_path()), std::move(*module.mutable_build_id()),
                           ModuleId()});
  }
  return true;
}

bool Dictionary::AddLocations(std::string_view record) {
  v1::LocationTable table;
  if (!Parse(record, &table) || table.module_id_size() != table.offset_size() ||
      !InBounds(table.first_id(), table.offset_size())) {
    return false;
  }
  for (int i = 0; i < table.offset_size(); ++i) {
    locations_.Define(table.first_id() + static_cast<uint32_t>(i),
                      {table.module_id(i), table.offset(i), LocationId()});
  }
  return true;
}

bool Dictionary::AddNodes(std::string_view record) {
  v1::NodeTable table;
  if (!Parse(record, &table) || table.parent_distance_size() != table.location_id_size() ||
      !InBounds(table.first_id(), table.location_id_size())) {
    return false;
  }
  bool good = true;
  for (int i = 0; i < table.location_id_size(); ++i) {
    const uint32_t id = table.first_id() + static_cast<uint32_t>(i);
    const uint32_t distance = table.parent_distance(i);
    // A parent has a smaller id than its child; this is also why walking up always ends.
    if (distance >= 1 && distance <= id) {
      nodes_.Define(id, {id - distance, table.location_id(i), {}});
    } else {
      good = false;
    }
  }
  return good;
}

std::string_view Dictionary::String(uint32_t id) {
  if (id == 0) return {};
  const std::string* value = strings_.Find(id);
  return value != nullptr ? std::string_view(*value) : kLost;
}

LocationId Dictionary::MapLocation(uint32_t id, StackTable* stacks) {
  FileLocation* location = locations_.Find(id);
  if (location == nullptr) return {};
  if (location->mapped) return location->mapped;
  ModuleId module_id;
  if (location->module_id != 0) {
    FileModule* module = modules_.Find(location->module_id);
    if (module == nullptr) return {};
    if (!module->mapped) module->mapped = stacks->InternModule(module->path, module->build_id);
    module_id = module->mapped;
  }
  location->mapped = stacks->InternLocation(module_id, location->offset);
  return location->mapped;
}

Dictionary::Stack Dictionary::MapNode(uint32_t id, StackTable* stacks) {
  // Up to the nearest caller whose place is known, then down again, so that a deep stack needs no
  // recursion.
  std::vector<FileNode*> below;
  Stack stack;
  while (id != 0) {
    FileNode* node = nodes_.Find(id);
    if (node == nullptr) {
      stack = {stacks->InternNode(NodeId(), LostLocation(stacks)), true};
      break;
    }
    if (node->mapped.node) {
      stack = node->mapped;
      break;
    }
    below.push_back(node);
    id = node->parent_id;
  }
  for (auto node = below.rbegin(); node != below.rend(); ++node) {
    LocationId location = MapLocation((*node)->location_id, stacks);
    if (!location) {
      location = LostLocation(stacks);
      stack.lost = true;
    }
    stack.node = stacks->InternNode(stack.node, location);
    (*node)->mapped = stack;
  }
  return stack;
}

}  // namespace hotroute::store
