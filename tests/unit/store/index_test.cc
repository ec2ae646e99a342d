// The index saves reading and changes no answer, whatever state it is in.
#include "store/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "base/file.h"
#include "tests/support/data_directory.h"
#include "tests/unit/store/reading.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::DataDirectory;
using ::hotroute::testing::kTestStartUs;
using ::hotroute::testing::ReadStore;
using ::hotroute::testing::SegmentBuilder;
using ::hotroute::testing::StoreContent;
using ::hotroute::testing::TestExposure;
using ::hotroute::testing::TestLosses;
using ::hotroute::testing::TestProfile;
using ::hotroute::testing::TestWriter;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kHourUs = 3'600'000'000;

SegmentBuilder Segment(uint32_t number) {
  TestWriter writer;
  writer.name.number = number;
  writer.name.writer_id = number;
  writer.start_us = kTestStartUs + number * kHourUs;
  SegmentBuilder builder(FileKind::kSegment, writer);
  TestProfile profile;
  profile.start_us = writer.start_us;
  profile.name = "route" + std::to_string(number);
  profile.stacks = "main;serve;f" + std::to_string(number) + " 1";
  builder.Add(profile);
  profile.name = "everywhere";
  builder.Add(profile).Add(TestLosses{{"ring_full", number}});
  return builder;
}

// Five segments, an hour apart.
class IndexTest : public ::testing::Test {
 protected:
  IndexTest() {
    for (uint32_t number = 1; number <= 5; ++number) data_.Write(Segment(number));
  }

  std::unique_ptr<Store> Open() { return std::move(*Store::Open(data_.path())); }
  StoreContent Read(const ReadFilter& filter = {}) { return ReadStore(*Open(), filter); }
  uint64_t FilesRead(const ReadFilter& filter = {}) {
    const auto store = Open();
    ReadStore(*store, filter);
    return store->files_read_for_testing();
  }
  std::map<std::string, FileSummary> IndexContent() {
    const auto identity = ParseStoreFile(*ReadFile(data_.layout().StoreFile()), "STORE");
    auto index = Index::OpenForReading(data_.layout(), identity->id);
    if (!index.ok()) return {};
    auto content = index->Load(nullptr);
    EXPECT_TRUE(content.ok()) << content.status().message();
    return content.ok() ? *content : std::map<std::string, FileSummary>();
  }
  void DeleteIndex() {
    for (const char* suffix : {"", "-wal", "-shm"})
      data_.Remove(std::string("index.sqlite") + suffix);
  }

  static ReadFilter Named(const std::string& name) {
    ReadFilter filter;
    filter.name = name;
    return filter;
  }

  DataDirectory data_;
};

TEST_F(IndexTest, OnlyFilesThatMayMatchAreRead) {
  EXPECT_EQ(FilesRead(Named("route2")), 5u) << "the first query knows nothing";
  EXPECT_EQ(FilesRead(Named("route2")), 1u);
  EXPECT_EQ(FilesRead(Named("everywhere")), 5u);
  EXPECT_EQ(FilesRead(Named("nowhere")), 0u);
  ReadFilter hours = Named("everywhere");
  hours.from_us = kTestStartUs + 2 * kHourUs;
  hours.to_us = kTestStartUs + 4 * kHourUs;
  EXPECT_EQ(FilesRead(hours), 2u);
  hours.name.reset();
  EXPECT_EQ(FilesRead(hours), 2u);
}

TEST_F(IndexTest, OnlyAGrownFileIsReadAgain) {
  Read();
  SegmentBuilder grown = Segment(3);
  TestProfile profile;
  profile.name = "late";
  data_.Write(grown.Add(profile));
  EXPECT_EQ(FilesRead(Named("nowhere")), 1u);
  EXPECT_EQ(FilesRead(Named("nowhere")), 0u);
  EXPECT_THAT(Read(Named("late")).profiles, SizeIs(1));
}

TEST_F(IndexTest, DeletingItChangesNoAnswer) {
  for (const ReadFilter& filter : {ReadFilter(), Named("route4"), Named("nowhere")}) {
    DeleteIndex();
    const StoreContent without = Read(filter);
    EXPECT_EQ(Read(filter), without);
  }
}

