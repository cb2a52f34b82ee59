// Files that are replaced, that grow, and that cannot be written.
#include "StreamTestSupport.h"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace branchline::stream {
namespace {

constexpr SinkOptions appendAt(uint64_t keep) { return {SinkOptions::Mode::Append, keep}; }

TEST(Sink, replacesAFileWhenItIsComplete) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "old");
  auto sink = openSink(path);
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->write("new\n"));
  EXPECT_EQ(*(*sink)->sync(), 4u);
  EXPECT_EQ(folder.read("out"), "old");
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(folder.read("out"), "new\n");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(Sink, leavesAFileAloneThatIsNotCompleted) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "old");
  {
    auto sink = openSink(path);
    ASSERT_TRUE((*sink)->write("new\n"));
    ASSERT_TRUE((*sink)->flush());
  }
  EXPECT_EQ(folder.read("out"), "old");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(Sink, makesFoldersAndKeepsModesAndLinks) {
  const TemporaryFolder folder;
  ASSERT_TRUE((*openSink(folder.file("a/b/out")))->close());
  EXPECT_EQ(folder.read("a/b/out"), "");
  const std::string target = folder.write("target", "old");
  ::chmod(target.c_str(), 0640);
  ASSERT_EQ(::symlink("target", folder.file("link").c_str()), 0);
  auto sink = openSink(folder.file("link"));
  ASSERT_TRUE((*sink)->write("new"));
  ASSERT_TRUE((*sink)->close());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(folder.read("target"), "new");
  EXPECT_EQ(std::filesystem::status(target).permissions(), std::filesystem::perms(0640));
}

TEST(Sink, writesLargeAndSmallTextsInOrder) {
  const TemporaryFolder folder;
  std::string expected;
  auto sink = openSink(folder.file("out"));
  for (size_t size = 1; size < 1'000'000; size = size * 3 + 1) {
    const std::string text(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE((*sink)->write(text));
    expected += text;
  }
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(folder.read("out"), expected);
}

TEST(Sink, growsAFileFromAGivenLength) {
  const TemporaryFolder folder;
  {
    auto sink = openSink(folder.file("out"), appendAt(0));
    ASSERT_TRUE((*sink)->write("one\n"));
    EXPECT_EQ(*(*sink)->sync(), 4u);
    ASSERT_TRUE((*sink)->write("torn"));
    ASSERT_TRUE((*sink)->flush());
    ASSERT_TRUE((*sink)->write("lost")); // stays in the buffer: the run ends without close
  }
  EXPECT_EQ(folder.read("out"), "one\ntorn");
  auto sink = openSink(folder.file("out"), appendAt(4));
  ASSERT_TRUE((*sink)->write("two\n"));
  EXPECT_EQ(*(*sink)->sync(), 8u);
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(folder.read("out"), "one\ntwo\n");
}

TEST(Sink, refusesToKeepMoreThanThereIs) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "one\n");
  auto sink = openSink(path, appendAt(5));
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, codeOf(error::Id::OutputTooShort));
  EXPECT_EQ(sink.error().message,
            "'" + path + "' has 4 bytes, fewer than the 5 that were written before");
  EXPECT_EQ(folder.read("out"), "one\n");
}

TEST(Sink, namesWhatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_EQ(openSink(folder.file(".")).error().code, codeOf(error::Id::CannotWriteFile));
  auto full = openSink("/dev/full");
  ASSERT_TRUE(full);
  ASSERT_TRUE((*full)->write("text"));
  EXPECT_EQ((*full)->flush().error().message,
            "Failed to write file '/dev/full': No space left on device");
}

/// A limit on the size of files stands for a full disk.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &saved_);
    const rlimit limited{bytes, saved_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &saved_); }

private:
  rlimit saved_{};
};

