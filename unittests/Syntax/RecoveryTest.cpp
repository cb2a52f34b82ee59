// Several independent errors in one run, and no echoes of one error (D15).
#include "SyntaxTestSupport.h"

namespace {

using namespace branchline;
using namespace branchline::syntax;

TEST(Recovery, EveryBrokenStatementIsReportedOnce) {
  Parsed parsed("LET a = )\nLET b = 1\nLET = 2\nOUTPUT [1,,2]\nSET f() = 1\nOUTPUT b");
  EXPECT_EQ(parsed.codes(), (Codes{1104, 1102, 1127, 1114}));
  EXPECT_EQ(parsed.statements().size(), 2u); // the good ones
}

TEST(Recovery, TheRestOfABrokenStatementIsSilent) {
  for (const char *text :
       {"LET a = IF x THEN { 1 } ELSE (2 + }\n{ b: [1 2 3] }", "FOR EACH x OF [1] {\n  LET q =\n}",
        "OUTPUT { a: 1 +, b: 2,\n  c: 3,\n  d: 4 }", "LET a = f(1 2 3,\n  g(x),\n  h)",
        "IF a = = b THEN {\n  OUTPUT 1\n} ELSE {\n  OUTPUT 2\n}",
        "LET a = CASE { WHEN x 1 ELSE 2 }", "TRY { LET a = 1 }\nOUTPUT 1", "a b c d e f",
        "LET x = a.if.then.else", "SET x y z"})
    EXPECT_EQ(Parsed(std::string(text) + "\nOUTPUT 0").sink.errorCount(), 1u) << text;
}

TEST(Recovery, BodiesAreCheckedAfterBrokenHeaders) {
  Parsed parsed("TRANSFORM T(a: any,) -> any { OUTPUT { v: } }\n"
                "TRANSFORM U(a -> any { LET = 1 }\n"
                "TRANSFORM V OPTIONS { mode: x } { OUTPUT ) }\n"
                "TRANSFORM W { OUTPUT 1 }");
  EXPECT_EQ(parsed.codes(), (Codes{1128, 1104, 1101, 1102, 1133, 1104}));
}

TEST(Recovery, AnUnclosedBlockDoesNotSwallowTheNextDeclaration) {
  Parsed parsed("TRANSFORM A {\n  IF x {\n    LET a = 1\n}\nTRANSFORM B {\n  OUTPUT (1\n}\n");
  EXPECT_EQ(parsed.codes(), (Codes{1129, 1108}));
  ASSERT_EQ(parsed.sink.all()[0].notes.size(), 1u);
  EXPECT_EQ(parsed.sink.all()[0].notes[0].range.begin, 12u); // the brace of A
  EXPECT_EQ(parsed.program->decls.size(), 2u);
}

TEST(Recovery, DeclarationsInClosedBlocksAreStillChecked) {
  EXPECT_EQ(Parsed("TRANSFORM T {\n  FUNC f(a) = )\n  OUTPUT 1\n}").codes(), (Codes{1129, 1104}));
}

TEST(Recovery, CutOffStatementsEndAtTheNextKeyword) {
  EXPECT_EQ(Parsed("LET a =\nLET b = [1, 2\nLET c = 3\nFUNC f(x) = x +\nTYPE T = any").codes(),
            (Codes{1104, 1108, 1104}));
}

TEST(Recovery, MissingTerminatorsDoNotLoseStatements) {
  Parsed parsed("LET a = 1 LET b = 2 OUTPUT a");
  EXPECT_EQ(parsed.codes(), (Codes{1106, 1106}));
  EXPECT_EQ(parsed.statements().size(), 3u);
}

TEST(Recovery, LinesWithLexicalErrorsHaveNoSyntaxErrors) {
  EXPECT_EQ(Parsed("LET a = 1 ^ 2\nLET b = 'x' y\nLET c = )").codes(), (Codes{1002, 1011, 1104}));
}

TEST(Recovery, NothingFollowsAnUnterminatedComment) {
  EXPECT_EQ(Parsed("LET a = )\nTRANSFORM T { /* x").codes(), (Codes{1004}));
}

TEST(Recovery, ForgottenCommasAreInserted) {
  Parsed parsed("OUTPUT { a: 1\n  b: 2; c: 3 d: 4 }");
  EXPECT_EQ(parsed.codes(), (Codes{1101, 1101, 1101}));
  ASSERT_EQ(parsed.sink.all()[0].fixIts.size(), 1u);
  EXPECT_EQ(parsed.sink.all()[0].fixIts[0].range.begin, 13u);
  EXPECT_EQ(parsed.sink.all()[0].fixIts[0].replacement, ",");
  EXPECT_EQ(cast<ObjectLiteral>(parsed.output()).fields.size(), 4u);
}

TEST(Recovery, StatementsBesideATransformAreOneErrorEach) {
  EXPECT_EQ(Parsed("LET a = 1\nLET b = 2\nTRANSFORM T { OUTPUT 1 }\nOUTPUT 2\n").codes(),
            (Codes{1110, 1110}));
  // The keyword does not start a line here, so it is met only after the statement.
  EXPECT_EQ(Parsed("LET a = 1 TRANSFORM T { OUTPUT 1 }").codes(), (Codes{1106, 1110}));
}

TEST(Recovery, ReportingStopsAtALimit) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "LET = 1\n";
  Parsed parsed(text);
  EXPECT_EQ(parsed.sink.errorCount(), kMaxSyntaxErrors + 1);
  EXPECT_EQ(parsed.sink.all().back().code, 1139);
}

} // namespace
