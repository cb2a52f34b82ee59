// Records by lines and by places: which lines are records, and that damage stays where it is.
#include "JsonTestSupport.h"
#include "PlanOracle.h"

#include "branchline/Format/RecordReader.h"

#include <array>
#include <vector>

namespace branchline::format {
namespace {

/// The records of a run, each as `line:text`, or `line!` for one that is refused.
std::vector<std::string> recordsOf(RecordReader &reader) {
  std::vector<std::string> records;
  while (reader.next()) {
    auto value = reader.value();
    const std::string line = std::to_string(reader.record().line);
    records.push_back(value ? line + ":" + textOf(*value) : line + "!");
  }
  return records;
}

std::vector<std::string> linesOf(std::string_view text) {
  runtime::Heap heap;
  RecordReader reader(heap, {});
  reader.startLines(text);
  return recordsOf(reader);
}

using Records = std::vector<std::string>;

TEST(RecordReader, EveryLineIsARecord) {
  EXPECT_EQ(linesOf("{\"a\":1}\n[2]\n\"three\"\nnull\n"),
            (Records{"0:{\"a\":1}", "1:[2]", "2:\"three\"", "3:null"}));
}

TEST(RecordReader, TheLastLineMayLackItsEnd) {
  EXPECT_EQ(linesOf("1\n2"), (Records{"0:1", "1:2"}));
  EXPECT_EQ(linesOf("1\n[\"a\"]"), (Records{"0:1", "1:[\"a\"]"}));
}

TEST(RecordReader, BlankLinesAreNone) {
  EXPECT_EQ(linesOf(""), Records{});
  EXPECT_EQ(linesOf("\n \t\n\xC2\xA0\n7\n\r\n"), (Records{"3:7"}));
}

TEST(RecordReader, LinesMayEndWithCarriageReturns) {
  EXPECT_EQ(linesOf("{\"a\":\"x\"}\r\n2\r\n3\r"), (Records{"0:{\"a\":\"x\"}", "1:2", "2:3"}));
}

TEST(RecordReader, SpaceAroundRecordsIsFine) {
  EXPECT_EQ(linesOf("  [ 1 ,\t2 ] \n {}"), (Records{"0:[1,2]", "1:{}"}));
}

TEST(RecordReader, DamageLeavesTheNeighboursAlone) {
  const std::array<std::string_view, 14> damaged = {
      "{\"a\":1",         "{\"a\":1}}",        "[1,2", "{\"a\":", "\"open",
      "{\"a\":\"\xFF\"}", "{\"a\":1,\"a\":2}", "tru",  "1 2",     "\"a\tb\"",
      "\"\\ud800\"",      "{\"a\" \"b\"}",     "01",   "]"};
  for (const std::string_view bad : damaged) {
    const std::string text = "{\"a\":1}\n" + std::string(bad) + "\n{\"a\":2}\n";
    EXPECT_EQ(linesOf(text), (Records{"0:{\"a\":1}", "1!", "2:{\"a\":2}"})) << bad;
  }
}

TEST(RecordReader, OpenStringsDoNotJoinLines) {
  EXPECT_EQ(linesOf("\"a\n\"b\n[1]\n"), (Records{"0!", "1!", "2:[1]"}));
}

TEST(RecordReader, RecordsDoNotGoOnInTheNextLine) {
  EXPECT_EQ(linesOf("{\"a\":\n5}\n[1\n,2]\n6\n"), (Records{"0!", "1!", "2!", "3!", "4:6"}));
}

TEST(RecordReader, DeepRecordsAreRefusedAlone) {
  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');
  EXPECT_EQ(linesOf("1\n" + deep + "\n2\n"), (Records{"0:1", "1!", "2:2"}));
}

/// A plan that needs something of every kind of the records below.
ReadPlan planOfEverything() {
  auto planOf = [](ReadPlan::Need need) { return ReadPlan{need, false, false, {}, nullptr}; };
  ReadPlan plan{ReadPlan::Need::Parts, true, false, {}, nullptr};
  plan.members.emplace("name", planOf(ReadPlan::Need::Text));
  plan.members.emplace("price", planOf(ReadPlan::Need::Value));
  ReadPlan items{ReadPlan::Need::Parts, false, true, {}, nullptr};
  items.items =
      std::make_unique<ReadPlan>(ReadPlan{ReadPlan::Need::Parts, true, false, {}, nullptr});
  items.items->members.emplace("n", planOf(ReadPlan::Need::Value));
  plan.members.emplace("items", std::move(items));
  plan.members.emplace("all", planOf(ReadPlan::Need::Text));
  return plan;
}

constexpr std::string_view kRecord =
    R"({"name":"a b","price":12.5,"skip":{"k":1.25,"l":["x",-3]},"items":[{"n":7,"x":"y"},{"n":8}],"all":{"p":[0.5],"q":"r"}})";

TEST(RecordReader, DamageIsFoundWhereObjectsLookAlike) {
  // The records before make the reader expect the keys and what is around them.
  const ReadPlan plan = planOfEverything();
  const std::string good(kRecord);
  for (size_t at = 0; at < good.size(); ++at)
    for (const char c : std::string_view("\"{}[]:,0. \\x")) {
      std::string bad = good;
      bad[at] = c;
      runtime::Heap heap;
      auto expected = readJson(heap, bad);
      RecordReader reader(heap, {}, &plan);
      const std::string text = good + "\n" + good + "\n" + bad + "\n" + good + "\n";
      reader.startLines(text);
      for (int line = 0; line < 4; ++line) {
        ASSERT_TRUE(reader.next());
        auto value = reader.value();
        if (line != 2) {
          ASSERT_TRUE(value) << bad;
          continue;
        }
        ASSERT_EQ(value.has_value(), expected.has_value()) << bad;
        if (value)
          EXPECT_EQ(prunedText(*value, plan), prunedText(*expected, plan)) << bad;
        else
          EXPECT_EQ(value.error().message, expected.error().message) << bad;
      }
    }
}

TEST(RecordReader, RecordsThatEndTooSoonDoNotGoOnInTheNext) {
  const ReadPlan plan = planOfEverything();
  const std::string good(kRecord);
  for (size_t size = 1; size < good.size(); ++size) {
    runtime::Heap heap;
    RecordReader reader(heap, {}, &plan);
    const std::string text = good + "\n" + good.substr(0, size) + "\n" + good + "\n" + good;
    reader.startLines(text);
    for (const bool whole : {true, false, true, true}) {
      ASSERT_TRUE(reader.next());
      EXPECT_EQ(reader.value().has_value(), whole) << size;
    }
  }
}

TEST(RecordReader, TrustedRecordsThatEndTooSoonAreRefusedAlone) {
  const ReadPlan plan = planOfEverything();
  JsonReadOptions options;
  options.trustInput = true;
  const std::string good(kRecord);
  for (size_t size = 1; size < good.size(); ++size)
    // What is missing comes in the next line, or much that is open does.
    for (const std::string &next : {good.substr(size), ",\"skip\":" + std::string(60, '[')}) {
      runtime::Heap heap;
      RecordReader reader(heap, options, &plan);
      const std::string text =
          good + "\n" + good + "\n" + good.substr(0, size) + "\n" + next + "\n" + good + "\n";
      reader.startLines(text);
      for (const bool whole : {true, true, false, false, true}) {
        ASSERT_TRUE(reader.next());
        EXPECT_EQ(reader.value().has_value(), whole) << size;
      }
    }
}

TEST(RecordReader, SpaceBetweenTokensMayChange) {
  const std::string_view last =
      R"({"a":5,"b":{"c":"d"},"filler":"that the record before is not at the end"})";
  const std::string text = "{\"a\":1,\"b\":{\"c\":\"d\"}}\n"
                           "{\"a\": 2, \"b\": {\"c\": \"d\"}}\n"
                           "{ \"a\" : 3 , \"b\":\t{ \"c\" :\"d\" } }\n"
                           "{\"a\": 4, \"b\": {\"c\": \"d\"}}\n" +
                           std::string(last) + "\n";
  EXPECT_EQ(linesOf(text), (Records{R"(0:{"a":1,"b":{"c":"d"}})", R"(1:{"a":2,"b":{"c":"d"}})",
                                    R"(2:{"a":3,"b":{"c":"d"}})", R"(3:{"a":4,"b":{"c":"d"}})",
                                    "4:" + std::string(last)}));
}

TEST(RecordReader, LongRecordsAreRefusedAlone) {
  runtime::Heap heap;
  JsonReadOptions options;
  options.maxBytes = 6;
  RecordReader reader(heap, options);
  reader.startLines("[1]\n[1,2,3]\n[4,5]\n");
  EXPECT_EQ(recordsOf(reader), (Records{"0:[1]", "1!", "2:[4,5]"}));
}

TEST(RecordReader, MistakesArePlacedInTheRecord) {
  runtime::Heap heap;
  RecordReader reader(heap, {});
  reader.startLines("{}\n{\"a\" 1}\n");
  ASSERT_TRUE(reader.next() && reader.value() && reader.next());
  const auto value = reader.value();
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().at.line, 1u);
  EXPECT_EQ(value.error().at.column, 6u);
}

TEST(RecordReader, RecordsMayBeLeftUnread) {
  runtime::Heap heap;
  RecordReader reader(heap, {});
  reader.startLines("[1]\n{\"a\":[2]}\n[3]\n");
  ASSERT_TRUE(reader.next() && reader.next() && reader.next());
  auto value = reader.value();
  ASSERT_TRUE(value);
  EXPECT_EQ(textOf(*value), "[3]");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.lines(), 3u);
}

TEST(RecordReader, PlacesMayHoldLineFeeds) {
  runtime::Heap heap;
  RecordReader reader(heap, {});
  const std::string_view text = "[{\"a\":\n1}, 2,\n[3]]";
  const std::array<RecordSpan, 3> spans = {{{1, 8, 0}, {11, 1, 1}, {14, 3, 2}}};
  reader.startSpans(text, spans);
  EXPECT_EQ(recordsOf(reader), (Records{"0:{\"a\":1}", "1:2", "2:[3]"}));
  EXPECT_EQ(reader.lines(), 2u);
}

TEST(RecordReader, OneReaderTakesManyRuns) {
  runtime::Heap heap;
  RecordReader reader(heap, {});
  for (const std::string_view text :
       {"{\"a\":\"\\n\"}\n{\"b\":1}\n", "\"bad\n{\"a\":2}\n", "{\"b\":3}\n"}) {
    reader.startLines(text);
    (void)recordsOf(reader);
  }
  reader.startLines("{\"a\":4}\n");
  EXPECT_EQ(recordsOf(reader), (Records{"0:{\"a\":4}"}));
}

} // namespace
} // namespace branchline::format
