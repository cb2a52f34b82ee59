// Text forms and class names.
#include "RuntimeFixture.h"

#include "branchline/Support/StackThread.h"

namespace branchline::runtime {
namespace {

class OpsTextTest : public RuntimeFixture {};

TEST_F(OpsTextTest, ClassNamesAndTexts) { // D6, R2.6
  const std::pair<Value, const char *> cases[] = {
      {null(), "Null null"},
      {yes(), "Boolean true"},
      {no(), "Boolean false"},
      {i(-7), "Int -7"},
      {f(1), "Double 1.0"},
      {f(1e7), "Double 1.0E7"},
      {s("te\"xt"), "String te\"xt"},
      {big("123456789012345678901234567890"), "BigInteger 123456789012345678901234567890"},
      {dec("123.4500"), "BigDecimal 123.4500"},
      {dec("1e3"), "BigDecimal 1E+3"},
      {heap.bytes("ab"), "Bytes <bytes>"},
      {list({i(1), s("a"), null(), list({})}), "ArrayList [1, a, null, []]"},
      {object({{s("a"), i(1)}, {i(2), object({})}}), "LinkedHashMap {a=1, 2={}}"},
      {set({i(1), i(2)}), "Set [1, 2]"},
      {heap.function(nullptr, 0, {}), "Function <function>"},
      {heap.sequence(i(1)), "Sequence <sequence>"},
      {heap.handle("cache"), "SharedResourceHandle SharedResourceHandle(name=cache)"},
  };
  for (const auto &[value, text] : cases) {
    EXPECT_EQ(kindText(value), text);
    EXPECT_EQ(kindName(value), className(value));
    Result<Value> made = textOf(heap, value);
    ASSERT_TRUE(made);
    EXPECT_EQ(std::string(className(value)) + " " + std::string(made->text()), text);
  }
}

TEST_F(OpsTextTest, TextOfAStringIsTheString) {
  Value text = s("same");
  EXPECT_TRUE(textOf(heap, text)->sameObject(text));
}

TEST_F(OpsTextTest, AppendingJoinsSurrogates) {
  std::string out = "x\xED\xA0\xBD";
  EXPECT_TRUE(appendText(out, s("\xED\xB8\x80")));
  EXPECT_EQ(out, "x\xF0\x9F\x98\x80");
}

TEST_F(OpsTextTest, NestingHasALimit) {
  const bool ran = runOnStack(kLargeStack, [this] {
    const std::string limit = "LimitExceeded: value nesting limit of 10000 exceeded";
    std::string out;
    EXPECT_EQ(show(appendText(out, nested(10'000))), "ok");
    EXPECT_EQ(out.size(), 20'000u);
    EXPECT_EQ(show(appendText(out, nested(10'001))), limit);
    EXPECT_EQ(show(textOf(heap, nested(1'000'000))), limit);
    Value objects = null();
    for (int k = 0; k < 20'000; ++k)
      objects = object({{Value::borrowed("o"), objects}});
    EXPECT_EQ(show(textOf(heap, objects)), limit);
  });
  EXPECT_TRUE(ran);
}

TEST_F(OpsTextTest, TextsHonourTheMemoryLimit) {
  Value text = s(std::string(100'000, 'x'));
  Value items = list({text, text, text, text});
  heap.setMemoryLimit(300'000);
  EXPECT_EQ(show(textOf(heap, items)), "LimitExceeded: memory limit of 300000 bytes exceeded");
}

TEST_F(OpsTextTest, RowsOfTrapsGiveTypeAndMessage) {
  const Trap trap = makeTrap<TrapId::IndexOutOfBounds>(5, 1);
  EXPECT_EQ(error(trap), "IllegalArgumentException: Index 5 out of bounds 0..1");
  EXPECT_TRUE(trap.catchable());
  EXPECT_FALSE(makeTrap<TrapId::MemoryLimit>(7).catchable());
  EXPECT_EQ(kindText(errorObject(heap, trap)),
            "LinkedHashMap {message=Index 5 out of bounds 0..1, type=IllegalArgumentException}");
}

TEST_F(OpsTextTest, ThrownValuesGiveMessageAndType) { // E9
  auto thrown = [this](const Value &value) {
    return kindText(errorObject(heap, makeThrown(value))).substr(14);
  };
  EXPECT_EQ(thrown(s("boom")), "{message=boom, type=Thrown, value=boom}");
  EXPECT_EQ(thrown(i(5)), "{message=5, type=Thrown, value=5}");
  EXPECT_EQ(thrown(object({{s("message"), s("m")}, {s("type"), s("T")}})),
            "{message=m, type=T, value={message=m, type=T}}");
  EXPECT_EQ(thrown(object({{s("message"), s("m")}, {s("code"), i(3)}})),
            "{message=m, type=Thrown, value={message=m, code=3}}");
  EXPECT_EQ(thrown(object({{s("code"), i(3)}})), "{message={code=3}, type=Thrown, value={code=3}}");
}

} // namespace
} // namespace branchline::runtime
