// The text of every kind of value in every format and number mode.
#include "JsonTestSupport.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Objects.h"

#include <cmath>
#include <limits>
#include <vector>

namespace branchline::format {
namespace {

using runtime::Heap;
using runtime::Value;

constexpr auto kPretty = JsonFormat::Pretty;
constexpr auto kCompact = JsonFormat::Compact;
constexpr auto kCanonical = JsonFormat::Canonical;

Value decimal(Heap &heap, std::string_view text) { return heap.decimal(parseDecimal(text).value); }
Value big(Heap &heap, std::string_view text) { return heap.bigInt(parseBigInt(text).value); }

TEST(JsonWriter, PrettyLayout) {
  const std::string text = R"([{"a":1,"b":{}},[],{},[null,["x"]],"s"])";
  EXPECT_EQ(rewrite(text, writing(kPretty)), R"([
    {
        "a": 1,
        "b": {}
    },
    [],
    {},
    [
        null,
        [
            "x"
        ]
    ],
    "s"
])");
  EXPECT_EQ(rewrite("null", writing(kPretty)), "null");
  EXPECT_EQ(rewrite(text), text);
}

TEST(JsonWriter, PrettyLayoutOfAMap) {
  std::string map = "{\"0k\": 0";
  std::string expected = "{\n    \"0k\": 0";
  for (int i = 1; i < 40; ++i) {
    const std::string member = "\"" + std::to_string(i) + "k\": " + std::to_string(i);
    map += "," + member;
    expected += ",\n    " + member;
  }
  EXPECT_EQ(rewrite(map + "}", writing(kPretty)), expected + "\n}");
}

TEST(JsonWriter, Integers) {
  const JsonWriteOptions safe = writing(kCompact),
                         extended = writing(kCompact, JsonNumbers::Extended),
                         strict = writing(kCompact, JsonNumbers::Strict);
  const Value most = Value::integer(9007199254740991), more = Value::integer(9007199254740992);
  const Value least = Value::integer(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(textOf(most, strict), "9007199254740991");
  EXPECT_EQ(textOf(more, safe), "\"9007199254740992\"");
  EXPECT_EQ(textOf(more, extended), "9007199254740992");
  EXPECT_EQ(textOf(more, strict), "error: Integer output outside safe JSON range");
  EXPECT_EQ(textOf(least, safe), "\"-9223372036854775808\"");
  EXPECT_EQ(textOf(least, writing(kCanonical)), "\"-9223372036854775808\"");
  EXPECT_EQ(textOf(least, writing(kCanonical, JsonNumbers::Strict)),
            "error: Integer output outside safe JSON range");
}

TEST(JsonWriter, BigNumbers) {
  Heap heap;
  for (const JsonFormat format : {kCompact, kCanonical}) {
    EXPECT_EQ(textOf(big(heap, "5"), writing(format)), "\"5\"");
    EXPECT_EQ(textOf(big(heap, "-12345678901234567890"), writing(format, JsonNumbers::Extended)),
              "-12345678901234567890");
    EXPECT_EQ(textOf(big(heap, "5"), writing(format, JsonNumbers::Strict)),
              "error: BigInt output requires json-numbers safe or extended");
    EXPECT_EQ(textOf(decimal(heap, "1.500"), writing(format)), "\"1.500\"");
    EXPECT_EQ(textOf(decimal(heap, "1E+3"), writing(format)), "\"1000\"");
    EXPECT_EQ(textOf(decimal(heap, "-0.05"), writing(format)), "\"-0.05\"");
    EXPECT_EQ(textOf(decimal(heap, "1.5"), writing(format, JsonNumbers::Strict)),
              "error: BigDecimal output requires json-numbers safe or extended");
  }
  EXPECT_EQ(textOf(decimal(heap, "1.500"), writing(kCompact, JsonNumbers::Extended)), "1.500");
  EXPECT_EQ(textOf(decimal(heap, "1.500"), writing(kCanonical, JsonNumbers::Extended)), "1.5");
  EXPECT_EQ(textOf(decimal(heap, "1E+30"), writing(kCanonical, JsonNumbers::Extended)), "1e30");
  EXPECT_EQ(textOf(decimal(heap, "0.000"), writing(kCanonical, JsonNumbers::Extended)), "0");
}

TEST(JsonWriter, Floats) {
  auto text = [](double d) { return textOf(Value::real(d)); };
  EXPECT_EQ(text(0.0), "0.0");
  EXPECT_EQ(text(-0.0), "-0.0");
  EXPECT_EQ(text(1.0), "1.0");
  EXPECT_EQ(text(0.001), "0.001");
  EXPECT_EQ(text(0.0009), "9.0E-4");
  EXPECT_EQ(text(9999999.0), "9999999.0");
  EXPECT_EQ(text(1e7), "1.0E7");
  EXPECT_EQ(text(12345678.9), "1.23456789E7");
  EXPECT_EQ(text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(text(4.9e-324), "4.9E-324");
  EXPECT_EQ(text(1.7976931348623157e308), "1.7976931348623157E308");
  for (const double d : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(text(d), "error: JSON output cannot encode NaN or Infinity");
    EXPECT_EQ(textOf(Value::real(d), writing(kCanonical)),
              "error: Canonical JSON cannot encode NaN or Infinity");
  }
}

TEST(JsonWriter, CanonicalFloats) {
  auto text = [](double d, JsonNumbers numbers = JsonNumbers::Safe) {
    return textOf(Value::real(d), writing(kCanonical, numbers));
  };
  EXPECT_EQ(text(1.0), "1");
  EXPECT_EQ(text(-0.0), "0");
  EXPECT_EQ(text(1e17), "\"100000000000000000\"");
  EXPECT_EQ(text(1e17, JsonNumbers::Extended), "100000000000000000");
  EXPECT_EQ(text(1e16, JsonNumbers::Strict), "error: Integer output outside safe JSON range");
  EXPECT_EQ(text(9223372036854775808.0), "\"9223372036854775807\"");
  EXPECT_EQ(text(-9223372036854775808.0), "\"-9223372036854775808\"");
  EXPECT_EQ(text(9.3e18), "9300000000000000000");
  EXPECT_EQ(text(1e21), "1e21");
  EXPECT_EQ(text(1.5e-7), "1.5e-7");
  EXPECT_EQ(text(0.000001), "0.000001");
  EXPECT_EQ(text(12345678.9), "12345678.9");
  EXPECT_EQ(text(-0.5), "-0.5");
}

TEST(JsonWriter, Escapes) {
  const Value all = Value::borrowed(std::string_view("\0\x01\b\t\n\x0B\f\r\x1F\x7F/\"\\", 13));
  EXPECT_EQ(textOf(all), R"("\u0000\u0001\b\t\n\u000b\f\r\u001f)"
                         "\x7F"
                         R"(/\"\\")");
  EXPECT_EQ(textOf(all, writing(kCanonical)),
            R"("\u0000\u0001\u0008\u0009\u000A\u000B\u000C\u000D\u001F)"
            "\x7F"
            R"(/\"\\")");
  EXPECT_EQ(textOf(Value::borrowed("\xE2\x80\xA8\xC3\xBC\xF0\x9F\x98\x80")),
            "\"\xE2\x80\xA8\xC3\xBC\xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, UnpairedSurrogates) {
  EXPECT_EQ(textOf(Value::borrowed("a\xED\xB0\x80")), R"("a\udc00")");
  EXPECT_EQ(textOf(Value::borrowed("\xED\xAF\xBF\xED\x9F\xBF")), "\"\\udbff\xED\x9F\xBF\"");
  EXPECT_EQ(textOf(Value::borrowed("\xED\xB0\x80"), writing(kCanonical)), R"("\udc00")");
}

TEST(JsonWriter, EscapesAtEveryPlace) {
  // Copying goes by 16, 8, 4 and single bytes; each place of each length takes its turn.
  for (size_t length = 1; length <= 50; ++length)
    for (size_t place = 0; place < length; ++place)
      for (const std::string_view special : {"\"", "\n", "\xED\xB0\x80", "\xEA\xB0\x80"}) {
        std::string text(length, 'a');
        text.replace(place, 1, special);
        std::string expected(length, 'a');
        expected.replace(place, 1,
                         special == "\""             ? "\\\""
                         : special == "\n"           ? "\\n"
                         : special == "\xED\xB0\x80" ? "\\udc00"
                                                     : special);
        ASSERT_EQ(textOf(Value::borrowed(text)), "\"" + expected + "\"");
      }
}

TEST(JsonWriter, LongStrings) {
  for (const size_t length : {4095u, 4096u, 4097u, 100'000u}) {
    const std::string plain(length, 'x'), quotes(length, '"');
    EXPECT_EQ(textOf(Value::borrowed(plain)), "\"" + plain + "\"");
    std::string escaped = "\"";
    for (size_t i = 0; i < length; ++i)
      escaped += "\\\"";
    EXPECT_EQ(textOf(Value::borrowed(quotes)), escaped + "\"");
  }
}

TEST(JsonWriter, CanonicalOrder) {
  EXPECT_EQ(rewrite("{\"b\":[{\"d\":2,\"c\":1}],\"aa\":4,\"\xC3\xA9\":5,\"a\":{},\"A\":3}",
                    writing(kCanonical)),
            "{\"A\":3,\"a\":{},\"aa\":4,\"b\":[{\"c\":1,\"d\":2}],\"\xC3\xA9\":5}");
  // By UTF-16 unit: an astral character comes before U+FF5E.
  EXPECT_EQ(rewrite("{\"\xEF\xBD\x9E\":1,\"\xF0\x9F\x98\x80\":2}", writing(kCanonical)),
            "{\"\xF0\x9F\x98\x80\":2,\"\xEF\xBD\x9E\":1}");
}

TEST(JsonWriter, CanonicalOrderOfAMap) {
  std::string map = "{", expected = "{";
  for (int i = 99; i >= 10; --i)
    map += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + (i != 10 ? "," : "}");
  for (int i = 10; i <= 99; ++i)
    expected += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + (i != 99 ? "," : "}");
  EXPECT_EQ(rewrite(map, writing(kCanonical)), expected);
}

TEST(JsonWriter, IntegerKeysBecomeText) {
  Heap heap;
  Value object = heap.object();
  ASSERT_TRUE(runtime::setKey(heap, *object.asObject(), Value::integer(10), Value::integer(1)));
  ASSERT_TRUE(runtime::setKey(heap, *object.asObject(), Value::integer(9), Value::integer(2)));
  ASSERT_TRUE(runtime::setKey(heap, *object.asObject(), big(heap, "99999999999999999999"),
                              Value::integer(3)));
  EXPECT_EQ(textOf(object), R"({"10":1,"9":2,"99999999999999999999":3})");
  EXPECT_EQ(textOf(object, writing(kCanonical)), R"({"10":1,"9":2,"99999999999999999999":3})");
}

TEST(JsonWriter, OtherKinds) {
  Heap heap;
  EXPECT_EQ(textOf(heap.bytes(std::string_view("\x01\x02\x03\x04", 4))), "\"AQIDBA==\"");
  EXPECT_EQ(textOf(heap.bytes("")), "\"\"");
  EXPECT_EQ(textOf(heap.handle("cache")), "\"SharedResourceHandle(name=cache)\"");
  EXPECT_EQ(textOf(heap.function(nullptr, 0, {})), "\"<function>\"");
  const std::vector<Value> items{Value::integer(1)};
  EXPECT_EQ(textOf(heap.sequence(heap.list(items))),
            R"([{"path":[],"key":null,"value":[1],"depth":0,"isLeaf":false},)"
            R"({"path":[0],"key":0,"value":1,"depth":1,"isLeaf":true}])");
}

TEST(JsonWriter, SetsAreOrdered) {
  Heap heap;
  const std::vector<Value> items{heap.object(),        heap.list(),
                                 Value::borrowed("b"), heap.bytes("\x01"),
                                 Value::real(1.5),     decimal(heap, "1.25"),
                                 Value::integer(2),    big(heap, "-99999999999999999999"),
                                 Value::boolean(true), Value::boolean(false),
                                 Value::null()};
  EXPECT_EQ(textOf(heap.set(items), writing(kCompact, JsonNumbers::Extended)),
            R"([null,false,true,-99999999999999999999,1.25,1.5,2,"AQ==","b",[],{}])");
}

TEST(JsonWriter, NumbersInSetsCompareExactly) {
  Heap heap;
  const std::vector<Value> items{Value::real(0.0),     Value::real(-0.0),
                                 decimal(heap, "0.1"), Value::real(0.30000000000000004),
                                 Value::real(0.1),     decimal(heap, "0.3")};
  // 0.1 the decimal and 0.1 the float are equal; their texts decide, and a quote comes first.
  EXPECT_EQ(textOf(heap.set(items)), R"([-0.0,0.0,"0.1",0.1,"0.3",0.30000000000000004])");
}

TEST(JsonWriter, ContainersInSetsCompareByCanonicalText) {
  Heap heap;
  const std::string text = R"([{"b":1,"a":2},{"a":1,"z":0},[10],[9]])";
  auto list = readJson(heap, text);
  ASSERT_TRUE(list);
  const Value set = heap.set(std::as_const(*list->list()).items());
  EXPECT_EQ(textOf(set), R"([[10],[9],{"a":1,"z":0},{"b":1,"a":2}])");
  EXPECT_EQ(textOf(set, writing(kCanonical)), R"([[10],[9],{"a":1,"z":0},{"a":2,"b":1}])");
}

TEST(JsonWriter, StrictModeInSetsFailsOnTheItem) {
  Heap heap;
  const std::vector<Value> items{decimal(heap, "1.5"), decimal(heap, "0.5")};
  EXPECT_EQ(textOf(heap.set(items), writing(kCompact, JsonNumbers::Strict)),
            "error: BigDecimal output requires json-numbers safe or extended");
}

TEST(JsonWriter, DepthLimit) {
  Heap heap;
  Value value = heap.list();
  for (int i = 0; i < 5; ++i)
    value = heap.list({&value, 1});
  JsonWriteOptions options = writing(kCompact);
  options.maxDepth = 6;
  EXPECT_EQ(textOf(value, options), "[[[[[[]]]]]]");
  options.maxDepth = 5;
  EXPECT_EQ(textOf(value, options), "error: value nesting limit of 5 exceeded");
  std::string out;
  const auto written = writeJson(out, value, options);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, error::info(error::Id::OutputDepth).code);
}

TEST(JsonWriter, SizeLimit) {
  JsonWriteOptions options = writing(kCompact);
  options.maxBytes = 7;
  EXPECT_EQ(rewrite("[1,2,3]", options), "[1,2,3]");
  EXPECT_EQ(rewrite("[1,2,31]", options), "error: output limit of 7 bytes exceeded");
  options.maxBytes = 100'000;
  EXPECT_EQ(rewrite("\"" + std::string(200'000, 'x') + "\"", options),
            "error: output limit of 100000 bytes exceeded");
  std::string out = "kept";
  Heap heap;
  const auto written = writeJson(out, heap.string(std::string(200'000, 'x')), options);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, error::info(error::Id::OutputSize).code);
  EXPECT_EQ(out, "kept");
}

TEST(JsonWriter, AppendsAndForgetsNothing) {
  Heap heap;
  JsonWriter writer(writing(kCompact));
  std::string out;
  auto value = readJson(heap, R"({"a":1})");
  ASSERT_TRUE(value);
  ASSERT_TRUE(writer.write(out, *value));
  out += '\n';
  EXPECT_FALSE(writer.write(out, Value::real(HUGE_VAL)).has_value());
  ASSERT_TRUE(writer.write(out, *value));
  EXPECT_EQ(out, "{\"a\":1}\n{\"a\":1}");
}

TEST(JsonWriter, MoreShapesThanLayouts) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i)
    text += "{\"k" + std::to_string(i) + "\":{\"v" + std::to_string(i * 7) + "\":1},\"end\":2},";
  text += "0]";
  EXPECT_EQ(rewrite(text), text);
}

std::string rawOf(const Value &value) {
  std::string out;
  auto written = writeRaw(out, value, writing(kCompact, JsonNumbers::Strict));
  return written ? out : "error: " + written.error().message;
}

TEST(JsonWriter, Raw) {
  Heap heap;
  EXPECT_EQ(rawOf(Value::null()), "");
  EXPECT_EQ(rawOf(Value::borrowed("a\"\n\xED\xB0\x80\xED\x9F\xBF")), "a\"\n?\xED\x9F\xBF");
  EXPECT_EQ(rawOf(Value::boolean(true)), "true");
  EXPECT_EQ(rawOf(Value::integer(9007199254740993)), "9007199254740993");
  EXPECT_EQ(rawOf(Value::real(1e7)), "1.0E7");
  EXPECT_EQ(rawOf(Value::real(HUGE_VAL)), "Infinity");
  EXPECT_EQ(rawOf(big(heap, "12345678901234567890")), "12345678901234567890");
  EXPECT_EQ(rawOf(decimal(heap, "1E+3")), "1E+3");
  EXPECT_EQ(rawOf(heap.bytes("\x01")), "AQ==");
  EXPECT_EQ(rawOf(heap.list()), "[]");
  const std::vector<Value> items{Value::integer(9007199254740993)};
  EXPECT_EQ(rawOf(heap.list(items)), "error: Integer output outside safe JSON range");
}

} // namespace
} // namespace branchline::format
