// One file of frames: definitions stand twice, a failed write leaves whole frames, sealing changes
// nothing but the size.
#include "profiler/encode/frame_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "tests/unit/profiler/writing.h"
#include "tests/unit/profiler/written_file.h"

namespace hotroute {
namespace {

std::string Strings(uint32_t first_id, const std::string& value) {
  std::string payload;
  EncodeStrings(first_id, std::vector<std::string>{value}, &payload);
  return payload;
}

std::string Record(uint64_t number) {
  std::string payload;
  EncodeFooter({number, 0, 0}, &payload);
  return payload;
}

// "1 2 | 7": ids of the strings, then the numbers of the records.
std::string Text(const v1::Payload& frame) {
  std::string text;
  for (const v1::StringTable& table : frame.strings())
    text += std::to_string(table.first_id()) + " ";
  text += "|";
  for (const v1::Footer& footer : frame.footers()) text += " " + std::to_string(footer.profiles());
  return text;
}

class FrameFileTest : public WritingTest {
 protected:
  FrameFile Create(const std::string& path) {
    Result<FrameFile> file = FrameFile::Create(path, MakeContext().NewHeader(FileKind::kSegment));
    EXPECT_TRUE(file.ok()) << file.status().message();
    return std::move(*file);
  }
  std::vector<std::string> Frames() {
    std::vector<std::string> texts;
    for (const v1::Payload& frame : ReadWritten(path_, FileKind::kSegment).frames)
      texts.push_back(Text(frame));
    return texts;
  }
  const std::string path_ = Path("file.seg");
};

TEST_F(FrameFileTest, DefinitionsStandInTwoConsecutiveFrames) {
  FrameFile file = Create(path_);
  ASSERT_TRUE(file.Append(Strings(1, "a"), Record(1)).ok());
  ASSERT_TRUE(file.Append(Strings(2, "b"), Record(2)).ok());
  ASSERT_TRUE(file.Append({}, Record(3)).ok());
  ASSERT_TRUE(file.Append({}, Record(4)).ok());
  EXPECT_EQ(Frames(), (std::vector<std::string>{"1 | 1", "1 2 | 2", "2 | 3", "| 4"}));
}

TEST_F(FrameFileTest, PostponedDefinitionsComeWithTheNextFrame) {
  FrameFile file = Create(path_);
  file.Postpone(Strings(1, "a"));
  file.Postpone(Strings(2, "b"));
  ASSERT_TRUE(file.Append(Strings(3, "c"), Record(1)).ok());
  EXPECT_EQ(Frames(), std::vector<std::string>{"1 2 3 | 1"});
}

TEST_F(FrameFileTest, TheSizeOfAFrameIsKnownBefore) {
  FrameFile file = Create(path_);
  for (size_t size = 0; size < 20; ++size) {
    const std::string definitions = Strings(1, std::string(size, 'x'));
    const uint64_t before = file.bytes();
    const uint64_t expected = file.FrameBytes(definitions, Record(1));
    ASSERT_TRUE(file.Append(definitions, Record(1)).ok());
    EXPECT_EQ(file.bytes() - before, expected);
  }
  EXPECT_EQ(ReadWritten(path_, FileKind::kSegment).bytes, file.bytes());
}

TEST_F(FrameFileTest, AnExistingFileIsNotTouched) {
  FrameFile file = Create(path_);
  ASSERT_TRUE(file.Append({}, Record(1)).ok());
  EXPECT_FALSE(FrameFile::Create(path_, file.header()).ok());
  EXPECT_EQ(Frames(), std::vector<std::string>{"| 1"});
}

// The kernel wrote half a frame: it is cut off, and what it defined comes with the next one.
TEST_F(FrameFileTest, AShortWriteIsCutBackToWholeFrames) {
  FrameFile file = Create(path_);
  ASSERT_TRUE(file.Append(Strings(1, "a"), Record(1)).ok());
  const uint64_t whole = file.bytes();
  {
    const FileSizeLimit limit(whole + 20);
    const Status status = file.Append(Strings(2, std::string(100, 'b')), Record(2));
    EXPECT_EQ(status.code(), StatusCode::kExhausted);
    EXPECT_EQ(status.message(), "no space left for " + path_);
    EXPECT_EQ(file.Append(Strings(3, std::string(100, 'c')), Record(3)).code(),
              StatusCode::kExhausted);
  }
  EXPECT_EQ(file.bytes(), whole);
  EXPECT_EQ(Frames(), std::vector<std::string>{"1 | 1"});
  ASSERT_TRUE(file.Append(Strings(4, "d"), Record(4)).ok());
  EXPECT_EQ(Frames(), (std::vector<std::string>{"1 | 1", "1 2 3 4 | 4"}));
}

TEST_F(FrameFileTest, AnotherErrorIsNotAFullDisk) {
  FrameFile file = Create(path_);
  const FileSizeLimit limit(file.bytes());
  EXPECT_EQ(file.Append({}, Record(1)).message(), "cannot write " + path_ + ": File too large");
}

TEST_F(FrameFileTest, PayloadsAreReadBackAsTheyWereWritten) {
  FrameFile file = Create(path_);
  ASSERT_TRUE(file.Append(Strings(1, "a"), Record(1)).ok());
  ASSERT_TRUE(file.Append({}, Record(2)).ok());
  std::vector<std::string> payloads;
  ASSERT_TRUE(file.ForEachPayload([&](std::string_view payload) {
                    payloads.emplace_back(payload);
                    return Status();
                  })
                  .ok());
  EXPECT_EQ(payloads,
            (std::vector<std::string>{Strings(1, "a") + Record(1), Strings(1, "a") + Record(2)}));
}

TEST_F(FrameFileTest, ASealedFileHoldsTheSameAndReplacesTheOld) {
  FrameFile file = Create(path_);
  std::string expected = "|";
  for (uint64_t i = 1; i <= 2000; ++i) {
    ASSERT_TRUE(file.Append({}, Record(i)).ok());
    expected += " " + std::to_string(i);
  }
  const auto dictionary = [](const PayloadSink& emit) { return emit(Strings(1, "a")); };
  const auto body = [&](const PayloadSink& emit) { return file.ForEachPayload(emit); };
  const Result<uint64_t> size = ReplaceBySealed(file, dictionary, body);
  ASSERT_TRUE(size.ok()) << size.status().message();
  const WrittenFile sealed = ReadWritten(path_, FileKind::kSegment);
  EXPECT_EQ(sealed.bytes, *size);
  EXPECT_LT(sealed.bytes, file.bytes() / 3);
  EXPECT_EQ(sealed.header.compatible_flags, kFlagSealed);
  EXPECT_EQ(sealed.header.file_id, file.header().file_id);
  ASSERT_EQ(sealed.frames.size(), 2u) << "the dictionary has a frame of its own";
  EXPECT_EQ(Text(sealed.frames[0]), "1 |");
  EXPECT_EQ(Text(sealed.frames[1]), expected);
  EXPECT_EQ(FilesBelow(root()), std::vector<std::string>{path_});
}

TEST_F(FrameFileTest, ASealingThatFailsLeavesTheFileAsItWas) {
  FrameFile file = Create(path_);
  ASSERT_TRUE(file.Append(Strings(1, "a"), Record(1)).ok());
  const auto nothing = [](const PayloadSink&) { return Status(); };
  const auto failing = [](const PayloadSink&) { return Corruption("no more"); };
  EXPECT_EQ(ReplaceBySealed(file, nothing, failing).status().message(), "no more");
  {
    const FileSizeLimit limit(kFileHeaderBytes);
    const auto body = [&](const PayloadSink& emit) { return file.ForEachPayload(emit); };
    EXPECT_FALSE(ReplaceBySealed(file, nothing, body).ok());
  }
  EXPECT_EQ(Frames(), std::vector<std::string>{"1 | 1"});
  EXPECT_EQ(FilesBelow(root()), std::vector<std::string>{path_}) << "no temporary file is left";
}

bool IsLocked(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return flock(fd.get(), LOCK_EX | LOCK_NB) != 0;
}

// A child that outlives its parent must not keep its parent's file looking alive.
TEST_F(FrameFileTest, TheLockIsItsWritersAlone) {
  int closed[2], end[2];  // the child has closed its copy; the child may end
  ASSERT_EQ(pipe(closed), 0);
  ASSERT_EQ(pipe(end), 0);
  pid_t child = 0;
  char byte = 0;
  {
    const FrameFile file = Create(path_);
    EXPECT_TRUE(IsLocked(path_));
    child = fork();
    if (child == 0) {
      ForkClosedFd::CloseAllInChild();
      close(end[1]);
      _exit(write(closed[1], &byte, 1) == 1 && read(end[0], &byte, 1) == 0 ? 0 : 1);
    }
    ASSERT_EQ(read(closed[0], &byte, 1), 1);
  }
  EXPECT_FALSE(IsLocked(path_)) << "the child lives and holds nothing";
  for (const int fd : {closed[0], closed[1], end[0], end[1]}) close(fd);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace hotroute
