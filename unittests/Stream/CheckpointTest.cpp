// The text of a checkpoint and what is not taken for one.
#include "branchline/Stream/Checkpoint.h"

#include "branchline/Lang/Errors.h"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace branchline;
using namespace branchline::stream;

namespace {

Checkpoint sample() {
  Checkpoint checkpoint;
  checkpoint.program = UINT64_MAX;
  checkpoint.inputs = 7;
  checkpoint.offset = uint64_t(1) << 40;
  checkpoint.records = 123;
  checkpoint.outputBytes = 4567;
  return checkpoint;
}

TEST(Checkpoint, ReadsWhatItWrites) {
  EXPECT_EQ(parseCheckpoint(renderCheckpoint(sample())), sample());
  EXPECT_EQ(parseCheckpoint(renderCheckpoint({})), Checkpoint());
}

TEST(Checkpoint, RefusesEveryCutAndEveryOtherByte) {
  const std::string text = renderCheckpoint(sample());
  for (size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(parseCheckpoint(std::string_view(text).substr(0, i))) << i;
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(parseCheckpoint(changed)) << i;
  }
  EXPECT_FALSE(parseCheckpoint(text + "\n"));
}

TEST(Checkpoint, IsReplacedInAFile) {
  const std::string path = testing::TempDir() + "checkpoint." + std::to_string(::getpid());
  const auto none = loadCheckpoint(path);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  ASSERT_TRUE(saveCheckpoint(path, {}));
  ASSERT_TRUE(saveCheckpoint(path, sample()));
  const auto loaded = loadCheckpoint(path);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, sample());
  std::ofstream(path) << "anything";
  const auto damaged = loadCheckpoint(path);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, error::info(error::Id::CheckpointDamaged).code);
  std::remove(path.c_str());
}

TEST(Checkpoint, CannotBeWrittenToAFolderThatIsNotThere) {
  const auto saved = saveCheckpoint("/nonexistent/checkpoint", {});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, error::info(error::Id::CannotWriteFile).code);
}

TEST(Fingerprint, LengthsCount) {
  EXPECT_NE(Fingerprint().add("ab").add("c").value(), Fingerprint().add("a").add("bc").value());
  EXPECT_NE(Fingerprint().add("").value(), Fingerprint().value());
  EXPECT_EQ(Fingerprint().add("abc").value(), Fingerprint().add("abc").value());
}

} // namespace
