// Full case mapping: ASCII runs of every length, expansions, final sigma, surrogates.
#include "branchline/Runtime/TextCase.h"

#include <gtest/gtest.h>

namespace branchline::runtime {
namespace {

TEST(TextCaseTest, EveryAsciiCharacterAtEveryPlaceInAWord) {
  for (int c = 0; c < 128; ++c)
    for (size_t length = 1; length <= 17; ++length) {
      std::string text(length, '.');
      text[length - 1] = static_cast<char>(c);
      std::string upper = text, lower = text;
      if (c >= 'a' && c <= 'z')
        upper[length - 1] = static_cast<char>(c - 32);
      if (c >= 'A' && c <= 'Z')
        lower[length - 1] = static_cast<char>(c + 32);
      ASSERT_EQ(upperCase(text), upper) << c;
      ASSERT_EQ(lowerCase(text), lower) << c;
    }
}

TEST(TextCaseTest, UpperCaseMayGrow) {
  EXPECT_EQ(upperCase("stra\u00DFe"), "STRASSE");
  EXPECT_EQ(upperCase("\uFB01"), "FI");
  EXPECT_EQ(upperCase("\u0149"), "\u02BCN");
  EXPECT_EQ(upperCase("\u0587"), "\u0535\u0552");
  EXPECT_EQ(upperCase("\u0390"), "\u0399\u0308\u0301");
  EXPECT_EQ(upperCase("\u1FB7"), "\u0391\u0342\u0399");
  EXPECT_EQ(upperCase("\u1E9E\u0131\u01C6"), "\u1E9EI\u01C4");
}

TEST(TextCaseTest, LowerCase) {
  EXPECT_EQ(lowerCase("\u00C0B"), "\u00E0b");
  EXPECT_EQ(lowerCase("\u0130"), "i\u0307");
  EXPECT_EQ(lowerCase("\u1E9E"), "\u00DF");
  EXPECT_EQ(lowerCase("\u01C4"), "\u01C6");
}

TEST(TextCaseTest, MixedTextGoesOnBehindTheFirstOtherCharacter) {
  EXPECT_EQ(upperCase("abcdefghé12345678xyz"), "ABCDEFGHÉ12345678XYZ");
  EXPECT_EQ(lowerCase("ABCDEFGHÉ12345678XYZ"), "abcdefghé12345678xyz");
}

TEST(TextCaseTest, FinalSigma) {
  EXPECT_EQ(lowerCase("ΑΣ"), "ας");
  EXPECT_EQ(lowerCase("ΑΣΑ"), "ασα");
  EXPECT_EQ(lowerCase("Σ"), "σ");
  EXPECT_EQ(lowerCase("ΑΣ ΒΣ"), "ας βς");
  EXPECT_EQ(lowerCase("Α'Σ"), "α'ς");
  EXPECT_EQ(lowerCase("Α1Σ"), "α1σ");
  EXPECT_EQ(lowerCase("Α-Σ Α_Σ"), "α-σ α_σ");
  EXPECT_EQ(lowerCase("ΑΣ1 ΑΣ-Β"), "ας1 ας-β");
  EXPECT_EQ(lowerCase("ΑΣ\u0301 ΑΣ.Β"), "ας\u0301 ασ.β");
  EXPECT_EQ(lowerCase("aΣ"), "aς");
}

TEST(TextCaseTest, OtherPlanesAndSurrogates) {
  EXPECT_EQ(upperCase("\U00010428"), "\U00010400");
  EXPECT_EQ(lowerCase("\U00010400"), "\U00010428");
  EXPECT_EQ(upperCase("a\xED\xA0\xBD"
                      "b"),
            "A\xED\xA0\xBD"
            "B");
  EXPECT_EQ(lowerCase("\xED\xB8\x80Σ"), "\xED\xB8\x80σ");
}

} // namespace
} // namespace branchline::runtime
