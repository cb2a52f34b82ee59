// The lexer's decisions: `//`, numbers, strings, names, lines, the start of a file, invalid text.
#include "SyntaxTestSupport.h"

namespace {

using namespace branchline;
using namespace branchline::syntax;
using Kinds = std::vector<TokenKind>;
using enum TokenKind;

std::string joined(const Lexed &lexed) {
  std::string out;
  for (const Token &token : lexed.tokens)
    if (token.kind != EndOfFile)
      (out += out.empty() ? "" : " ").append(token.text);
  return out;
}

// --- `//` (R1.2.2) ---

TEST(Lexer, SlashesDivideAfterWhatEndsAnOperand) {
  for (const char *text : {"9 // 2", "a//b", "f() // b", "x[1] \t// b", "\"s\" // b", "_ // b",
                           "$ // b", "é // b", "if // b", "𝒳 // b", "a\r // b"}) {
    Lexed lexed(text);
    Kinds kinds = lexed.kinds();
    EXPECT_NE(std::find(kinds.begin(), kinds.end(), SlashSlash), kinds.end()) << text;
  }
}

TEST(Lexer, SlashesCommentElsewhere) {
  for (const char *text : {"// b", "\n// b", "; // b", "} // b", "`a b` // b", "1 /* c */ // b",
                           "a\n  // b", ", // b", "€"}) {
    Lexed lexed(text);
    Kinds kinds = lexed.kinds();
    EXPECT_EQ(std::find(kinds.begin(), kinds.end(), SlashSlash), kinds.end()) << text;
  }
}

TEST(Lexer, SlashSlashIsLookedAtBeforeSlashStar) {
  EXPECT_EQ(Lexed("//* x").kinds(), (Kinds{EndOfFile}));
  EXPECT_EQ(Lexed("8 /// 2").kinds(), (Kinds{Number, SlashSlash, Slash, Number, EndOfFile}));
}

TEST(Lexer, BlockCommentsDoNotNestAndCountLines) {
  Lexed lexed("/* /* \n */ a");
  ASSERT_EQ(lexed.kinds(), (Kinds{Identifier, EndOfFile}));
  EXPECT_EQ(lexed.tokens[0].line, 2u);
  EXPECT_EQ(Lexed("/*/").codes(), (Codes{1004}));
}

// --- Numbers (R1.5, E2) ---

TEST(Lexer, NumbersTakeCompletePartsOnly) {
  EXPECT_EQ(joined(Lexed("1.5")), "1.5");
  EXPECT_EQ(joined(Lexed("1.")), "1 .");
  EXPECT_EQ(joined(Lexed(".5")), ". 5");
  EXPECT_EQ(joined(Lexed("1.2.3")), "1.2 . 3");
  EXPECT_EQ(joined(Lexed("1e5 2E+3 2.5e-3")), "1e5 2E+3 2.5e-3");
  EXPECT_EQ(joined(Lexed("1e")), "1 e");
  EXPECT_EQ(joined(Lexed("1e+")), "1 e +");
  EXPECT_EQ(joined(Lexed("1e5x")), "1e5 x");
  EXPECT_EQ(joined(Lexed("0x1F 1_000")), "0 x1F 1 _000");
  EXPECT_EQ(joined(Lexed("1.e5")), "1 . e5");
}

TEST(Lexer, OtherDigitsAreNoNumbers) {
  EXPECT_EQ(Lexed("١٢").codes(), (Codes{1002})); // one report for the run
  Lexed name("a١");
  EXPECT_EQ(name.kinds(), (Kinds{Identifier, EndOfFile}));
}

// --- Strings (R1.6, D10) ---

std::string value(const std::string &text) {
  Lexed lexed(text);
  EXPECT_TRUE(lexed.codes().empty()) << text;
  return lexed.tokens[0].kind == String ? std::string(lexed.tokens[0].text) : "not a string";
}

TEST(Lexer, StringsDecodeEscapes) {
  EXPECT_EQ(value(R"("a\n\t\r\\\"b")"), "a\n\t\r\\\"b");
  EXPECT_EQ(value(R"("\b\0\/\U\é")"), "b0/Ué");
  EXPECT_EQ(value(R"("\u0041\u00e9\u65E5")"), "Aé日");
}

TEST(Lexer, QuotesAreNotStripped) { EXPECT_EQ(value(R"("\"a\"")"), "\"a\""); }

TEST(Lexer, SurrogateEscapesJoinOrStayAlone) {
  EXPECT_EQ(value(R"("\uD83D\uDE00")"), "😀");
  EXPECT_EQ(value(R"("\uD83Dx")"), "\xED\xA0\xBDx");
  EXPECT_EQ(value(R"("\uDE00\uD83D")"), "\xED\xB8\x80\xED\xA0\xBD");
}

TEST(Lexer, RawTabsReturnsAndZerosAreContent) {
  EXPECT_EQ(value(std::string("\"a\tb\rc\0d\"", 9)), std::string("a\tb\rc\0d", 7));
}

TEST(Lexer, AnEscapedNewlineDoesNotCountAsALine) {
  Lexed lexed("\"a\\\nb\" x\ny");
  EXPECT_EQ(lexed.tokens[0].text, "a\nb");
  EXPECT_EQ(lexed.tokens[1].line, 1u); // the rest of the physical line 2
  EXPECT_EQ(lexed.tokens[2].line, 2u);
}

TEST(Lexer, BrokenStringsStillGiveAToken) {
  EXPECT_EQ(Lexed("\"abc\nLET").kinds(), (Kinds{String, KwLet, EndOfFile}));
  EXPECT_EQ(Lexed("\"abc\nLET").codes(), (Codes{1005}));
  EXPECT_EQ(Lexed("\"abc").codes(), (Codes{1005}));
  EXPECT_EQ(Lexed("\"abc\\").codes(), (Codes{1006}));
  EXPECT_EQ(Lexed("\"\\u12\"").codes(), (Codes{1007}));
  EXPECT_EQ(Lexed("\"\\u12\n").codes(), (Codes{1007}));
  EXPECT_EQ(Lexed("\"\\u").codes(), (Codes{1007}));
  EXPECT_EQ(Lexed("\"\\u12G4\"").codes(), (Codes{1008}));
  EXPECT_EQ(Lexed("\"\\u004１\"").codes(), (Codes{1008})); // full-width digit
  EXPECT_EQ(Lexed("'abc'").codes(), (Codes{1011}));
}

// --- Names (R1.4, D11) ---

TEST(Lexer, NamesTakeLettersOfEveryPlane) {
  EXPECT_EQ(Lexed("é ſet ı 𠀀 Ⅷ _").kinds(), (Kinds{Identifier, Identifier, Identifier, Identifier,
                                                    Identifier, Identifier, EndOfFile}));
  EXPECT_EQ(Lexed("\xCC\x81").codes(), (Codes{1002})); // a mark cannot start
  EXPECT_EQ(Lexed("😀").codes(), (Codes{1002}));
}

TEST(Lexer, BackticksMakeNamesOfAnything) {
  Lexed lexed("`a b\"\\\r$` `LET`");
  ASSERT_EQ(lexed.kinds(), (Kinds{Identifier, Identifier, EndOfFile}));
  EXPECT_EQ(lexed.tokens[0].text, "a b\"\\\r$");
  EXPECT_EQ(lexed.tokens[1].text, "LET");
  EXPECT_EQ(Lexed("``").codes(), (Codes{1010}));
  EXPECT_EQ(Lexed("`ab\n`").codes(), (Codes{1009, 1009}));
}

// --- Punctuation ---

TEST(Lexer, LongestPunctuationWins) {
  EXPECT_EQ(Lexed("???.?.").kinds(), (Kinds{Coalesce, SafeDot, SafeDot, EndOfFile}));
  EXPECT_EQ(Lexed("a?:b").kinds(), (Kinds{Identifier, Question, Colon, Identifier, EndOfFile}));
  EXPECT_EQ(Lexed("+++").kinds(), (Kinds{Concat, Plus, EndOfFile}));
  EXPECT_EQ(Lexed("1->2").kinds(), (Kinds{Number, Arrow, Number, EndOfFile}));
  EXPECT_EQ(Lexed("==>").kinds(), (Kinds{Eq, Gt, EndOfFile}));
  EXPECT_EQ(Lexed("=<").kinds(), (Kinds{Assign, Lt, EndOfFile}));
  EXPECT_EQ(Lexed("!!=").kinds(), (Kinds{Bang, Ne, EndOfFile}));
  EXPECT_EQ(Lexed("||| && &").kinds(), (Kinds{Or, Pipe, And, And, EndOfFile}));
}

// --- Files (D13, R1.1) ---

TEST(Lexer, AFileMayStartWithAMarkAndAScriptLine) {
  EXPECT_EQ(Lexed("\xEF\xBB\xBFLET").kinds(), (Kinds{KwLet, EndOfFile}));
  EXPECT_EQ(Lexed("#!/bin/x\nLET").kinds(), (Kinds{KwLet, EndOfFile}));
  EXPECT_EQ(Lexed("\xEF\xBB\xBF#!x").kinds(), (Kinds{EndOfFile}));
  EXPECT_EQ(Lexed("\n#!x").codes(), (Codes{1002}));
  EXPECT_EQ(Lexed("a\xEF\xBB\xBF").codes(), (Codes{1002})); // only at the start
}

TEST(Lexer, OddBlanksAndControlCharactersAreErrors) {
  for (const std::string &text : {std::string("\f"), std::string("\v"), std::string("\xC2\xA0"),
                                  std::string("\0", 1), std::string("\x1B"), std::string("\x7F")})
    EXPECT_EQ(Lexed(text).codes(), (Codes{1002})) << static_cast<int>(text[0]);
}

TEST(Lexer, InvalidUtf8EndsTheText) {
  Lexed lexed("LET a = \"\xFF\" '");
  EXPECT_EQ(lexed.codes(), (Codes{1001}));
  ASSERT_EQ(lexed.kinds(), (Kinds{EndOfFile}));
  EXPECT_EQ(lexed.sink.all()[0].range.begin, 9u);
}

TEST(Lexer, ReportsSeveralErrorsInOneRun) {
  EXPECT_EQ(Lexed("# \n 'a' & `\n \"x").codes(), (Codes{1002, 1011, 1003, 1009, 1005}));
}

TEST(Lexer, StopsReportingAtALimit) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "# ";
  Lexed lexed(text);
  EXPECT_EQ(lexed.sink.errorCount(), kMaxSyntaxErrors + 1);
  EXPECT_EQ(lexed.sink.all().back().code, 1139);
}

TEST(Lexer, LoneReturnsDoNotEndLines) {
  Lexed lexed("a\rb\r\nc");
  EXPECT_EQ(lexed.tokens[1].line, 1u);
  EXPECT_EQ(lexed.tokens[2].line, 2u);
}

} // namespace
