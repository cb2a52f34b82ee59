// Pieces of text forms, at the edges of what they take.
#include "branchline/Support/TextCursor.h"

#include <gtest/gtest.h>
#include <utility>

namespace branchline {
namespace {

TEST(TextCursor, BlanksAndCommentsEndLines) {
  TextCursor cursor("  ; a comment\n\t x");
  EXPECT_TRUE(cursor.skipBlanks());
  EXPECT_EQ(cursor.peek(), 'x');
  cursor.take();
  EXPECT_FALSE(cursor.skipBlanks());
  EXPECT_TRUE(cursor.isAtEnd());
  TextCursor unfinished("; no line end");
  EXPECT_FALSE(unfinished.skipBlanks());
  EXPECT_TRUE(unfinished.isAtEnd());
}

TEST(TextCursor, QuotedTextsAreWhatWasAppended) {
  for (std::string text : {"", "plain", "\"\\\n\r\t", "\x01\x7F", "ä€😀", "\xED\xA0\x80", "a\nb"}) {
    std::string quoted;
    appendQuoted(quoted, text);
    TextCursor cursor(quoted);
    const QuotedText found = cursor.takeQuoted();
    EXPECT_EQ(found.text, text) << quoted;
    EXPECT_TRUE(found.isClosed && found.badEscapes.empty()) << quoted;
    EXPECT_TRUE(cursor.isAtEnd()) << quoted;
  }
}

TEST(TextCursor, HalvesOfAPairAreOneCharacter) {
  TextCursor cursor(R"("\ud83d\ude00")");
  EXPECT_EQ(cursor.takeQuoted().text, "😀");
}

TEST(TextCursor, BadEscapesAreCounted) {
  TextCursor cursor(R"("a\qb\u12")");
  const QuotedText found = cursor.takeQuoted();
  EXPECT_EQ(found.badEscapes.size(), 2u);
  EXPECT_EQ(found.badEscapes[0].begin, 2u);
  EXPECT_TRUE(found.isClosed);
}

TEST(TextCursor, QuotedTextsEndWithTheirLine) {
  TextCursor cursor("\"ab\ncd\"");
  const QuotedText found = cursor.takeQuoted();
  EXPECT_EQ(found.text, "ab");
  EXPECT_FALSE(found.isClosed);
  EXPECT_EQ(cursor.peek(), '\n');
}

TEST(TextCursor, NumbersByForm) {
  const std::pair<const char *, NumberForm> kCases[] = {
      {"0", NumberForm::Int},         {"-12", NumberForm::Int},     {"12n", NumberForm::BigInt},
      {"1.5", NumberForm::Float},     {"1e5", NumberForm::Float},   {"-1.5E-3", NumberForm::Float},
      {"1.50m", NumberForm::Decimal}, {"2m", NumberForm::Decimal},  {"01", NumberForm::Malformed},
      {"1e", NumberForm::Malformed},  {"-", NumberForm::Malformed}, {"1.5n", NumberForm::Malformed},
      {"12x", NumberForm::Malformed}};
  for (const auto &[text, form] : kCases) {
    TextCursor cursor(text);
    std::string number;
    EXPECT_EQ(cursor.takeNumber(false, number), form) << text;
  }
}

TEST(TextCursor, WholeNumbersStopAtPoints) {
  TextCursor cursor("1.2");
  std::string number;
  EXPECT_EQ(cursor.takeNumber(true, number), NumberForm::Int);
  EXPECT_EQ(number, "1");
  EXPECT_EQ(cursor.peek(), '.');
}

} // namespace
} // namespace branchline
