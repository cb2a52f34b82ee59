// Every message of the reader and its position, from both parsers at once.
#include "JsonTestSupport.h"

namespace branchline::format {
namespace {

struct Case {
  std::string_view text;
  std::string_view message;
};

void check(std::initializer_list<Case> cases) {
  for (const Case &c : cases)
    EXPECT_EQ(messageOf(c.text), c.message) << c.text;
}

TEST(JsonDiagnose, Structure) {
  check({
      {R"({"a":)", "Unexpected end of input at position 6"},
      {R"({"a")", "Unexpected end of input at position 5"},
      {"[", "Unexpected end of input at position 2"},
      {"[-", "Unexpected end of input at position 3"},
      {"-", "Unexpected end of input at position 2"},
      {"[1,", "Unexpected end of input at position 4"},
      {"// c\n{}", "Unexpected character '/' at position 1"},
      {R"({"a":NaN})", "Unexpected character 'N' at position 6"},
      {R"({"a":+1})", "Unexpected character '+' at position 6"},
      {R"({"a":.5})", "Unexpected character '.' at position 6"},
      {"[1,,2]", "Unexpected character ',' at position 4"},
      {"[]]", "Unexpected trailing content at position 3"},
      {"]", "Unexpected character ']' at position 1"},
      {"{", "Expected object key at position 2"},
      {"{a:1}", "Expected object key at position 2"},
      {"{'a':1}", "Expected object key at position 2"},
      {R"({"a":1,)", "Expected object key at position 8"},
      {R"({"a":1,,"b":2})", "Expected object key at position 8"},
      {R"({,})", "Expected object key at position 2"},
      {R"({"a" 1})", "Expected ':' but found '1' at position 6"},
      {R"({"a"})", "Expected ':' but found '}' at position 5"},
      {R"({"a":1)", "Unterminated object at position 7"},
      {"{\"a\":1 \n", "Unterminated object at position 9"},
      {"[1", "Unterminated array at position 3"},
      {"[[1]", "Unterminated array at position 5"},
      {R"({"a":1 , })", "Trailing comma in object at position 10"},
      {"[1, ]", "Trailing comma in array at position 5"},
      {R"({"a":1 "b":2})", "Expected ',' or '}' at position 8"},
      {R"({"a":1])", "Expected ',' or '}' at position 7"},
      {"[1 2]", "Expected ',' or ']' at position 4"},
      {"[1}", "Expected ',' or ']' at position 3"},
      {"[\"a\"\"b\"]", "Expected ',' or ']' at position 5"},
      {"{} x", "Unexpected trailing content at position 4"},
      {"1 2", "Unexpected trailing content at position 3"},
      {"\"a\" \"b\"", "Unexpected trailing content at position 5"},
      {"[1\f]", "Expected ',' or ']' at position 3"},
      {"[1\x1A"
       "2]",
       "Expected ',' or ']' at position 3"},
  });
}

TEST(JsonDiagnose, Strings) {
  check({
      {R"({"a":"x)", "Unterminated string at position 8"},
      {"\"", "Unterminated string at position 2"},
      {R"(["a\"])", "Unterminated string at position 7"},
      {"{\"a\":\"x\ty\"}", "Unescaped control character in string at position 9"},
      {"[\"\n\"]", "Unescaped control character in string at position 4"},
      {R"({"a":"x\)", "Unterminated escape sequence at position 9"},
      {R"({"a":"\q"})", R"(Invalid escape sequence '\q' at position 9)"},
      {"[\"\\\xC3\xA9\"]", "Invalid escape sequence '\\\xC3\xA9' at position 5"},
      {R"({"a":"\u1"})", "Invalid unicode escape at position 9"},
      {R"({"a":"\u12)", "Invalid unicode escape at position 9"},
      {R"(["\u12G4"])", "Invalid unicode escape at position 8"},
      {R"(["\ud800"])", "Invalid unicode surrogate pair at position 9"},
      {R"(["\ud800\n"])", "Invalid unicode surrogate pair at position 9"},
      {R"({"a":"\ud800\u0041"})", "Invalid unicode surrogate pair at position 19"},
      {R"(["\ud800\ud800"])", "Invalid unicode surrogate pair at position 15"},
      {R"(["\ud800\u00"])", "Invalid unicode escape at position 14"},
      {R"({"\q":1})", R"(Invalid escape sequence '\q' at position 5)"},
  });
}

TEST(JsonDiagnose, UnicodeEscapeCountsUnitsBeforeItLooksAtThem) {
  // Three units are left: too few. An astral character is two units: enough.
  check({
      {"[\"\\u\xF0\x9F\x98\x80\"", "Invalid unicode escape at position 5"},
      {"[\"\\u\xF0\x9F\x98\x80\"]", "Invalid unicode escape at position 6"},
  });
}

TEST(JsonDiagnose, NumbersAndLiterals) {
  check({
      {R"({"a":-})", "Invalid number at position 7"},
      {R"({"a":1.e3})", "Invalid number at position 8"},
      {R"({"a":1e})", "Invalid number at position 8"},
      {"[1.]", "Invalid number at position 4"},
      {"[1e+]", "Invalid number at position 5"},
      {"[1e-x]", "Invalid number at position 5"},
      {"1.", "Invalid number at position 3"},
      {"1e+", "Invalid number at position 4"},
      {"[1.\xD9\xA2]", "Invalid number at position 4"},
      {R"({"a":01})", "Expected ',' or '}' at position 7"},
      {"-01", "Unexpected trailing content at position 3"},
      {"[1x]", "Expected ',' or ']' at position 3"},
      {"[1\\\"a\"]", "Expected ',' or ']' at position 3"},
      {"[0x10]", "Expected ',' or ']' at position 3"},
      {R"({"a":tru})", "Expected 'true' at position 6"},
      {R"({"a":nulL})", "Expected 'null' at position 6"},
      {"[fals", "Expected 'false' at position 2"},
      {"[tr\"ue\"]", "Expected 'true' at position 2"},
      {R"({"a":truex})", "Expected ',' or '}' at position 10"},
      {"truex", "Unexpected trailing content at position 5"},
  });
}

TEST(JsonDiagnose, Positions) {
  // Positions count UTF-16 units; line and column are those of the place.
  check({
      {"\xEF\xBB\xBF{}", "Unexpected character '\xEF\xBB\xBF' at position 1"},
      {"{\"a\": \xC2\xA0"
       "1}",
       "Unexpected character '\xC2\xA0' at position 7"},
      {"[\"\xF0\x9F\x98\x80\" 1]", "Expected ',' or ']' at position 7"},
      {"[\"\xC3\xA9\" 1]", "Expected ',' or ']' at position 6"},
      {"\xF0\x9F\x98\x80", "Unexpected character '\xF0\x9F\x98\x80' at position 1"},
      {"\xC2\x85", "Unexpected character '\xC2\x85' at position 1"},
      {"{\"a\":1}\xEF\xBB\xBF", "Unexpected trailing content at position 8"},
  });
  const std::optional<Error> error = diagnoseJson("{\n  \"\xC3\xA9\": 1,\n  \"b\" 2}");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, 4103);
  EXPECT_EQ(error->at, (LineColumn{3, 7}));
}

TEST(JsonDiagnose, DuplicateKeys) {
  check({
      {R"({"a":1,"a":2})", "Duplicate JSON object key 'a'"},
      {R"({"a":1,"\u0061":2})", "Duplicate JSON object key 'a'"},
      {R"([{"x":{"":1,"b":2,"":3}}])", "Duplicate JSON object key ''"},
      {R"({"a":1,"a":[1,}})", "Unexpected character '}' at position 15"},
      {R"({"a":1,"a":2)", "Duplicate JSON object key 'a'"},
      {R"({"a":1,"A":2})", "accepted"},
      {R"([{"a":1},{"a":2}])", "accepted"},
  });
}

TEST(JsonDiagnose, DuplicateKeysAfterTheShapeWasSeen) {
  check({
      {R"([{"a":1,"b":2},{"a":1,"b":2,"a":3}])", "Duplicate JSON object key 'a'"},
      {R"([{"a":1,"b":2},{"a":1,"b":2,"b":3}])", "Duplicate JSON object key 'b'"},
      {R"([{"a":1,"b":2},{"b":1,"b":2}])", "Duplicate JSON object key 'b'"},
  });
}

TEST(JsonDiagnose, DuplicateKeysInAMap) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i)
    text += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(messageOf(text + "\"k7\":2}"), "Duplicate JSON object key 'k7'");
  EXPECT_EQ(messageOf(text + "\"k100\":2}"), "accepted");
}

