// The cache of compiled programs: what is found, what is ignored, and who may see it.
#include "Cache.h"

#include "Compile.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace branchline::jit {
namespace {

class CacheTest : public testing::Test {
protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("branchline-cache-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  /// Changes one byte of the only file.
  void damage(size_t at) {
    std::fstream file(cache().pathOf(key_), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 1));
  }
  Cache cache() const { return Cache(folder_ / "a" / "b"); }

  std::filesystem::path folder_;
  const CacheKey key_ = hashBytes("key");
};

TEST_F(CacheTest, GivesBackWhatWasPut) {
  EXPECT_EQ(cache().get(key_), std::nullopt);
  cache().put(key_, "object");
  EXPECT_EQ(cache().get(key_), "object");
  EXPECT_EQ(cache().get(hashBytes("other")), std::nullopt);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "a" / "b"), {}), 1);
}

TEST_F(CacheTest, IgnoresDamageAndWritesAgain) {
  cache().put(key_, "object");
  const auto size = std::filesystem::file_size(cache().pathOf(key_));
  for (size_t at = 0; at < size; ++at) {
    damage(at);
    EXPECT_EQ(cache().get(key_), std::nullopt) << at;
    cache().put(key_, "object");
    EXPECT_EQ(cache().get(key_), "object") << at;
  }
  std::filesystem::resize_file(cache().pathOf(key_), size - 1);
  EXPECT_EQ(cache().get(key_), std::nullopt);
}

TEST_F(CacheTest, TrustsOnlyFilesNobodyElseCanWrite) {
  cache().put(key_, "object");
  struct stat found;
  ASSERT_EQ(::stat(cache().pathOf(key_).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
  ASSERT_EQ(::chmod(cache().pathOf(key_).c_str(), 0666), 0);
  EXPECT_EQ(cache().get(key_), std::nullopt);
}

TEST_F(CacheTest, AFolderThatCannotBeIsNoFailure) {
  const Cache nowhere("/proc/none/at/all");
  nowhere.put(key_, "object");
  EXPECT_EQ(nowhere.get(key_), std::nullopt);
}

TEST_F(CacheTest, KeysTellProgramsAndOptionsApart) {
  const auto one = moduleOf("OUTPUT 1"), two = moduleOf("OUTPUT 2");
  EXPECT_EQ(cacheKey(*one, {}), cacheKey(*moduleOf("OUTPUT 1"), {}));
  EXPECT_FALSE(cacheKey(*one, {}) == cacheKey(*two, {}));
  Options simple, debug, elsewhere;
  simple.optimise = false;
  debug.debug = {true, "a.bl", "/here"};
  elsewhere.debug = {true, "a.bl", "/there"};
  EXPECT_FALSE(cacheKey(*one, {}) == cacheKey(*one, simple));
  EXPECT_FALSE(cacheKey(*one, {}) == cacheKey(*one, debug));
  EXPECT_FALSE(cacheKey(*one, debug) == cacheKey(*one, elsewhere));
  // Lines are part of debug information, but of nothing else.
  EXPECT_EQ(cacheKey(*one, {}), cacheKey(*moduleOf("\nOUTPUT 1"), {}));
  EXPECT_FALSE(cacheKey(*one, debug) == cacheKey(*moduleOf("\nOUTPUT 1"), debug));
}

TEST_F(CacheTest, ProgramsComeFromItTheSecondTime) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  Options options;
  options.cacheFolder = folder_;
  const auto module = moduleOf("OUTPUT 1");
  const auto first = Program::compile(*module, options);
  ASSERT_TRUE(first);
  EXPECT_FALSE((*first)->fromCache());
  const auto second = Program::compile(*module, options);
  ASSERT_TRUE(second);
  EXPECT_TRUE((*second)->fromCache());
}

} // namespace
} // namespace branchline::jit
