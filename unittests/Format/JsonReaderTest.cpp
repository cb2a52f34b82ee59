// What documents become: kinds of numbers, strings, objects of every form, keys, limits.
#include "JsonTestSupport.h"

#include "branchline/Runtime/Objects.h"

namespace branchline::format {
namespace {

using runtime::Heap;
using runtime::Tag;
using runtime::Value;

/// Kind and text of a number in the given mode.
std::string kindOf(std::string_view token, JsonNumbers mode = JsonNumbers::Safe) {
  Heap heap;
  // Once in a list, where the short cut works, and once bare, where it does not.
  const std::string listed = "[" + std::string(token) + "]";
  auto list = readJson(heap, listed, readingWith(mode));
  auto bare = readJson(heap, token, readingWith(mode));
  if (!list || !bare)
    return "error";
  const Value &value = list->list()->data[0];
  EXPECT_EQ(value.tag(), bare->tag()) << token;
  const JsonWriteOptions extended = writing(JsonFormat::Compact, JsonNumbers::Extended);
  EXPECT_EQ(textOf(value, extended), textOf(*bare, extended)) << token;
  std::string_view name = "?";
  if (value.isInt())
    name = "int ";
  else if (value.isFloat())
    name = "float ";
  else if (value.is(Tag::BigInt))
    name = "big ";
  else if (value.is(Tag::Decimal))
    name = "decimal ";
  return std::string(name) + textOf(value, extended);
}

TEST(JsonReader, Integers) {
  EXPECT_EQ(kindOf("0"), "int 0");
  EXPECT_EQ(kindOf("-0"), "int 0");
  EXPECT_EQ(kindOf("-17"), "int -17");
  EXPECT_EQ(kindOf("9007199254740993"), "int 9007199254740993");
  EXPECT_EQ(kindOf("999999999999999999"), "int 999999999999999999");
  EXPECT_EQ(kindOf("1000000000000000000"), "int 1000000000000000000");
  EXPECT_EQ(kindOf("9223372036854775807"), "int 9223372036854775807");
  EXPECT_EQ(kindOf("-9223372036854775808"), "int -9223372036854775808");
  EXPECT_EQ(kindOf("9223372036854775808"), "big 9223372036854775808");
  EXPECT_EQ(kindOf("-9223372036854775809"), "big -9223372036854775809");
  EXPECT_EQ(kindOf("123456789012345678901234567890"), "big 123456789012345678901234567890");
}

TEST(JsonReader, Decimals) {
  EXPECT_EQ(kindOf("1.5"), "float 1.5");
  EXPECT_EQ(kindOf("-0.0"), "float -0.0");
  EXPECT_EQ(kindOf("0.1"), "float 0.1");
  EXPECT_EQ(kindOf("1e2"), "float 100.0");
  EXPECT_EQ(kindOf("1E+2"), "float 100.0");
  EXPECT_EQ(kindOf("1e-400"), "float 0.0");
  EXPECT_EQ(kindOf("-1e-400"), "float -0.0");
  EXPECT_EQ(kindOf("1e0000000000001"), "float 10.0");
  EXPECT_EQ(kindOf("0.123456789012345"), "float 0.123456789012345");
  EXPECT_EQ(kindOf("123456789012345e0"), "float 1.23456789012345E14");
  EXPECT_EQ(kindOf("10000000000000.0"), "float 1.0E13");
  EXPECT_EQ(kindOf("0.00000000000000000000"), "float 0.0");
  EXPECT_EQ(kindOf("0.00000000000000000000123456789012345"), "float 1.23456789012345E-21");
  EXPECT_EQ(kindOf("9.007199254740993"), "decimal 9.007199254740993");
  EXPECT_EQ(kindOf("100000000000000.0"), "decimal 100000000000000.0");
  EXPECT_EQ(kindOf("0.1000000000000000"), "decimal 0.1000000000000000");
  EXPECT_EQ(kindOf("-1.2345678901234567"), "decimal -1.2345678901234567");
  EXPECT_EQ(kindOf("1.234567890123456789"), "decimal 1.234567890123456789");
  EXPECT_EQ(kindOf("0.000001234567890123456"), "decimal 0.000001234567890123456");
  EXPECT_EQ(kindOf("1.2345678901234567e3"), "decimal 1234.5678901234567");
  EXPECT_EQ(kindOf("1.2345678901234567e20"), "decimal 123456789012345670000");
  EXPECT_EQ(kindOf("1e309"), "decimal 1" + std::string(309, '0'));
  EXPECT_EQ(kindOf("1.5", JsonNumbers::Strict), "float 1.5");
  EXPECT_EQ(kindOf("1e309", JsonNumbers::Strict), "error");
}

TEST(JsonReader, ShortCutOfDoublesIsCorrectlyRounded) {
  // Digits, point and no exponent: one division. Each must equal what the C library reads.
  for (const char *token : {"0.3", "2.675", "1.005", "118.6671667", "999999999999.999",
                            "0.000000000000001", "123456.789012345", "4.35", "0.000123456789"}) {
    Heap heap;
    const std::string text = "[" + std::string(token) + "]";
    auto list = readJson(heap, text);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->list()->data[0].asFloat(), std::strtod(token, nullptr)) << token;
  }
}

TEST(JsonReader, DecimalsOfEveryLength) {
  for (size_t whole = 1; whole <= 9; ++whole)
    for (size_t scale = 1; scale <= 9; ++scale)
      for (const std::string_view sign : {"", "-"})
        for (const std::string_view behind : {"]", " ]", ",1]", "\n]"}) {
          const std::string token = std::string(sign) + std::string("987650123").substr(0, whole) +
                                    "." + std::string("120345678").substr(0, scale);
          const std::string text = "[" + token + std::string(behind) + "                        ";
          Heap heap;
          auto list = readJson(heap, text);
          ASSERT_TRUE(list) << text;
          const Value &value = list->list()->data[0];
          if (whole + scale > 15) {
            EXPECT_TRUE(value.is(Tag::Decimal)) << text;
            continue;
          }
          ASSERT_TRUE(value.isFloat()) << text;
          EXPECT_EQ(value.asFloat(), std::strtod(token.c_str(), nullptr)) << text;
        }
}

TEST(JsonReader, IntegersOfEveryLength) {
  const std::string digits = "9876501234567890";
  for (size_t count = 1; count <= 16; ++count)
    for (const std::string_view sign : {"", "-"}) {
      const std::string token = std::string(sign) + digits.substr(0, count);
      const std::string text = "[" + token + ",2                          ]";
      Heap heap;
      auto list = readJson(heap, text);
      ASSERT_TRUE(list) << text;
      EXPECT_EQ(list->list()->data[0].asInt(), std::strtoll(token.c_str(), nullptr, 10)) << text;
      EXPECT_EQ(readJson(heap, text, readingWith(JsonNumbers::Strict)).has_value(), count < 16);
    }
}

TEST(JsonReader, WhatIsNoNumberInTheMiddleOfADocument) {
  // As above, with room behind, so that the short cut looks at it.
  for (const std::string_view bad : {"01",
                                     "-",
                                     "-.5",
                                     ".5",
                                     "1.",
                                     "1.a",
                                     "1.2.3",
                                     "1..2",
                                     "12a",
                                     "1-2",
                                     "1.2345a",
                                     "1234567.",
                                     "123456.\xC3\xA9",
                                     "1\xC3\xA9",
                                     "--1",
                                     "012345678",
                                     "12345678.",
                                     "12345678x",
                                     "123456789012345.",
                                     "12345678-1",
                                     "nul",
                                     "nullx",
                                     "null1",
                                     "00.5"}) {
    Heap heap;
    EXPECT_FALSE(readJson(heap, "[" + std::string(bad) + ",1                         ]")) << bad;
  }
}

TEST(JsonReader, StringsAreSlicesUnlessTheyHaveEscapes) {
  Heap heap;
  const std::string text = "[\"plain text that is not short\", \"\xC3\xA9\", \"a\\nb\", \"\"]";
  auto list = readJson(heap, text);
  ASSERT_TRUE(list);
  const Value *items = list->list()->data;
  EXPECT_EQ(items[0].text().data(), text.data() + 2);
  EXPECT_EQ(items[0].ascii(), runtime::Ascii::Yes);
  EXPECT_FALSE(items[0].isCounted());
  EXPECT_EQ(items[1].ascii(), runtime::Ascii::No);
  EXPECT_EQ(items[2].text(), "a\nb");
  EXPECT_TRUE(items[2].isCounted());
  EXPECT_EQ(items[3].text(), "");
}

TEST(JsonReader, Escapes) {
  Heap heap;
  const std::string text = R"(["\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00", "\udc00x"])";
  auto list = readJson(heap, text);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->list()->data[0].text(), "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(list->list()->data[1].text(), "\xED\xB0\x80x");
}

TEST(JsonReader, StringEndsWhereverWhitespaceIs) {
  // The closing quote is found from the next structural character backwards, in all alignments.
  for (size_t pad = 0; pad < 70; ++pad) {
    const std::string content(pad, 'x');
    const std::string spaces(pad % 7, ' ');
    const std::string text =
        "{\"" + content + "\"" + spaces + ":" + spaces + "\"" + content + "\\\\\"" + spaces + "}";
    EXPECT_EQ(rewrite(text), "{\"" + content + "\":\"" + content + "\\\\\"}");
  }
}

TEST(JsonReader, BlankText) {
  Heap heap;
  for (const std::string_view blank : {"", " \n", "\xC2\xA0\n\xE3\x80\x80", "\x1C\x0B"}) {
    auto value = readJson(heap, blank);
    ASSERT_TRUE(value);
    EXPECT_EQ(textOf(*value), "{}");
    JsonReadOptions options;
    options.blankIsEmptyObject = false;
    auto null = readJson(heap, blank, options);
    ASSERT_TRUE(null);
    EXPECT_TRUE(null->isNull());
  }
  EXPECT_FALSE(isBlankText("\xC2\x85"));
  EXPECT_FALSE(isBlankText("\xE1\xA0\x8E"));
  EXPECT_FALSE(isBlankText("\xE2\x80\x8B"));
  // Bytes that would be blank if they were well-formed.
  EXPECT_FALSE(isBlankText("\x82\xA0"));
  EXPECT_FALSE(isBlankText(std::string_view("\xE2\0\0", 3)));
}

TEST(JsonReader, AnyValueMayBeTheDocument) {
  EXPECT_EQ(rewrite(" 1 "), "1");
  EXPECT_EQ(rewrite("\"s\""), "\"s\"");
  EXPECT_EQ(rewrite("null"), "null");
  EXPECT_EQ(rewrite("true\n"), "true");
  EXPECT_EQ(rewrite("[]"), "[]");
  EXPECT_EQ(rewrite(" [ { } , [ ] ] "), "[{},[]]");
}

TEST(JsonReader, ObjectsOfOneFormShareAShape) {
  Heap heap;
  const std::string text =
      R"([{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":1,"a":2},{"\u0061":7,"b":8}])";
  auto list = readJson(heap, text);
  ASSERT_TRUE(list);
  auto shape = [&](size_t i) { return list->list()->data[i].asObject()->shape; };
  EXPECT_EQ(shape(0), shape(1));
  EXPECT_EQ(shape(0), shape(4));
  EXPECT_NE(shape(0), shape(2));
  EXPECT_NE(shape(0), shape(3));
  EXPECT_EQ(textOf(*list), R"([{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":1,"a":2},{"a":7,"b":8}])");
  // They are objects like any other: found by name, extended, freed.
  const Value *found = runtime::findField(heap, *list->list()->data[1].asObject(), "b");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->asInt(), 4);
  Value copy = runtime::copyObject(heap, *list->list()->data[1].asObject());
  ASSERT_TRUE(runtime::setField(heap, *copy.asObject(), "c", Value::integer(9)));
  EXPECT_EQ(textOf(copy), R"({"a":3,"b":4,"c":9})");
}

