// What the readers of several files share: the writers met, the stacks, and which profiles were
// already shown.
#pragma once

#include <bitset>
#include <cstdint>
#include <set>
#include <unordered_map>

#include "proto/layout.h"
#include "store/profile_source.h"
#include "store/stack_table.h"

namespace hotroute::store {

// Keeps one copy of each writer, at an address that never changes. Thread-compatible.
class WriterTable {
 public:
  const Writer* Intern(const Writer& writer) { return &*writers_.insert(writer).first; }

 private:
  std::set<Writer> writers_;
};

// The profiles of one query, so that a copied file counts nothing twice. Numbers are dense per
// writer: about a bit each. Thread-compatible.
class ProfileSet {
 public:
  // False when `id` is in the set already. Number 0 is no number: such profiles are never called
  // equal.
  bool Insert(const ProfileId& id) {
    if (id.number == 0) return true;
    auto bit = chunks_[id.writer_id][id.number / kChunk][id.number % kChunk];
    if (bit) return false;
    bit = true;
    return true;
  }

 private:
  static constexpr uint64_t kChunk = 512;
  std::unordered_map<uint32_t, std::unordered_map<uint64_t, std::bitset<kChunk>>> chunks_;
};

struct ReadContext {
  WriterTable* writers;
  StackTable* stacks;
  ProfileSet* seen;
};

}  // namespace hotroute::store
