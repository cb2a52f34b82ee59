// Matching: the constructs of the dialect, successive matches, code points, limits.
// Syntax errors are in RegexErrorTest.cpp, replacement in RegexReplaceTest.cpp.
#include "branchline/Runtime/Regex.h"

#include <chrono>
#include <gtest/gtest.h>

namespace branchline::runtime {
namespace {

using Texts = std::vector<std::string>;

// All matches as MATCH gives them; a failure becomes one text that no test expects.
Texts matches(std::string_view pattern, std::string_view subject) {
  auto regex = Regex::compile(pattern);
  if (!regex)
    return {"error: " + regex.error().message};
  MatchScratch scratch;
  RegexMatcher matcher(**regex, subject, scratch);
  Texts result;
  std::string storage;
  MatchStatus status;
  while ((status = matcher.next()) == MatchStatus::Match)
    result.emplace_back(matcher.text(storage));
  if (status != MatchStatus::NoMatch)
    result.emplace_back("no end");
  return result;
}

// Start and end of the first match of a group, `none` when it took no part.
std::string groupAt(std::string_view pattern, std::string_view subject, unsigned group) {
  auto regex = Regex::compile(pattern);
  if (!regex)
    return "error: " + regex.error().message;
  MatchScratch scratch;
  RegexMatcher matcher(**regex, subject, scratch);
  if (matcher.next() != MatchStatus::Match)
    return "no match";
  if (matcher.begin(group) == RegexMatcher::npos)
    return "none";
  return std::to_string(matcher.begin(group)) + "-" + std::to_string(matcher.end(group));
}

MatchStatus firstStatus(std::string_view pattern, std::string_view subject) {
  auto regex = Regex::compile(pattern);
  if (!regex)
    return MatchStatus::MalformedText;
  MatchScratch scratch;
  RegexMatcher matcher(**regex, subject, scratch);
  return matcher.next();
}

TEST(RegexTest, SuccessiveMatchesGoOnBehindTheLast) {
  EXPECT_EQ(matches("[0-9]", "a1b22"), (Texts{"1", "2", "2"}));
  EXPECT_EQ(matches("a*", "baaac"), (Texts{"", "aaa", "", ""}));
  EXPECT_EQ(matches("", "abc"), (Texts{"", "", "", ""}));
  EXPECT_EQ(matches("x", "abc"), Texts{});
  EXPECT_EQ(matches("", ""), Texts{""});
  EXPECT_EQ(matches("", std::string_view()), Texts{""});
}

TEST(RegexTest, AnswersStayTheSameAfterTheLastMatch) {
  auto regex = Regex::compile("a");
  MatchScratch scratch;
  RegexMatcher matcher(**regex, "a", scratch);
  EXPECT_EQ(matcher.next(), MatchStatus::Match);
  EXPECT_EQ(matcher.next(), MatchStatus::NoMatch);
  EXPECT_EQ(matcher.next(), MatchStatus::NoMatch);
}

TEST(RegexTest, AlternationIsOrdered) {
  EXPECT_EQ(matches("(a|ab)(c|bcd)", "abcd"), Texts{"abcd"});
  EXPECT_EQ(matches("a|ab", "ab"), Texts{"a"});
}

TEST(RegexTest, Escapes) {
  EXPECT_EQ(matches("\\x41\\t", "A\tB"), Texts{"A\t"});
  EXPECT_EQ(matches("\\u0041|\\0102|\\x{43}", "ABC"), (Texts{"A", "B", "C"}));
  EXPECT_EQ(matches("\\0478", std::string("\x27") + "8"), Texts{"'8"});
  EXPECT_EQ(matches("\\cA\\a\\e\\f", "\x01\x07\x1B\x0C"), Texts{"\x01\x07\x1B\x0C"});
  EXPECT_EQ(matches("a\\-\\_\\.", "a-_."), Texts{"a-_."});
  EXPECT_EQ(matches("\\ud83d\\uDE00+", "\U0001F600\U0001F600"), Texts{"\U0001F600\U0001F600"});
  EXPECT_EQ(matches("\\Qa.b*\\E+", "a.b**"), Texts{"a.b**"});
  EXPECT_EQ(matches("\\Q(", "(("), (Texts{"(", "("}));
  EXPECT_EQ(matches("[\\Q^-]\\E]+", "a^-]"), Texts{"^-]"});
  EXPECT_EQ(matches("}]", "}]"), Texts{"}]"});
}

TEST(RegexTest, Classes) {
  EXPECT_EQ(matches("[a-c&&[^b]]", "abc"), (Texts{"a", "c"}));
  EXPECT_EQ(matches("[]a]+", "]a"), Texts{"]a"});
  EXPECT_EQ(matches("[a-]+", "a-b"), Texts{"a-"});
  EXPECT_EQ(matches("[-a]+", "a-b"), Texts{"a-"});
  EXPECT_EQ(matches("[a-c[x-z]]", "mxa"), (Texts{"x", "a"}));
  EXPECT_EQ(matches("[[:alpha:]]+", "a:lph]"), Texts{"a:lph"});
  EXPECT_EQ(matches("[a&&b]", "a&b"), Texts{});
  EXPECT_EQ(matches("[a&b]+", "a&b"), Texts{"a&b"});
  EXPECT_EQ(matches("[^a-c&&b]", "abd"), (Texts{"a", "d"}));
  EXPECT_EQ(matches("[a-z&&[^b-y]]+", "abzy"), (Texts{"a", "z"}));
  EXPECT_EQ(matches("[\\p{L}&&[^\\p{Lu}]]+", "aBcé"), (Texts{"a", "cé"}));
  EXPECT_EQ(matches("[^\\p{L}\\d]", "a1-"), Texts{"-"});
  EXPECT_EQ(matches("[\\v-\\x0C]", "\x0B\n"), Texts{"\x0B"});
}

TEST(RegexTest, PredefinedClassesAreAscii) {
  EXPECT_EQ(matches("\\w", "é"), Texts{});
  EXPECT_EQ(matches("\\d", "\u0663"), Texts{});
  EXPECT_EQ(matches("\\s", "\u00A0 "), Texts{" "});
  EXPECT_EQ(matches("\\h", "\u00A0\u180E\n"), (Texts{"\u00A0", "\u180E"}));
  EXPECT_EQ(matches("\\v", "\u0085\u2028a"), (Texts{"\u0085", "\u2028"}));
  EXPECT_EQ(matches("\\W\\D\\S\\H\\V", "éééé\u00E9"), Texts{"ééééé"});
  EXPECT_EQ(matches("(?U)\\w+", "éa"), Texts{"éa"});
  EXPECT_EQ(matches("(?U)\\d\\s", "\u0663\u00A0"), Texts{"\u0663\u00A0"});
}

TEST(RegexTest, Properties) {
  EXPECT_EQ(matches("\\p{Lu}", "aB\u03B1"), Texts{"B"});
  EXPECT_EQ(matches("\\p{IsGreek}", "a\u03B1"), Texts{"\u03B1"});
  EXPECT_EQ(matches("\\P{IsLatin}", "a\u03B1"), Texts{"\u03B1"});
  EXPECT_EQ(matches("\\p{sc=Grek}\\p{script=GREEK}", "\u03B1\u03B2"), Texts{"\u03B1\u03B2"});
  EXPECT_EQ(matches("\\pL+", "aB1"), Texts{"aB"});
  EXPECT_EQ(matches("\\p{gc=Nd}\\p{IsNd}", "1\u0663"), Texts{"1\u0663"});
  EXPECT_EQ(matches("\\p{Alpha}+", "abé"), Texts{"ab"});
  EXPECT_EQ(matches("\\p{IsAlphabetic}+", "abé1"), Texts{"abé"});
  EXPECT_EQ(matches("\\p{Punct}+", "a!_~é"), Texts{"!_~"});
  EXPECT_EQ(matches("(?U)\\p{Upper}", "aÉ"), Texts{"É"});
  EXPECT_EQ(matches("(?i)\\p{Lu}\\p{Lower}", "aB"), Texts{"aB"});
  // Assigned since Unicode 15.
  EXPECT_EQ(matches("\\p{L}", "\U00031350"), Texts{"\U00031350"});
  EXPECT_EQ(matches("\\p{Cn}", "\U00031350"), Texts{});
}

TEST(RegexTest, DotAndLineEnds) {
  EXPECT_EQ(matches(".", "\n\r\u0085\u2028\u2029\x0Bx"), (Texts{"\x0B", "x"}));
  EXPECT_EQ(matches("(?d).", "\n\r"), Texts{"\r"});
  EXPECT_EQ(matches("(?s)a.b", "a\nb"), Texts{"a\nb"});
  EXPECT_EQ(matches("a$", "a\n"), Texts{"a"});
  EXPECT_EQ(matches("a$", "a\r\n"), Texts{"a"});
  EXPECT_EQ(matches("a$", "a\u2029"), Texts{"a"});
  EXPECT_EQ(matches("a$", "a\n\n"), Texts{});
  EXPECT_EQ(matches("\\r$", "a\r\n"), Texts{});
  EXPECT_EQ(matches("(?d)a$", "a\r"), Texts{});
  EXPECT_EQ(matches("a\\Z", "a\n"), Texts{"a"});
  EXPECT_EQ(matches("a\\z", "a\n"), Texts{});
  EXPECT_EQ(matches("$", "a\r\n").size(), 2u);
  EXPECT_EQ(matches("\\R", "a\r\nb\nc"), (Texts{"\r\n", "\n"}));
  EXPECT_EQ(matches("\\R{2}", "\r\n"), Texts{});
  EXPECT_EQ(matches("\\R\\n", "\r\n"), Texts{"\r\n"});
}

TEST(RegexTest, MultilineAnchors) {
  EXPECT_EQ(matches("(?m)^\\w$", "a\nb"), (Texts{"a", "b"}));
  EXPECT_EQ(matches("^\\w$", "a\nb"), Texts{});
  EXPECT_EQ(matches("(?m)^", "a\n").size(), 1u);
  EXPECT_EQ(matches("(?m)^", "").size(), 0u);
  EXPECT_EQ(matches("(?m)$", "a\n").size(), 2u);
  EXPECT_EQ(matches("(?m)^.", "a\r\nb\u0085c"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(matches("(?md)^.", "a\u0085b\nc"), (Texts{"a", "c"}));
}

TEST(RegexTest, WordBoundaries) {
  EXPECT_EQ(matches("\\b\\w", "ab cd"), (Texts{"a", "c"}));
  EXPECT_EQ(matches("\\Bb", "ab"), Texts{"b"});
  // Letters beyond ASCII are no word characters without U.
  EXPECT_EQ(matches("\\bé", "é"), Texts{});
  EXPECT_EQ(matches("(?U)\\bé\\b", "é"), Texts{"é"});
  // A mark belongs to the word of its base letter.
  EXPECT_EQ(matches("a\\b", "a\u0301"), Texts{});
  EXPECT_EQ(matches("\u0301\\b", "a\u0301 "), Texts{"\u0301"});
  EXPECT_EQ(matches("\\B\u0301", "a\u0301"), Texts{"\u0301"});
}

TEST(RegexTest, LastMatchAnchor) {
  EXPECT_EQ(matches("\\Ga", "aab a"), (Texts{"a", "a"}));
  EXPECT_EQ(matches("\\G", "ab"), Texts{""});
  EXPECT_EQ(matches("a|\\G", "aab"), (Texts{"a", "a", ""}));
}

TEST(RegexTest, Quantifiers) {
  EXPECT_EQ(matches("a??b", "ab"), Texts{"ab"});
  EXPECT_EQ(matches("<.+?>", "<a><b>"), (Texts{"<a>", "<b>"}));
  EXPECT_EQ(matches("a*+a", "aaa"), Texts{});
  EXPECT_EQ(matches("a{2,3}", "aaaaa"), (Texts{"aaa", "aa"}));
  EXPECT_EQ(matches("a{2}{3}", "aaaa"), (Texts{"aa", "aa"}));
  EXPECT_EQ(matches("{1}a|{2}b", "ab"), (Texts{"a", "b"}));
  EXPECT_EQ(matches("^*", "ab").size(), 3u);
  EXPECT_EQ(matches("(?=a)*a", "aa"), (Texts{"a", "a"}));
  EXPECT_EQ(matches("(a*)+", "aab"), (Texts{"aa", "", ""}));
  EXPECT_EQ(matches("a{0}b", "ab"), Texts{"b"});
}

TEST(RegexTest, RepetitionsBeforeAtomicGroupsAndHooksGiveBack) {
  EXPECT_EQ(matches("a?(?:b)?+a", "a"), Texts{"a"});
  EXPECT_EQ(matches("-?(x)?+\\A", "-1"), Texts{""});
  EXPECT_EQ(matches("a?\\G", "ab"), Texts{""});
  EXPECT_EQ(matches("\\w+\\b\u0301", "ab\u0301"), Texts{});
}

TEST(RegexTest, CountsBeyondPcresOwn) {
  std::string text(70'001, 'a');
  EXPECT_EQ(groupAt("a{70000}", text, 0), "0-70000");
  EXPECT_EQ(groupAt("a{70000,}", text, 0), "0-70001");
  EXPECT_EQ(groupAt("a{1,70000}", text, 0), "0-70000");
  EXPECT_EQ(groupAt("a{70001}b?+", text, 0), "0-70001");
  EXPECT_EQ(groupAt("a{70002}", text, 0), "no match");
}

TEST(RegexTest, Groups) {
  EXPECT_EQ(groupAt("(a)(b)?", "a", 1), "0-1");
  EXPECT_EQ(groupAt("(a)(b)?", "a", 2), "none");
  EXPECT_EQ(groupAt("(?<year>\\d+)-(?<month>\\d+)", "2024-05", 2), "5-7");
  EXPECT_EQ(groupAt("(?:x)(?>a)(b)", "xab", 1), "2-3");
  auto regex = Regex::compile("(?<year>\\d+)-(?<month>\\d+)");
  EXPECT_EQ((*regex)->groupCount(), 2u);
  EXPECT_EQ((*regex)->groupNumber("month"), 2u);
  EXPECT_EQ((*regex)->groupNumber("day"), 0u);
}

TEST(RegexTest, BackReferences) {
  EXPECT_EQ(matches("(ab)\\1", "abab"), Texts{"abab"});
  EXPECT_EQ(matches("(a)\\11", "aa1"), Texts{"aa1"});
  EXPECT_EQ(matches("(?<n>x)y\\k<n>", "xyx"), Texts{"xyx"});
  EXPECT_EQ(matches("(a)|b\\1", "ba"), Texts{"a"});
  EXPECT_EQ(matches("\\8", "8"), Texts{});
  EXPECT_EQ(matches("(?:\\2x|(a)(b))+", "abbx"), Texts{"abbx"});
}

TEST(RegexTest, CaseInsensitiveIsAsciiWithoutU) {
  EXPECT_EQ(matches("(?i)b", "ABC"), Texts{"B"});
  EXPECT_EQ(matches("(?i)é", "É"), Texts{});
  EXPECT_EQ(matches("(?iu)é", "É"), Texts{"É"});
  EXPECT_EQ(matches("(?i)k[s-t]", "KS\u212A\u017F"), Texts{"KS"});
  EXPECT_EQ(matches("(?iu)k[s-t]", "\u212A\u017F"), Texts{"\u212A\u017F"});
  EXPECT_EQ(matches("(?i)hello 1", "HeLLo 1"), Texts{"HeLLo 1"});
  EXPECT_EQ(matches("(?i)[^a]", "aA"), Texts{});
  EXPECT_EQ(matches("a(?i)b|c", "aBC"), (Texts{"aB", "C"}));
  EXPECT_EQ(matches("(?:(?i)a|b)b", "Ab BB"), Texts{"Ab"});
  EXPECT_EQ(matches("(?i:a)b", "AbAB"), Texts{"Ab"});
}

TEST(RegexTest, CaseInsensitiveBackReferences) {
  EXPECT_EQ(matches("(?i)(ab)-\\1", "ab-AB"), Texts{"ab-AB"});
  EXPECT_EQ(matches("(?i)(é)-\\1", "é-É é-é"), Texts{"é-é"});
  EXPECT_EQ(matches("(?iu)(é)-\\1", "é-É"), Texts{"é-É"});
  // The mark that checks the first reference must not shift the numbers of later groups.
  EXPECT_EQ(groupAt("(?i)(a)\\1(b)\\2", "aAbB", 2), "2-3");
  EXPECT_EQ(matches("(?i)(a)\\1(b)\\2", "aAbB"), Texts{"aAbB"});
}

TEST(RegexTest, Comments) {
  EXPECT_EQ(matches("(?x)a b # c", "ab"), Texts{"ab"});
  EXPECT_EQ(matches("(?x)[a b]+", "ab c"), Texts{"ab"});
  EXPECT_EQ(matches("(?x) a # one\n + \\  b", "aa b"), Texts{"aa b"});
}

TEST(RegexTest, LookAround) {
  EXPECT_EQ(matches("a(?=b)", "abac"), Texts{"a"});
  EXPECT_EQ(matches("a(?!b)", "abac"), Texts{"a"});
  EXPECT_EQ(matches("(?=a)(?:x|)a", "ab"), Texts{"a"});
  EXPECT_EQ(matches("(?<=a|bc)x", "axbcxx"), (Texts{"x", "x"}));
  EXPECT_EQ(matches("(?<!a)b", "abb"), Texts{"b"});
  EXPECT_EQ(groupAt("(?<=(a))b", "ab", 1), "0-1");
}

TEST(RegexTest, LookBehindOfVariableLength) {
  EXPECT_EQ(matches("(?<=a+)b", "aab b"), Texts{"b"});
  EXPECT_EQ(matches("(?<=\\$\\s{0,3})\\d+", "$  12 3"), Texts{"12"});
  EXPECT_EQ(matches("(?<=xa?)b", "xb xab ab"), (Texts{"b", "b"}));
  EXPECT_EQ(matches("(?<!xa*)b", "xb xaab ab"), Texts{"b"});
  EXPECT_EQ(matches("(?<=(?<=x\\s?)a\\s*)b", "xa b x a  b  a b"), (Texts{"b", "b"}));
  EXPECT_EQ(matches("(?<=\\X)b", "ab"), Texts{"b"});
}

TEST(RegexTest, CodePointsNotBytesOrUnits) {
  EXPECT_EQ(matches(".", "\U0001F600x"), (Texts{"\U0001F600", "x"}));
  EXPECT_EQ(matches("[^a-z]", "a\U0001F600b"), Texts{"\U0001F600"});
  EXPECT_EQ(matches("\\X", "e\u0301x"), (Texts{"e\u0301", "x"}));
}

TEST(RegexTest, EmptyMatchesBetweenTheHalvesOfAPair) {
  EXPECT_EQ(matches("", "\U0001F600"), (Texts{"", "", ""}));
  EXPECT_EQ(matches("a*", "a\U0001F600\U0001F600"), (Texts{"a", "", "", "", "", ""}));
  // There the second half is a character of its own.
  EXPECT_EQ(matches("(?=\U0001F600)|.", "\U0001F600"), (Texts{"", "\xED\xB8\x80"}));
  EXPECT_EQ(matches("(?!a)x*", "\U0001F600a\U0001F601"), (Texts{"", "", "", "", ""}));
}

TEST(RegexTest, UnpairedSurrogatesAreCharacters) {
  const std::string high = "\xED\xA0\xBD", low = "\xED\xB8\x80";
  EXPECT_EQ(matches(".", "a" + high + "b"), (Texts{"a", high, "b"}));
  EXPECT_EQ(matches(high, high + "a\U0001F600"), Texts{high});
  EXPECT_EQ(matches("\\uD83D", high + "\U0001F600"), Texts{high});
  EXPECT_EQ(matches("[\\uD800-\\uDFFF]", "x" + low + "\U0001F600"), Texts{low});
  EXPECT_EQ(matches("\\p{Cs}[^a]", high + low.substr(0, 0) + "b"), Texts{high + "b"});
}

TEST(RegexTest, MalformedSubjectIsRefused) {
  EXPECT_EQ(firstStatus("a", "\xFF"), MatchStatus::MalformedText);
  EXPECT_EQ(firstStatus(".", "a\xC3"), MatchStatus::MalformedText);
}

TEST(RegexTest, LongSubjects) {
  std::string text;
  for (int i = 0; i < 50'000; ++i)
    text += "ab";
  EXPECT_EQ(groupAt("(a|b)*", text, 0), "0-100000");
  EXPECT_EQ(groupAt("(?:(a)|(b))*\\z", text, 2), "99999-100000");
  EXPECT_EQ(matches("\\w", text).size(), 100'000u);
  EXPECT_EQ(firstStatus("(a|b)*c", text), MatchStatus::NoMatch);
}

TEST(RegexTest, ManyEmptyMatchesAmongPairsTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 50'000; ++i)
    text += "\U0001F600";
  EXPECT_EQ(matches("(?=.)", text).size(), 100'000u);
}

TEST(RegexTest, DeepBacktrackingOutgrowsTheMachineStack) {
  // Each round leaves a point to come back to; they end up on the heap.
  std::string text(600'000, 'a');
  EXPECT_EQ(groupAt("(?:(a)|b)*a\\z", text, 0), "0-600000");
  EXPECT_EQ(firstStatus("(?:(a)|b)*a\\z", std::string(4'000'000, 'a')), MatchStatus::LimitExceeded);
}

TEST(RegexTest, CatastrophicPatternsEndSoon) {
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(firstStatus("(a+)+$", std::string(40, 'a') + "!"), MatchStatus::LimitExceeded);
  EXPECT_EQ(firstStatus("(a|aa)+$", std::string(1000, 'a') + "!"), MatchStatus::LimitExceeded);
  EXPECT_EQ(firstStatus("(?<=x\\s*)a", std::string(100'000, 'a')), MatchStatus::LimitExceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(RegexTest, TheCacheGivesTheSamePatternAgain) {
  RegexCache cache;
  auto first = cache.get("a+");
  auto second = cache.get("a+");
  EXPECT_EQ(first->get(), second->get());
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(cache.get("x" + std::to_string(i)).has_value());
  EXPECT_NE(cache.get("a+")->get(), first->get()) << "200 patterns later it is forgotten";
  EXPECT_FALSE(cache.get("(").has_value());
}

} // namespace
} // namespace branchline::runtime