TEST(JsonReader, KeysOfEveryLength) {
  // Word by word up to 31 bytes, then as a whole; at the end of the text there are no words.
  for (size_t length = 0; length <= 300; ++length) {
    const std::string key(length, 'k');
    const std::string one = "{\"" + key + "\":1,\"z\":2}";
    const std::string text = "[" + one + "," + one + ",{\"" + key + "x\":1}]";
    EXPECT_EQ(rewrite(text), text);
    const std::string tail = "[{\"" + key + "\":1},{\"" + key + "\":1}]";
    EXPECT_EQ(rewrite(tail), tail);
  }
}

TEST(JsonReader, KeysThatNeedEscapes) {
  const std::string text = R"([{"a\"b":1,"c\\":2},{"a\"b":1,"c\\":2},{"a\n":3},{"\u0000":4}])";
  EXPECT_EQ(rewrite(text), text);
}

TEST(JsonReader, ManyKeysAndManyForms) {
  std::string wide = "{";
  for (int i = 0; i < 500; ++i)
    wide += (i != 0 ? ",\"key" : "\"key") + std::to_string(i) + "\":" + std::to_string(i);
  wide += "}";
  EXPECT_EQ(rewrite(wide), wide);
  // A map of records under keys of its own, none of which repeats.
  std::string map = "[";
  for (int i = 0; i < 3000; ++i)
    map += std::string(i != 0 ? "," : "") + "{\"u" + std::to_string(i) +
           "\":{\"id\":" + std::to_string(i) + ",\"m" + std::to_string(i % 200) + "\":null}}";
  map += "]";
  EXPECT_EQ(rewrite(map), map);
  EXPECT_EQ(rewrite("[" + wide + "," + map + "," + wide + "]"),
            "[" + wide + "," + map + "," + wide + "]");
}

