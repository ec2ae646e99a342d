// A hash set of 32-bit positions into somebody else's array: open addressing, linear probing, at
// most half full.
//
// The array keeps the keys, so that an entry costs 8 bytes and a look-up touches one cache line of
// its own. Position 0 stands for an empty slot and is never stored. Nothing is ever removed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hotroute::store {

// Spreads a packed key over all bits (the finalizer of MurmurHash3).
constexpr uint64_t MixBits(uint64_t key) {
  key = (key ^ (key >> 33)) * 0xff51afd7ed558ccdull;
  key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53ull;
  return key ^ (key >> 33);
}

// Thread-compatible.
class FlatIndex {
 public:
  // The stored position for which `equals(position)` holds, or `fresh` after storing it.
  // `hash_of(position)` is asked when the table grows. Requires fresh != 0.
  template <typename Equals, typename HashOf>
  uint32_t FindOrInsert(uint64_t hash, uint32_t fresh, const Equals& equals,
                        const HashOf& hash_of) {
    if ((count_ + 1) * 2 > slots_.size()) Grow(hash_of);
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
      if (slots_[at] == 0) {
        slots_[at] = fresh;
        ++count_;
        return fresh;
      }
      if (equals(slots_[at])) return slots_[at];
    }
  }

 private:
  template <typename HashOf>
  void Grow(const HashOf& hash_of) {
    std::vector<uint32_t> old(slots_.empty() ? 1024 : slots_.size() * 2, 0);
    old.swap(slots_);
    const size_t mask = slots_.size() - 1;
    for (const uint32_t position : old) {
      if (position == 0) continue;
      size_t at = hash_of(position) & mask;
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = position;
    }
  }

  std::vector<uint32_t> slots_;  // a power of two
  size_t count_ = 0;
};

}  // namespace hotroute::store
