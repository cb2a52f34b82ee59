// Patterns that are rejected: descriptions, indexes and the whole message.
#include "branchline/Runtime/Regex.h"

#include <gtest/gtest.h>

namespace branchline::runtime {
namespace {

struct Case {
  const char *pattern;
  const char *description;
  ptrdiff_t index;
};

void expectErrors(std::initializer_list<Case> cases) {
  for (const Case &row : cases) {
    auto regex = Regex::compile(row.pattern);
    ASSERT_FALSE(regex.has_value()) << row.pattern;
    EXPECT_EQ(regex.error().description, row.description) << row.pattern;
    EXPECT_EQ(regex.error().index, row.index) << row.pattern;
  }
}

TEST(RegexErrorTest, Groups) {
  expectErrors({
      {"(", "Unclosed group", 1},
      {"(a", "Unclosed group", 2},
      {"(?<n>a", "Unclosed group", 6},
      {"a)", "Unmatched closing ')'", 0},
      {")", "Unmatched closing ')'", -1},
      {"(?z)", "Unknown inline modifier", 2},
      {"(?P<n>a)", "Unknown inline modifier", 2},
      {"(?#c)", "Unknown inline modifier", 2},
      {"(?'n'a)", "Unknown inline modifier", 2},
      {"(?i", "Unknown inline modifier", 3},
      {"(?@)", "Unknown group type", 2},
      {"(?<1>a)", "capturing group name does not start with a Latin letter", 3},
      {"(?<n_x>a)", "named capturing group is missing trailing '>'", 4},
      {"(?<n>a)(?<n>b)", "Named capturing group <n> is already defined", 11},
      {"\\k<n>", "named capturing group <n> does not exist", 4},
      {"\\ka", "\\k is not followed by '<' for named capturing group", 2},
  });
}

TEST(RegexErrorTest, Classes) {
  expectErrors({
      {"[", "Unclosed character class", 0},
      {"[a", "Unclosed character class", 1},
      {"[]", "Unclosed character class", 1},
      {"[a&&[b]", "Unclosed character class", 6},
      {"[\\", "Unclosed character class", 2},
      {"[z-a]", "Illegal character range", 3},
      {"[a-\\d]", "Illegal character range", 4},
      {"[a-", "Illegal character range", 3},
      {"[&&]", "Bad class syntax", 2},
      {"[\\b]", "Illegal/unsupported escape sequence", 2},
      {"[\\1]", "Illegal/unsupported escape sequence", 2},
  });
}

TEST(RegexErrorTest, Quantifiers) {
  expectErrors({
      {"*a", "Dangling meta character '*'", 0},
      {"a**", "Dangling meta character '*'", 2},
      {"a|*", "Dangling meta character '*'", 2},
      {"+", "Dangling meta character '+'", 0},
      {"a|?", "Dangling meta character '?'", 2},
      {"(?i)*", "Dangling meta character '*'", 4},
      {"{a}", "Illegal repetition", 1},
      {"a{x}", "Illegal repetition", 2},
      {"a{,2}", "Illegal repetition", 2},
      {"a{1", "Unclosed counted closure", 3},
      {"a{1,x}", "Unclosed counted closure", 4},
      {"a{2,1}", "Illegal repetition range", 5},
      {"a{2147483648}", "Illegal repetition range", 11},
  });
}

TEST(RegexErrorTest, Escapes) {
  expectErrors({
      {"\\q", "Illegal/unsupported escape sequence", 1},
      {"\\E", "Illegal/unsupported escape sequence", 1},
      {"\\K", "Illegal/unsupported escape sequence", 1},
      {"\\x4g", "Illegal hexadecimal escape sequence", 3},
      {"\\x{110000}", "Hexadecimal codepoint is too big", 8},
      {"\\u004", "Illegal Unicode escape sequence", 5},
      {"\\08", "Illegal octal escape sequence", 2},
      {"\\c", "Illegal control escape sequence", 1},
      {"\\p{Foo}", "Unknown character property name {Foo}", 6},
      {"\\p{IsFoo}", "Unknown character property name {IsFoo}", 8},
      {"\\p{L", "Unclosed character family", 4},
      {"\\p{}", "Empty character family", 3},
      {"\\p{sc=Foo}", "Unknown Unicode property {name=<sc>, value=<Foo>}", 9},
  });
}

TEST(RegexErrorTest, LookBehindWithoutMaximum) {
  for (const char *pattern :
       {"(?<=(ab)*)c", "(?<=(?:ab)+)c", "(?<=(a)\\1)b", "(?<!(a|b)*)c", "(?<=a+b+)c"}) {
    auto regex = Regex::compile(pattern);
    ASSERT_FALSE(regex.has_value()) << pattern;
    EXPECT_EQ(regex.error().description,
              "Look-behind group does not have an obvious maximum length");
  }
}

TEST(RegexErrorTest, UnsupportedConstructsAreRefused) {
  for (const char *pattern : {"\\N{DIGIT ONE}", "\\b{g}", "\\p{InGreek}", "\\p{blk=Greek}",
                              "\\p{javaLowerCase}", "(?<=(a|bc))d(?<=(a|bc)+)"})
    EXPECT_FALSE(Regex::compile(pattern).has_value()) << pattern;
}

TEST(RegexErrorTest, ABackslashAtTheEndHasAPlainText) {
  auto regex = Regex::compile("\\");
  ASSERT_FALSE(regex.has_value());
  EXPECT_EQ(regex.error().message, "Nothing follows the backslash near index 1\n\\");
}

TEST(RegexErrorTest, MessagesShowThePatternAndTheIndex) {
  EXPECT_EQ(Regex::compile("a**").error().message,
            "Dangling meta character '*' near index 2\na**\n  ^");
  EXPECT_EQ(Regex::compile("(a").error().message, "Unclosed group near index 2\n(a");
  EXPECT_EQ(Regex::compile(")").error().message, "Unmatched closing ')'\n)");
  EXPECT_EQ(Regex::compile("\ta**").error().message,
            "Dangling meta character '*' near index 3\n\ta**\n\t  ^");
}

TEST(RegexErrorTest, HostilePatternsEndInAnError) {
  EXPECT_FALSE(Regex::compile(std::string(100'000, '(')).has_value());
  EXPECT_FALSE(Regex::compile(std::string(100'000, '[')).has_value());
  EXPECT_FALSE(Regex::compile("(((a{1,1000}){1,1000}){1,1000})").has_value());
  EXPECT_FALSE(Regex::compile("(?:ab){2147483647}").has_value());
  EXPECT_FALSE(Regex::compile("\xFF").has_value());
  EXPECT_FALSE(Regex::compile(std::string(300'000, 'a') + "+(").has_value());
  EXPECT_TRUE(Regex::compile(std::string(240, '(') + std::string(240, ')')).has_value());
}

} // namespace
} // namespace branchline::runtime