TEST(JsonReader, ObjectsWithExactlyTheMostKeysOfAShape) {
  for (uint32_t count : {31u, 32u, 33u, 34u}) {
    std::string text = "{";
    for (uint32_t i = 0; i < count; ++i)
      text +=
          (i != 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":{\"v\":[" + std::to_string(i) + "]}";
    text += "}";
    EXPECT_EQ(rewrite("[" + text + "," + text + "]"), "[" + text + "," + text + "]");
  }
}

TEST(JsonReader, NumericKeys) {
  JsonReadOptions options;
  options.keys = JsonKeys::Numeric;
  Heap heap;
  const std::string text = R"({"1":{"2":{"03":1,"-1":2,"0":3},"99999999999999999999":4,"a":5}})";
  auto value = readJson(heap, text, options);
  ASSERT_TRUE(value);
  EXPECT_TRUE(runtime::keyAt(*value->asObject(), 0).isString());
  const runtime::ObjectObject &inner = *runtime::valueAt(*value->asObject(), 0).asObject();
  EXPECT_EQ(runtime::keyAt(inner, 0).asInt(), 2);
  EXPECT_TRUE(runtime::keyAt(inner, 1).is(Tag::BigInt));
  EXPECT_TRUE(runtime::keyAt(inner, 2).isString());
  const runtime::ObjectObject &deepest = *runtime::valueAt(inner, 0).asObject();
  EXPECT_TRUE(runtime::keyAt(deepest, 0).isString());
  EXPECT_TRUE(runtime::keyAt(deepest, 1).isString());
  EXPECT_TRUE(runtime::keyAt(deepest, 2).isInt());
  EXPECT_EQ(textOf(*value), text);
}

TEST(JsonReader, NumericKeysInsideARootListAndOfAValueInput) {
  JsonReadOptions options;
  options.keys = JsonKeys::Numeric;
  Heap heap;
  auto list = readJson(heap, R"([{"7":1}])", options);
  ASSERT_TRUE(list);
  EXPECT_TRUE(runtime::keyAt(*list->list()->data[0].asObject(), 0).isInt());
  options.convertRootKeys = true;
  auto root = readJson(heap, R"({"7":1})", options);
  ASSERT_TRUE(root);
  EXPECT_TRUE(runtime::keyAt(*root->asObject(), 0).isInt());
  EXPECT_EQ(messageOf(R"([{"7":1,"7":2}])", options), "Duplicate JSON object key '7'");
}

TEST(JsonReader, OneReaderManyDocuments) {
  Heap heap;
  JsonReader reader(heap);
  const runtime::Shape *shape = nullptr;
  for (int i = 0; i < 5; ++i) {
    const std::string text = "{\"n\":" + std::to_string(i) + ",\"s\":\"x\"}";
    {
      auto value = reader.read(text);
      ASSERT_TRUE(value);
      EXPECT_EQ(textOf(*value), text);
      if (i != 0) {
        EXPECT_EQ(value->asObject()->shape, shape);
      }
      shape = value->asObject()->shape;
      EXPECT_FALSE(reader.read("{\"n\":[1,{\"a\":\"\\n\"},").has_value());
    }
    heap.reset();
  }
}

TEST(JsonReader, DeepDocumentsAreReadAndWritten) {
  const std::string text = std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']');
  EXPECT_EQ(rewrite(text), text);
  std::string objects;
  for (uint32_t i = 0; i < kMaxJsonDepth; ++i)
    objects += "{\"a\":";
  objects += "1" + std::string(kMaxJsonDepth, '}');
  EXPECT_EQ(rewrite(objects), objects);
  EXPECT_EQ(rewrite(objects, writing(JsonFormat::Canonical)), objects);
}