TEST_F(IndexTest, GarbageIsReplaced) {
  const StoreContent good = Read();
  const auto content = IndexContent();
  ASSERT_THAT(content, SizeIs(5));
  DeleteIndex();
  data_.WriteFile("index.sqlite", std::string(20'000, 'x'));
  EXPECT_EQ(Read(), good);
  EXPECT_EQ(IndexContent(), content);
}

TEST_F(IndexTest, APageOfGarbageIsReplaced) {
  const StoreContent good = Read();
  const auto content = IndexContent();
  std::string bytes = *ReadFile(data_.layout().IndexFile());
  ASSERT_GT(bytes.size(), 8192u);
  for (size_t at = 4096; at < bytes.size(); ++at) bytes[at] = static_cast<char>(at);
  DeleteIndex();
  data_.WriteFile("index.sqlite", bytes);
  EXPECT_EQ(Read(), good);
  EXPECT_EQ(IndexContent(), content);
}

TEST_F(IndexTest, AnyDamagedPageIsReplacedOrHarmless) {
  const StoreContent good = Read();
  const std::string bytes = *ReadFile(data_.layout().IndexFile());
  const auto content = IndexContent();
  for (size_t page = 0; page < bytes.size(); page += 4096) {
    SCOPED_TRACE(page);
    std::string bad = bytes;
    for (size_t at = page; at < page + 4096; ++at) bad[at] = static_cast<char>(0xa5);
    DeleteIndex();
    data_.WriteFile("index.sqlite", bad);
    EXPECT_EQ(Read(), good);
    // A query by name may be the first to meet the bad page; it leaves a good index behind.
    EXPECT_THAT(Read(Named("route1")).profiles, SizeIs(1));
    EXPECT_EQ(FilesRead(Named("route1")), 1u);
    Open()->Names();
    EXPECT_EQ(IndexContent(), content);
  }
}

TEST_F(IndexTest, AnotherSchemaOrStoreIsReplaced) {
  Read();
  const auto content = IndexContent();
  for (const char* change : {"UPDATE meta SET value = '999' WHERE key = 'schema'",
                             "UPDATE meta SET value = 'other' WHERE key = 'store'",
                             "DROP TABLE dataset", "DROP TABLE meta"}) {
    SCOPED_TRACE(change);
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(data_.layout().IndexFile().c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, change, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    EXPECT_THAT(Read().profiles, SizeIs(10));
    EXPECT_EQ(IndexContent(), content);
  }
}

TEST_F(IndexTest, RebuiltEqualsUpdatedStepByStep) {
  SegmentBuilder metrics(FileKind::kMetrics);
  metrics.Add(TestExposure{});
  data_.Write(metrics);
  Open()->Names();
  SegmentBuilder grown = Segment(2);
  data_.Write(grown.Add(TestProfile{}));
  Read(Named("route2"));
  data_.WriteSealed(Segment(3));
  data_.Write(metrics.Add(TestExposure{}));
  data_.Remove(data_.layout()
                   .SegmentFile(Segment(1).writer().start_us, Segment(1).writer().name)
                   .substr(data_.path().size() + 1));
  data_.Write(Segment(6));
  Open()->Names();
  const auto updated = IndexContent();
  EXPECT_THAT(updated, SizeIs(6));
  DeleteIndex();
  Open()->Names();
  EXPECT_EQ(IndexContent(), updated);
}

TEST_F(IndexTest, WhileSomebodyElseMaintainsItIsOnlyRead) {
  Read();
  const auto before = IndexContent();
  {
    const auto lock = MaintainerLock::TryAcquire(data_.layout());
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(MaintainerLock::TryAcquire(data_.layout()).status().code(), StatusCode::kUnavailable);
    data_.Write(Segment(6));
    EXPECT_THAT(Read(Named("everywhere")).profiles, SizeIs(6));
    EXPECT_EQ(FilesRead(Named("nowhere")), 1u) << "the new file is read each time";
    EXPECT_EQ(IndexContent(), before);
  }
  EXPECT_EQ(FilesRead(Named("nowhere")), 1u);
  EXPECT_EQ(FilesRead(Named("nowhere")), 0u);
}

TEST_F(IndexTest, WithoutTheRightToWriteNothingIsCreated) {
  // A folder in the lock's place refuses every writer, also root, as a read-only mount would.
  data_.WriteFile("maintainer.lock/keep", "");
  const StoreContent content = Read();
  EXPECT_THAT(content.profiles, SizeIs(10));
  EXPECT_THAT(content.report.damage, IsEmpty());
  EXPECT_EQ(Read(), content);
  EXPECT_FALSE(PathExists(data_.layout().IndexFile()));
}

}  // namespace
}  // namespace hotroute::store
