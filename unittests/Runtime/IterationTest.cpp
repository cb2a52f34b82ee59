// Iterators over lists, sets and walks.
#include "RuntimeFixture.h"

#include "branchline/Runtime/Iteration.h"

namespace branchline::runtime {
namespace {

class IterationTest : public RuntimeFixture {
protected:
  std::string all(const Value &iterable) {
    Value iterator = makeIterator(heap, iterable);
    std::string out;
    while (std::optional<Value> item = nextItem(heap, iterator)) {
      std::string text;
      EXPECT_TRUE(appendText(text, *item));
      out += text + ";";
    }
    EXPECT_FALSE(nextItem(heap, iterator)) << "the end stays the end";
    return out;
  }
};

TEST_F(IterationTest, Kinds) { // R2.11.9
  for (const Value &good : {list({}), set({}), heap.sequence(null())})
    EXPECT_TRUE(isIterable(good));
  for (const Value &bad : {null(), heap.object(), s("ab"), i(1), heap.bytes("a")})
    EXPECT_FALSE(isIterable(bad));
}

TEST_F(IterationTest, ListsAndSets) {
  EXPECT_EQ(all(list({i(1), null(), s("x")})), "1;null;x;");
  EXPECT_EQ(all(list({})), "");
  EXPECT_EQ(all(set({i(2), i(1)})), "2;1;");
}

TEST_F(IterationTest, TheIteratorHoldsItsList) {
  Value items = list({i(1), i(2)});
  Value iterator = makeIterator(heap, items);
  EXPECT_FALSE(items.isUnique()) << "a write would copy, so the loop sees the old list";
  items = null();
  EXPECT_EQ(nextItem(heap, iterator)->asInt(), 1);
  EXPECT_EQ(nextItem(heap, iterator)->asInt(), 2);
  EXPECT_FALSE(nextItem(heap, iterator));
}

TEST_F(IterationTest, Walks) { // R3.3.6
  EXPECT_EQ(all(heap.sequence(i(5))), "{path=[], key=null, value=5, depth=0, isLeaf=true};");
  EXPECT_EQ(all(heap.sequence(list({}))), "{path=[], key=null, value=[], depth=0, isLeaf=true};");
  EXPECT_EQ(all(heap.sequence(object({{s("a"), list({i(7)})}, {i(3), heap.object()}}))),
            "{path=[], key=null, value={a=[7], 3={}}, depth=0, isLeaf=false};"
            "{path=[a], key=a, value=[7], depth=1, isLeaf=false};"
            "{path=[a, 0], key=0, value=7, depth=2, isLeaf=true};"
            "{path=[3], key=3, value={}, depth=1, isLeaf=true};");
}

TEST_F(IterationTest, WalksTakeSetsAndSequencesForLeaves) {
  EXPECT_EQ(all(heap.sequence(set({i(1)}))),
            "{path=[], key=null, value=[1], depth=0, isLeaf=true};");
  EXPECT_EQ(all(heap.sequence(list({heap.sequence(i(1))}))),
            "{path=[], key=null, value=[<sequence>], depth=0, isLeaf=false};"
            "{path=[0], key=0, value=<sequence>, depth=1, isLeaf=true};");
}

TEST_F(IterationTest, WalksKeepKindsOfKeysAndRestart) {
  Value walk = heap.sequence(object({{i(1), s("n")}, {s("1"), s("s")}}));
  for (int round = 0; round < 2; ++round) {
    Value iterator = makeIterator(heap, walk);
    nextItem(heap, iterator);
    EXPECT_TRUE(findField(heap, *nextItem(heap, iterator)->asObject(), "key")->isInt());
    EXPECT_TRUE(findField(heap, *nextItem(heap, iterator)->asObject(), "key")->isString());
  }
}

TEST_F(IterationTest, DeepWalksGrowTheirStackAndFreeIt) {
  const uint64_t before = heap.stats().bytesInUse;
  {
    Value walk = heap.sequence(nested(2000));
    Value iterator = makeIterator(heap, walk);
    int64_t count = 0;
    while (std::optional<Value> item = nextItem(heap, iterator)) {
      EXPECT_EQ(findField(heap, *item->asObject(), "depth")->asInt(), count);
      ++count;
    }
    EXPECT_EQ(count, 2000);
    Value abandoned = makeIterator(heap, walk);
    for (int k = 0; k < 500; ++k)
      nextItem(heap, abandoned);
  }
  EXPECT_EQ(heap.stats().bytesInUse, before);
}

} // namespace
} // namespace branchline::runtime
