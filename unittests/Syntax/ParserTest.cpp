// What the tree holds that its dump does not show: values, ranges and tokens of nodes, ownership.
#include "SyntaxTestSupport.h"

#include <cmath>
#include <limits>

namespace {

using namespace branchline;
using namespace branchline::syntax;

const NumberLiteral &number(const Parsed &parsed) { return cast<NumberLiteral>(parsed.output()); }

TEST(Parser, IntegersAreExactUpTo64Bits) {
  Parsed small("OUTPUT 007"), large("OUTPUT 9223372036854775807"),
      big("OUTPUT 09223372036854775808");
  EXPECT_EQ(number(small).numberKind, NumberKind::Int);
  EXPECT_EQ(number(small).intValue, 7);
  EXPECT_EQ(number(large).intValue, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(number(big).numberKind, NumberKind::Big);
  EXPECT_EQ(number(big).text, "9223372036854775808"); // digits without leading zeros
}

TEST(Parser, FractionsAndExponentsAreFloats) {
  auto value = [](const char *text) {
    Parsed parsed(std::string("OUTPUT ") + text);
    EXPECT_EQ(number(parsed).numberKind, NumberKind::Float) << text;
    return number(parsed).floatValue;
  };
  EXPECT_EQ(value("1.5"), 1.5);
  EXPECT_EQ(value("1e5"), 100000.0);
  EXPECT_EQ(value("007e1"), 70.0);
  EXPECT_EQ(value("00.25"), 0.25);
  EXPECT_EQ(value("2.5E-3"), 0.0025);
  EXPECT_EQ(value("4.9e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(value("1e-400"), 0.0);
  EXPECT_EQ(value("1e400"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(value("1e99999999999999999999"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(value("0e99999999999999999999"), 0.0);
}

TEST(Parser, RetriesAndBackoffAreNumbers) {
  auto handler = [](std::string tail) {
    Parsed parsed("TRY 1 CATCH(e) " + tail + " -> 2");
    EXPECT_EQ(parsed.codes(), Codes{}) << tail;
    CatchClause clause = cast<TryExpr>(*parsed.statements()[0]).handler;
    return std::pair(clause.retries, clause.backoffMs);
  };
  using Pair = std::pair<uint32_t, uint64_t>;
  EXPECT_EQ(handler(""), Pair(0, 0));
  EXPECT_EQ(handler("RETRY 3 TIMES"), Pair(3, 0));
  EXPECT_EQ(handler("RETRY 2147483647 TIMES BACKOFF 200"), Pair(2147483647, 200));
  EXPECT_EQ(handler("RETRY 1 TIMES BACKOFF 200ms"), Pair(1, 200));
  EXPECT_EQ(handler("RETRY 1 TIMES BACKOFF 5s"), Pair(1, 5000));
  EXPECT_EQ(handler("RETRY 1 TIMES BACKOFF \"2m\""), Pair(1, 120000));
  EXPECT_EQ(handler("RETRY 1 TIMES BACKOFF \"18446744073709551615\""),
            Pair(1, std::numeric_limits<uint64_t>::max()));
}

TEST(Parser, MalformedBackoffsAreErrors) {
  for (const char *text :
       {"\"\"", "\"ms\"", "\"-5ms\"", "\"5 ms\"", "\"1.5s\"", "\"5h\"", "\"5MS\"", "1.5", "1e3",
        "5h", "\"18446744073709551616\"", "\"18446744073709551615s\"", "-5", "x"})
    EXPECT_EQ(Parsed(std::string("OUTPUT TRY 1 CATCH(e) RETRY 1 TIMES BACKOFF ") + text + " -> 2")
                  .codes(),
              (Codes{1120}))
        << text;
}

TEST(Parser, RangesCoverNodesAndTokensPointAtOperators) {
  Parsed parsed("OUTPUT (a.b + f(1)) * -c?.[k]");
  const auto &product = cast<Binary>(parsed.output());
  EXPECT_EQ(parsed.textOf(product.token), "*");
  const auto &sum = cast<Binary>(*product.left);
  EXPECT_EQ(parsed.textOf(sum.range), "a.b + f(1)"); // parentheses leave no node
  EXPECT_EQ(parsed.textOf(sum.left->token), "b");    // the last step of a path
  EXPECT_EQ(parsed.textOf(sum.right->token), "(");
  EXPECT_EQ(parsed.textOf(sum.right->range), "f(1)");
  const auto &minus = cast<Unary>(*product.right);
  EXPECT_EQ(parsed.textOf(minus.range), "-c?.[k]");
  EXPECT_EQ(parsed.textOf(minus.operand->token), "k"); // of the key expression
}

TEST(Parser, TokensOfStatements) {
  Parsed parsed("LET a = 1\nMODIFY a { b: 1 }\nr[1] = 2\nFOR x IN y { }\na.b");
  auto token = [&](size_t i) { return parsed.textOf(parsed.statements()[i]->token); };
  EXPECT_EQ(token(0), "a");
  EXPECT_EQ(token(1), "{");
  EXPECT_EQ(token(2), "r");
  EXPECT_EQ(token(3), "FOR");
  EXPECT_EQ(token(4), "a");
  EXPECT_EQ(parsed.textOf(parsed.statements()[1]->range), "MODIFY a { b: 1 }");
}

TEST(Parser, ImplicitTransformsCoverTheirStatements) {
  Parsed parsed("FUNC f() = 1\nLET a = 2;\nTYPE T = any\nOUTPUT a\n");
  ASSERT_EQ(parsed.program->decls.size(), 3u);
  const auto &transform = cast<Transform>(*parsed.program->decls[2]);
  EXPECT_TRUE(transform.implicit);
  EXPECT_EQ(transform.name.text, "");
  EXPECT_EQ(transform.body->statements.size(), 2u);
  EXPECT_EQ(parsed.textOf(transform.range), "LET a = 2;\nTYPE T = any\nOUTPUT a");
}

TEST(Parser, FilesWithoutStatementsHaveNoTransform) {
  EXPECT_TRUE(Parsed("").program->decls.empty());
  EXPECT_TRUE(Parsed(" // c\n").program->decls.empty());
  EXPECT_EQ(Parsed("FUNC f() = 1").program->decls.size(), 1u);
}

TEST(Parser, TheTreeOutlivesTheSource) {
  std::unique_ptr<Program> program;
  {
    DiagnosticSink sink;
    SourceText source("t.bl", "LET name = \"te\\u0078t\"");
    program = parse(source, sink);
  }
  const auto &let = cast<Let>(*cast<Transform>(*program->decls[0]).body->statements[0]);
  EXPECT_EQ(let.name.text, "name");
  EXPECT_EQ(cast<StringLiteral>(*let.value).value, "text");
}

TEST(Parser, NewlinesEndStatementsOnlyWhereRulesSay) {
  EXPECT_EQ(Parsed("LET a = 1\n+ 2\n(3)").statements().size(), 1u);
  EXPECT_EQ(Parsed("LET a = 1;\n(3)").statements().size(), 2u);
  EXPECT_EQ(Parsed("LET a = 1\n;LET b = 2").statements().size(), 2u);
  EXPECT_EQ(Parsed("RETURN\n1").statements().size(), 2u);
  EXPECT_EQ(Parsed("RETURN 1\n+ 2").statements().size(), 1u);
  EXPECT_EQ(Parsed("OUTPUT a OUTPUT b").statements().size(), 2u);
  EXPECT_EQ(Parsed("TRY a CATCH(e) -> ABORT x;;").codes(), Codes{});
  EXPECT_EQ(Parsed("LET a = 1\r LET b = 2").codes(), (Codes{1106}));
  EXPECT_EQ(Parsed("LET a = \"x\\\ny\" LET b = 6").codes(), (Codes{1106}));
}

TEST(Parser, ThrowIsAStatementOnlyBeforeAnOperand) {
  auto kind = [](const char *text) { return Parsed(text).statements()[0]->kind; };
  EXPECT_EQ(kind("THROW \"x\""), StmtKind::Throw);
  EXPECT_EQ(kind("THROW { a: 1 }"), StmtKind::Throw);
  EXPECT_EQ(kind("THROW IF a THEN b ELSE c"), StmtKind::Throw);
  EXPECT_EQ(kind("THROW x"), StmtKind::Throw);
  EXPECT_EQ(kind("THROW\nx"), StmtKind::ExprStmt);
  EXPECT_EQ(kind("THROW (x)"), StmtKind::ExprStmt);
  EXPECT_EQ(kind("THROW[x]"), StmtKind::ExprStmt);
  EXPECT_EQ(kind("THROW.x"), StmtKind::ExprStmt);
  EXPECT_EQ(kind("THROW + x"), StmtKind::ExprStmt);
  EXPECT_EQ(kind("THROW[x] = 1"), StmtKind::SharedWrite);
}

TEST(Parser, TryTellsBlocksFromObjects) {
  auto kind = [](const char *text) { return Parsed(text).statements()[0]->kind; };
  for (const char *object :
       {"TRY {} CATCH(e) -> 0", "TRY { a: 1 } CATCH(e) -> 0", "TRY { \"a\": 1 } CATCH(e) -> 0",
        "TRY { 1: 1 } CATCH(e) -> 0", "TRY { [\"k\"]: 1 } CATCH(e) -> 0"})
    EXPECT_EQ(kind(object), StmtKind::TryExpr) << object;
  for (const char *block :
       {"TRY { a } CATCH(e) { }", "TRY { \"a\"\n b } CATCH(e) { }", "TRY { 5 } CATCH(e: any) { }",
        "TRY { LET a = 1 } CATCH(e) RETRY 1 TIMES { };"})
    EXPECT_EQ(kind(block), StmtKind::TryBlock) << block;
}

TEST(Parser, LambdasInConditionsOfComprehensions) {
  // A parenthesis at the condition's own level is never a lambda (E4) …
  Parsed plain("OUTPUT [FOR (x IN xs) IF (x) => x]");
  ASSERT_EQ(plain.codes(), Codes{});
  EXPECT_EQ(cast<Comprehension>(plain.output()).where->kind, ExprKind::Identifier);
  // … inside of an argument list the arrow can belong to nothing else.
  EXPECT_EQ(Parsed("OUTPUT [FOR (x IN xs) IF SOME(x, (y) -> y > 1) => (z) => z]").codes(), Codes{});
  EXPECT_EQ(Parsed("OUTPUT [FOR (x IN xs) IF x -> x]").codes(), (Codes{1101}));
}

TEST(Parser, DivisionIsFoundOnItsLine) {
  SourceText source("t.bl", "LET a = 5 // five\nLET b = \"//\" + c // d");
  auto at = findDivisionOnLine(source, 13);
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(at->begin, 10u);
  EXPECT_FALSE(findDivisionOnLine(source, 4).has_value());
  EXPECT_EQ(findDivisionOnLine(source, 38)->begin, 35u); // not the one in the string
  EXPECT_FALSE(findDivisionOnLine(source, 30).has_value());
  EXPECT_EQ(findDivisionOnLine(source, 5000)->begin, 35u); // behind the end is the end
}

} // namespace
