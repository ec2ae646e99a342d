// Segments as a reader finds them: while they are written, sealed, and after every kind of failure.
// All that was dropped is counted by name, exactly, and stands in a file.
#include "profiler/encode/segment_writer.h"

#include "tests/unit/profiler/writing.h"
#include "tests/unit/profiler/written_file.h"

namespace hotroute {
namespace {

class SegmentWriterTest : public WritingTest {
 protected:
  SegmentWriterTest() {
    request_.route = routes_.Intern(RecordKind::kRequest, "event.index", "GET").route;
    request_.wall_ns = 5'000'000;
    request_.decision = {true, RecordStratum::kRandom, 0.1};
    request_.fraction = 0.1;
  }

  // Appends request number `number`: its label and its stack are its own.
  bool Append(SegmentWriter* writer, uint64_t number, size_t label_bytes = 10) {
    std::string label = std::to_string(number);
    label.resize(std::max(label.size(), label_bytes), 'x');
    request_.labels.Set("shop", label, &losses_);
    std::vector<const LoadedModule*> ignored;
    const uintptr_t pcs[] = {0x1000 + number, 0x20, 0x10};
    request_.runs = {{stacks_.Intern(pcs, modules_, &ignored), 3, 10}};
    return writer->Append(request_, kStartUs + static_cast<int64_t>(number));
  }
  std::vector<WrittenFile> Files(const std::string& directory) {
    std::vector<WrittenFile> files;
    for (const std::string& path : FilesBelow(directory))
      files.push_back(ReadWritten(path, FileKind::kSegment));
    return files;
  }
  std::vector<WrittenFile> Files() { return Files(root()); }

  // "1 2 5": the shops of the profiles, without their padding; stacks are checked on the way.
  static std::string Shops(const WrittenFile& file) {
    const v1::Payload all = file.All();
    const Definitions definitions = DefinitionsOf(all);
    std::string text;
    for (const v1::Profile& profile : all.profiles()) {
      std::string shop = definitions.strings.at(profile.label_value_id(0));
      shop = shop.substr(0, shop.find('x'));
      char stack[100];
      std::snprintf(stack, sizeof stack, "[unknown]+0xf;[unknown]+0x1f;[unknown]+0x%llx",
                    0x1000 + std::stoull(shop));
      EXPECT_EQ(definitions.Stack(profile.cpu().node_id(0)), stack);
      text += (text.empty() ? "" : " ") + shop;
    }
    return text;
  }

  RouteTable routes_{&losses_};
  ModuleMap modules_;  // empty: every address is [unknown]
  StackInterner stacks_{&losses_};
  ActiveRequest request_;
};

TEST_F(SegmentWriterTest, AProfileCanBeReadAsSoonAsItIsAppended) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  request_.status = 503;
  request_.cpu_ns = 4'000'000;
  request_.trace_id[0] = 'T';
  request_.trace_id_size = 1;
  request_.samples_truncated = 2;
  ASSERT_TRUE(Append(&writer, 1));
  const WrittenFile file = Files().at(0);
  EXPECT_EQ(Shops(file), "1");
  EXPECT_EQ(file.All().processes(0).service(), "shop");
  const v1::Payload all = file.All();
  const v1::Profile& profile = all.profiles(0);
  const auto strings = DefinitionsOf(all).strings;
  EXPECT_EQ(profile.number(), 1u);
  EXPECT_EQ(profile.start_us(), kStartUs + 1);
  EXPECT_EQ(profile.wall_ns(), 5'000'000u);
  EXPECT_EQ(profile.cpu_ns(), 4'000'000u);
  EXPECT_EQ(strings.at(profile.name_id()), "event.index");
  EXPECT_EQ(strings.at(profile.method_id()), "GET");
  EXPECT_EQ(profile.status(), 503u);
  EXPECT_EQ(profile.trace_id(), "T");
  EXPECT_EQ(profile.probability(), 0.1);
  EXPECT_EQ(profile.cpu().count(0), 3u);
  EXPECT_EQ(profile.cpu().truncated(), 2u);
}

TEST_F(SegmentWriterTest, EveryDefinitionStandsInTwoFrames) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  for (uint64_t i = 1; i <= 50; ++i) ASSERT_TRUE(Append(&writer, i));
  const WrittenFile whole = Files().at(0);
  const Definitions all = DefinitionsOf(whole.All());
  // Without any one frame but the last, nothing that the others need is missing.
  for (size_t lost = 0; lost + 1 < whole.frames.size(); ++lost) {
    WrittenFile damaged = whole;
    damaged.frames.erase(damaged.frames.begin() + static_cast<ptrdiff_t>(lost));
    ASSERT_EQ(DefinitionsOf(damaged.All()), all) << lost;
  }
}

