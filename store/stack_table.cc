#include "store/stack_table.h"

namespace hotroute::store {
namespace {

uint64_t HashOf(const Location& location) {
  return MixBits(location.offset ^ MixBits(location.module.value()));
}

uint64_t HashOf(NodeId parent, LocationId location) {
  return MixBits(uint64_t{parent.value()} << 32 | location.value());
}

}  // namespace

// Element 0 of each table is what the id "none" means.
StackTable::StackTable() : modules_(1), locations_(1), nodes_(1) {}

ModuleId StackTable::InternModule(std::string_view path, std::string_view build_id) {
  std::string key(path);
  key.push_back('\0');
  key.append(build_id);
  const auto [entry, inserted] = module_ids_.try_emplace(std::move(key), ModuleId());
  if (inserted) {
    entry->second = ModuleId(static_cast<uint32_t>(modules_.size()));
    modules_.push_back({std::string(path), std::string(build_id)});
  }
  return entry->second;
}

LocationId StackTable::InternLocation(ModuleId module, uint64_t offset) {
  const Location wanted{module, offset};
  const auto fresh = static_cast<uint32_t>(locations_.size());
  const uint32_t found = location_index_.FindOrInsert(
      HashOf(wanted), fresh,
      [&](uint32_t id) {
        return locations_[id].module == module && locations_[id].offset == offset;
      },
      [&](uint32_t id) { return HashOf(locations_[id]); });
  if (found == fresh) locations_.push_back(wanted);
  return LocationId(found);
}

NodeId StackTable::InternNode(NodeId parent, LocationId location) {
  const auto fresh = static_cast<uint32_t>(nodes_.size());
  const uint32_t found = node_index_.FindOrInsert(
      HashOf(parent, location), fresh,
      [&](uint32_t id) { return nodes_[id].parent == parent && nodes_[id].location == location; },
      [&](uint32_t id) { return HashOf(nodes_[id].parent, nodes_[id].location); });
  if (found == fresh) nodes_.push_back({parent, location});
  return NodeId(found);
}

}  // namespace hotroute::store
