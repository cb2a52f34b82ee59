// Reading members, key checks and turning keys into text.
#include "RuntimeFixture.h"

#include "branchline/Support/StackThread.h"

namespace branchline::runtime {
namespace {

class OpsAccessTest : public RuntimeFixture {
protected:
  std::string name(const Value &base, std::string_view key) {
    return show(getName(heap, base, key));
  }
  std::string index(const Value &base, const Value &key) {
    return show(getStaticIndex(heap, base, key));
  }
  std::string key(const Value &base, const Value &key) { return show(getKey(heap, base, key)); }
};

TEST_F(OpsAccessTest, Objects) { // R2.10.1, R2.10.2
  Value o = object({{s("a"), i(1)}, {i(5), s("five")}, {s("7"), s("text")}});
  EXPECT_EQ(name(o, "a"), "Int 1");
  EXPECT_EQ(name(o, "b"), "Null null");
  EXPECT_EQ(index(o, i(5)), "String five");
  EXPECT_EQ(index(o, i(7)), "Null null");
  EXPECT_EQ(key(o, s("7")), "String text");
  EXPECT_EQ(key(o, big("5")), "String five");
  EXPECT_EQ(key(o, i(-1)), "IllegalArgumentException: Computed key must be non-negative integer");
  EXPECT_EQ(key(o, big("-99999999999999999999")),
            "IllegalArgumentException: Computed key must be non-negative integer");
  for (const Value &bad : {null(), yes(), f(1), dec("1"), list({})})
    EXPECT_EQ(key(o, bad),
              "IllegalStateException: Computed key must be string or non-negative integer");
}

TEST_F(OpsAccessTest, Lists) { // R2.10.3, D3
  Value l = list({s("a"), s("b")});
  EXPECT_EQ(key(l, i(1)), "String b");
  EXPECT_EQ(index(l, i(0)), "String a");
  EXPECT_EQ(key(l, big("1")), "String b");
  EXPECT_EQ(name(l, "size"), "IllegalStateException: Cannot use name 'size' on list");
  EXPECT_EQ(key(l, i(2)), "IllegalArgumentException: Index 2 out of bounds 0..1");
  EXPECT_EQ(key(l, i(-1)), "IllegalArgumentException: Index -1 out of bounds 0..1");
  EXPECT_EQ(key(l, i(5000000000)), "IllegalArgumentException: Index 5000000000 out of bounds 0..1");
  EXPECT_EQ(index(l, big("99999999999999999999")),
            "IllegalArgumentException: Index 99999999999999999999 out of bounds 0..1");
  EXPECT_EQ(key(l, big("-3")), "IllegalArgumentException: Index -3 out of bounds 0..1");
  EXPECT_EQ(key(list({}), i(0)), "IllegalArgumentException: Index 0 out of bounds 0..-1");
  for (const Value &bad : {null(), yes(), f(0), dec("0"), s("0")})
    EXPECT_EQ(key(l, bad), "IllegalStateException: Index must be integer for list");
}

TEST_F(OpsAccessTest, OtherBases) { // R2.10.4
  const std::string text = "IllegalStateException: Indexing supported only for list or object";
  for (const Value &base : {null(), s("abc"), i(1), yes(), heap.sequence(i(1)), set({i(1)}),
                            heap.function(nullptr, 0, {}), heap.bytes("a"), heap.handle("h")}) {
    EXPECT_EQ(name(base, "a"), text);
    EXPECT_EQ(index(base, i(0)), text);
    EXPECT_EQ(key(base, null()), text);
  }
}

TEST_F(OpsAccessTest, KeyChecks) { // R2.9.4, R2.9.5
  for (const Value &good : {s(""), i(0), big("99999999999999999999"), big("0")}) {
    EXPECT_EQ(show(checkComputedKey(good)), "ok");
    EXPECT_EQ(show(checkObjectKey(good)), "ok");
  }
  EXPECT_EQ(show(checkObjectKey(i(-1))),
            "IllegalArgumentException: Object key must be non-negative");
  EXPECT_EQ(show(checkObjectKey(big("-1"))),
            "IllegalArgumentException: Object key must be non-negative");
  EXPECT_EQ(show(checkObjectKey(f(1))),
            "IllegalStateException: Object key must be string or non-negative integer");
}

TEST_F(OpsAccessTest, StringifyingSharesWhatNeedsNoChange) { // R2.1.5
  Value plain = object({{s("a"), list({object({{s("b"), i(1)}})})}});
  EXPECT_TRUE(stringifyKeys(heap, plain)->sameObject(plain));
  Value mixed = list({plain, object({{i(1), s("x")}})});
  Value result = *stringifyKeys(heap, mixed);
  EXPECT_FALSE(result.sameObject(mixed));
  EXPECT_TRUE(result.list()->data[0].sameObject(plain));
  EXPECT_TRUE(keyAt(*result.list()->data[1].asObject(), 0).isString());
  EXPECT_TRUE(keyAt(*mixed.list()->data[1].asObject(), 0).isInt()) << "the original stays";
}

TEST_F(OpsAccessTest, StringifyingCollapsesEqualTexts) { // 2-Q31
  Value o = object({{i(1), s("int")}, {s("z"), i(0)}, {s("1"), s("text")}});
  EXPECT_EQ(show(stringifyKeys(heap, o)), "LinkedHashMap {1=text, z=0}");
  Value deep = object({{s("k"), object({{i(2), object({{big("3"), null()}})}})}});
  Value result = *stringifyKeys(heap, deep);
  EXPECT_EQ(kindText(result), "LinkedHashMap {k={2={3=null}}}");
  const Value *k = findField(heap, *result.asObject(), "k");
  EXPECT_NE(findField(heap, *findField(heap, *k->asObject(), "2")->asObject(), "3"), nullptr);
}

TEST_F(OpsAccessTest, StringifyingLooksAtSharedPartsOnce) {
  Value a = object({{i(1), i(1)}});
  for (int k = 0; k < 60; ++k)
    a = list({a, a});
  Value result = *stringifyKeys(heap, a);
  EXPECT_TRUE(result.list()->data[0].sameObject(result.list()->data[1]));
}

TEST_F(OpsAccessTest, StringifyingHasANestingLimit) {
  const bool ran = runOnStack(kLargeStack, [this] {
    EXPECT_TRUE(stringifyKeys(heap, nested(10'000)));
    EXPECT_EQ(show(stringifyKeys(heap, nested(1'000'000))),
              "LimitExceeded: value nesting limit of 10000 exceeded");
  });
  EXPECT_TRUE(ran);
}

} // namespace
} // namespace branchline::runtime
