// Files and pipes: pieces, places, failures.
#include "StreamTestSupport.h"

#include "Compressor.h"

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
  EXPECT_EQ(missing.error().code, codeOf(error::Id::CannotReadFile));
  EXPECT_EQ(missing.error().file, folder.file("missing"));
  EXPECT_EQ(openSource(folder.file(".")).error().code, codeOf(error::Id::CannotReadFile));
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
  EXPECT_EQ(skipped.error().code, codeOf(error::Id::InputTooShort));
  EXPECT_EQ(skipped.error().message, "found 10 bytes, fewer than the 11 that were read before");
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

TEST(Source, doesNotWaitToLookForCompression) {
  for (const std::string text : {"1\n", "[]", "{", "\x1f\n", "(\xb5\n"}) {
    StdinPipe input;
    input.write(text); // and nothing more
    auto source = openSource("-");
    ASSERT_TRUE(source);
    char block[16];
    const auto got = (*source)->read(block, sizeof block);
    ASSERT_TRUE(got);
    EXPECT_EQ(std::string(block, *got), text);
  }
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
  EXPECT_EQ((*openSource("-"))->skipTo(11).error().code, codeOf(error::Id::InputTooShort));
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
  EXPECT_EQ(got.error().code, codeOf(error::Id::CannotReadStdin));
}

// --- Compressed inputs ---

std::string compress(Compression format, const std::string &text) {
  std::string out;
  EXPECT_TRUE(makeCompressor(format)->compress(text, Compressor::Upto::End, out));
  return out;
}

/// Text that does not compress to nothing.
std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "{\"n\":" + std::to_string(i * 7919LL % 100'003) + "}\n";
  return text;
}

class CompressedSource : public testing::TestWithParam<Compression> {};

INSTANTIATE_TEST_SUITE_P(, CompressedSource, testing::Values(Compression::Gzip, Compression::Zstd),
                         [](const auto &format) { return nameOf(format.param); });

TEST_P(CompressedSource, isRecognisedByItsContent) {
  const TemporaryFolder folder;
  const std::string text = numbers(50'000);
  const std::string path = folder.write("plain.json", compress(GetParam(), text));
  for (size_t piece : {1'000u, 1'000'000u}) {
    auto source = openSource(path);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->totalBytes(), std::filesystem::file_size(path));
    EXPECT_EQ(readAll(**source, piece), text);
    EXPECT_EQ((*source)->takenBytes(), std::filesystem::file_size(path));
  }
}

TEST_P(CompressedSource, joinsMembers) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("a", compress(GetParam(), "[1]\n[") + compress(GetParam(), "") +
                            compress(GetParam(), "2]\n"));
  for (size_t piece = 1; piece < 12; ++piece)
    EXPECT_EQ(readAll(**openSource(path), piece), "[1]\n[2]\n");
}

TEST_P(CompressedSource, readsFromAPipe) {
  StdinPipe pipe;
  const std::string packed = compress(GetParam(), "[1]\n[2]\n");
  for (const char byte : packed)
    pipe.write(std::string(1, byte));
  pipe.finish();
  EXPECT_EQ(readAll(**openSource("-"), 100), "[1]\n[2]\n");
}

TEST_P(CompressedSource, goesToAPlaceOfTheText) {
  const TemporaryFolder folder;
  const std::string text = numbers(20'000);
  const std::string path = folder.write("a", compress(GetParam(), text));
  auto source = openSource(path);
  ASSERT_TRUE((*source)->skipTo(100'001));
  EXPECT_EQ(readAll(**source, 4'096), text.substr(100'001));
  EXPECT_EQ((*openSource(path))->skipTo(text.size() + 1).error().code,
            codeOf(error::Id::InputTooShort));
}

/// What comes out of a source before it fails. \param error  that failure, or none
std::string readUntilFailure(const std::string &path, Error &error) {
  auto source = openSource(path);
  std::string text, block(1'000, '\0');
  for (;;) {
    auto got = (*source)->read(block.data(), block.size());
    if (!got) {
      error = got.error();
      EXPECT_EQ(error.file, path);
      EXPECT_EQ((*source)->read(block.data(), block.size()).error().message, error.message);
      return text;
    }
    if (*got == 0)
      return text;
    text.append(block, 0, *got);
  }
}

TEST_P(CompressedSource, deliversWhatPrecedesACut) {
  const TemporaryFolder folder;
  const std::string text = numbers(80);
  const std::string packed = compress(GetParam(), text);
  for (size_t size = kSniffedBytes; size < packed.size(); ++size) {
    Error error;
    const std::string got = readUntilFailure(folder.write("a", packed.substr(0, size)), error);
    EXPECT_EQ(got, text.substr(0, got.size()));
    EXPECT_EQ(error.code, codeOf(error::Id::CompressedCutShort)) << size;
    EXPECT_EQ(error.message, std::string("the ") + nameOf(GetParam()) +
                                 " data is cut short after " + std::to_string(size) + " bytes");
  }
}

TEST_P(CompressedSource, deliversWhatPrecedesDamage) {
  const TemporaryFolder folder;
  const std::string first = numbers(300);
  const std::string good = compress(GetParam(), first);
  std::string damaged = compress(GetParam(), numbers(30'000));
  for (size_t at = damaged.size() / 2; at < damaged.size() / 2 + 64; ++at)
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
  Error error;
  const std::string got = readUntilFailure(folder.write("a", good + damaged), error);
  EXPECT_EQ(got.substr(0, first.size()), first);
  EXPECT_GT(got.size(), first.size() + 50'000) << "blocks before the damaged one";
  EXPECT_EQ(error.code, codeOf(error::Id::CompressedDamaged));
  EXPECT_TRUE(error.message.starts_with(std::string("the ") + nameOf(GetParam()) +
                                        " data is damaged at byte offset "))
      << error.message;
  // What follows a member is another one.
  const std::string trailing = readUntilFailure(folder.write("b", good + "garbage"), error);
  EXPECT_EQ(trailing, first);
  EXPECT_EQ(error.code, codeOf(error::Id::CompressedDamaged));
}

TEST_P(CompressedSource, survivesAChangeOfAnyByte) {
  const TemporaryFolder folder;
  const std::string packed = compress(GetParam(), numbers(30));
  for (size_t at = 0; at < packed.size(); ++at)
    for (const int bit : {0x01, 0x80}) {
      std::string changed = packed;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      Error error;
      (void)readUntilFailure(folder.write("a", changed), error);
    }
}

TEST(Source, acceptsZerosBehindAGzipMember) {
  const TemporaryFolder folder;
  const std::string packed = compress(Compression::Gzip, "[1]\n");
  EXPECT_EQ(readAll(**openSource(folder.write("a", packed + std::string(600, '\0'))), 100),
            "[1]\n");
}

TEST(Source, skipsFramesThatAreNoData) {
  const TemporaryFolder folder;
  const std::string skippable("\x53\x2A\x4D\x18\x03\0\0\0abc", 11);
  const std::string packed = compress(Compression::Zstd, "[1]\n");
  EXPECT_EQ(readAll(**openSource(folder.write("a", skippable + packed + skippable)), 100), "[1]\n");
}

} // namespace
} // namespace branchline::stream
