// The catalogue of diagnostics as a table: codes, texts and the making of one.
#include "branchline/Lang/Diagnostics.h"

#include <gtest/gtest.h>
#include <set>

namespace {

using namespace branchline;

TEST(Diagnostics, CodesAndNamesAreUnique) {
  std::set<uint16_t> codes;
  std::set<std::string_view> names;
  for (const diag::Info &row : diag::kTable) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
}

TEST(Diagnostics, CodesSayTheStage) {
  for (const diag::Info &row : diag::kTable) {
    EXPECT_GE(row.code, 1001) << row.name;
    // 3xxx are traps, 4xxx and most of 5xxx errors; bytecode text is 52xx.
    EXPECT_TRUE(row.code < 3000 || row.code / 100 == 52) << row.name;
  }
}

TEST(Diagnostics, TextsFollowTheHouseStyle) {
  for (const diag::Info &row : diag::kTable) {
    EXPECT_FALSE(row.format.ends_with('.')) << row.name;
    EXPECT_FALSE(row.rule.empty()) << row.name;
    EXPECT_TRUE(row.doc.ends_with('.')) << row.name;
  }
}

TEST(Diagnostics, ArgumentsAreCountedWithoutDoubledBraces) {
  static_assert(diag::countArguments("none") == 0);
  static_assert(diag::countArguments("{} and {}") == 2);
  static_assert(diag::countArguments("`{{` after {}") == 1);
}

TEST(Diagnostics, MakeFillsTheRowIn) {
  Diagnostic diagnostic = diag::make<diag::Id::ThenWithoutBlock>({3, 4}, "`1`");
  EXPECT_EQ(diagnostic.code, 1130);
  EXPECT_EQ(diagnostic.severity, Severity::Error);
  EXPECT_EQ(diagnostic.message.substr(0, 24), "found `1`, expected `{`:");
  EXPECT_EQ(diagnostic.range.begin, 3u);
}

} // namespace
