// The real files of NativeSystem. What lit can arrange (full disks, closed pipes) is in
// test/Driver.
#include "branchline/Driver/System.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace branchline;
using namespace branchline::driver;

namespace {

class NativeSystemTest : public testing::Test {
protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("branchline-system-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const char *name) const { return folder_ / name; }
  std::string contents(const std::string &file) {
    auto buffer = system_.readFile(file, System::Access::Copy);
    return buffer ? std::string(buffer->text()) : "error: " + buffer.error().message;
  }

  std::filesystem::path folder_;
  NativeSystem system_;
};

TEST_F(NativeSystemTest, ReplacesFilesAndLeavesNothingBeside) {
  EXPECT_TRUE(system_.replaceFile(path("a"), "one"));
  EXPECT_TRUE(system_.replaceFile(path("a"), "two"));
  EXPECT_EQ(contents(path("a")), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(NativeSystemTest, MakesMissingFolders) {
  EXPECT_TRUE(system_.replaceFile(path("x/y/z"), "deep"));
  EXPECT_EQ(contents(path("x/y/z")), "deep");
}

TEST_F(NativeSystemTest, DoesNotReplaceAFolder) {
  const auto result = system_.replaceFile(folder_.string(), "text");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("Is a directory"), std::string::npos);
}

TEST_F(NativeSystemTest, WritesThroughDevices) {
  EXPECT_TRUE(system_.replaceFile("/dev/null", "text"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(NativeSystemTest, KnowsFolders) {
  EXPECT_TRUE(system_.isFolder(folder_.string()));
  EXPECT_FALSE(system_.isFolder(path("nothing")));
}

} // namespace