TEST(Sink, leavesNoHalfRecordOnAFullDisk) {
  const TemporaryFolder folder;
  auto sink = openSink(folder.file("out"), appendAt(0));
  {
    const FileSizeLimit limit(10);
    for (const char *record : {"one\n", "two\n", "three\n"})
      ASSERT_TRUE((*sink)->write(record));
    EXPECT_EQ((*sink)->flush().error().code, codeOf(error::Id::CannotWriteFile));
  }
  EXPECT_EQ(folder.read("out"), "one\ntwo\n");
  ASSERT_TRUE((*sink)->write("four\n"));
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(folder.read("out"), "one\ntwo\nfour\n");
}

TEST(Sink, keepsSilentAboutAReaderThatWentAway) {
  ::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int saved = ::dup(STDOUT_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  ::close(ends[0]);
  ::close(ends[1]);
  auto sink = openSink("-");
  ASSERT_TRUE((*sink)->write("text"));
  auto flushed = (*sink)->flush();
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, codeOf(error::Id::CannotWriteStdout));
  EXPECT_EQ(flushed.error().message, "");
}

// --- Compressed outputs ---

std::string readBack(const std::string &path) {
  auto source = openSource(path);
  std::string text, block(4'096, '\0');
  for (;;) {
    auto got = (*source)->read(block.data(), block.size());
    if (!got || *got == 0) {
      EXPECT_TRUE(got) << got.error().message;
      return text;
    }
    text.append(block, 0, *got);
  }
}

class CompressedSink : public testing::TestWithParam<const char *> {};

INSTANTIATE_TEST_SUITE_P(, CompressedSink, testing::Values("gz", "zst"),
                         [](const auto &ending) { return std::string(ending.param); });

TEST_P(CompressedSink, isChosenByTheEndingOfTheName) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.") + GetParam();
  std::string expected;
  auto sink = openSink(path);
  ASSERT_TRUE(sink);
  for (int i = 0; i < 200'000; ++i) {
    const std::string record = std::to_string(i * 7919LL % 1'000'003) + "\n";
    ASSERT_TRUE((*sink)->write(record));
    expected += record;
  }
  ASSERT_TRUE((*sink)->close());
  EXPECT_LT(std::filesystem::file_size(path), expected.size());
  EXPECT_EQ(readBack(path), expected);
}

TEST_P(CompressedSink, writesAFileThatCanBeReadWhenThereIsNothing) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.") + GetParam();
  ASSERT_TRUE((*openSink(path))->close());
  EXPECT_GT(std::filesystem::file_size(path), 0u);
  EXPECT_EQ(readBack(path), "");
}

TEST_P(CompressedSink, canBeResumedWhereItWasSynced) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.") + GetParam();
  uint64_t durable = 0;
  {
    auto sink = openSink(path, appendAt(0));
    ASSERT_TRUE((*sink)->write("one\n"));
    durable = *(*sink)->sync();
    EXPECT_EQ(std::filesystem::file_size(path), durable);
    EXPECT_EQ(*(*sink)->sync(), durable) << "nothing was written";
    EXPECT_EQ(readBack(path), "one\n");
    ASSERT_TRUE((*sink)->write("torn\n"));
    ASSERT_TRUE((*sink)->flush());
  }
  EXPECT_GT(std::filesystem::file_size(path), durable);
  auto sink = openSink(path, appendAt(durable));
  ASSERT_TRUE((*sink)->write("two\n"));
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(readBack(path), "one\ntwo\n");
}

TEST_P(CompressedSink, keepsWholeMembersOnAFullDisk) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.") + GetParam();
  auto sink = openSink(path, appendAt(0));
  ASSERT_TRUE((*sink)->write("one\n"));
  const uint64_t durable = *(*sink)->sync();
  {
    const FileSizeLimit limit(durable + 3);
    ASSERT_TRUE((*sink)->write("two\n"));
    EXPECT_EQ((*sink)->sync().error().code, codeOf(error::Id::CannotWriteFile));
  }
  EXPECT_EQ(readBack(path), "one\n");
  ASSERT_TRUE((*sink)->write("three\n"));
  ASSERT_TRUE((*sink)->close());
  EXPECT_EQ(readBack(path), "one\nthree\n");
}

} // namespace
} // namespace branchline::stream
