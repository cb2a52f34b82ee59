// Positions in a source text: which characters end a line, and what a column counts.
#include "branchline/Support/SourceText.h"

#include <gtest/gtest.h>

namespace {

using namespace branchline;

TEST(SourceText, OnlyLineFeedsEndLines) {
  SourceText text("t", "a\r\nb\rc\nd");
  EXPECT_EQ(text.lineCount(), 3u);
  EXPECT_EQ(text.line(1), "a");
  EXPECT_EQ(text.line(2), "b\rc");
  EXPECT_EQ(text.line(3), "d");
  EXPECT_EQ(text.line(0), "");
  EXPECT_EQ(text.line(4), "");
}

TEST(SourceText, ColumnsAreUtf16Units) {
  SourceText text("t", "\té😀x\ny");
  EXPECT_EQ(text.lineColumn(0), (LineColumn{1, 1}));
  EXPECT_EQ(text.lineColumn(1), (LineColumn{1, 2})); // the tab is one
  EXPECT_EQ(text.lineColumn(3), (LineColumn{1, 3}));
  EXPECT_EQ(text.lineColumn(7), (LineColumn{1, 5})); // the emoji is two
  EXPECT_EQ(text.lineColumn(8), (LineColumn{1, 6})); // the line feed belongs to its line
  EXPECT_EQ(text.lineColumn(9), (LineColumn{2, 1}));
}

TEST(SourceText, OffsetsBehindTheEndAreTheEnd) {
  SourceText text("t", "ab\n");
  EXPECT_EQ(text.lineColumn(3), (LineColumn{2, 1}));
  EXPECT_EQ(text.lineColumn(1000), (LineColumn{2, 1}));
  SourceText empty("t", "");
  EXPECT_EQ(empty.lineColumn(5), (LineColumn{1, 1}));
  EXPECT_EQ(empty.lineCount(), 1u);
}

} // namespace