TEST(JsonReader, SizeLimitIsCheckedBeforeTheTextIsTouched) {
  // Nobody may look at these four gigabytes: they do not exist.
  static const char byte = '1';
  Heap heap;
  const std::string_view huge(&byte, (size_t(1) << 32) + 5);
  auto value = readJson(heap, huge);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, 4141);
  JsonReadOptions options;
  options.maxBytes = 3;
  EXPECT_TRUE(readJson(heap, "[1]", options));
  auto longer = readJson(heap, "[12]", options);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().message, "JSON input of 4 bytes exceeds the limit of 3 bytes");
}

TEST(JsonReader, MemoryLimit) {
  Heap heap;
  heap.setMemoryLimit(64 << 10);
  std::string text = "[1";
  for (int i = 0; i < 10'000; ++i)
    text += ",1";
  text += "]";
  auto value = readJson(heap, text);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, 4143);
  EXPECT_EQ(textOf(*readJson(heap, "[1]")), "[1]");
}

TEST(JsonReader, NothingIsReadBehindTheText) {
  // The sanitizers watch these exact allocations.
  for (const std::string_view text :
       {"{\"a\":1,\"bb\":[true,false,null,1.5,\"x\"]}", "[{\"a\":1},{\"a\":2}]", "12", "\"s\"",
        "tru", "[1", "-", "{\"a", "1.5e"}) {
    const auto exact = std::make_unique<char[]>(text.size());
    text.copy(exact.get(), text.size());
    Heap heap;
    (void)readJson(heap, {exact.get(), text.size()}).has_value();
  }
}

} // namespace
} // namespace branchline::format
