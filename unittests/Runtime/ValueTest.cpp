// Counting references and what immediates and borrowed strings are.
#include "RuntimeFixture.h"

namespace branchline::runtime {
namespace {

class ValueTest : public RuntimeFixture {};

TEST_F(ValueTest, DefaultIsNull) {
  Value value;
  EXPECT_TRUE(value.isNull());
  EXPECT_FALSE(value.isCounted());
  EXPECT_TRUE(Value::unbound().isUnbound());
  EXPECT_FALSE(Value::unbound().isNull());
}

TEST_F(ValueTest, CopiesCountAndMovesDoNot) {
  Value a = heap.list();
  EXPECT_TRUE(a.isUnique());
  {
    Value b = a;
    EXPECT_FALSE(a.isUnique());
    EXPECT_EQ(a.header()->refs, 2u);
    Value c = std::move(b);
    EXPECT_EQ(a.header()->refs, 2u);
    EXPECT_TRUE(b.isNull()); // NOLINT: a moved value is null by contract
    EXPECT_TRUE(c.sameObject(a));
  }
  EXPECT_TRUE(a.isUnique());
}

TEST_F(ValueTest, AssignmentToItselfKeepsTheObject) {
  Value a = list({i(1)});
  Value &alias = a;
  a = alias;
  EXPECT_TRUE(a.isUnique());
  EXPECT_EQ(kindText(a), "ArrayList [1]");
}

TEST_F(ValueTest, AssigningAChildToItsParentIsSafe) {
  Value a = list({list({i(7)})});
  a = Value(a.list()->data[0]);
  EXPECT_EQ(kindText(a), "ArrayList [7]");
  a = a.list()->data[0];
  EXPECT_EQ(kindText(a), "Int 7");
}

TEST_F(ValueTest, LastReferenceFreesTheObject) {
  const uint64_t before = heap.stats().bytesInUse;
  {
    Value text = s("some text that is counted");
    EXPECT_GT(heap.stats().bytesInUse, before);
  }
  EXPECT_EQ(heap.stats().bytesInUse, before);
}

TEST_F(ValueTest, BorrowedStringsOwnNothing) {
  const uint64_t before = heap.stats().bytesInUse;
  Value text = Value::borrowed("outside");
  EXPECT_FALSE(text.isCounted());
  EXPECT_FALSE(text.isUnique());
  EXPECT_EQ(text.text(), "outside");
  EXPECT_EQ(heap.stats().bytesInUse, before);
}

TEST_F(ValueTest, AsciiIsRememberedOncePerValue) {
  Value text = s("plain");
  EXPECT_EQ(text.ascii(), Ascii::Unknown);
  EXPECT_TRUE(textIsAscii(text));
  EXPECT_EQ(text.ascii(), Ascii::Yes);
  EXPECT_TRUE(text.isCounted());
  Value other = s("gr\xC3\xBC\xC3\x9F");
  EXPECT_FALSE(textIsAscii(other));
  EXPECT_EQ(other.ascii(), Ascii::No);
}

} // namespace
} // namespace branchline::runtime
