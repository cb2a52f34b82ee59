// replaceAll: replacement texts, their errors, surrogate halves, bounds.
#include "branchline/Runtime/Regex.h"

#include <gtest/gtest.h>

namespace branchline::runtime {
namespace {

using Kind = ReplaceError::Kind;

std::string replaced(std::string_view pattern, std::string_view subject,
                     std::string_view replacement) {
  auto regex = Regex::compile(pattern);
  if (!regex)
    return "error: " + regex.error().message;
  MatchScratch scratch;
  auto result = replaceAll(**regex, subject, replacement, scratch);
  if (!result)
    return "error: " + result.error().message;
  return result->has_value() ? **result : "unchanged";
}

Kind errorKind(std::string_view pattern, std::string_view subject, std::string_view replacement,
               const ReplaceLimits &limits = {}) {
  auto regex = Regex::compile(pattern);
  MatchScratch scratch;
  auto result = replaceAll(**regex, subject, replacement, scratch, limits);
  EXPECT_FALSE(result.has_value());
  return result ? Kind::MalformedText : result.error().kind;
}

TEST(RegexReplaceTest, ReplacesEveryMatch) {
  EXPECT_EQ(replaced("[0-9]", "a1b2", "#"), "a#b#");
  EXPECT_EQ(replaced(".", "a.b", "-"), "---");
  EXPECT_EQ(replaced("", "abc", "-"), "-a-b-c-");
  EXPECT_EQ(replaced("a*", "aaa", "x"), "xx");
  EXPECT_EQ(replaced("a*", "baaac", "x"), "xbxxcx");
  EXPECT_EQ(replaced("b", "abc", ""), "ac");
}

TEST(RegexReplaceTest, WithoutAMatchNothingIsBuiltOrExamined) {
  EXPECT_EQ(replaced("x", "abc", "-"), "unchanged");
  EXPECT_EQ(replaced("x", "abc", "$9"), "unchanged");
}

TEST(RegexReplaceTest, Groups) {
  EXPECT_EQ(replaced("(\\w+) (\\w+)", "John Smith", "$2 $1"), "Smith John");
  EXPECT_EQ(replaced("b", "abc", "[$0]"), "a[b]c");
  EXPECT_EQ(replaced("(b)", "abc", "$12"), "ab2c");
  EXPECT_EQ(replaced("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "abcdefghijk", "$11-$1-$12"), "k-a-a2");
  EXPECT_EQ(replaced("(a)(x)?", "ab", "[$2]"), "[]b");
  EXPECT_EQ(replaced("(?<n>b)", "abc", "<${n}>"), "a<b>c");
  EXPECT_EQ(replaced("b", "abc", "\\$\\\\\\x"), "a$\\xc");
}

TEST(RegexReplaceTest, ErrorsOfTheReplacement) {
  EXPECT_EQ(replaced("b", "abc", "\\"), "error: character to be escaped is missing");
  EXPECT_EQ(replaced("b", "abc", "$"), "error: Illegal group reference: group index is missing");
  EXPECT_EQ(replaced("b", "abc", "$x"), "error: Illegal group reference");
  EXPECT_EQ(replaced("b", "abc", "${}"), "error: named capturing group has 0 length name");
  EXPECT_EQ(replaced("b", "abc", "${"), "error: named capturing group has 0 length name");
  EXPECT_EQ(replaced("(?<n>b)", "abc", "${n"),
            "error: named capturing group is missing trailing '}'");
  EXPECT_EQ(replaced("b", "abc", "${n_}"), "error: named capturing group is missing trailing '}'");
  EXPECT_EQ(replaced("b", "abc", "${1a}"),
            "error: capturing group name {1a} starts with digit character");
  EXPECT_EQ(replaced("(?<n>b)", "abc", "${m}"), "error: No group with name {m}");
  EXPECT_EQ(replaced("b", "abc", "$1"), "error: No group 1");
  EXPECT_EQ(errorKind("b", "abc", "$1"), Kind::IndexOutOfBounds);
  EXPECT_EQ(errorKind("b", "abc", "$"), Kind::IllegalArgument);
}

TEST(RegexReplaceTest, PairsAreCutAndJoined) {
  EXPECT_EQ(replaced("", "\U0001F600", "-"), "-\xED\xA0\xBD-\xED\xB8\x80-");
  EXPECT_EQ(replaced("", "\U0001F600", ""), "\U0001F600");
  EXPECT_EQ(replaced("x", "\xED\xA0\xBDx\xED\xB8\x80", ""), "\U0001F600");
}

TEST(RegexReplaceTest, Bounds) {
  ReplaceLimits small;
  small.maxBytes = 10;
  EXPECT_EQ(errorKind("a", "aaaa", "xxxx", small), Kind::ResultTooLong);
  EXPECT_EQ(errorKind("a", "aaaaaaaaaaaaa", "b", small), Kind::ResultTooLong);
  ReplaceLimits stopped;
  stopped.poll = [] { return false; };
  EXPECT_EQ(errorKind("a", std::string(1000, 'a'), "b", stopped), Kind::Stopped);
  EXPECT_EQ(errorKind("(a+)+$", std::string(40, 'a') + "!", "b"), Kind::LimitExceeded);
  EXPECT_EQ(errorKind("a", "a\xFF", "b"), Kind::MalformedText);
}

} // namespace
} // namespace branchline::runtime
