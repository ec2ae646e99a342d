#include "profiler/encode/stack_interner.h"

namespace hotroute {
namespace {

// Addresses remembered; beyond it the memory is emptied. A program has far fewer call sites in use.
constexpr size_t kMaxAddresses = 256 * 1024;

}  // namespace

StackInterner::StackInterner(LossCounters* losses, size_t max_nodes)
    : losses_(losses), max_nodes_(max_nodes) {}

uint32_t StackInterner::Intern(std::span<const uintptr_t> pcs, const ModuleMap& modules,
                               std::vector<const LoadedModule*>* new_modules) {
  if (modules.generation() != module_generation_ || location_of_.size() > kMaxAddresses) {
    location_of_.clear();
    module_generation_ = modules.generation();
  }
  uint32_t node = 0;
  for (size_t i = pcs.size(); i-- > 0;) {
    // A return address may already belong to the next line or function; the byte before it belongs
    // to the call.
    const uintptr_t pc = i == 0 ? pcs[i] : pcs[i] - 1;
    const uint32_t child = NodeOf(node, LocationOf(pc, modules, new_modules));
    if (child == 0) {
      losses_->Add(Loss::kStackTableFull);
      return node;
    }
    node = child;
  }
  return node;
}

uint32_t StackInterner::LocationOf(uintptr_t pc, const ModuleMap& modules,
                                   std::vector<const LoadedModule*>* new_modules) {
  const auto [known, is_new] = location_of_.try_emplace(pc, 0);
  if (!is_new) return known->second;
  const LoadedModule* module = modules.Find(pc);
  bool module_is_new = false;
  const uint32_t module_id = module ? ModuleOf(module->path, module->build_id, &module_is_new)
                                    : ModuleOf("[unknown]", "", &module_is_new);
  if (module_is_new && module != nullptr) new_modules->push_back(module);
  const uint64_t offset = pc - (module ? module->load_bias : 0);
  known->second = IdOf(Location{module_id, offset});
  return known->second;
}

uint32_t StackInterner::IdOf(const Location& location) {
  const auto [known, is_new] = location_ids_.try_emplace({location.module, location.offset},
                                                         static_cast<uint32_t>(locations_.size()));
  if (is_new) locations_.push_back(location);
  return known->second;
}

uint32_t StackInterner::ModuleOf(const std::string& path, const std::string& build_id,
                                 bool* is_new) {
  const auto [known, inserted] =
      module_ids_.try_emplace(path + '\0' + build_id, static_cast<uint32_t>(modules_.size()));
  *is_new = inserted;
  if (inserted) modules_.push_back({path, build_id});
  return known->second;
}

uint32_t StackInterner::NodeOf(uint32_t parent, uint32_t location) {
  const uint64_t key = uint64_t{parent} << 32 | location;
  const auto known = node_ids_.find(key);
  if (known != node_ids_.end()) return known->second;
  if (nodes_.size() > max_nodes_) return 0;
  const auto id = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back({parent, location});
  node_ids_.emplace(key, id);
  return id;
}

void StackInterner::Rebuild(std::span<std::vector<SampleRunRecord>* const> runs) {
  const Old old = {std::move(nodes_), std::move(locations_)};
  nodes_.assign(1, {});
  node_ids_.clear();
  locations_.assign(1, {});
  location_ids_.clear();
  location_of_.clear();
  std::unordered_map<uint32_t, uint32_t> copies = {{0, 0}};
  for (std::vector<SampleRunRecord>* request_runs : runs) {
    for (SampleRunRecord& run : *request_runs) run.node_id = Copy(old, run.node_id, &copies);
  }
}

uint32_t StackInterner::Copy(const Old& old, uint32_t node,
                             std::unordered_map<uint32_t, uint32_t>* copies) {
  std::vector<uint32_t> path;
  while (!copies->contains(node)) {
    path.push_back(node);
    node = old.nodes[node].parent;
  }
  uint32_t copy = copies->at(node);
  for (size_t i = path.size(); i-- > 0;) {
    copy = NodeOf(copy, IdOf(old.locations[old.nodes[path[i]].location]));
    copies->emplace(path[i], copy);
  }
  return copy;
}

}  // namespace hotroute
