// Allocation, destruction, reset, symbols and shapes, and the index of long strings.
#include "RuntimeFixture.h"

#include "branchline/Runtime/Text.h"
#include "branchline/Support/Utf8.h"

#include <cstring>
#include <new>
#include <vector>

namespace branchline::runtime {
namespace {

class HeapTest : public RuntimeFixture {};

TEST_F(HeapTest, BlocksOfAllSizesAreAlignedAndApart) {
  std::vector<std::pair<char *, size_t>> blocks;
  for (size_t bytes : {size_t(0), size_t(1), size_t(16), size_t(17), size_t(1023), size_t(1024),
                       size_t(1025), size_t(1281), size_t(5000), size_t(32768), size_t(32769),
                       size_t(300000), size_t(5000000)}) {
    auto *block = static_cast<char *>(heap.allocate(bytes));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 16, 0u) << bytes;
    if (bytes != 0)
      std::memset(block, static_cast<int>(blocks.size()), bytes);
    blocks.emplace_back(block, bytes);
  }
  for (size_t k = 0; k < blocks.size(); ++k)
    for (size_t at : {size_t(0), blocks[k].second / 2, blocks[k].second - 1})
      if (at < blocks[k].second)
        EXPECT_EQ(blocks[k].first[at], static_cast<char>(k));
  for (const auto &[block, bytes] : blocks)
    heap.free(block, bytes);
  EXPECT_EQ(heap.stats().bytesInUse, 0u);
}

TEST_F(HeapTest, ReallocateKeepsTheContents) {
  size_t bytes = 8;
  auto *block = static_cast<char *>(heap.reallocate(nullptr, 0, bytes));
  std::memcpy(block, "contents", 8);
  for (size_t grown : {size_t(12), size_t(100), size_t(3000), size_t(40000), size_t(900000)}) {
    block = static_cast<char *>(heap.reallocate(block, bytes, grown));
    bytes = grown;
    EXPECT_EQ(std::string_view(block, 8), "contents") << grown;
  }
  heap.free(block, bytes);
  EXPECT_EQ(heap.stats().bytesInUse, 0u);
}

TEST_F(HeapTest, ChurnDoesNotGrowTheHeap) {
  auto churn = [this] {
    for (int k = 0; k < 2000; ++k) {
      Value row = object({{s("id"), i(k)}, {s("name"), s("somebody")}, {i(5), list({i(1), f(2)})}});
      Value text = s(std::string(static_cast<size_t>(k) % 700, 'x'));
    }
  };
  churn();
  const HeapStats before = heap.stats();
  churn();
  EXPECT_EQ(heap.stats().bytesInUse, before.bytesInUse);
  EXPECT_EQ(heap.stats().peakBytes, before.peakBytes);
  EXPECT_EQ(heap.stats().bytesReserved, before.bytesReserved);
}

TEST_F(HeapTest, FreesAMillionNestedListsWithoutRecursion) {
  const uint64_t before = heap.stats().bytesInUse;
  {
    Value deep = nested(1'000'000);
    EXPECT_GT(heap.stats().bytesInUse, before + 1'000'000);
  }
  EXPECT_EQ(heap.stats().bytesInUse, before);
}

TEST_F(HeapTest, FreesMixedChainsWithoutRecursion) {
  const uint64_t before = heap.stats().bytesInUse;
  {
    Value deep = null();
    for (int k = 0; k < 200'000; ++k) {
      Value entry = object({{Value::borrowed("next"), deep}});
      Value cell = heap.cell(entry);
      deep = list({heap.function(nullptr, 1, std::span<const Value>(&cell, 1)),
                   heap.sequence(object({{i(k), s("v")}}))});
    }
  }
  EXPECT_EQ(heap.stats().bytesInUse, before);
}

TEST_F(HeapTest, ResetDropsEverythingCyclesIncluded) {
  {
    // A closure that captures the variable it is stored in.
    Value cell = heap.cell(null());
    cell.object<CellObject>()->value = heap.function(nullptr, 0, std::span<const Value>(&cell, 1));
  }
  EXPECT_GT(heap.stats().bytesInUse, 0u);
  {
    Value large = s(std::string(1'000'000, 'x'));
  }
  for (int run = 0; run < 3; ++run) {
    // Values that are held when a run ends go with it: their destructors do not run.
    alignas(Value) unsigned char held[3 * sizeof(Value)];
    new (held) Value(s(std::string(2'000'000, 'y')));
    new (held + sizeof(Value)) Value(list({s("x"), i(1)}));
    new (held + 2 * sizeof(Value)) Value(object({{i(1), s("one")}}));
    EXPECT_GT(heap.stats().bytesInUse, 2'000'000u);
    heap.reset();
    EXPECT_EQ(heap.stats().bytesInUse, 0u);
  }
  Value after = list({s("usable"), i(1)});
  EXPECT_EQ(kindText(after), "ArrayList [usable, 1]");
}

TEST_F(HeapTest, ResetReusesItsChunks) {
  auto fill = [this] {
    for (int k = 0; k < 10'000; ++k)
      heap.allocate(100);
    heap.reset();
  };
  fill();
  const uint64_t reserved = heap.stats().bytesReserved;
  EXPECT_GE(reserved, 1'000'000u);
  fill();
  EXPECT_EQ(heap.stats().bytesReserved, reserved);
}

TEST_F(HeapTest, MemoryLimitIsOverflowSafe) {
  EXPECT_TRUE(heap.mayAllocate(UINT64_MAX));
  heap.setMemoryLimit(1000);
  EXPECT_TRUE(heap.mayAllocate(1000));
  EXPECT_FALSE(heap.mayAllocate(1001));
  EXPECT_FALSE(heap.mayAllocate(UINT64_MAX));
  Value text = s(std::string(2000, 'x'));
  EXPECT_TRUE(heap.overLimit());
  EXPECT_FALSE(heap.mayAllocate(0));
}

TEST_F(HeapTest, SymbolsAreUniqueAndOutliveRuns) {
  const Symbol *a = heap.intern("alpha");
  EXPECT_EQ(a, heap.intern(std::string("al") + "pha"));
  EXPECT_EQ(a, heap.findSymbol("alpha"));
  EXPECT_EQ(heap.findSymbol("beta"), nullptr);
  EXPECT_NE(heap.intern(""), nullptr);
  EXPECT_EQ(heap.intern("")->text(), "");
  EXPECT_EQ(a->ascii, Ascii::Yes);
  EXPECT_EQ(heap.intern("\xC3\xBC")->ascii, Ascii::No);
  for (int k = 0; k < 5000; ++k)
    heap.intern("key" + std::to_string(k));
  heap.reset();
  EXPECT_EQ(a, heap.findSymbol("alpha"));
  EXPECT_EQ(a->text(), "alpha");
  EXPECT_EQ(heap.findSymbol("key4999")->text(), "key4999");
}

TEST_F(HeapTest, OverlongKeysAreNoSymbols) {
  EXPECT_EQ(heap.intern(std::string(100'000, 'k')), nullptr);
}

TEST_F(HeapTest, ShapesShareTransitions) {
  const Symbol *a = heap.intern("a");
  const Symbol *b = heap.intern("b");
  const Symbol *c = heap.intern("c");
  const Shape *ab = heap.extend(heap.extend(heap.emptyShape(), a), b);
  const Shape *ac = heap.extend(heap.extend(heap.emptyShape(), a), c);
  EXPECT_NE(ab, ac);
  EXPECT_EQ(ab, heap.extend(heap.extend(heap.emptyShape(), a), b));
  EXPECT_EQ(shapeSize(*ab), 2u);
  EXPECT_EQ(shapeKey(*ab, 1), b);
  EXPECT_EQ(shapeKey(*ac, 1), c);
  EXPECT_EQ(shapeSlot(*ab, b), 1u);
  EXPECT_EQ(shapeSlot(*ab, c), kNoSlot);
}

TEST_F(HeapTest, LargeShapesFindEveryKey) {
  const Shape *shape = heap.emptyShape();
  std::vector<const Symbol *> keys;
  for (uint32_t k = 0; k < kMaxShapeKeys; ++k) {
    keys.push_back(heap.intern("field" + std::to_string(k)));
    shape = heap.extend(shape, keys.back());
    ASSERT_NE(shape, nullptr);
    for (uint32_t at = 0; at <= k; ++at)
      EXPECT_EQ(shapeSlot(*shape, keys[at]), at);
    EXPECT_EQ(shapeSlot(*shape, heap.intern("other")), kNoSlot);
  }
  EXPECT_EQ(heap.extend(shape, heap.intern("other")), nullptr);
}

TEST_F(HeapTest, ShapesAreBounded) {
  Value last;
  for (int k = 0; k < 120'000; ++k) {
    last = object({{s("n" + std::to_string(k)), i(k)}});
  }
  EXPECT_EQ(last.asObject()->shape, nullptr);
  EXPECT_EQ(kindText(last), "LinkedHashMap {n119999=119999}");
}

// --- Long strings ---

std::string mixedText(size_t characters) {
  // One to four bytes, and pairs that straddle every boundary of an index.
  static constexpr std::string_view kCharacters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC",
                                                     "\xF0\x9F\x98\x80", "b"};
  std::string text;
  for (size_t k = 0; k < characters; ++k)
    text += kCharacters[(k * k + k / 7) % 5];
  return text;
}

TEST_F(HeapTest, UnitOffsetsOfLongStringsMatchAScan) {
  const std::string text = mixedText(3000);
  Value value = s(text);
  const size_t units = utf8::utf16Length(text);
  EXPECT_EQ(unitLength(heap, value), units);
  EXPECT_EQ(utf16Length(value), units);
  for (size_t unit = 0; unit <= units + 2; ++unit) {
    bool split = false;
    bool expectedSplit = false;
    const size_t expected = utf8::offsetOfUnit(text, unit, expectedSplit);
    EXPECT_EQ(unitOffset(heap, value, unit, split), expected) << unit;
    EXPECT_EQ(split, expectedSplit) << unit;
  }
}

TEST_F(HeapTest, UnitOffsetsOfPrefixesAndExtensionsOfAString) {
  std::string text = mixedText(600);
  Value grown = s(text);
  for (int k = 0; k < 40; ++k) {
    Value shorter = grown;
    grown = *concatText(heap, grown, Value::borrowed("\xF0\x9F\x98\x80!"));
    EXPECT_EQ(unitLength(heap, shorter), utf8::utf16Length(text));
    text += "\xF0\x9F\x98\x80!";
    ASSERT_EQ(grown.text(), text);
    EXPECT_EQ(unitLength(heap, grown), utf8::utf16Length(text));
    bool split = false;
    EXPECT_EQ(unitOffset(heap, shorter, 100'000, split), shorter.text().size());
    EXPECT_EQ(unitLength(heap, shorter), utf8::utf16Length(shorter.text()));
  }
}

TEST_F(HeapTest, SubstringsCutPairs) {
  Value value = s("a\xF0\x9F\x98\x80z");
  EXPECT_EQ(unitSubstring(heap, value, 0, 1).text(), "a");
  EXPECT_EQ(unitSubstring(heap, value, 1, 3).text(), "\xF0\x9F\x98\x80");
  EXPECT_EQ(unitSubstring(heap, value, 0, 2).text(), "a\xED\xA0\xBD");
  EXPECT_EQ(unitSubstring(heap, value, 2, 9).text(), "\xED\xB8\x80z");
  EXPECT_EQ(unitSubstring(heap, value, 2, 3).text(), "\xED\xB8\x80");
  EXPECT_EQ(unitSubstring(heap, value, 3, 3).text(), "");
  EXPECT_TRUE(unitSubstring(heap, value, 0, 4).sameObject(value));
  const std::string text = mixedText(700);
  Value longer = s(text);
  const size_t units = utf8::utf16Length(text);
  for (size_t begin = 0; begin < units; begin += 37)
    for (size_t end = begin; end < units + 5; end += 61)
      EXPECT_EQ(unitSubstring(heap, longer, begin, end).text(),
                utf8::substringByUnits(text, begin, end))
          << begin << " " << end;
}

TEST_F(HeapTest, ConcatenationIntoSpareRoomLeavesOlderValuesAlone) {
  Value a = s(std::string(300, 'a'));
  Value ab = *concatText(heap, a, s("b"));
  Value abc = *concatText(heap, ab, s("c"));
  EXPECT_EQ(abc.text().data(), ab.text().data()) << "the second piece fits the spare room";
  Value abd = *concatText(heap, ab, s("d"));
  EXPECT_NE(abd.text().data(), ab.text().data()) << "the room behind ab is taken";
  EXPECT_EQ(ab.text(), std::string(300, 'a') + "b");
  EXPECT_EQ(abc.text(), std::string(300, 'a') + "bc");
  EXPECT_EQ(abd.text(), std::string(300, 'a') + "bd");
  Value self = *concatText(heap, abc, abc);
  EXPECT_EQ(self.text(), std::string(300, 'a') + "bc" + std::string(300, 'a') + "bc");
}

TEST_F(HeapTest, BuildingATextPieceByPieceCopiesLittle) {
  Value text = s("");
  size_t moves = 0;
  const char *place = nullptr;
  for (int k = 0; k < 100'000; ++k) {
    text = *concatText(heap, text, Value::borrowed("0123456789"));
    moves += text.text().data() != place;
    place = text.text().data();
  }
  EXPECT_EQ(text.text().size(), 1'000'000u);
  EXPECT_LT(moves, 80u);
}

TEST_F(HeapTest, ConcatenationJoinsSurrogates) {
  Value joined = *concatText(heap, s("x\xED\xA0\xBD"), s("\xED\xB8\x80y"));
  EXPECT_EQ(joined.text(), "x\xF0\x9F\x98\x80y");
}

TEST_F(HeapTest, ConcatenationHasALimit) {
  heap.setMemoryLimit(uint64_t(1) << 20);
  Value half = s(std::string(600'000, 'x'));
  Result<Value> tooMuch = concatText(heap, half, half);
  EXPECT_EQ(show(tooMuch), "LimitExceeded: memory limit of 1048576 bytes exceeded");
  heap.setMemoryLimit(0);
  const std::string huge(size_t(600) << 20, 'x');
  Value large = Value::borrowed(huge, Ascii::Yes);
  Result<Value> tooLong = concatText(heap, large, large);
  EXPECT_EQ(show(tooLong), "LimitExceeded: string size limit of 1073741824 bytes exceeded");
}

} // namespace
} // namespace branchline::runtime
