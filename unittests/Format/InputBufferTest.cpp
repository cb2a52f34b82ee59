// Reading files and streams, small and mapped.
#include "branchline/Format/InputBuffer.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace branchline::format {
namespace {

/// A file in the folder for temporary files, removed at the end.
class TemporaryFile {
public:
  explicit TemporaryFile(std::string_view content)
      : path_(testing::TempDir() + "branchline-input-" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string &path() const { return path_; }

private:
  std::string path_;
};

TEST(InputBuffer, FilesOfEverySize) {
  for (const size_t size : {size_t(0), size_t(5), size_t(65'536), size_t(2) << 20}) {
    const std::string content(size, 'x');
    const TemporaryFile file(content);
    for (const auto access : {InputBuffer::Access::Map, InputBuffer::Access::Copy}) {
      auto buffer = InputBuffer::fromFile(file.path(), access);
      ASSERT_TRUE(buffer);
      EXPECT_TRUE(buffer->text() == content);
    }
  }
}

TEST(InputBuffer, MovingKeepsTheBytesInPlace) {
  const TemporaryFile file("content");
  auto buffer = InputBuffer::fromFile(file.path());
  ASSERT_TRUE(buffer);
  const char *bytes = buffer->text().data();
  InputBuffer moved = std::move(*buffer);
  EXPECT_EQ(moved.text().data(), bytes);
  EXPECT_EQ(moved.text(), "content");
}

TEST(InputBuffer, Errors) {
  const std::string missing = testing::TempDir() + "branchline-no-such-file";
  auto buffer = InputBuffer::fromFile(missing);
  ASSERT_FALSE(buffer);
  EXPECT_EQ(buffer.error().code, 4001);
  EXPECT_EQ(buffer.error().message, "Failed to read file '" + missing + "': " + missing);
  const std::string folder = testing::TempDir();
  auto directory = InputBuffer::fromFile(folder);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().message, "Failed to read file '" + folder + "': Is a directory");
}

TEST(InputBuffer, Streams) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "stream", 6), 6);
  ::close(ends[1]);
  auto buffer = InputBuffer::fromDescriptor(ends[0]);
  ::close(ends[0]);
  ASSERT_TRUE(buffer);
  EXPECT_EQ(buffer->text(), "stream");
  auto closed = InputBuffer::fromDescriptor(-1);
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, 4003);
}

} // namespace
} // namespace branchline::format