TEST_F(SegmentWriterTest, ASealedSegmentHoldsTheSameRecords) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  for (uint64_t i = 1; i <= 300; ++i) ASSERT_TRUE(Append(&writer, i));
  losses_.Add(Loss::kRingFull, 7);
  writer.Tick(clock_us);
  const WrittenFile raw = Files().at(0);
  writer.Close();
  const WrittenFile sealed = Files().at(0);
  const v1::Payload before = raw.All();
  const v1::Payload after = sealed.All();
  ASSERT_EQ(before.profiles_size(), 300);
  ASSERT_EQ(after.profiles_size(), 300);
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(before.profiles(i).SerializeAsString(), after.profiles(i).SerializeAsString());
  }
  EXPECT_EQ(DefinitionsOf(before), DefinitionsOf(after));
  EXPECT_EQ(raw.Losses(), sealed.Losses());
  EXPECT_EQ(sealed.Losses(), (std::map<std::string, uint64_t>{{"ring_full", 7}}));
  EXPECT_LT(sealed.bytes, raw.bytes / 3);
  EXPECT_EQ(sealed.header.compatible_flags, kFlagSealed);
  EXPECT_EQ(sealed.header.file_id, raw.header.file_id);
  ASSERT_EQ(after.footers_size(), 1);
  EXPECT_EQ(after.footers(0).profiles(), 300u);
  EXPECT_EQ(after.footers(0).first_start_us(), kStartUs + 1);
  EXPECT_EQ(after.footers(0).last_start_us(), kStartUs + 300);
}

TEST_F(SegmentWriterTest, AnEmptySegmentLeavesNoFile) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  EXPECT_EQ(Files().size(), 1u);
  writer.Close();
  EXPECT_EQ(Files().size(), 0u);
}

TEST_F(SegmentWriterTest, ASegmentWithoutProfilesStaysForWhatWasLost) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  losses_.Add(Loss::kCaptureLimit, 5);
  writer.Close();
  EXPECT_EQ(Files().at(0).Losses(), (std::map<std::string, uint64_t>{{"capture_limit", 5}}));
}

TEST_F(SegmentWriterTest, ASegmentRotatesByAgeAndByAClockThatJumps) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  EXPECT_FALSE(writer.WantsRotation(clock_us + kMaxSegmentMicros - 1));
  EXPECT_TRUE(writer.WantsRotation(clock_us + kMaxSegmentMicros));
  EXPECT_FALSE(writer.WantsRotation(clock_us - kMaxSegmentMicros));
  EXPECT_TRUE(writer.WantsRotation(clock_us - kMaxSegmentMicros - 1));
  ASSERT_TRUE(Append(&writer, 1));
  writer.Close();
  EXPECT_FALSE(writer.WantsRotation(INT64_MAX)) << "there is nothing to close";
  ASSERT_TRUE(Append(&writer, 2));
  ASSERT_EQ(Files().size(), 2u);
  EXPECT_EQ(Shops(Files()[1]), "2");
  EXPECT_EQ(Files()[1].All().profiles(0).number(), 2u) << "numbers go on";
}

