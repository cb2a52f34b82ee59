// Items of an array inside one document, with parts of any size; mistakes around them are described
// in the words of the reader of whole documents.
#include "StreamTestSupport.h"

#include "DocumentPlace.h"

#include "branchline/Support/Utf8.h"

namespace branchline::stream {
namespace {

using Texts = std::vector<std::string>;

struct Sizes {
  size_t piece = 1 << 20;
  size_t chunk = 1 << 20;
  uint64_t maxRecord = 1 << 20;
  uint64_t skip = 0;
};

Framed split(const std::string &path, const std::string &text, const Sizes &sizes = {}) {
  TextSource source(text, sizes.piece);
  FramerOptions options;
  options.framing = Framing::Split;
  options.splitPath = path;
  options.chunkBytes = sizes.chunk;
  options.maxRecordBytes = sizes.maxRecord;
  options.maxDepth = 20;
  return frame(source, options, sizes.skip);
}

/// Calls `check` for sizes of pieces and chunks up to the whole text.
template <class Check> void forSizes(const std::string &text, Check check) {
  for (size_t piece = 1; piece <= text.size() + 1; piece += 1 + piece / 8)
    for (size_t chunk = 1; chunk <= text.size() + 1; chunk += 1 + chunk / 8)
      check(Sizes{piece, chunk});
}

TEST(SplitFramer, findsItemsWithPartsOfAnySize) {
  const std::string text =
      " {\"a\": [1, {\"features\": [9]}],\n \"features\" : [\n"
      "{\"s\": \"]}\\\"\\\\\", \"t\": [[1], {}]} ,\n [2,[3]],4 , \"fi,ve\", \"\\\\\" , null\n],\n"
      " \"z\": {\"k\": \"\\u00e4\xC3\xA4\", \"n\": [-1.5e+3, true, false, null]}} \n";
  forSizes(text, [&](const Sizes &sizes) {
    const Framed framed = split("features", text, sizes);
    EXPECT_EQ(framed.records, (Texts{"{\"s\": \"]}\\\"\\\\\", \"t\": [[1], {}]}", "[2,[3]]", "4",
                                     "\"fi,ve\"", "\"\\\\\"", "null"}));
    EXPECT_EQ(framed.lines, (std::vector<uint64_t>{3, 4, 4, 4, 4, 4}));
    EXPECT_EQ(framed.text, text);
    EXPECT_EQ(framed.error, "");
  });
}

TEST(SplitFramer, findsStringsAndEscapesAcrossBlocks) {
  for (size_t before = 0; before < 140; ++before)
    for (size_t slashes = 0; slashes < 6; ++slashes) {
      const std::string item =
          "{\"" + std::string(before, 'x') + std::string(2 * slashes, '\\') + "\\\"],\\\\\":\"[\"}";
      EXPECT_EQ(split("", "[" + item + "," + item + "]").records, (Texts{item, item}));
    }
}

TEST(SplitFramer, followsPathsOfAllKinds) {
  const std::string text =
      R"({"a":{"b":[[0],{"x y":{"":[1,2]}},{"0":[3]}]},"0":[4],"c.d":[5],"\u0065\n":[6],"f":[]})";
  EXPECT_EQ(split("a.b", text).records.size(), 3u);
  EXPECT_EQ(split("a.b[0]", text).records, (Texts{"0"}));
  EXPECT_EQ(split("a.b[1]['x y'][\"\"]", text).records, (Texts{"1", "2"}));
  EXPECT_EQ(split("a.b[2][0]", text).records, (Texts{"3"}));
  EXPECT_EQ(split("[0]", text).records, (Texts{"4"}));
  EXPECT_EQ(split("['c.d']", text).records, (Texts{"5"}));
  EXPECT_EQ(split("e\n", text).records, (Texts{"6"}));
  EXPECT_EQ(split("f", text).records, Texts{});
  EXPECT_EQ(split("f", text).error, "");
  EXPECT_EQ(split("", "\xEF\xBB\xBF[1,2]").records, (Texts{"1", "2"}));
}

TEST(SplitFramer, rejectsPathsThatAreNone) {
  EXPECT_EQ(split("a[0", "{}").code, codeOf(error::Id::SplitPathOpen));
  EXPECT_EQ(split("a[]", "{}").code, codeOf(error::Id::SplitPathEmptyIndex));
}

TEST(SplitFramer, saysWhenThereIsNothingAtThePath) {
  const std::string text = "{\"a\":\n {\"b\":[[1],2]}, \"c\":3}";
  for (const char *path : {"x", "a.x", "a.b.x", "a.b[2]", "a.b[-1]", "a.b[1].x", "c.x"}) {
    const Framed framed = split(path, text);
    EXPECT_EQ(framed.code, codeOf(error::Id::SplitNothing)) << path;
    EXPECT_EQ(framed.error, std::string("the document has nothing at `") + path + "`");
  }
  EXPECT_EQ(split("a.x", text).at, (LineColumn{2, 14})); // where `a` ends without it
  EXPECT_EQ(split("x", "7").code, codeOf(error::Id::SplitNothing));
}

TEST(SplitFramer, saysWhatIsNoArray) {
  const std::string text = "{\"a\":{\"b\":\n{}},\"c\":\"s\",\"d\":-1,\"e\":true,\"f\":null}";
  const Framed framed = split("a.b", text);
  EXPECT_EQ(framed.code, codeOf(error::Id::SplitNoArray));
  EXPECT_EQ(framed.error, "`a.b` is an object, expected an array of records");
  EXPECT_EQ(framed.at, (LineColumn{2, 1}));
  EXPECT_EQ(split("c", text).error, "`c` is a string, expected an array of records");
  EXPECT_EQ(split("d", text).error, "`d` is a number, expected an array of records");
  EXPECT_EQ(split("e", text).error, "`e` is a boolean, expected an array of records");
  EXPECT_EQ(split("f", text).error, "`f` is null, expected an array of records");
  EXPECT_EQ(split("", text).error, "the document is an object, expected an array of records");
}

/// The framer must say what the reader of whole documents says, and at the same place.
void expectSameMistake(const std::string &path, const std::string &text, size_t records) {
  format::JsonReadOptions reading;
  reading.maxDepth = 20;
  const auto expected = format::diagnoseJson(text, reading);
  ASSERT_TRUE(expected) << text;
  forSizes(text, [&](const Sizes &sizes) {
    const Framed framed = split(path, text, sizes);
    EXPECT_EQ(framed.error, expected->message) << text;
    EXPECT_EQ(framed.code, expected->code) << text;
    EXPECT_EQ(framed.at, expected->at) << text;
    EXPECT_EQ(framed.records.size(), records) << text;
  });
}

TEST(SplitFramer, describesMistakesBeforeTheItems) {
  for (const char *text : {"{",
                           "{\"a",
                           "{\"a\"",
                           "{\"a\":",
                           "{\"a\":1",
                           "{\"a\":1,",
                           "{\"a\":1,}",
                           "{1}",
                           "{\"a\" 1}",
                           "{\"a\":1 2}",
                           "{\"a\":[",
                           "{\"a\":[1",
                           "{\"a\":[1,",
                           "{\"a\":[1,]}",
                           "{\"a\":[1 2]}",
                           "{\"a\":tru}",
                           "{\"a\":nul",
                           "{\"a\":-}",
                           "{\"a\":-",
                           "{\"a\":01}",
                           "{\"a\":1.}",
                           "{\"a\":1.",
                           "{\"a\":1e}",
                           "{\"a\":1e+",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\",
                           "{\"a\":\"\\u12",
                           "{\"a\":\"\\u12g4\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\ud800\\u0041\"}",
                           "{\"a\":\"\\ud800\\",
                           "{\"a\":\"\n\"}",
                           "{\"\xC3\xA4\xF0\x9F\x98\x80\":\n\"\xC3\xA4\",+}",
                           "{\"a\":\xC3\xA4}",
                           "{\"a\":1,\n\"b\":{\"a\":2,\n\"\\u0061\":3}}",
                           "{\"a\":1,\"a\":2}",
                           "[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]"})
    expectSameMistake("r[0]", text, 0);
}

TEST(SplitFramer, describesMistakesBehindAndBetweenTheItems) {
  const std::string head = "{\"x\":\"\xC3\xA4\",\n\"r\":[{\"a\":[1]}, \"\xF0\x9F\x98\x80\"";
  for (const char *tail : {"]", "],", "],}", "]} x", "]}}", "],\"r\":[]}", "],\"x\":1}",
                           "],\"y\":+}", "", " ", "}", ", ]}", ",,1]}", ",", ", "})
    expectSameMistake("r", head + tail, 2);
  expectSameMistake("", "[", 0);
  expectSameMistake("", "[,1]", 0);
  expectSameMistake("", "[1,2}", 1);
}

TEST(SplitFramer, describesDocumentsThatEndInsideOfAnItem) {
  EXPECT_EQ(split("", "[{\"a\":1},{\"b\":\"x").code, codeOf(error::Id::JsonUnterminatedString));
  EXPECT_EQ(split("", "[{\"a\":1},{\"b\":[1").code, codeOf(error::Id::JsonEnd));
  EXPECT_EQ(split("", "[{\"a\":1},12").records, (Texts{"{\"a\":1}"}));
  EXPECT_EQ(split("", "[{\"a\":1},12").code, codeOf(error::Id::JsonUnterminatedArray));
  EXPECT_EQ(split("", " ").code, codeOf(error::Id::JsonEnd));
  EXPECT_EQ(split("", "").code, codeOf(error::Id::JsonEnd));
}

TEST(SplitFramer, findsMalformedUtf8AroundTheItems) {
  for (const char *text : {"{\"\xC3\":1}", "{\"a\":\"\xED\xA0\x80\"}", "{\xC3",
                           "{\"a\":1\xF0\x90\"}", "{\"a\":\"\xFF\\n\"}"}) {
    const std::string whole(text);
    forSizes(whole, [&](const Sizes &sizes) {
      const Framed framed = split("r", whole, sizes);
      EXPECT_EQ(framed.code, codeOf(error::Id::JsonMalformedUtf8)) << whole;
      EXPECT_EQ(framed.error, format::diagnoseJson(whole)->message);
    });
  }
}

TEST(SplitFramer, leavesMistakesInsideOfItemsToTheReader) {
  EXPECT_EQ(split("", "[{\"a\" 1}, tru, {\"a\":1]]").records,
            (Texts{"{\"a\" 1}", "tru", "{\"a\":1]"}));
}

TEST(SplitFramer, endsTheInputAtAnItemThatIsTooLong) {
  const std::string text = "{\"r\":\n[\"123456\",\n \"1234567\",\"8\"]}";
  for (size_t piece = 1; piece < text.size(); ++piece) {
    const Framed framed = split("r", text, {piece, 1 << 20, 8});
    EXPECT_EQ(framed.records, (Texts{"\"123456\""}));
    EXPECT_EQ(framed.code, codeOf(error::Id::RecordTooLong));
    EXPECT_EQ(framed.at.line, 2u) << "the item with the white space before it";
  }
}

TEST(SplitFramer, deliversItemsBeforeAFailureOfTheSource) {
  for (size_t piece = 1; piece < 20; ++piece) {
    TextSource source("{\"r\":[[1],[2],[3", piece, true);
    FramerOptions options;
    options.framing = Framing::Split;
    options.splitPath = "r";
    const Framed framed = frame(source, options);
    EXPECT_EQ(framed.records, (Texts{"[1]", "[2]"}));
    EXPECT_EQ(framed.error, "broken source");
  }
}

TEST(SplitFramer, skipsItems) {
  const std::string text = "{\"r\":[[1],\n[2],\n[3],\n[4]]\n}";
  forSizes(text, [&](Sizes sizes) {
    sizes.skip = 2;
    const Framed framed = split("r", text, sizes);
    EXPECT_EQ(framed.records, (Texts{"[3]", "[4]"}));
    EXPECT_EQ(framed.lines, (std::vector<uint64_t>{3, 4}));
    sizes.skip = 5;
    EXPECT_EQ(split("r", text, sizes).code, codeOf(error::Id::TooFewRecords));
  });
}

TEST(DocumentPlace, countsAsAPlainLoopDoes) {
  const char *const pieces[] = {"a", "\n", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\x7F"};
  std::string text;
  DocumentPlace stepwise;
  for (unsigned i = 0; text.size() < 9'000; ++i) {
    const char *piece = pieces[i * i % 31 % 6];
    text += piece;
    stepwise.advance(piece);
    if (i % 97 != 0)
      continue;
    DocumentPlace place;
    place.advance(text);
    const size_t start = text.rfind('\n') + 1;
    const auto lines = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n'));
    const auto column = static_cast<uint32_t>(utf8::utf16Length(text.substr(start)));
    EXPECT_EQ(place.units(), utf8::utf16Length(text));
    EXPECT_EQ(place.lineColumn(), (LineColumn{lines + 1, column + 1}));
    EXPECT_EQ(stepwise.lineColumn(), place.lineColumn());
    EXPECT_EQ(stepwise.units(), place.units());
    EXPECT_EQ(countLineFeeds(text), lines);
  }
}

} // namespace
} // namespace branchline::stream
