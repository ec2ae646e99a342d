// The exact counters: nothing is lost or counted twice, whatever the threads do meanwhile.
#include "profiler/request/exposure.h"

#include <atomic>
#include <map>
#include <thread>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

constexpr auto kRequest = RecordKind::kRequest;

// What all deltas of one route and status class add up to.
struct Total {
  uint64_t count = 0;
  uint64_t wall_ns = 0;
  uint64_t kept = 0;
  std::map<uint32_t, uint64_t> buckets;
  bool operator==(const Total&) const = default;
};
using Totals = std::map<std::pair<std::string, uint32_t>, Total>;

void AddTo(Totals* totals, const ExposureDelta& delta) {
  Total& total = (*totals)[{delta.route->name, delta.status_class}];
  total.count += delta.count;
  total.wall_ns += delta.wall_ns;
  total.kept += delta.kept;
  for (const auto& [bucket, count] : delta.buckets) total.buckets[bucket] += count;
}

class ExposureTest : public ::testing::Test {
 protected:
  Totals Collect(ExposureTable* table) {
    Totals totals;
    table->Collect([&](const ExposureDelta& delta) { AddTo(&totals, delta); });
    return totals;
  }
  uint64_t beyond_limit() const { return losses_.Get(Loss::kNameLimit); }

  LossCounters losses_;
  RouteTable routes_{&losses_};
  ExposureTable table_{&routes_};
};

TEST_F(ExposureTest, CountsByRouteAndStatusClass) {
  ExposureCell* cell = table_.Find(kRequest, "a", "GET");
  EXPECT_EQ(table_.Find(kRequest, "a", "GET"), cell);
  EXPECT_NE(table_.Find(kRequest, "a", "POST"), cell);
  cell->Add(2, 500, true);
  cell->Add(2, 3'000'000, false);
  cell->Add(5, 7, false);
  cell->Add(99, 1, false);  // no such class: counted as not set
  const Totals expected = {{{"a", 0}, {1, 1, 0, {{0, 1}}}},
                           {{"a", 2}, {2, 3'000'500, 1, {{0, 1}, {BucketOf(3'000'000), 1}}}},
                           {{"a", 5}, {1, 7, 0, {{0, 1}}}}};
  EXPECT_EQ(Collect(&table_), expected);
}

TEST_F(ExposureTest, ReportsOnlyWhatWasAddedSinceTheLastLook) {
  ExposureCell* cell = table_.Find(kRequest, "a", "GET");
  cell->Add(2, 1000, true);
  Collect(&table_);
  EXPECT_EQ(Collect(&table_), Totals());
  cell->Add(2, 2000, false);
  const Totals expected = {{{"a", 2}, {1, 2000, 0, {{BucketOf(2000), 1}}}}};
  EXPECT_EQ(Collect(&table_), expected);
}

TEST_F(ExposureTest, EveryBucketIsItsOwn) {
  ExposureCell* cell = table_.Find(kRequest, "a", "GET");
  std::map<uint32_t, uint64_t> expected;
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    for (uint32_t i = 0; i <= bucket; ++i) {
      const auto wall_ns = static_cast<uint64_t>(BucketLowerNanos(bucket)) + 999;
      cell->Add(2, wall_ns, false);
      ++expected[BucketOf(wall_ns)];
    }
  }
  cell->Add(2, UINT64_MAX / 16, false);
  ++expected[kBuckets - 1];
  EXPECT_EQ((Collect(&table_)[{"a", 2}].buckets), expected);
}

TEST_F(ExposureTest, ATableHoldsAllRoutesThereCanBe) {
  for (size_t i = 0; i < kMaxNames; ++i) {
    table_.Find(kRequest, "route" + std::to_string(i), "GET")->Add(2, i, false);
  }
  for (size_t i = 0; i < kMaxNames; ++i) {
    ASSERT_EQ(table_.Find(kRequest, "route" + std::to_string(i), "GET")->route()->name,
              "route" + std::to_string(i));
  }
  const Totals totals = Collect(&table_);
  EXPECT_EQ(totals.size(), kMaxNames);
  EXPECT_EQ(totals.at({"route777", 2}).wall_ns, 777u);
}

// 1,000 names meet in 256 remembered places: remembered or forgotten, each request counts once, and
// in the same cell.
TEST_F(ExposureTest, EveryRequestBeyondTheNameLimitIsCounted) {
  for (size_t i = 0; i < kMaxNames; ++i) table_.Find(kRequest, "route" + std::to_string(i), "GET");
  constexpr uint64_t kBeyond = 1000;
  constexpr uint64_t kRounds = 5;
  for (uint64_t round = 0; round < kRounds; ++round) {
    for (uint64_t i = 0; i < kBeyond; ++i) {
      table_.Find(kRequest, "beyond" + std::to_string(i), "GET")->Add(2, 1, false);
    }
  }
  EXPECT_EQ(beyond_limit(), kBeyond * kRounds);
  EXPECT_EQ((Collect(&table_)[{std::string(kOtherName), 2}].count), kBeyond * kRounds);
}

// Eight threads count while the helper looks: after the last look the sums are exact. Each thread
// then hands its table to a successor, as threads that end do.
TEST_F(ExposureTest, TotalsAreExactWhileThreadsCount) {
  constexpr size_t kThreads = 8;
  constexpr uint64_t kRequests = 40'000;
  std::vector<std::unique_ptr<ExposureTable>> tables;
  for (size_t i = 0; i < kThreads; ++i) tables.push_back(std::make_unique<ExposureTable>(&routes_));
  const auto serve = [&](ExposureTable* table, uint64_t first) {
    for (uint64_t i = first; i < first + kRequests / 2; ++i) {
      const std::string name = "route" + std::to_string(i % 50);
      table->Find(kRequest, name, "GET")->Add(static_cast<uint32_t>(i % 6), i * i, i % 10 == 0);
    }
  };
  std::atomic<size_t> ended{0};
  std::vector<std::thread> threads;
  for (auto& table : tables) {
    threads.emplace_back([&, owned = table.get()] {
      serve(owned, 0);
      std::thread([&] { serve(owned, kRequests / 2); }).join();
      ended.fetch_add(1, std::memory_order_release);
    });
  }
  Totals seen;
  for (bool last = false; !last;) {
    last = ended.load(std::memory_order_acquire) == kThreads;
    for (auto& table : tables) {
      table->Collect([&](const ExposureDelta& delta) { AddTo(&seen, delta); });
    }
  }
  for (std::thread& thread : threads) thread.join();
  Totals expected;
  for (uint64_t i = 0; i < kRequests; ++i) {
    Total& total = expected[{"route" + std::to_string(i % 50), static_cast<uint32_t>(i % 6)}];
    total.count += kThreads;
    total.wall_ns += kThreads * i * i;
    if (i % 10 == 0) total.kept += kThreads;
    total.buckets[BucketOf(i * i)] += kThreads;
  }
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace hotroute
