// Library functions on texts: slicing and searching by UTF-16 units, case, padding, templates, and
// the library's side of regular expressions and Base64.
#include "BuiltinsFixture.h"

#include "branchline/Support/Utf8.h"

namespace branchline::runtime {
namespace {

class BuiltinsStringsTest : public BuiltinsFixture {
protected:
  // Unpaired halves of U+1F600.
  const std::string high = "\xED\xA0\xBD";
  const std::string low = "\xED\xB8\x80";
  const std::string face = "\U0001F600";

  std::string quoted(const std::string &text) { return '"' + text + '"'; }
};

TEST_F(BuiltinsStringsTest, Substring) {
  const Value hello = s("hello");
  EXPECT_EQ(call("SUBSTRING", {hello, i(1)}), "\"ello\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(1), i(3)}), "\"ell\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(5)}), "\"\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(-2), i(2)}), "\"he\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(2), i(-1)}), "\"\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(2), i(INT64_MAX)}), "\"llo\"");
  EXPECT_EQ(call("SUBSTRING", {hello, s("1"), s("2")}), "\"el\"");
  EXPECT_EQ(call("SUBSTRING", {hello, i(6)}),
            "IllegalArgumentException: SUBSTRING: start > length");
  EXPECT_EQ(call("SUBSTRING", {hello, i(1), null}),
            "IllegalStateException: Index must be integer for list");
  EXPECT_EQ(call("SUBSTRING", {i(1), i(1)}),
            "IllegalStateException: SUBSTRING: first arg must be string");
}

TEST_F(BuiltinsStringsTest, SubstringCutsPairs) {
  const Value text = s(face + "x" + face);
  EXPECT_EQ(call("SUBSTRING", {text, i(0), i(1)}), quoted(high));
  EXPECT_EQ(call("SUBSTRING", {text, i(1), i(3)}), quoted(low + "x" + high));
  EXPECT_EQ(call("SUBSTRING", {text, i(2)}), quoted("x" + face));
}

TEST_F(BuiltinsStringsTest, BeforeAndAfter) {
  EXPECT_EQ(call("SUBSTRING_BEFORE", {s("a=b=c"), s("=")}), "\"a\"");
  EXPECT_EQ(call("SUBSTRING_AFTER", {s("a=b=c"), s("=")}), "\"b=c\"");
  EXPECT_EQ(call("SUBSTRING_BEFORE", {s("abc"), s("x")}), "\"abc\"");
  EXPECT_EQ(call("SUBSTRING_AFTER", {s("abc"), s("x")}), "\"abc\"");
  EXPECT_EQ(call("SUBSTRING_BEFORE", {s("abc"), s("")}), "\"\"");
  EXPECT_EQ(call("SUBSTRING_AFTER", {s("abc"), s("")}), "\"abc\"");
  EXPECT_EQ(call("SUBSTRING_BEFORE", {i(1), s("a")}),
            "IllegalStateException: SUBSTRING_BEFORE: first arg must be string");
  EXPECT_EQ(call("SUBSTRING_AFTER", {s("a"), null}),
            "IllegalStateException: SUBSTRING_AFTER: second arg must be string");
}

// A search counts units, so half a pair is found inside a character.
TEST_F(BuiltinsStringsTest, SearchFindsHalvesOfPairs) {
  const Value text = s("a" + face + "b");
  EXPECT_EQ(call("CONTAINS", {text, s("a" + high)}), "true");
  EXPECT_EQ(call("CONTAINS", {text, s(low)}), "true");
  EXPECT_EQ(call("CONTAINS", {s("ab"), s(low)}), "false");
  EXPECT_EQ(call("SPLIT", {text, s(low)}), "[" + quoted("a" + high) + ", \"b\"]");
  EXPECT_EQ(call("SUBSTRING_AFTER", {text, s(high)}), quoted(low + "b"));
}

TEST_F(BuiltinsStringsTest, Contains) {
  EXPECT_EQ(call("CONTAINS", {s("hello"), s("ell")}), "true");
  EXPECT_EQ(call("CONTAINS", {s("hello"), s("")}), "true");
  EXPECT_EQ(call("CONTAINS", {s("a1b"), i(1)}), "true");
  EXPECT_EQ(call("CONTAINS", {s("x[1, 2]y"), list({i(1), i(2)})}), "true");
  EXPECT_EQ(call("CONTAINS", {s("null"), null}), "false");
  EXPECT_EQ(call("CONTAINS", {s("a.b"), s("a?b")}), "false");
  EXPECT_EQ(call("CONTAINS", {list({i(1)}), i(1)}),
            "IllegalStateException: CONTAINS: first arg must be string");
}

TEST_F(BuiltinsStringsTest, Split) {
  EXPECT_EQ(call("SPLIT", {s("a,,b,"), s(",")}), "[\"a\", \"\", \"b\", \"\"]");
  EXPECT_EQ(call("SPLIT", {s(""), s(",")}), "[\"\"]");
  EXPECT_EQ(call("SPLIT", {s("aaa"), s("aa")}), "[\"\", \"a\"]");
  EXPECT_EQ(call("SPLIT", {s("a.b"), s(".")}), "[\"a\", \"b\"]");
  EXPECT_EQ(call("SPLIT", {s("a1b"), i(1)}), "[\"a\", \"b\"]");
  EXPECT_EQ(call("SPLIT", {s("a\u00e9"), null}), "[\"\", \"a\", \"\u00e9\", \"\"]");
  EXPECT_EQ(call("SPLIT", {s(""), s("")}), "[\"\", \"\"]");
  EXPECT_EQ(call("SPLIT", {s(face), s("")}),
            "[\"\", " + quoted(high) + ", " + quoted(low) + ", \"\"]");
  EXPECT_EQ(call("SPLIT", {null, s(",")}),
            "IllegalStateException: SPLIT: first arg must be string");
}

// Parts of input text share its bytes instead of copying them.
TEST_F(BuiltinsStringsTest, SplitSharesBorrowedBytes) {
  const std::string_view input = "one,two";
  const Value parts = valueOf("SPLIT", {Value::borrowed(input), s(",")});
  EXPECT_EQ(parts.list()->data[1].text().data(), input.data() + 4);
}

TEST_F(BuiltinsStringsTest, Join) {
  const Value items =
      list({s("a"), null, i(1), f(1), yes, list({i(1), null}), object({{s("a"), i(1)}})});
  EXPECT_EQ(call("JOIN", {items, s(",")}), "\"a,,1,1.0,true,[1, null],{a=1}\"");
  EXPECT_EQ(call("JOIN", {list({s("a"), s("b")})}), "\"ab\"");
  EXPECT_EQ(call("JOIN", {list({s("a"), s("b")}), null}), "\"ab\"");
  EXPECT_EQ(call("JOIN", {list({s("a"), s("b")}), i(0)}), "\"a0b\"");
  EXPECT_EQ(call("JOIN", {list({})}), "\"\"");
  EXPECT_EQ(call("JOIN", {list({s(high), s(low)})}), quoted(face));
  EXPECT_EQ(call("JOIN", {s("ab"), s(",")}), "IllegalStateException: JOIN: first arg must be list");
}

TEST_F(BuiltinsStringsTest, JoinBeyondTheLimitIsAnError) {
  const Value big = valueOf("PAD", {s(""), i(1 << 26), s("x")});
  const Value many = heap.list(std::span<const Value>(std::vector<Value>(17, big)));
  EXPECT_EQ(call("JOIN", {many}), "LimitExceeded: string size limit of " +
                                      std::to_string(kMaxStringBytes) + " bytes exceeded");
}

TEST_F(BuiltinsStringsTest, Case) {
  EXPECT_EQ(call("UPPER", {s("stra\u00dfe \ufb01")}), "\"STRASSE FI\"");
  EXPECT_EQ(call("LOWER", {s("\u00c0B \u1e9e")}), "\"\u00e0b \u00df\"");
  EXPECT_EQ(call("LOWER", {s("\u0391\u03a3 \u0391\u03a3\u0391")}),
            "\"\u03b1\u03c2 \u03b1\u03c3\u03b1\"");
  EXPECT_EQ(call("UPPER", {s("\U00010428")}), "\"\U00010400\"");
  EXPECT_EQ(call("UPPER", {i(1)}), "IllegalStateException: UPPER: arg must be string");
  EXPECT_EQ(call("LOWER", {null}), "IllegalStateException: LOWER: arg must be string");
}

TEST_F(BuiltinsStringsTest, Trim) {
  EXPECT_EQ(call("TRIM", {s("  a b \t\n")}), "\"a b\"");
  EXPECT_EQ(call("TRIM", {s("\u00a0\u2003a\u3000")}), "\"a\"");
  EXPECT_EQ(call("TRIM", {s("\x1c")}), "\"\"");
  EXPECT_EQ(call("TRIM", {s("\u200ba\ufeff")}), "\"\u200ba\ufeff\"");
  EXPECT_EQ(call("TRIM", {s("\u0085a")}), "\"\u0085a\"");
  EXPECT_EQ(call("TRIM", {i(1)}), "IllegalStateException: TRIM: arg must be string");
}

TEST_F(BuiltinsStringsTest, Pad) {
  const Value a = s("a");
  EXPECT_EQ(call("PAD", {a, i(3)}), "\"a  \"");
  EXPECT_EQ(call("PAD", {a, i(-3), s("*")}), "\"**a\"");
  EXPECT_EQ(call("PAD", {a, f(3.9), s("xyz")}), "\"axy\"");
  EXPECT_EQ(call("PAD", {a, f(-3.9), i(0)}), "\"00a\"");
  EXPECT_EQ(call("PAD", {a, dec("3.7"), null}), "\"a  \"");
  EXPECT_EQ(call("PAD", {s("abcd"), i(-3)}), "\"abcd\"");
  EXPECT_EQ(call("PAD", {s(""), i(3), s(face)}), quoted(face + high));
  EXPECT_EQ(call("PAD", {s(low), i(-2), s(face)}), quoted(face));
  EXPECT_EQ(call("PAD", {a, f(0.0 / 0.0)}), "\"a\"");
  EXPECT_EQ(call("PAD", {i(1), i(3)}), "IllegalStateException: PAD: first arg must be string");
  EXPECT_EQ(call("PAD", {a, s("3")}), "IllegalStateException: PAD: width must be numeric");
  EXPECT_EQ(call("PAD", {a, i(0), s("")}),
            "IllegalArgumentException: PAD: padChars must not be empty");
}

TEST_F(BuiltinsStringsTest, PadBeyondTheLimitBuildsNothing) {
  const std::string limit =
      "LimitExceeded: string size limit of " + std::to_string(kMaxStringBytes) + " bytes exceeded";
  for (const Value &width : {i(4294967299), i(INT64_MIN), f(1e300), dec("1e900"), dec("-1e30")})
    EXPECT_EQ(call("PAD", {s("a"), width, s("ab")}), limit) << show(width);
}

TEST_F(BuiltinsStringsTest, FormatScansTemplates) {
  const Value ab = list({s("a"), s("b")});
  EXPECT_EQ(call("FORMAT", {s("{0}-{1}"), ab}), "\"a-b\"");
  EXPECT_EQ(call("FORMAT", {s("{{0}} {{{0}}}"), ab}), "\"{0} {a}\"");
  EXPECT_EQ(call("FORMAT", {s("a}b}}c{"), ab}), "\"a}b}c{\"");
  EXPECT_EQ(call("FORMAT", {s("{0} {x {{y"), ab}), "\"a {x {y\"");
  EXPECT_EQ(call("FORMAT", {s("{0{1}"), ab}), "\"{0{1}\"");
  EXPECT_EQ(call("FORMAT", {s("x"), s("y")}),
            "IllegalStateException: FORMAT: args must be list or object");
  EXPECT_EQ(call("FORMAT", {i(1), ab}), "IllegalStateException: FORMAT: template must be string");
}

TEST_F(BuiltinsStringsTest, FormatLooksKeysUp) {
  const Value ab = list({s("a"), s("b")});
  EXPECT_EQ(call("FORMAT", {s("{01}{+1}{2}{-1}{}{0:d}"), ab}), "\"bb{2}{-1}{}{0:d}\"");
  EXPECT_EQ(call("FORMAT", {s("{n} {x} { n }"), object({{s("n"), dec("1e3")}})}),
            "\"1E+3 {x} { n }\"");
  EXPECT_EQ(call("FORMAT", {s("{}"), object({{s(""), null}})}), "\"null\"");
  // The first entry whose key has the text, whatever its kind.
  EXPECT_EQ(call("FORMAT", {s("{1}"), object({{i(1), s("num")}})}), "\"num\"");
  EXPECT_EQ(call("FORMAT", {s("{1}"), object({{i(1), s("num")}, {s("1"), s("str")}})}), "\"num\"");
  EXPECT_EQ(call("FORMAT", {s("{1}"), object({{s("1"), s("str")}, {i(1), s("num")}})}), "\"str\"");
  EXPECT_EQ(call("FORMAT", {s("{01}"), object({{i(1), s("num")}})}), "\"{01}\"");
  EXPECT_EQ(
      call("FORMAT", {s("{99999999999999999999}"), object({{dec("99999999999999999999"), i(1)}})}),
      "\"1\"");
}

TEST_F(BuiltinsStringsTest, Match) {
  EXPECT_EQ(call("MATCH", {s("a1b22"), s("[0-9]+")}), "[\"1\", \"22\"]");
  EXPECT_EQ(call("MATCH", {s("a1b1"), i(1)}), "[\"1\", \"1\"]");
  EXPECT_EQ(call("MATCH", {s("ab"), null}), "[\"\", \"\", \"\"]");
  EXPECT_EQ(call("MATCH", {s("ab"), s("x")}), "[]");
  EXPECT_EQ(call("MATCH", {null, s("x")}),
            "IllegalStateException: MATCH: first arg must be string");
  EXPECT_EQ(call("MATCH", {s("a"), s("(?P<n>a)")}).substr(0, 47),
            "PatternSyntaxException: Unknown inline modifier");
}

TEST_F(BuiltinsStringsTest, Replace) {
  EXPECT_EQ(call("REPLACE", {s("a1b2"), s("[0-9]"), s("#")}), "\"a#b#\"");
  EXPECT_EQ(call("REPLACE", {s("John Smith"), s("(\\w+) (\\w+)"), s("$2 $1")}), "\"Smith John\"");
  EXPECT_EQ(call("REPLACE", {s("abc"), s("b"), null}), "\"ac\"");
  EXPECT_EQ(call("REPLACE", {s("abc"), s("x"), s("$9")}), "\"abc\"");
  EXPECT_EQ(call("REPLACE", {s("abc"), s("b"), s("$1")}), "IndexOutOfBoundsException: No group 1");
  EXPECT_EQ(call("REPLACE", {s("abc"), s("b"), s("$")}),
            "IllegalArgumentException: Illegal group reference: group index is missing");
  EXPECT_EQ(call("REPLACE", {s("abc"), s("["), s("")}).substr(0, 46),
            "PatternSyntaxException: Unclosed character cla");
  EXPECT_EQ(call("REPLACE", {null, s("x"), s("")}),
            "IllegalStateException: REPLACE: first arg must be string");
}

TEST_F(BuiltinsStringsTest, RunawayPatternIsALimit) {
  const Value text = valueOf("PAD", {s("b"), i(-100), s("a")});
  EXPECT_EQ(call("MATCH", {text, s("^(a|aa)+$")}),
            "LimitExceeded: MATCH: pattern backtracks too much");
  EXPECT_EQ(call("REPLACE", {text, s("^(a|aa)+$"), s("")}),
            "LimitExceeded: REPLACE: pattern backtracks too much");
}

TEST_F(BuiltinsStringsTest, Base64) {
  EXPECT_EQ(call("BASE64_DECODE", {s("aGk=")}), "bytes hi");
  EXPECT_EQ(call("BASE64_DECODE", {s("aGl")}), "bytes hi");
  EXPECT_EQ(call("BASE64_DECODE", {s("")}), "bytes ");
  EXPECT_EQ(call("BASE64_ENCODE", {heap.bytes("hi!?")}), "\"aGkhPw==\"");
  EXPECT_EQ(call("BASE64_ENCODE", {s("hi")}),
            "IllegalStateException: BASE64_ENCODE: arg must be bytes");
  EXPECT_EQ(call("BASE64_DECODE", {i(1)}),
            "IllegalStateException: BASE64_DECODE: arg must be string");
  for (const char *bad : {"a", "aGkha", "ab=", "abcd=", "aGk=\n", "a\u00e9=="})
    EXPECT_EQ(call("BASE64_DECODE", {s(bad)}).substr(0, 26), "IllegalArgumentException: ") << bad;
}

} // namespace
} // namespace branchline::runtime