TEST_F(SegmentWriterTest, LossesAreStoredOncePerFile) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  losses_.Add(Loss::kRingFull, 2);
  writer.Tick(clock_us);
  losses_.Add(Loss::kRingFull, 3);
  writer.Tick(clock_us);
  const size_t frames = Files()[0].frames.size();
  writer.Tick(clock_us);
  EXPECT_EQ(Files()[0].frames.size(), frames) << "nothing new to say";
  writer.Close();
  ASSERT_TRUE(Append(&writer, 1));
  losses_.Add(Loss::kLateSample, 1);
  writer.Close();
  ASSERT_EQ(Files().size(), 2u);
  EXPECT_EQ(Files()[0].Losses(), (std::map<std::string, uint64_t>{{"ring_full", 5}}));
  EXPECT_EQ(Files()[1].Losses(), (std::map<std::string, uint64_t>{{"late_sample", 1}}));
}

TEST_F(SegmentWriterTest, WhatIsLostBetweenTwoFilesStandsInTheSecond) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  ASSERT_TRUE(Append(&writer, 1));
  writer.Close();
  losses_.Add(Loss::kRingFull, 4);
  ASSERT_TRUE(Append(&writer, 2));
  writer.Close();
  EXPECT_EQ(Files().at(1).Losses(), (std::map<std::string, uint64_t>{{"ring_full", 4}}));
}

// Half a frame fits: the file is cut back, profiles are dropped until the back-off ends, and then
// it goes on in the same file with all its names.
TEST_F(SegmentWriterTest, AFullDiskCostsOnlyWhatCouldNotBeWritten) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  ASSERT_TRUE(Append(&writer, 1));
  {
    const FileSizeLimit limit(Files()[0].bytes + 20);
    EXPECT_FALSE(Append(&writer, 2));
    EXPECT_FALSE(Append(&writer, 3));
  }
  EXPECT_EQ(losses_.Get(Loss::kDiskFull), 2u);
  EXPECT_FALSE(Append(&writer, 4)) << "there is room again, but the second is not over";
  clock_us += 1'000'000;
  ASSERT_TRUE(Append(&writer, 5));
  EXPECT_EQ(losses_.Get(Loss::kDiskFull), 3u);
  EXPECT_EQ(Shops(Files().at(0)), "1 5");
  EXPECT_EQ(writer.profiles_written(), 2u);
  writer.Close();
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_EQ(Shops(Files()[0]), "1 5");
  EXPECT_EQ(Files()[0].Losses(), (std::map<std::string, uint64_t>{{"disk_full", 3}}));
}

// The same with a real disk: written + dropped = appended, and no frame is damaged at any time.
TEST_F(SegmentWriterTest, ARealFullDiskIsCountedExactly) {
  std::string reason;
  const std::string disk = MountSmallDisk(64, &reason);
  if (disk.empty()) GTEST_SKIP() << reason;
  WriterContext context = MakeContext(disk, 0);
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  const std::string ballast = disk + "/ballast";
  ASSERT_TRUE(WriteFileAtomically(ballast, std::string(20 << 10, 'x')).ok());
  uint64_t appended = 0;
  for (; losses_.Get(Loss::kDiskFull) < 40; clock_us += 100'000) Append(&writer, ++appended, 200);
  const uint64_t written_when_full = writer.profiles_written();
  EXPECT_GT(written_when_full, 20u);
  EXPECT_EQ(Files(Layout(disk).SegmentsDirectory()).size(), 1u);
  ASSERT_EQ(unlink(ballast.c_str()), 0);
  clock_us += 60'000'000;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Append(&writer, ++appended, 200));
  EXPECT_EQ(writer.profiles_written(), written_when_full + 20);
  EXPECT_EQ(writer.profiles_written() + losses_.Sum(), appended);
  writer.Tick(clock_us);
  const WrittenFile file = Files(Layout(disk).SegmentsDirectory()).at(0);
  EXPECT_EQ(file.All().profiles_size(), static_cast<int>(writer.profiles_written()));
  Shops(file);
  EXPECT_EQ(file.Losses().at("disk_full"), losses_.Sum());
}

