// Keywords and token classes.
#include "branchline/Lang/Tokens.h"

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace branchline;

TEST(Tokens, EveryKeywordIsFoundInAnyCase) {
  int hard = 0, soft = 0;
  for (size_t i = 0; i < kTokenTable.size(); ++i) {
    auto kind = static_cast<TokenKind>(i);
    if (!isKeyword(kind))
      continue;
    (info(kind).tokenClass == TokenClass::Hard ? hard : soft) += 1;
    std::string lower, mixed;
    for (char c : info(kind).text) {
      lower.push_back(static_cast<char>(c - 'A' + 'a'));
      mixed.push_back(mixed.size() % 2 ? c : lower.back());
    }
    EXPECT_EQ(findKeyword(info(kind).text), kind);
    EXPECT_EQ(findKeyword(lower), kind);
    EXPECT_EQ(findKeyword(mixed), kind);
  }
  EXPECT_EQ(hard, 16);
  EXPECT_EQ(soft, 27);
}

TEST(Tokens, OtherWordsAreNoKeywords) {
  for (std::string_view word : {"", "INPUT", "PIPE", "NOT", "LETS", "LE", "TRANSFORMS", "ıf", "ſet",
                                "bu\xEF\xAC\x80"
                                "er"})
    EXPECT_EQ(findKeyword(word), std::nullopt) << word;
}

TEST(Tokens, SoftKeywordsAreNames) {
  EXPECT_TRUE(isName(TokenKind::Identifier));
  EXPECT_TRUE(isName(TokenKind::KwOutput));
  EXPECT_FALSE(isName(TokenKind::KwIf));
  EXPECT_FALSE(isName(TokenKind::String));
  EXPECT_FALSE(isKeyword(TokenKind::Identifier));
}

} // namespace
