// Files and pipes: pieces, places, failures.
#include "StreamTestSupport.h"

#include <atomic>
#include <thread>
#include <unistd.h>

namespace branchline::stream {
namespace {

std::string readAll(Source &source, size_t piece) {
  std::string text, block(piece, '\0');
  for (;;) {
    auto got = source.read(block.data(), piece);
    if (!got) {
      ADD_FAILURE() << got.error().message;
      return text;
    }
    if (*got == 0)
      return text;
    text.append(block, 0, *got);
  }
}

/// A pipe in the place of standard input.
class StdinPipe {
public:
  StdinPipe() : saved_(::dup(STDIN_FILENO)) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writer_ = ends[1];
  }
  ~StdinPipe() {
    finish();
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }
  void write(const std::string &text) { // fits into a pipe
    EXPECT_EQ(::write(writer_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void finish() {
    if (writer_ >= 0)
      ::close(std::exchange(writer_, -1));
  }

private:
  int saved_;
  int writer_;
};

TEST(Source, readsAFileWithPiecesOfAnySize) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.json", "0123456789abcdef");
  for (size_t piece = 1; piece < 20; ++piece) {
    auto source = openSource(path);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->totalBytes(), 16u);
    EXPECT_EQ(readAll(**source, piece), "0123456789abcdef");
    EXPECT_EQ((*source)->takenBytes(), 16u);
    EXPECT_EQ((*source)->name(), path);
  }
}

TEST(Source, readsAnEmptyFile) {
  const TemporaryFolder folder;
  auto source = openSource(folder.write("a.json", ""));
  ASSERT_TRUE(source);
  EXPECT_EQ(readAll(**source, 8), "");
}

TEST(Source, namesWhatCannotBeRead) {
  const TemporaryFolder folder;
  auto missing = openSource(folder.file("missing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, 4001);
  EXPECT_EQ(missing.error().file, folder.file("missing"));
  EXPECT_EQ(openSource(folder.file(".")).error().code, 4001);
}

TEST(Source, goesToAPlaceOfAFile) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.json", "0123456789");
  for (size_t offset = 0; offset <= 10; ++offset) {
    auto source = openSource(path);
    ASSERT_TRUE((*source)->skipTo(offset));
    EXPECT_EQ(readAll(**source, 3), std::string("0123456789").substr(offset));
  }
  auto skipped = (*openSource(path))->skipTo(11);
  ASSERT_FALSE(skipped);
  EXPECT_EQ(skipped.error().code, 4005);
  EXPECT_EQ(skipped.error().message,
            "'" + path + "' has 10 bytes, fewer than the 11 that were read before");
}

TEST(Source, seesAFileThatIsCutWhileItIsRead) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.json", std::string(10'000, 'x'));
  auto source = openSource(path);
  char block[5'000];
  ASSERT_EQ(*(*source)->read(block, sizeof(block)), sizeof(block));
  std::filesystem::resize_file(path, 6'000);
  EXPECT_EQ(readAll(**source, 5'000).size(), 1'000u);
}

TEST(Source, readsWhatAPipeHasWithoutWaitingForMore) {
  StdinPipe pipe;
  pipe.write("[1]\n");
  auto source = openSource("-");
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->totalBytes(), std::nullopt);
  EXPECT_EQ((*source)->name(), "<stdin>");
  char block[100];
  ASSERT_EQ(*(*source)->read(block, 100), 4u);
  pipe.write("[2]\n");
  pipe.finish();
  EXPECT_EQ(readAll(**source, 100), "[2]\n");
}

TEST(Source, skipsInAPipeByReading) {
  StdinPipe pipe;
  pipe.write("0123456789");
  pipe.finish();
  auto source = openSource("-");
  ASSERT_TRUE((*source)->skipTo(7));
  EXPECT_EQ(readAll(**source, 100), "789");
  StdinPipe shorter;
  shorter.write("0123456789");
  shorter.finish();
  EXPECT_EQ((*openSource("-"))->skipTo(11).error().code, 4005);
}

TEST(Source, stopsWaitingWhenAskedTo) {
  StdinPipe pipe;
  pipe.write("[1]\n");
  std::atomic<bool> stop{false};
  auto source = openSource("-", {&stop});
  char block[100];
  ASSERT_EQ(*(*source)->read(block, 100), 4u);
  std::thread other([&] { stop = true; });
  auto got = (*source)->read(block, 100);
  other.join();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, 4003);
}

} // namespace
} // namespace branchline::stream
