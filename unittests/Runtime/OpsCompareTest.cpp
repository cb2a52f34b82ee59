// Truth, equality and order.
#include "RuntimeFixture.h"

#include "branchline/Support/StackThread.h"

#include <limits>
#include <vector>

namespace branchline::runtime {
namespace {

class OpsCompareTest : public RuntimeFixture {
protected:
  std::string eq(const Value &a, const Value &b) { return show(equals(a, b)); }
  std::string strict(const Value &a, const Value &b) { return show(strictEquals(a, b)); }
  std::string less(const Value &a, const Value &b) { return show(compare(BinaryOp::Lt, a, b)); }
  int order(const Value &a, const Value &b) {
    Result<int> result = libraryCompare(a, b);
    EXPECT_TRUE(result);
    return result ? (*result > 0) - (*result < 0) : 99;
  }
};

TEST_F(OpsCompareTest, Truth) { // R2.4.1, R3.2.5
  for (const Value &no : {null(), no(), i(0), f(0.0), f(-0.0), big("0"), dec("0.00")}) {
    EXPECT_FALSE(truthy(no)) << kindText(no);
    EXPECT_FALSE(libraryTruthy(no)) << kindText(no);
  }
  for (const Value &yes : {yes(), i(-1), f(std::nan("")), big("7"), dec("0.1"), s("x"), list({}),
                           heap.object(), set({}), heap.bytes(""), heap.handle("h")}) {
    EXPECT_TRUE(truthy(yes)) << kindText(yes);
    EXPECT_TRUE(libraryTruthy(yes)) << kindText(yes);
  }
  EXPECT_TRUE(truthy(s("")));
  EXPECT_FALSE(libraryTruthy(s("")));
  EXPECT_TRUE(truthy(dec("1e-400")));
  EXPECT_FALSE(libraryTruthy(dec("1e-400")));
}

TEST_F(OpsCompareTest, NumbersAreEqualByValueAtTheTop) { // R2.5.1, R2.5.3
  EXPECT_EQ(eq(i(1), f(1)), "true");
  EXPECT_EQ(eq(i(1), big("1")), "true");
  EXPECT_EQ(eq(dec("1.0"), dec("1.00")), "true");
  EXPECT_EQ(eq(dec("1.0"), i(1)), "true");
  EXPECT_EQ(eq(f(0.0), f(-0.0)), "false");
  EXPECT_EQ(eq(i(0), f(-0.0)), "false");
  EXPECT_EQ(eq(f(std::nan("")), f(-std::nan(""))), "true");
  EXPECT_EQ(eq(i(9007199254740993), f(9007199254740992.0)), "true");
  EXPECT_EQ(eq(dec("1"), f(1)), "IllegalArgumentException: compare does not allow mixing decimal "
                                "and float; wrap floats with DEC()");
  EXPECT_EQ(eq(i(1), s("1")), "false");
  EXPECT_EQ(eq(yes(), i(1)), "false");
  EXPECT_EQ(eq(null(), null()), "true");
}

TEST_F(OpsCompareTest, StrictEqualityInsideContainers) { // R2.5.2, D1, D2, D7
  EXPECT_EQ(eq(list({i(1)}), list({f(1)})), "false");
  EXPECT_EQ(eq(list({i(1)}), list({big("1")})), "true");
  EXPECT_EQ(eq(list({dec("1.0")}), list({dec("1.00")})), "false");
  EXPECT_EQ(eq(list({dec("1")}), list({f(1)})), "false") << "no error inside containers";
  EXPECT_EQ(eq(list({f(0.0)}), list({f(-0.0)})), "false");
  EXPECT_EQ(eq(list({i(1)}), list({i(1), i(2)})), "false");
  EXPECT_EQ(eq(list({}), heap.object()), "false");
  EXPECT_EQ(strict(i(5), big("5")), "true");
  EXPECT_EQ(strict(big("5"), i(6)), "false");
  EXPECT_EQ(eq(heap.bytes("a\0b"), heap.bytes("a\0b")), "true");
  EXPECT_EQ(eq(heap.bytes("a"), heap.bytes("b")), "false");
  EXPECT_EQ(eq(heap.bytes("a"), s("a")), "false");
  EXPECT_EQ(eq(heap.handle("x"), heap.handle("x")), "true");
  EXPECT_EQ(eq(heap.handle("x"), heap.handle("y")), "false");
}

TEST_F(OpsCompareTest, FunctionsAndSequencesAreEqualToThemselves) {
  Value a = heap.function(nullptr, 1, {});
  Value b = heap.function(nullptr, 1, {});
  EXPECT_EQ(eq(a, a), "true");
  EXPECT_EQ(eq(a, b), "false");
  Value w = heap.sequence(i(1));
  EXPECT_EQ(eq(w, w), "true");
  EXPECT_EQ(eq(w, heap.sequence(i(1))), "false");
}

TEST_F(OpsCompareTest, ObjectsIgnoreOrder) {
  Value a = object({{s("x"), i(1)}, {s("y"), list({i(2)})}});
  Value b = object({{s("y"), list({i(2)})}, {s("x"), i(1)}});
  EXPECT_EQ(eq(a, b), "true");
  EXPECT_EQ(eq(object({{s("x"), null()}}), object({{s("y"), null()}})), "false");
  EXPECT_EQ(eq(object({{s("x"), null()}}), heap.object()), "false");
  EXPECT_EQ(eq(object({{i(1), s("a")}}), object({{big("1"), s("a")}})), "true");
  EXPECT_EQ(eq(object({{i(1), s("a")}}), object({{s("1"), s("a")}})), "false");
  Value many = heap.object();
  Value reversed = heap.object();
  for (int k = 0; k < 100; ++k) {
    ASSERT_TRUE(setKey(heap, *many.asObject(), s("k" + std::to_string(k)), i(k)));
    ASSERT_TRUE(setKey(heap, *reversed.asObject(), s("k" + std::to_string(99 - k)), i(99 - k)));
  }
  EXPECT_EQ(eq(many, reversed), "true");
  ASSERT_TRUE(setKey(heap, *reversed.asObject(), s("k5"), i(0)));
  EXPECT_EQ(eq(many, reversed), "false");
}

TEST_F(OpsCompareTest, SetsAreEqualByMembership) {
  EXPECT_EQ(eq(set({i(1), s("a"), list({i(2)})}), set({list({i(2)}), i(1), s("a")})), "true");
  EXPECT_EQ(eq(set({i(1), i(2)}), set({i(1), i(3)})), "false");
  EXPECT_EQ(eq(set({i(1)}), set({i(1), i(2)})), "false");
}

TEST_F(OpsCompareTest, OrderOfNumbers) { // R2.5.3
  const double inf = std::numeric_limits<double>::infinity();
  const Value ascending[] = {
      f(-inf), big("-99999999999999999999"), f(-1.5), f(-0.0),        f(0.0), f(0.5), i(1),
      f(1.5),  big("99999999999999999999"),  f(inf),  f(std::nan(""))};
  for (size_t a = 0; a < std::size(ascending); ++a)
    for (size_t b = 0; b < std::size(ascending); ++b) {
      EXPECT_EQ(less(ascending[a], ascending[b]), a < b ? "true" : "false") << a << " " << b;
      EXPECT_EQ(order(ascending[a], ascending[b]), (a > b) - (a < b)) << a << " " << b;
    }
  EXPECT_EQ(less(dec("1.4"), i(2)), "true");
  EXPECT_EQ(less(big("3"), dec("2.99")), "false");
  EXPECT_EQ(less(dec("1e-400"), i(0)), "false");
  EXPECT_EQ(less(dec("1"), f(2)), "IllegalArgumentException: compare does not allow mixing decimal "
                                  "and float; wrap floats with DEC()");
}

TEST_F(OpsCompareTest, OtherKindsAreOrderedByText) { // R2.5.4
  EXPECT_EQ(less(s("10"), i(9)), "true");
  EXPECT_EQ(less(null(), s("z")), "true");
  EXPECT_EQ(show(compare(BinaryOp::Le, null(), s("null"))), "true");
  EXPECT_EQ(show(compare(BinaryOp::Gt, yes(), no())), "true");
  EXPECT_EQ(show(compare(BinaryOp::Ge, s("a"), s("a"))), "true");
  EXPECT_EQ(show(compare(BinaryOp::Gt, s("a"), s("a"))), "false");
  EXPECT_EQ(less(list({i(2)}), list({i(10)})), "false");
  EXPECT_EQ(less(s("ab"), s("abc")), "true");
  EXPECT_EQ(less(s("\xF0\x9F\x98\x80"), s("\xEF\xBF\xBD")), "true") << "by UTF-16 unit";
}

TEST_F(OpsCompareTest, BytesAreOrderedByBase64) { // D7
  // 0xFB… encodes as `+…`, which is below every letter and digit.
  EXPECT_EQ(less(heap.bytes("\xFB\xEF\xBE"), heap.bytes("a")), "true");
  EXPECT_EQ(less(heap.bytes("a"), s("YQ==")), "false");
  EXPECT_EQ(show(compare(BinaryOp::Le, heap.bytes("a"), s("YQ=="))), "true");
  EXPECT_EQ(order(heap.bytes("a"), heap.bytes("b")), -1);
  EXPECT_EQ(order(heap.bytes("ab"), heap.bytes("ab")), 0);
  EXPECT_EQ(order(heap.bytes("abc"), s("YWJj")), 0);
  EXPECT_EQ(order(heap.bytes("ab"), s("YWI=")), 0);
}

TEST_F(OpsCompareTest, LibraryOrderOfBooleans) { // R3.2.4
  EXPECT_EQ(order(no(), yes()), -1);
  EXPECT_EQ(order(yes(), yes()), 0);
  EXPECT_EQ(order(i(2), s("1a")), 1);
  EXPECT_EQ(order(i(10), i(2)), 1);
}

TEST_F(OpsCompareTest, NestingHasALimit) {
  const bool ran = runOnStack(kLargeStack, [this] {
    const std::string limit = "LimitExceeded: value nesting limit of 10000 exceeded";
    EXPECT_EQ(eq(nested(10'000), nested(10'000)), "true");
    EXPECT_EQ(eq(nested(10'001), nested(10'001)), limit);
    EXPECT_EQ(eq(nested(1'000'000), nested(1'000'000)), limit);
    EXPECT_EQ(less(nested(1'000'000), s("x")), limit);
    EXPECT_EQ(hashValue(nested(1'000'000)), hashValue(nested(1'000'000)));
  });
  EXPECT_TRUE(ran);
}

TEST_F(OpsCompareTest, SharedPartsAreComparedOnce) {
  // 2^60 leaves when followed naively.
  Value a = list({i(1)});
  Value b = list({i(1)});
  for (int k = 0; k < 60; ++k) {
    a = list({a, a});
    b = list({b, b});
  }
  EXPECT_EQ(eq(a, b), "true");
  EXPECT_EQ(hashValue(a), hashValue(b));
}

} // namespace
} // namespace branchline::runtime
