// UTF-8 with unpaired surrogates: validity, lengths, cutting and joining, order.
#include "branchline/Support/Utf8.h"

#include <gtest/gtest.h>

namespace {

using namespace branchline;

// Unpaired surrogates in their three-byte form.
constexpr std::string_view kHigh = "\xED\xA0\xBD"; // D83D
constexpr std::string_view kLow = "\xED\xB8\x80";  // DE00
constexpr std::string_view kPair = "\xF0\x9F\x98\x80";

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_EQ(utf8::findInvalid("plain, é, 日本, 😀"), std::string_view::npos);
  EXPECT_EQ(utf8::findInvalid("ab\x80"), 2u);            // a continuation byte on its own
  EXPECT_EQ(utf8::findInvalid("a\xC3"), 1u);             // cut short
  EXPECT_EQ(utf8::findInvalid("\xC0\xAF"), 0u);          // overlong
  EXPECT_EQ(utf8::findInvalid("\xE0\x80\xAF"), 0u);      // overlong
  EXPECT_EQ(utf8::findInvalid("\xF0\x80\x80\xAF"), 0u);  // overlong
  EXPECT_EQ(utf8::findInvalid("x\xF4\x90\x80\x80"), 1u); // beyond U+10FFFF
  EXPECT_EQ(utf8::findInvalid("\xFF"), 0u);
  EXPECT_EQ(utf8::findInvalid(kHigh), 0u);                              // a surrogate is not UTF-8
  EXPECT_EQ(utf8::findInvalid("\xED\x9F\xBF"), std::string_view::npos); // U+D7FF is
}

TEST(Utf8, AsciiCheckLooksAtEveryByte) {
  EXPECT_TRUE(utf8::isAscii(""));
  EXPECT_TRUE(utf8::isAscii("0123456789abcdefX"));
  for (size_t i = 0; i < 17; ++i) {
    std::string text(17, 'a');
    text[i] = '\x80';
    EXPECT_FALSE(utf8::isAscii(text)) << i;
  }
}

TEST(Utf8, CountsUtf16Units) {
  EXPECT_EQ(utf8::utf16Length("aé日"), 3u);
  EXPECT_EQ(utf8::utf16Length("a😀b"), 4u);
  EXPECT_EQ(utf8::utf16Length(kHigh), 1u);
}

TEST(Utf8, AppendAndDecodeAreInverse) {
  for (uint32_t c : {0x0u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xD7FFu, 0xD800u, 0xDFFFu, 0xE000u,
                     0xFFFFu, 0x10000u, 0x10FFFFu}) {
    std::string text;
    utf8::append(text, c);
    size_t at = 0;
    EXPECT_EQ(utf8::decode(text, at), c);
    EXPECT_EQ(at, text.size());
  }
}

TEST(Utf8, DecodingACutCharacterStaysInside) {
  std::string_view cut = "\xF0\x9F";
  size_t at = 0;
  EXPECT_EQ(utf8::decode(cut, at), 0xFFFDu);
  EXPECT_EQ(at, cut.size());
}

TEST(Utf8, UnitsJoinToPairs) {
  std::string text;
  utf8::appendUnit(text, 0xD83D);
  EXPECT_EQ(text, kHigh);
  utf8::appendUnit(text, 0xDE00);
  EXPECT_EQ(text, kPair);
  utf8::appendUnit(text, 0xDE00); // nothing left to join with
  EXPECT_EQ(text, std::string(kPair) + std::string(kLow));
}

TEST(Utf8, UnitsInTheWrongOrderStayApart) {
  std::string text;
  utf8::appendUnit(text, 0xDE00);
  utf8::appendUnit(text, 0xD83D);
  EXPECT_EQ(text, std::string(kLow) + std::string(kHigh));
}

TEST(Utf8, ConcatenationJoinsHalves) {
  std::string text(kHigh);
  utf8::appendText(text, std::string(kLow) + "x");
  EXPECT_EQ(text, std::string(kPair) + "x");
  utf8::appendText(text, kLow);
  EXPECT_TRUE(utf8::startsWithLowSurrogate(kLow));
  EXPECT_TRUE(utf8::endsWithHighSurrogate(kHigh));
  EXPECT_FALSE(utf8::endsWithHighSurrogate(text));
}

TEST(Utf8, SubstringsCutPairsIntoHalves) {
  std::string text = "a" + std::string(kPair) + "b";
  EXPECT_EQ(utf8::substringByUnits(text, 0, 2), "a" + std::string(kHigh));
  EXPECT_EQ(utf8::substringByUnits(text, 2, 4), std::string(kLow) + "b");
  EXPECT_EQ(utf8::substringByUnits(text, 1, 3), kPair);
  EXPECT_EQ(utf8::substringByUnits(text, 3, 9), "b");
  EXPECT_EQ(utf8::substringByUnits(text, 3, 3), "");
  bool split = false;
  EXPECT_EQ(utf8::offsetOfUnit(text, 2, split), 1u);
  EXPECT_TRUE(split);
  EXPECT_EQ(utf8::offsetOfUnit(text, 3, split), 5u);
  EXPECT_FALSE(split);
}

TEST(Utf8, ComparesByUnitNotByCodePoint) {
  // U+1F600 starts with unit D83D, which is smaller than U+FF5E although the code point is larger.
  EXPECT_LT(utf8::compareUtf16(kPair, "\xEF\xBD\x9E"), 0);
  EXPECT_GT(utf8::compareUtf16("\xEF\xBD\x9E", kPair), 0);
  EXPECT_LT(utf8::compareUtf16("a", "ab"), 0);
  EXPECT_EQ(utf8::compareUtf16("é", "é"), 0);
  EXPECT_LT(utf8::compareUtf16("é", "日"), 0);
  EXPECT_GT(utf8::compareUtf16("ab", "aa"), 0);
  EXPECT_LT(utf8::compareUtf16(kHigh, kPair), 0); // a prefix by units
}

} // namespace
