// Diagnostics: counting, order, and the text of one with caret, fix-its and notes (D42).
#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/Utf8.h"

#include <gtest/gtest.h>

namespace {

using namespace branchline;

Diagnostic makeError(SourceRange range, std::string message) {
  Diagnostic diagnostic;
  diagnostic.code = 1234;
  diagnostic.message = std::move(message);
  diagnostic.range = range;
  return diagnostic;
}

TEST(Diagnostic, CodesHaveFourDigits) {
  EXPECT_EQ(codeText(7), "BL0007");
  EXPECT_EQ(codeText(1106), "BL1106");
}

TEST(Diagnostic, OnlyErrorsCount) {
  DiagnosticSink sink;
  Diagnostic warning = makeError({0, 1}, "w");
  warning.severity = Severity::Warning;
  sink.report(warning);
  EXPECT_FALSE(sink.hasErrors());
  sink.report(makeError({0, 1}, "e"));
  EXPECT_EQ(sink.errorCount(), 1u);
  EXPECT_EQ(sink.all().size(), 2u);
}

TEST(Diagnostic, SortingIsStable) {
  DiagnosticSink sink;
  sink.report(makeError({5, 6}, "c"));
  sink.report(makeError({1, 2}, "a"));
  sink.report(makeError({1, 9}, "b"));
  sink.sortByOffset();
  EXPECT_EQ(sink.all()[0].message, "a");
  EXPECT_EQ(sink.all()[1].message, "b");
  EXPECT_EQ(sink.all()[2].message, "c");
}

TEST(Diagnostic, RendersTheLineAndTheRange) {
  SourceText source("f.bl", "one\nLET a = 1\n");
  EXPECT_EQ(renderDiagnostic(source, makeError({8, 9}, "found `a`")),
            "f.bl:2:5: error: found `a` [BL1234]\n"
            "    2 | LET a = 1\n"
            "      |     ^\n");
  EXPECT_EQ(renderSnippet(source, {4, 7}), "    2 | LET a = 1\n"
                                           "      | ^~~\n");
}

TEST(Diagnostic, CaretsStayUnderTabsAndWideCharacters) {
  SourceText source("f.bl", "\té😀x");
  std::string snippet = renderSnippet(source, {7, 8});
  EXPECT_EQ(snippet, "    1 | \té😀x\n      | \t  ^\n");
  EXPECT_EQ(renderDiagnostic(source, makeError({7, 8}, "m")).substr(0, 9), "f.bl:1:5:");
}

TEST(Diagnostic, RangesAreCutAtTheEndOfTheLine) {
  SourceText source("f.bl", "abc\ndef");
  EXPECT_EQ(renderSnippet(source, {1, 7}), "    1 | abc\n      |  ^~\n");
}

TEST(Diagnostic, LongLinesAreCutAroundThePlace) {
  std::string line = std::string(500, 'a') + "X" + std::string(500, 'b');
  SourceText source("t.bl", line);
  EXPECT_EQ(renderSnippet(source, {500, 501}),
            "    1 | ... " + std::string(80, 'a') + "X" + std::string(79, 'b') + " ...\n" +
                "      |     " + std::string(80, ' ') + "^\n");
}

TEST(Diagnostic, LongLinesAreNotCutInsideACharacter) {
  std::string line;
  for (int i = 0; i < 200; ++i)
    line += "\u00e9\u20ac";
  SourceText source("t.bl", line);
  std::string snippet = renderSnippet(source, {400, 402});
  EXPECT_EQ(utf8::findInvalid(snippet), std::string_view::npos);
}

TEST(Diagnostic, AnEmptyLineHasNoSnippet) {
  SourceText source("f.bl", "");
  EXPECT_EQ(renderDiagnostic(source, makeError({0, 0}, "nothing here")),
            "f.bl:1:1: error: nothing here [BL1234]\n");
}

TEST(Diagnostic, RendersFixItsAndNotes) {
  SourceText source("f.bl", "a = 1");
  Diagnostic diagnostic = makeError({2, 3}, "m");
  diagnostic.fixIt({0, 0}, "SET ").fixIt({2, 3}, "").fixIt({2, 3}, "==");
  diagnostic.note("general").note("here", {0, 1});
  EXPECT_EQ(renderDiagnostic(source, diagnostic), "f.bl:1:3: error: m [BL1234]\n"
                                                  "    1 | a = 1\n"
                                                  "      |   ^\n"
                                                  "f.bl:1:1: fix: insert `SET `\n"
                                                  "f.bl:1:3: fix: remove `=`\n"
                                                  "f.bl:1:3: fix: write `==`\n"
                                                  "note: general\n"
                                                  "f.bl:1:1: note: here\n"
                                                  "    1 | a = 1\n"
                                                  "      | ^\n");
}

} // namespace
