// Dumps: escapes in texts, names in backticks, and that long chains stay printable.
#include "SyntaxTestSupport.h"

#include "branchline/Syntax/Printer.h"

namespace {

using namespace branchline;
using namespace branchline::syntax;

std::string tokens(std::string text) {
  SourceText source("t.bl", std::move(text));
  DiagnosticSink sink;
  return printTokens(source, sink);
}

TEST(Printer, TokensShowPlacesKindsAndValues) {
  EXPECT_EQ(tokens("LET `a b` =\n  \"x\\n\""), "1:1 LET LET\n"
                                               "1:5 IDENTIFIER \"a b\"\n"
                                               "1:11 ASSIGN =\n"
                                               "2:3 STRING \"x\\n\"\n"
                                               "2:8 EOF\n");
}

TEST(Printer, ColumnsCountUtf16Units) {
  EXPECT_EQ(tokens("𝒳 a"), "1:1 IDENTIFIER \"𝒳\"\n1:4 IDENTIFIER \"a\"\n1:5 EOF\n");
}

TEST(Printer, UnpairedSurrogatesArePrintedAsEscapes) {
  EXPECT_EQ(tokens("\"\\uD83D\\u0001\""), "1:1 STRING \"\\ud83d\\u0001\"\n1:15 EOF\n");
}

TEST(Printer, LeftSpinesPrintOutermostFirst) {
  Parsed parsed("OUTPUT 1 - 2 * 3 - 4");
  EXPECT_EQ(printAst(*parsed.program, parsed.source), "program\n"
                                                      "  transform implicit @1:1\n"
                                                      "    body @1:1\n"
                                                      "      output @1:1\n"
                                                      "        binary - @1:18\n"
                                                      "          binary - @1:10\n"
                                                      "            number int 1 @1:8\n"
                                                      "            binary * @1:14\n"
                                                      "              number int 2 @1:12\n"
                                                      "              number int 3 @1:16\n"
                                                      "          number int 4 @1:20\n");
}

TEST(Printer, LongChainsStayLinear) {
  std::string text = "OUTPUT 1";
  for (int i = 0; i < 100000; ++i)
    text += " + 1";
  Parsed parsed(text);
  std::string dump = printAst(*parsed.program, parsed.source);
  EXPECT_LT(dump.size(), size_t(200003) * 160);
  EXPECT_NE(dump.find("@1:400006\n"), std::string::npos);
}

TEST(Printer, DumpsDoNotDependOnTheOrderOfPlaces) {
  // The spine goes right to left; places are found relative to the last one asked for.
  Parsed parsed("OUTPUT é +\n 😀x" + std::string() + "");
  EXPECT_TRUE(parsed.sink.hasErrors());
  Parsed fine("OUTPUT é +\n  é +\n é");
  std::string dump = printAst(*fine.program, fine.source);
  EXPECT_NE(dump.find("binary + @2:5\n"), std::string::npos);
  EXPECT_NE(dump.find("identifier é @1:8\n"), std::string::npos);
  EXPECT_NE(dump.find("identifier é @3:2\n"), std::string::npos);
}

} // namespace
