#include "profiler/encode/file_dictionary.h"

#include <algorithm>

namespace hotroute {
namespace {

// Definitions per payload when everything is written: about 64 KiB of the longest ones.
constexpr size_t kStringsPerPayload = 256;
constexpr size_t kNumbersPerPayload = 8192;

uint32_t& At(std::vector<uint32_t>& ids, uint32_t id) {
  if (id >= ids.size()) ids.resize(std::max<size_t>(id + 1, ids.size() * 2));
  return ids[id];
}

}  // namespace

uint32_t FileDictionary::String(std::string_view value) {
  if (value.empty()) return 0;
  const auto [known, is_new] =
      string_ids_.try_emplace(std::string(value), static_cast<uint32_t>(strings_.size() + 1));
  if (is_new) {
    strings_.emplace_back(value);
    string_bytes_ += value.size();
  }
  return known->second;
}

uint32_t FileDictionary::Module(uint32_t module) {
  uint32_t& id = At(module_ids_, module);
  if (id == 0) {
    modules_.push_back(module);
    id = static_cast<uint32_t>(modules_.size());
  }
  return id;
}

uint32_t FileDictionary::Location(uint32_t location) {
  uint32_t& id = At(location_ids_, location);
  if (id == 0) {
    Module(stacks_->locations()[location].module);
    locations_.push_back(location);
    id = static_cast<uint32_t>(locations_.size());
  }
  return id;
}

uint32_t FileDictionary::Node(uint32_t node) {
  // Callers first: a record only refers to what is defined before it.
  std::vector<uint32_t> missing;
  while (node != 0 && At(node_ids_, node) == 0) {
    missing.push_back(node);
    node = stacks_->nodes()[node].parent;
  }
  uint32_t id = node == 0 ? 0 : node_ids_[node];
  for (size_t i = missing.size(); i-- > 0;) {
    Location(stacks_->nodes()[missing[i]].location);
    nodes_.push_back(missing[i]);
    id = static_cast<uint32_t>(nodes_.size());
    node_ids_[missing[i]] = id;
  }
  return id;
}

void FileDictionary::EncodeNew(std::string* payload) {
  const Counts total = Total();
  EncodeStringRange(encoded_.strings, total.strings, payload);
  EncodeModuleRange(encoded_.modules, total.modules, payload);
  EncodeLocationRange(encoded_.locations, total.locations, payload);
  EncodeNodeRange(encoded_.nodes, total.nodes, payload);
  encoded_ = total;
}

Status FileDictionary::EncodeAll(std::string_view first,
                                 const std::function<Status(std::string_view)>& emit) const {
  HOTROUTE_RETURN_IF_ERROR(emit(first));
  using Range = void (FileDictionary::*)(size_t, size_t, std::string*) const;
  const auto emit_all = [&](size_t count, size_t step, Range encode) -> Status {
    for (size_t from = 0; from < count; from += step) {
      std::string payload;
      (this->*encode)(from, std::min(from + step, count), &payload);
      HOTROUTE_RETURN_IF_ERROR(emit(payload));
    }
    return {};
  };
  HOTROUTE_RETURN_IF_ERROR(
      emit_all(strings_.size(), kStringsPerPayload, &FileDictionary::EncodeStringRange));
  HOTROUTE_RETURN_IF_ERROR(
      emit_all(modules_.size(), kStringsPerPayload, &FileDictionary::EncodeModuleRange));
  HOTROUTE_RETURN_IF_ERROR(
      emit_all(locations_.size(), kNumbersPerPayload, &FileDictionary::EncodeLocationRange));
  return emit_all(nodes_.size(), kNumbersPerPayload, &FileDictionary::EncodeNodeRange);
}

void FileDictionary::EncodeStringRange(size_t from, size_t to, std::string* payload) const {
  if (from == to) return;
  EncodeStrings(static_cast<uint32_t>(from + 1), std::span(strings_).subspan(from, to - from),
                payload);
}

void FileDictionary::EncodeModuleRange(size_t from, size_t to, std::string* payload) const {
  if (from == to) return;
  std::vector<ModuleRecord> records;
  for (size_t i = from; i < to; ++i) {
    const StackInterner::Module& module = stacks_->modules()[modules_[i]];
    records.push_back({module.path, module.build_id});
  }
  EncodeModules(static_cast<uint32_t>(from + 1), records, payload);
}

void FileDictionary::EncodeLocationRange(size_t from, size_t to, std::string* payload) const {
  if (from == to) return;
  std::vector<uint32_t> module_ids;
  std::vector<uint64_t> offsets;
  for (size_t i = from; i < to; ++i) {
    const StackInterner::Location& location = stacks_->locations()[locations_[i]];
    module_ids.push_back(module_ids_[location.module]);
    offsets.push_back(location.offset);
  }
  EncodeLocations(static_cast<uint32_t>(from + 1), module_ids, offsets, payload);
}

void FileDictionary::EncodeNodeRange(size_t from, size_t to, std::string* payload) const {
  if (from == to) return;
  std::vector<uint32_t> parents;
  std::vector<uint32_t> locations;
  for (size_t i = from; i < to; ++i) {
    const StackInterner::Node& node = stacks_->nodes()[nodes_[i]];
    parents.push_back(node.parent == 0 ? 0 : node_ids_[node.parent]);
    locations.push_back(location_ids_[node.location]);
  }
  EncodeNodes(static_cast<uint32_t>(from + 1), parents, locations, payload);
}

}  // namespace hotroute