// EFBIG: nothing is known about the file's end, so it is left alone and a new one begins after the
// back-off, with all its names and with what was lost meanwhile.
TEST_F(SegmentWriterTest, AnyOtherErrorBeginsANewSegmentLater) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  ASSERT_TRUE(Append(&writer, 1));
  {
    const FileSizeLimit limit(Files()[0].bytes);
    EXPECT_FALSE(Append(&writer, 2));
  }
  EXPECT_FALSE(Append(&writer, 3));
  EXPECT_EQ(losses_.Get(Loss::kWriteError), 2u);
  clock_us += 999'999;
  EXPECT_FALSE(Append(&writer, 4));
  clock_us += 1;
  ASSERT_TRUE(Append(&writer, 5));
  ASSERT_EQ(Files().size(), 2u);
  EXPECT_EQ(Shops(Files()[0]), "1");
  EXPECT_EQ(Shops(Files()[1]), "5");
  writer.Tick(clock_us);
  EXPECT_EQ(Files()[1].Losses(), (std::map<std::string, uint64_t>{{"write_error", 3}}));
}

TEST_F(SegmentWriterTest, TheBackOffDoublesUpToAMinute) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  ASSERT_TRUE(Append(&writer, 1));
  const FileSizeLimit limit(Files()[0].bytes + 20);
  std::vector<int64_t> tries;
  for (int second = 0; second < 300; ++second, clock_us += 1'000'000) {
    // What is tried is written in part and cut off again, so the time of change shows a try.
    struct stat before, after;
    const std::string path = FilesBelow(root())[0];
    stat(path.c_str(), &before);
    EXPECT_FALSE(Append(&writer, 2));
    stat(path.c_str(), &after);
    if (std::memcmp(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim) != 0)
      tries.push_back(second);
  }
  EXPECT_EQ(tries, (std::vector<int64_t>{0, 1, 3, 7, 15, 31, 63, 123, 183, 243}));
  EXPECT_EQ(losses_.Get(Loss::kDiskFull), 300u);
}

TEST_F(SegmentWriterTest, AClockThatIsSetBackDoesNotStopTheWriting) {
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  {
    const FileSizeLimit limit(Files()[0].bytes + 20);
    EXPECT_FALSE(Append(&writer, 1));
  }
  clock_us -= 3'600'000'000;
  EXPECT_TRUE(Append(&writer, 2));
}

TEST_F(SegmentWriterTest, MaxBytesIsNeverExceededAndWhatItCostIsCounted) {
  constexpr uint64_t kMaxBytes = 20'000;
  WriterContext context = MakeContext(kMaxBytes);
  SegmentWriter writer(&context, &stacks_);
  ASSERT_TRUE(writer.Open().ok());
  constexpr uint64_t kAppended = 500;
  uint64_t kept = 0;
  for (uint64_t i = 1; i <= kAppended; ++i) kept += Append(&writer, i, 200);
  EXPECT_EQ(writer.profiles_written(), kept);
  EXPECT_GT(kept, 10u);
  EXPECT_EQ(losses_.Get(Loss::kBytesLimit), kAppended - kept);
  EXPECT_EQ(losses_.Sum(), kAppended - kept);
  // The file's header and its process stand there before the first question is asked.
  EXPECT_LE(Files()[0].bytes, kMaxBytes + 512);
  writer.Close();
  EXPECT_EQ(Files()[0].Losses().at("bytes_limit"), kAppended - kept);
  EXPECT_LT(Files()[0].bytes, kMaxBytes);
  // Sealing made room.
  EXPECT_TRUE(Append(&writer, kAppended + 1));
  EXPECT_EQ(Shops(Files().at(1)), std::to_string(kAppended + 1));
}

TEST_F(SegmentWriterTest, ADirectoryThatCannotBeWrittenIsAnErrorAtOpen) {
  ASSERT_TRUE(WriteFileAtomically(Path("segments"), "in the way").ok());
  WriterContext context = MakeContext();
  SegmentWriter writer(&context, &stacks_);
  const Status status = writer.Open();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find(Path("segments")), std::string::npos) << status.message();
  EXPECT_FALSE(Append(&writer, 1));
  EXPECT_EQ(losses_.Get(Loss::kWriteError), 1u);
}

}  // namespace
}  // namespace hotroute
