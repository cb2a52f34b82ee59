// Reading by a plan: what is kept, what is skipped, what passes as text.
#include "JsonTestSupport.h"
#include "PlanOracle.h"

#include <fmt/format.h>

namespace branchline::format {
namespace {

using runtime::Tag;
using runtime::Value;
using Need = ReadPlan::Need;

ReadPlan planOf(Need need) { return {need, false, false, {}, nullptr}; }

/// An object of which `a` is needed as `need`.
ReadPlan memberPlan(Need need, bool counted = false) {
  ReadPlan plan{Need::Parts, true, counted, {}, nullptr};
  plan.members.emplace("a", planOf(need));
  return plan;
}

/// What is read, as compact text.
std::string readBy(const ReadPlan &plan, std::string_view text) {
  runtime::Heap heap;
  auto value = readJson(heap, text, {}, &plan);
  return value ? textOf(*value) : "error: " + value.error().message;
}

/// Whether the member `a` passes as text.
bool passes(std::string_view member) {
  runtime::Heap heap;
  const ReadPlan plan = memberPlan(Need::Text);
  const std::string text = fmt::format("{{\"a\":{}}}", member);
  auto value = readJson(heap, text, {}, &plan);
  EXPECT_TRUE(value) << member;
  if (!value)
    return false;
  EXPECT_EQ(textOf(*value), rewrite(text)) << member;
  return runtime::valueAt(*value->asObject(), 0).is(Tag::JsonText);
}

TEST(ReadPlan, KeepsTheMembersItNames) {
  EXPECT_EQ(readBy(memberPlan(Need::Value), R"({"b":{"c":[1]},"a":[2],"d":3})"), R"({"a":[2]})");
  EXPECT_EQ(readBy(memberPlan(Need::Value), R"({"b":1})"), "{}");
  EXPECT_EQ(readBy(memberPlan(Need::Value), R"([1,{"a":2}])"), "[]");
  EXPECT_EQ(readBy(memberPlan(Need::Value), "7"), "7");
}

TEST(ReadPlan, CountingKeepsKeysAndItems) {
  EXPECT_EQ(readBy(memberPlan(Need::Value, true), R"({"b":{"c":1},"a":2})"), R"({"b":null,"a":2})");
  EXPECT_EQ(readBy(memberPlan(Need::Value, true), R"([1,[2],{"x":3}])"), "[null,null,null]");
}

TEST(ReadPlan, PlansItemsOfLists) {
  ReadPlan plan{Need::Parts, false, true, {}, std::make_unique<ReadPlan>(memberPlan(Need::Value))};
  EXPECT_EQ(readBy(plan, R"([{"a":1,"b":2},{"b":3},5,[6]])"), R"([{"a":1},{},5,[]])");
}

TEST(ReadPlan, ScalarsAreKeptWhenTheyCount) {
  ReadPlan plan{Need::Parts, false, false, {}, nullptr};
  EXPECT_EQ(readBy(plan, "\"text\""), "null");
  plan.scalars = true;
  EXPECT_EQ(readBy(plan, "\"text\""), "\"text\"");
}

TEST(ReadPlan, ChecksWhatItSkips) {
  for (const std::string_view bad :
       {"[1,]", "{\"k\":1,\"k\":2}", "{\"k\":1,\"\\u006b\":2}", "\"\\x\"", "\"\\ud800\"", "01",
        "1.", "-", "tru", "{\"k\" 1}", "{1:2}", "[1 2]", "1e9999999", "nulll", "[}", "{]"}) {
    const std::string text = fmt::format("{{\"b\":{}}}", bad);
    const std::string refused = readBy(memberPlan(Need::Value), text);
    EXPECT_TRUE(refused.starts_with("error: ")) << bad;
    EXPECT_EQ(refused, rewrite(text)) << bad;
  }
}

TEST(ReadPlan, SkippedMapsHaveDifferentKeys) {
  std::string map;
  for (int i = 0; i < 2000; ++i) // more than any tree of keys holds
    map += fmt::format("{}\"k{}\":{}", i == 0 ? "" : ",", i, i);
  const ReadPlan plan = memberPlan(Need::Value);
  EXPECT_EQ(readBy(plan, fmt::format("{{\"b\":{{{}}},\"a\":1}}", map)), "{\"a\":1}");
  const std::string twice = fmt::format("{{\"b\":{{{},\"k77\":1}},\"a\":1}}", map);
  EXPECT_EQ(readBy(plan, twice), rewrite(twice));
}

TEST(ReadPlan, WideObjectsArePlannedToo) {
  std::string wide;
  for (int i = 0; i < 100; ++i) // more keys than a shape has
    wide += fmt::format("\"k{}\":{},", i, i);
  EXPECT_EQ(readBy(memberPlan(Need::Value), "{" + wide + "\"a\":1}"), "{\"a\":1}");
}

TEST(ReadPlan, ObjectsOfEverNewKeysAreBuiltWhole) {
  runtime::Heap heap;
  const ReadPlan plan = memberPlan(Need::Value);
  JsonReader reader(heap, {}, &plan);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = fmt::format("{{\"x{}\":[1],\"a\":{}}}", i, i);
    auto value = reader.read(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(prunedText(*value, plan), fmt::format("{{a:{}}}", i));
  }
}

TEST(ReadPlan, PassesWhatIsWrittenTheSame) {
  for (const std::string_view same :
       {"[]", "{}", "[1,2]", "{\"k\":{\"l\":[true,false,null]}}", "\"\"", "\"12 Main St\"",
        "\"\\n\\\"\\\\\\b\\f\\r\\t\\u0001\\u001f\"", "\"é\"", "0", "-5", "123456789012345", "1.5",
        "0.001", "1234567.5", "-0.25", "1.0", "0.0", "-0.0", "12.345678901234"})
    EXPECT_TRUE(passes(same)) << same;
}

TEST(ReadPlan, BuildsWhatIsWrittenOtherwise) {
  for (const std::string_view other :
       {"[1, 2]", "{\"k\" :1}", "[ ]", "\"\\/\"", "\"\\u0041\"", "\"\\u000a\"", "\"\\u001F\"", "-0",
        "1e2", "1.50", "0.0001", "0.00", "12345678.5", "9007199254740993", "[1E2]",
        "1234567890123456789012", "0.1234567890123456", "{\"\\u006b\":1}"})
    EXPECT_FALSE(passes(other)) << other;
}

TEST(ReadPlan, LiteralsAreValues) {
  runtime::Heap heap;
  const ReadPlan plan = planOf(Need::Text);
  for (const std::string_view text : {"true", "false", "null"}) {
    auto value = readJson(heap, text, {}, &plan);
    ASSERT_TRUE(value);
    EXPECT_FALSE(value->is(Tag::JsonText));
  }
}

TEST(ReadPlan, PassedTextKeepsItsDepth) {
  runtime::Heap heap;
  const ReadPlan plan = planOf(Need::Text);
  auto value = readJson(heap, "[[1],{\"a\":[2]}]", {}, &plan);
  ASSERT_TRUE(value && value->is(Tag::JsonText));
  EXPECT_EQ(value->jsonDepth(), 3);
  JsonWriteOptions options = writing(JsonFormat::Compact);
  options.maxDepth = 3;
  EXPECT_EQ(textOf(*value, options), "[[1],{\"a\":[2]}]");
  options.maxDepth = 2;
  EXPECT_TRUE(textOf(*value, options).starts_with("error: "));
}

TEST(ReadPlan, TrustedInputIsSkippedUnseen) {
  runtime::Heap heap;
  const ReadPlan plan = memberPlan(Need::Value);
  JsonReadOptions options;
  options.trustInput = true;
  auto value = readJson(heap, R"({"b":{"k":01,"k":[tru]},"a":1})", options, &plan);
  ASSERT_TRUE(value);
  EXPECT_EQ(textOf(*value), "{\"a\":1}");
  EXPECT_FALSE(readJson(heap, R"({"b":[1,"a":1})", options, &plan));
}

TEST(ReadPlan, IntegerKeysTakeNoPlan) {
  runtime::Heap heap;
  const ReadPlan plan = memberPlan(Need::Nothing);
  JsonReadOptions options;
  options.keys = JsonKeys::Numeric;
  auto value = readJson(heap, R"({"a":{"1":2}})", options, &plan);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->asObject()->size, 1u);
}

} // namespace
} // namespace branchline::format