TEST(JsonDiagnose, MalformedUtf8) {
  for (const std::string_view bad :
       {"\x80", "\xC3", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xC0\x80", "\xE2\x82"})
    EXPECT_EQ(messageOf("[\"ab" + std::string(bad) + "\"]"), "Malformed UTF-8 at byte offset 4");
  // Even behind an earlier mistake: the text is checked first.
  EXPECT_EQ(messageOf("[,] \xFF"), "Malformed UTF-8 at byte offset 4");
}

TEST(JsonDiagnose, StrictNumbers) {
  const JsonReadOptions strict = readingWith(JsonNumbers::Strict);
  EXPECT_EQ(messageOf("[9007199254740992]", strict),
            "Integer outside safe JSON range '9007199254740992'");
  EXPECT_EQ(messageOf("[-9007199254740992]", strict),
            "Integer outside safe JSON range '-9007199254740992'");
  EXPECT_EQ(messageOf("[9223372036854775808]", strict),
            "Integer outside supported range '9223372036854775808'");
  EXPECT_EQ(messageOf("1.2345678901234567", strict),
            "Decimal outside safe JSON precision '1.2345678901234567'");
  EXPECT_EQ(messageOf("[1.2345678901234567]", strict),
            "Decimal outside safe JSON precision '1.2345678901234567'");
  EXPECT_EQ(messageOf("[1e400]", strict), "Decimal outside safe JSON range '1e400'");
  EXPECT_EQ(messageOf("[9007199254740991,-9007199254740991,1.5,-0]", strict), "accepted");
  // The number is refused before what follows it is looked at.
  EXPECT_EQ(messageOf("[9007199254740992 x]", strict),
            "Integer outside safe JSON range '9007199254740992'");
}

TEST(JsonDiagnose, NumberLimits) {
  EXPECT_EQ(messageOf("[1e9999999]"), "Number outside supported range '1e9999999'");
  EXPECT_EQ(messageOf("[1.234567890123456789e-99999999999]"),
            "Number outside supported range '1.234567890123456789e-99999999999'");
  EXPECT_EQ(messageOf("[1e-99999999999]"), "accepted");
  const std::string huge(6'000'000, '7');
  EXPECT_EQ(messageOf(huge), "Number outside supported range '" + huge.substr(0, 64) + "...'");
}

TEST(JsonDiagnose, Depth) {
  JsonReadOptions options;
  options.maxDepth = 3;
  EXPECT_EQ(messageOf("[[[1]]]", options), "accepted");
  EXPECT_EQ(messageOf("[[[[]]]]", options), "JSON nesting limit of 3 exceeded at position 4");
  EXPECT_EQ(messageOf(R"([[{"a":{}}]])", options),
            "JSON nesting limit of 3 exceeded at position 8");
}

TEST(JsonDiagnose, EndlessNestingIsAnError) {
  const std::string open(5'000'000, '[');
  EXPECT_EQ(messageOf(open), "JSON nesting limit of 10000 exceeded at position 10001");
  std::string objects;
  for (int i = 0; i < 20'000; ++i)
    objects += "{\"a\":";
  EXPECT_EQ(messageOf(objects), "JSON nesting limit of 10000 exceeded at position 50001");
}

} // namespace
} // namespace branchline::format
