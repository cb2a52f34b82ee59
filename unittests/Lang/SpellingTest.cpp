// Edit distances and the nearest keyword.
#include "branchline/Lang/Spelling.h"

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace branchline;

TEST(Spelling, CountsEdits) {
  EXPECT_EQ(editDistance("", "", 2), 0u);
  EXPECT_EQ(editDistance("output", "OUTPUT", 2), 0u);
  EXPECT_EQ(editDistance("OUTPT", "OUTPUT", 2), 1u);
  EXPECT_EQ(editDistance("OUTTPUT", "OUTPUT", 2), 1u);
  EXPECT_EQ(editDistance("OUTQUT", "OUTPUT", 2), 1u);
  EXPECT_EQ(editDistance("TEHN", "THEN", 2), 1u); // a swap is one edit
  EXPECT_EQ(editDistance("kitten", "sitting", 3), 3u);
}

TEST(Spelling, GivesUpAtTheLimit) {
  EXPECT_EQ(editDistance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(editDistance("abc", "xyz", 1), 2u);
  EXPECT_EQ(editDistance("a", "abcdef", 2), 3u);
  EXPECT_EQ(editDistance(std::string(1000, 'a'), std::string(1000, 'a'), 2), 3u);
}

TEST(Spelling, FindsTheKeywordMeant) {
  EXPECT_EQ(closestKeyword("TRANSFROM"), "TRANSFORM");
  EXPECT_EQ(closestKeyword("retrun"), "RETURN");
  EXPECT_EQ(closestKeyword("LET"), std::nullopt); // it is one
  EXPECT_EQ(closestKeyword("OF"), std::nullopt);  // too short to tell
  EXPECT_EQ(closestKeyword("total"), std::nullopt);
}

} // namespace
