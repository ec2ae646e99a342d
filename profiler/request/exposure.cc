#include "profiler/request/exposure.h"

namespace hotroute {
namespace {

// Only the owner writes, so a plain add is enough: no locked instruction.
template <typename T>
void AddByOwner(std::atomic<T>& value, T amount) {
  value.store(static_cast<T>(value.load(std::memory_order_relaxed) + amount),
              std::memory_order_relaxed);
}

template <typename T>
T& Ensure(std::atomic<T*>& pointer) {
  T* present = pointer.load(std::memory_order_relaxed);
  if (present == nullptr) {
    present = new T();
    pointer.store(present, std::memory_order_release);
  }
  return *present;
}

constexpr uint32_t OctaveOf(uint32_t bucket) { return (bucket + kSubBuckets - 1) / kSubBuckets; }
constexpr uint32_t SubOf(uint32_t bucket) { return bucket == 0 ? 0 : (bucket - 1) % kSubBuckets; }
constexpr uint32_t BucketAt(uint32_t octave, uint32_t sub) {
  return octave == 0 ? 0 : (octave - 1) * kSubBuckets + sub + 1;
}

static_assert(OctaveOf(0) == 0 && OctaveOf(1) == 1 && OctaveOf(8) == 1 && OctaveOf(9) == 2);
static_assert(OctaveOf(kBuckets - 1) == kOctaves);

}  // namespace

ExposureCell::Counts::~Counts() {
  for (auto& octave : octaves) delete octave.load(std::memory_order_relaxed);
}

ExposureCell::~ExposureCell() {
  for (auto& counts : by_class_) delete counts.load(std::memory_order_relaxed);
}

void ExposureCell::Add(uint32_t status_class, uint64_t wall_ns, bool kept) {
  Counts& counts = Ensure(by_class_[status_class < kStatusClasses ? status_class : 0]);
  const uint32_t bucket = BucketOf(wall_ns);
  AddByOwner(Ensure(counts.octaves[OctaveOf(bucket)]).counts[SubOf(bucket)], uint32_t{1});
  AddByOwner(counts.count, uint64_t{1});
  AddByOwner(counts.wall_ns, wall_ns);
  if (kept) AddByOwner(counts.kept, uint64_t{1});
}

void ExposureCell::Collect(const std::function<void(const ExposureDelta&)>& report) {
  ExposureDelta delta;
  delta.route = route_;
  for (uint32_t status_class = 0; status_class < kStatusClasses; ++status_class) {
    Counts* counts = by_class_[status_class].load(std::memory_order_acquire);
    if (counts == nullptr) continue;
    delta.status_class = status_class;
    // The owner may be in the middle of Add(): what is missing here comes with the next look.
    delta.count = counts->count.load(std::memory_order_relaxed) - counts->reported_count;
    delta.wall_ns = counts->wall_ns.load(std::memory_order_relaxed) - counts->reported_wall_ns;
    delta.kept = counts->kept.load(std::memory_order_relaxed) - counts->reported_kept;
    delta.buckets.clear();
    CollectBuckets(counts, &delta);
    if (delta.count == 0 && delta.wall_ns == 0 && delta.kept == 0 && delta.buckets.empty())
      continue;
    counts->reported_count += delta.count;
    counts->reported_wall_ns += delta.wall_ns;
    counts->reported_kept += delta.kept;
    report(delta);
  }
}

void ExposureCell::CollectBuckets(Counts* counts, ExposureDelta* delta) {
  for (uint32_t o = 0; o < counts->octaves.size(); ++o) {
    Octave* octave = counts->octaves[o].load(std::memory_order_acquire);
    if (octave == nullptr) continue;
    for (uint32_t sub = 0; sub < kSubBuckets; ++sub) {
      const uint32_t added =
          octave->counts[sub].load(std::memory_order_relaxed) - octave->reported[sub];
      if (added == 0) continue;
      octave->reported[sub] += added;
      delta->buckets.emplace_back(BucketAt(o, sub), added);
    }
  }
}

ExposureTable::ExposureTable(RouteTable* routes)
    : routes_(routes), slots_(64), mask_(slots_.size() - 1) {}

ExposureTable::~ExposureTable() {
  for (ExposureCell* cell = first_.load(std::memory_order_relaxed); cell != nullptr;) {
    ExposureCell* next = cell->next_;
    delete cell;
    cell = next;
  }
}

ExposureCell* ExposureTable::FindSlowly(uint64_t hash, RecordKind kind, std::string_view name,
                                        std::string_view method) {
  const size_t remembered = (hash >> 32) % beyond_limit_.size();
  if (beyond_limit_cell_[remembered] != nullptr && beyond_limit_[remembered] == hash) {
    routes_->CountBeyondLimit();
    return beyond_limit_cell_[remembered];
  }
  const RouteTable::Lookup lookup = routes_->Intern(kind, name, method);
  ExposureCell* cell = CellOf(lookup.route);
  if (lookup.is_other) {
    beyond_limit_[remembered] = hash;
    beyond_limit_cell_[remembered] = cell;
  }
  return cell;
}

ExposureCell* ExposureTable::CellOf(Route* route) {
  const uint64_t hash = RouteHash(route->kind, route->name, route->method);
  for (size_t i = hash & mask_; slots_[i].cell != nullptr; i = (i + 1) & mask_) {
    if (slots_[i].cell->route() == route) return slots_[i].cell;
  }
  auto* cell = new ExposureCell(route);
  cell->next_ = first_.load(std::memory_order_relaxed);
  first_.store(cell, std::memory_order_release);
  if ((used_ + 1) * 2 > slots_.size()) Grow();
  Insert(hash, cell);
  ++used_;
  return cell;
}

void ExposureTable::Insert(uint64_t hash, ExposureCell* cell) {
  size_t i = hash & mask_;
  while (slots_[i].cell != nullptr) i = (i + 1) & mask_;
  slots_[i] = {hash, cell};
}

void ExposureTable::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.cell != nullptr) Insert(slot.hash, slot.cell);
  }
}

void ExposureTable::Collect(const std::function<void(const ExposureDelta&)>& report) {
  for (ExposureCell* cell = first_.load(std::memory_order_acquire); cell != nullptr;
       cell = cell->next_) {
    cell->Collect(report);
  }
}

}  // namespace hotroute
