// Descriptors, reading, writing, folders: what they do and what they say when they cannot.
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/unit/base/temporary_directory.h"

namespace hotroute {
namespace {

class FileTest : public TemporaryDirectory {
 protected:
  void Write(const std::string& name, std::string_view bytes) {
    ASSERT_TRUE(WriteFileAtomically(Path(name), bytes).ok());
  }
};

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) != -1; }

TEST_F(FileTest, DescriptorIsClosedOnceByItsLastOwner) {
  Result<UniqueFd> opened = OpenFile(root(), O_RDONLY | O_DIRECTORY);
  ASSERT_TRUE(opened.ok());
  const int raw = opened->get();
  {
    UniqueFd owner = std::move(*opened);
    EXPECT_FALSE(*opened);
    EXPECT_TRUE(owner);
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST_F(FileTest, AssignedDescriptorClosesTheFormerOne) {
  UniqueFd first = std::move(*OpenFile(root(), O_RDONLY));
  UniqueFd second = std::move(*OpenFile(root(), O_RDONLY));
  const int former = first.get();
  const int kept = second.get();
  first = std::move(second);
  EXPECT_FALSE(IsOpen(former));
  EXPECT_EQ(first.get(), kept);
  UniqueFd released(first.Release());
  EXPECT_FALSE(first);
  EXPECT_TRUE(IsOpen(kept));
}

TEST_F(FileTest, OpenedDescriptorsAreNotInherited) {
  const Result<UniqueFd> fd = OpenFile(root(), O_RDONLY);
  ASSERT_TRUE(fd.ok());
  EXPECT_NE(fcntl(fd->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(FileTest, ReadsBackEveryByte) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes.push_back(static_cast<char>(i * 31));
  Write("bytes", bytes);
  EXPECT_EQ(*ReadFile(Path("bytes")), bytes);
  Write("empty", "");
  EXPECT_EQ(*ReadFile(Path("empty")), "");
}

// st_size of such files is 0.
TEST_F(FileTest, ReadsTheKernelsFiles) {
  const Result<std::string> id = ReadFile("/proc/sys/kernel/random/boot_id");
  ASSERT_TRUE(id.ok()) << id.status().message();
  EXPECT_EQ(id->size(), 37u);  // 36 characters and the line's end
}

TEST_F(FileTest, MissingPathsAreNotFoundAndNamed) {
  const std::string path = Path("missing");
  const std::string expected = "cannot open " + path + ": no such file or directory";
  EXPECT_EQ(ReadFile(path).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ReadFile(path).status().message(), expected);
  EXPECT_EQ(OpenFile(path, O_RDONLY).status().message(), expected);
  EXPECT_EQ(ListDirectory(path).status().message(), expected);
  EXPECT_EQ(ListDirectory(path).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(SyncDirectory(path).message(), expected);
  EXPECT_FALSE(PathExists(path));
  EXPECT_EQ(DirectoryBytes(path), 0u);
}

TEST_F(FileTest, RefusesToReadWhatIsNoRegularFile) {
  EXPECT_EQ(ReadFile(root()).status().message(), "cannot read " + root() + ": Is a directory");
  const std::string pipe = Path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(pipe).status().message(), "cannot read " + pipe + ": not a regular file");
}

TEST_F(FileTest, RefusesToReadMoreThanOneGibibyte) {
  const std::string path = Path("sparse");
  const UniqueFd fd = std::move(*OpenFile(path, O_WRONLY | O_CREAT));
  ASSERT_EQ(ftruncate(fd.get(), off_t{1} << 40), 0);
  EXPECT_EQ(ReadFile(path).status().code(), StatusCode::kExhausted);
  EXPECT_EQ(ReadFile(path).status().message(), "cannot read " + path + ": larger than 1 GiB");
}

TEST_F(FileTest, WriteErrorsNameThePathAndTheReason) {
  const UniqueFd fd = std::move(*OpenFile("/dev/full", O_WRONLY));
  const Status status = WriteAll(fd.get(), "bytes", "/data/x.seg");
  EXPECT_EQ(status.code(), StatusCode::kExhausted);
  EXPECT_EQ(status.message(), "cannot write /data/x.seg: No space left on device");
}

// A pipe takes 64 KiB at a time, so a megabyte needs many write(2).
TEST_F(FileTest, WriteAllGoesOnAfterShortWrites) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  const std::string bytes(1 << 20, 'x');
  size_t received = 0;
  std::thread reader([&] {
    char buffer[4096];
    while (true) {
      const ssize_t got = read(in.get(), buffer, sizeof buffer);
      if (got <= 0) return;
      received += static_cast<size_t>(got);
    }
  });
  EXPECT_TRUE(WriteAll(out.get(), bytes, "pipe").ok());
  out.Reset();
  reader.join();
  EXPECT_EQ(received, bytes.size());
}

TEST_F(FileTest, MakesFoldersThatOnlyTheOwnerMayWriteWhateverTheUmask) {
  const mode_t before = umask(0);
  const Status status = MakeDirectories(Path("a/b/c/"));
  umask(before);
  ASSERT_TRUE(status.ok()) << status.message();
  for (const char* name : {"a", "a/b", "a/b/c"}) {
    struct stat info;
    ASSERT_EQ(stat(Path(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0755u) << name;
  }
  EXPECT_TRUE(MakeDirectories(Path("a/b/c")).ok());
  EXPECT_TRUE(MakeDirectories("/").ok());
}

TEST_F(FileTest, SaysWhichPartOfAPathCannotBeAFolder) {
  Write("file", "x");
  EXPECT_EQ(MakeDirectories(Path("file")).message(),
            "cannot create " + Path("file") + ": Not a directory");
  EXPECT_EQ(MakeDirectories(Path("file/below")).message(),
            "cannot create " + Path("file/below") + ": Not a directory");
  EXPECT_FALSE(MakeDirectories("").ok());
}

TEST_F(FileTest, ListsEveryNameSorted) {
  std::vector<std::string> expected;
  for (int i = 1000; i < 2500; ++i) {  // more than one buffer of getdents(2)
    expected.push_back("n" + std::to_string(i));
    ASSERT_TRUE(OpenFile(Path(expected.back()), O_WRONLY | O_CREAT).ok());
  }
  EXPECT_EQ(*ListDirectory(root()), expected);
  EXPECT_EQ(ListDirectory(Path("n1000")).status().message(),
            "cannot open " + Path("n1000") + ": Not a directory");
}

TEST_F(FileTest, CountsBytesOfRegularFilesBelowAFolder) {
  ASSERT_TRUE(MakeDirectories(Path("a/b")).ok());
  Write("top", std::string(10, 'x'));
  Write("a/b/deep", std::string(300, 'x'));
  ASSERT_EQ(symlink(Path("top").c_str(), Path("link").c_str()), 0);
  ASSERT_EQ(symlink("..", Path("a/loop").c_str()), 0);
  EXPECT_EQ(DirectoryBytes(root()), 310u);
}

// Retention removes hour folders while a writer adds up the directory: what stays must be counted.
TEST_F(FileTest, CountsWhatStaysWhileOtherFoldersComeAndGo) {
  Write("zz_stays", std::string(1000, 'x'));
  std::atomic<bool> done = false;
  std::thread churn([&] {
    while (!done) {
      for (int i = 0; i < 20; ++i) mkdir(Path("d" + std::to_string(i)).c_str(), 0755);
      for (int i = 0; i < 20; ++i) rmdir(Path("d" + std::to_string(i)).c_str());
    }
  });
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 2000; ++i) least = std::min(least, DirectoryBytes(root()));
  done = true;
  churn.join();
  EXPECT_EQ(least, 1000u);
}

}  // namespace
}  // namespace hotroute
