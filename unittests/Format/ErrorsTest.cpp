// The table of failures keeps its promises.
#include "branchline/Lang/Errors.h"

#include <gtest/gtest.h>
#include <set>

namespace branchline {
namespace {

TEST(Errors, CodesAreUniqueAndInTheirHundreds) {
  // The ones the head of the table names; a new one needs a place in kindOf.
  const std::set<int> hundreds{40, 41, 42, 43, 50, 51, 53, 54};
  std::set<uint16_t> codes;
  for (const error::Info &row : error::kTable) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.name;
    EXPECT_TRUE(hundreds.contains(row.code / 100)) << row.name;
    EXPECT_FALSE(row.rule.empty()) << row.name;
  }
}

TEST(Errors, KindsFollowTheCode) {
  EXPECT_EQ(error::kindOf(4001), error::Kind::Io);
  EXPECT_EQ(error::kindOf(4126), error::Kind::Input);
  EXPECT_EQ(error::kindOf(4206), error::Kind::Runtime);
  EXPECT_EQ(error::kindOf(4300), error::Kind::Usage);
  EXPECT_EQ(error::kindOf(5301), error::Kind::Runtime);
}

TEST(Errors, MakeFillsTheRow) {
  const Error made = error::make<error::Id::JsonObjectComma>(7);
  EXPECT_EQ(made.code, 4108);
  EXPECT_EQ(made.message, "Expected ',' or '}' at position 7");
  EXPECT_EQ(made.at.line, 0u);
  EXPECT_FALSE(error::make<error::Id::JsonUnsafeInteger>("1").hint.empty());
}

} // namespace
} // namespace branchline
