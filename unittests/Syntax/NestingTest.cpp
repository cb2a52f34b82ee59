// Nesting is limited and everything else is not (D14): deep trees are accepted up to the limit, an
// ordinary error follows beyond it, and long chains and lists have no limit.
#include "SyntaxTestSupport.h"

namespace {

using namespace branchline;
using namespace branchline::syntax;

std::string repeat(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

struct Shape {
  const char *name;
  std::string_view open, core, close;
};

class Nesting : public testing::TestWithParam<Shape> {
protected:
  static Parsed nested(size_t levels) {
    const Shape &shape = GetParam();
    return Parsed("OUTPUT 0\nLET v = () -> {\n" + repeat(shape.open, levels) +
                  std::string(shape.core) + repeat(shape.close, levels) + "\n}");
  }
};

TEST_P(Nesting, AThousandLevelsAreAccepted) { EXPECT_EQ(nested(1000).codes(), Codes{}); }

TEST_P(Nesting, TooManyAreOneError) {
  EXPECT_EQ(nested(kMaxNesting + 1).codes(), (Codes{1125}));
  EXPECT_EQ(nested(100000).codes(), (Codes{1125}));
}

TEST_P(Nesting, UnclosedLevelsAreErrorsToo) {
  const Shape &shape = GetParam();
  Parsed parsed(repeat(shape.open, 100000));
  EXPECT_TRUE(parsed.sink.hasErrors());
  EXPECT_LE(parsed.sink.errorCount(), kMaxSyntaxErrors + 1);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Nesting,
    testing::Values(Shape{"Parens", "(", "1", ")"}, Shape{"Lists", "[", "1", "]"},
                    Shape{"Objects", "{a: ", "1", "}"}, Shape{"Minus", "- ", "1", ""},
                    Shape{"Not", "!", "1", ""}, Shape{"Suspend", "SUSPEND ", "1", ""},
                    Shape{"Calls", "f(", "1", ")"}, Shape{"Indices", "a[", "1", "]"},
                    Shape{"Blocks", "IF a { ", "b", " }"},
                    Shape{"Loops", "FOR a IN b { ", "c", " }"},
                    Shape{"BlockLambdas", "() -> { RETURN ", "1", " }"},
                    Shape{"Lambdas", "() -> ", "1", ""},
                    Shape{"Conditionals", "(IF a THEN b ELSE ", "1", ")"},
                    Shape{"Cases", "CASE { WHEN a THEN ", "1", " ELSE 0 }"},
                    Shape{"Comprehensions", "[a FOR EACH a IN ", "b", "]"}),
    [](const auto &shape) { return shape.param.name; });

TEST(NestingLimit, CallsOfCallsNest) {
  EXPECT_EQ(Parsed("OUTPUT f" + repeat("()", 1000)).codes(), Codes{});
  EXPECT_EQ(Parsed("OUTPUT f" + repeat("()", 100000)).codes(), (Codes{1125}));
  // Chains inside of arguments inside of chains: the depths add up.
  EXPECT_EQ(
      Parsed("OUTPUT " + repeat("f(", 200) + "1" + repeat(")()()()()()()()()()()", 200)).codes(),
      (Codes{1125}));
}

TEST(NestingLimit, ElseIfChainsAndTypesNest) {
  EXPECT_EQ(Parsed("IF a { }" + repeat(" ELSE IF a { }", 1000)).codes(), Codes{});
  EXPECT_EQ(Parsed("IF a { }" + repeat(" ELSE IF a { }", 100000)).codes(), (Codes{1125}));
  EXPECT_EQ(Parsed("TYPE T = " + repeat("[", 1000) + "any" + repeat("]", 1000)).codes(), Codes{});
  EXPECT_EQ(Parsed("TYPE T = " + repeat("{a: set<", 100000) + "any" + repeat(">}", 100000)).codes(),
            (Codes{1125}));
}

TEST(NestingLimit, ChainsAndListsDoNot) {
  EXPECT_EQ(Parsed("OUTPUT 1" + repeat(" + 1", 100000)).codes(), Codes{});
  EXPECT_EQ(Parsed("OUTPUT a" + repeat(" ?? a.b * 2", 100000)).codes(), Codes{});
  EXPECT_EQ(Parsed("OUTPUT a" + repeat(".b[0]", 100000)).codes(), Codes{});
  EXPECT_EQ(Parsed("OUTPUT [" + repeat("1,", 100000) + "]").codes(), Codes{});
  EXPECT_EQ(Parsed(repeat("LET a = 1\n", 100000)).codes(), Codes{});
  EXPECT_EQ(Parsed("TYPE T = a" + repeat(" | a", 100000)).codes(), Codes{});
}

} // namespace
