// Exact counts of all requests, kept or not: how many and how long, by route and status class.
//
// Each thread counts in cells of its own with plain loads and stores; the helper thread reads them
// and reports what was added since it last looked. Nothing is ever lost, nothing is contended, and
// a cell is about 600 bytes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "profiler/request/route_table.h"
#include "proto/histogram.h"

namespace hotroute {

// Requests: 0 not set, 1 to 5 for 1xx to 5xx. Tasks: 0 not set, 1 success, 2 error, 3
// expected-error.
inline constexpr uint32_t kStatusClasses = 6;

// What was added to one cell and status class since the last look.
struct ExposureDelta {
  const Route* route = nullptr;
  uint32_t status_class = 0;
  uint64_t count = 0;
  uint64_t wall_ns = 0;
  uint64_t kept = 0;
  std::vector<std::pair<uint32_t, uint64_t>> buckets;  // bucket, count
};

// One thread's count of one route. Owned by its thread; Collect() by the helper thread, at any
// time.
class ExposureCell {
 public:
  explicit ExposureCell(Route* route) : route_(route) {}
  ~ExposureCell();
  ExposureCell(const ExposureCell&) = delete;
  ExposureCell& operator=(const ExposureCell&) = delete;

  Route* route() const { return route_; }

  // Owner only. Allocates when a status class or an octave of durations is seen first.
  void Add(uint32_t status_class, uint64_t wall_ns, bool kept);

  // Helper only.
  void Collect(const std::function<void(const ExposureDelta&)>& report);

 private:
  friend class ExposureTable;

  // Counts on the left are written by the owner and read by the helper; what was reported is the
  // helper's.
  struct Octave {
    std::array<std::atomic<uint32_t>, kSubBuckets> counts{};
    std::array<uint32_t, kSubBuckets> reported{};
  };
  struct Counts {
    std::atomic<uint64_t> count{0};
    std::atomic<uint64_t> wall_ns{0};
    std::atomic<uint64_t> kept{0};
    // Octave 0 holds bucket 0. Published with release when filled in, read with acquire.
    std::array<std::atomic<Octave*>, kOctaves + 1> octaves{};
    uint64_t reported_count = 0;
    uint64_t reported_wall_ns = 0;
    uint64_t reported_kept = 0;
    ~Counts();
  };

  static void CollectBuckets(Counts* counts, ExposureDelta* delta);

  Route* const route_;
  std::array<std::atomic<Counts*>, kStatusClasses> by_class_{};  // release / acquire, as octaves
  ExposureCell* next_ = nullptr;                                 // constant once published
};

// All cells of one thread. Owned by its thread; Collect() by the helper thread.
class ExposureTable {
 public:
  explicit ExposureTable(RouteTable* routes);
  ~ExposureTable();
  ExposureTable(const ExposureTable&) = delete;
  ExposureTable& operator=(const ExposureTable&) = delete;

  // The thread's cell of a route: one probe when the thread has served it before, else as
  // RouteTable::Intern.
  ExposureCell* Find(RecordKind kind, std::string_view name, std::string_view method) {
    const uint64_t hash = RouteHash(kind, name, method);
    for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.cell == nullptr) return FindSlowly(hash, kind, name, method);
      if (slot.hash == hash && Matches(*slot.cell->route(), kind, name, method)) return slot.cell;
    }
  }

  void Collect(const std::function<void(const ExposureDelta&)>& report);

 private:
  struct Slot {
    uint64_t hash = 0;
    ExposureCell* cell = nullptr;
  };

  static bool Matches(const Route& route, RecordKind kind, std::string_view name,
                      std::string_view method) {
    return route.kind == kind && SameName(route.name, name) && SameName(route.method, method);
  }
  ExposureCell* FindSlowly(uint64_t hash, RecordKind kind, std::string_view name,
                           std::string_view method);
  ExposureCell* CellOf(Route* route);
  void Insert(uint64_t hash, ExposureCell* cell);
  void Grow();

  RouteTable* const routes_;
  std::vector<Slot> slots_;
  size_t mask_;
  size_t used_ = 0;
  // Hashes of names beyond the limit, so that they do not take the table's lock on every request.
  std::array<uint64_t, 256> beyond_limit_{};
  std::array<ExposureCell*, 256> beyond_limit_cell_{};
  std::atomic<ExposureCell*> first_{nullptr};  // all cells; release / acquire
};

}  // namespace hotroute
