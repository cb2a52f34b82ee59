// Lists and the two forms of objects.
#include "RuntimeFixture.h"

namespace branchline::runtime {
namespace {

class ObjectsTest : public RuntimeFixture {
protected:
  bool isDictionary(const Value &value) { return value.asObject()->shape == nullptr; }
  void put(Value &target, const Value &key, Value value) {
    ASSERT_TRUE(setKey(heap, *target.asObject(), key, std::move(value)));
  }
  std::string get(const Value &target, const Value &key) {
    const Value *found = findKey(heap, *target.asObject(), key);
    return found ? kindText(*found) : "missing";
  }
};

TEST_F(ObjectsTest, AppendGrows) {
  Value items = heap.list();
  for (int k = 0; k < 1000; ++k)
    ASSERT_TRUE(append(heap, *items.list(), i(k)));
  ASSERT_EQ(items.list()->size, 1000u);
  for (int k = 0; k < 1000; ++k)
    EXPECT_EQ(items.list()->data[k].asInt(), k);
}

TEST_F(ObjectsTest, AppendHonoursTheMemoryLimit) {
  heap.setMemoryLimit(1 << 20);
  Value items = heap.list();
  Result<void> result;
  while (result && items.list()->size < 1'000'000)
    result = append(heap, *items.list(), i(1));
  EXPECT_EQ(show(result), "LimitExceeded: memory limit of 1048576 bytes exceeded");
  EXPECT_LE(heap.stats().bytesInUse, uint64_t(1) << 20);
}

TEST_F(ObjectsTest, CopiesAreApart) {
  Value a = list({i(1), s("x")});
  Value b = copyList(heap, *a.list(), 3);
  ASSERT_TRUE(append(heap, *b.list(), i(2)));
  EXPECT_EQ(kindText(a), "ArrayList [1, x]");
  EXPECT_EQ(kindText(b), "ArrayList [1, x, 2]");
  Value o = object({{s("a"), i(1)}});
  Value p = copyObject(heap, *o.asObject());
  EXPECT_EQ(p.asObject()->shape, o.asObject()->shape);
  put(p, s("a"), i(2));
  put(p, s("b"), i(3));
  EXPECT_EQ(kindText(o), "LinkedHashMap {a=1}");
  EXPECT_EQ(kindText(p), "LinkedHashMap {a=2, b=3}");
  Value d = object({{i(1), s("one")}, {s("k"), null()}});
  Value e = copyObject(heap, *d.asObject(), 10);
  put(e, i(2), s("two"));
  EXPECT_EQ(kindText(d), "LinkedHashMap {1=one, k=null}");
  EXPECT_EQ(kindText(e), "LinkedHashMap {1=one, k=null, 2=two}");
}

TEST_F(ObjectsTest, SameKeysInTheSameOrderShareAShape) {
  Value a = object({{s("x"), i(1)}, {s("y"), i(2)}});
  Value b = object({{s("x"), i(3)}, {s("y"), i(4)}, {s("x"), i(5)}});
  Value c = object({{s("y"), i(1)}, {s("x"), i(2)}});
  EXPECT_EQ(a.asObject()->shape, b.asObject()->shape);
  EXPECT_NE(a.asObject()->shape, c.asObject()->shape);
  EXPECT_EQ(kindText(b), "LinkedHashMap {x=5, y=4}");
}

TEST_F(ObjectsTest, ManyKeysBecomeADictionaryAndKeepOrder) {
  Value o = heap.object();
  for (int k = 0; k < 32; ++k)
    put(o, s("k" + std::to_string(k)), i(k));
  EXPECT_FALSE(isDictionary(o));
  put(o, s("k32"), i(32));
  EXPECT_TRUE(isDictionary(o));
  for (int k = 33; k < 500; ++k)
    ASSERT_TRUE(setField(heap, *o.asObject(), "k" + std::to_string(k), i(k)));
  ASSERT_EQ(o.asObject()->size, 500u);
  for (int k = 0; k < 500; ++k) {
    const std::string name = "k" + std::to_string(k);
    EXPECT_EQ(keyAt(*o.asObject(), static_cast<uint32_t>(k)).text(), name);
    ASSERT_NE(findField(heap, *o.asObject(), name), nullptr);
    EXPECT_EQ(findField(heap, *o.asObject(), name)->asInt(), k);
    EXPECT_EQ(findField(*o.asObject(), heap.intern(name))->asInt(), k);
  }
  EXPECT_EQ(findField(heap, *o.asObject(), "k500"), nullptr);
  EXPECT_EQ(findField(*o.asObject(), heap.intern("k500")), nullptr);
}

TEST_F(ObjectsTest, LookupsInShapesOfEverySize) {
  Value o = heap.object();
  for (int k = 0; k < 32; ++k) {
    put(o, s("f" + std::to_string(k)), i(k));
    for (int at = 0; at <= k; ++at) {
      const std::string name = "f" + std::to_string(at);
      EXPECT_EQ(findField(heap, *o.asObject(), name)->asInt(), at);
      EXPECT_EQ(findField(*o.asObject(), heap.intern(name))->asInt(), at);
    }
    EXPECT_EQ(findField(heap, *o.asObject(), "g"), nullptr);
    EXPECT_EQ(get(o, i(0)), "missing");
  }
  for (int k = 31; k >= 0; --k)
    put(o, s("f" + std::to_string(k)), i(-k));
  EXPECT_EQ(o.asObject()->size, 32u);
  EXPECT_EQ(get(o, s("f20")), "Int -20");
}

TEST_F(ObjectsTest, IntegerKeysAreOneByValue) { // D2
  Value o = object({{i(1), s("int")}, {s("1"), s("text")}, {s("z"), i(0)}});
  EXPECT_TRUE(isDictionary(o));
  EXPECT_EQ(get(o, big("1")), "String int");
  EXPECT_EQ(get(o, i(1)), "String int");
  EXPECT_EQ(get(o, s("1")), "String text");
  put(o, big("1"), s("big"));
  EXPECT_EQ(o.asObject()->size, 3u);
  EXPECT_TRUE(keyAt(*o.asObject(), 0).isInt()) << "the key stored first stays";
  EXPECT_EQ(kindText(o), "LinkedHashMap {1=big, 1=text, z=0}");
  Value p = object({{big("99999999999999999999"), s("huge")}, {big("7"), s("seven")}});
  EXPECT_EQ(get(p, big("99999999999999999999")), "String huge");
  EXPECT_EQ(get(p, big("99999999999999999998")), "missing");
  EXPECT_EQ(get(p, i(7)), "String seven");
  EXPECT_TRUE(keyAt(*p.asObject(), 1).is(Tag::BigInt));
}

TEST_F(ObjectsTest, RemovingKeysKeepsTheOthersInOrder) {
  Value o = object({{s("a"), i(1)}, {s("b"), i(2)}, {s("c"), i(3)}});
  removeKey(heap, *o.asObject(), s("b"));
  removeKey(heap, *o.asObject(), s("nothing"));
  EXPECT_EQ(kindText(o), "LinkedHashMap {a=1, c=3}");
  EXPECT_FALSE(isDictionary(o));
  EXPECT_EQ(o.asObject()->shape, object({{s("a"), i(1)}, {s("c"), i(1)}}).asObject()->shape);
  put(o, s("b"), i(4));
  EXPECT_EQ(kindText(o), "LinkedHashMap {a=1, c=3, b=4}");

  Value d = heap.object();
  for (int k = 0; k < 100; ++k)
    put(d, i(k), s("v" + std::to_string(k)));
  for (int k = 0; k < 100; k += 2)
    removeKey(heap, *d.asObject(), i(k));
  EXPECT_EQ(d.asObject()->size, 50u);
  for (int k = 0; k < 100; ++k)
    EXPECT_EQ(get(d, i(k)), k % 2 == 0 ? "missing" : "String v" + std::to_string(k));
  while (d.asObject()->size != 0)
    removeKey(heap, *d.asObject(), keyAt(*d.asObject(), 0));
  Value empty = copyObject(heap, *d.asObject());
  put(empty, i(3), i(3));
  EXPECT_EQ(kindText(empty), "LinkedHashMap {3=3}");
}

TEST_F(ObjectsTest, ObjectOfShapeTakesValuesOver) {
  const Shape *shape =
      heap.extend(heap.extend(heap.emptyShape(), heap.intern("p")), heap.intern("q"));
  Value values[] = {s("one"), list({i(2)})};
  Value o = objectOfShape(heap, shape, values);
  EXPECT_EQ(kindText(o), "LinkedHashMap {p=one, q=[2]}");
  EXPECT_TRUE(values[1].isNull());
  EXPECT_EQ(kindText(objectOfShape(heap, heap.emptyShape(), {})), "LinkedHashMap {}");
}

TEST_F(ObjectsTest, AMillionDistinctKeysGrowGeometrically) {
  Value o = heap.object();
  const Value *place = nullptr;
  int moves = 0;
  for (int k = 0; k < 1'000'000; ++k) {
    const std::string key = "k" + std::to_string(k);
    ASSERT_TRUE(setField(heap, *o.asObject(), key, i(k)));
    moves += o.asObject()->values != place;
    place = o.asObject()->values;
  }
  EXPECT_EQ(o.asObject()->size, 1'000'000u);
  EXPECT_LT(moves, 25);
  EXPECT_EQ(get(o, s("k0")), "Int 0");
  EXPECT_EQ(get(o, s("k999999")), "Int 999999");
  EXPECT_EQ(get(o, s("k1000000")), "missing");
}

TEST_F(ObjectsTest, HashesAgreeWithStrictEquality) {
  auto same = [](const Value &a, const Value &b) {
    EXPECT_TRUE(*strictEquals(a, b)) << kindText(a) << " " << kindText(b);
    EXPECT_EQ(hashValue(a), hashValue(b)) << kindText(a) << " " << kindText(b);
  };
  auto different = [](const Value &a, const Value &b) {
    EXPECT_FALSE(*strictEquals(a, b)) << kindText(a) << " " << kindText(b);
    EXPECT_NE(hashValue(a), hashValue(b)) << kindText(a) << " " << kindText(b);
  };
  same(i(5), big("5"));
  same(i(-5), big("-5"));
  same(big("123456789012345678901"), big("123456789012345678901"));
  same(f(std::nan("")), f(-std::nan("")));
  same(s("text"), Value::borrowed("text"));
  same(heap.bytes("ab"), heap.bytes("ab"));
  same(heap.handle("h"), heap.handle("h"));
  same(list({i(1), s("a")}), list({big("1"), s("a")}));
  same(object({{s("a"), i(1)}, {s("b"), i(2)}}), object({{s("b"), i(2)}, {s("a"), i(1)}}));
  Value dictionary = object({{s("a"), i(1)}, {i(0), null()}});
  removeKey(heap, *dictionary.asObject(), i(0));
  EXPECT_TRUE(isDictionary(dictionary));
  same(dictionary, object({{s("a"), i(1)}}));
  same(set({i(1), s("x")}), set({s("x"), i(1)}));
  different(f(0.0), f(-0.0));
  different(i(1), f(1));
  different(i(1), yes());
  different(i(1), s("1"));
  different(s("ab"), heap.bytes("ab"));
  different(dec("1.0"), dec("1.00"));
  different(list({i(1), i(2)}), list({i(2), i(1)}));
  different(list({i(1)}), set({i(1)}));
  different(object({{s("a"), null()}}), object({}));
}

} // namespace
} // namespace branchline::runtime
