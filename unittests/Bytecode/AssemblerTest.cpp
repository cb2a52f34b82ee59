// Mistakes in bytecode text: each is found once, at its place, and the next line is read.
#include "Programs.h"

#include "branchline/Lang/Diagnostics.h"

#include <vector>

namespace {

using namespace branchline;
using namespace branchline::bytecode;

/// Line and code of each finding.
std::vector<std::pair<uint32_t, std::string>> findings(std::string text) {
  SourceText source("test", std::move(text));
  DiagnosticSink sink;
  EXPECT_EQ(assemble(source, sink), nullptr);
  std::vector<std::pair<uint32_t, std::string>> found;
  for (const Diagnostic &finding : sink.all())
    found.emplace_back(source.lineColumn(finding.range.begin).line, codeText(finding.code));
  return found;
}

using Findings = std::vector<std::pair<uint32_t, std::string>>;

/// A function around lines 4 and up.
std::string inFunction(std::string_view code) {
  return ".constant 1\n.function @0 func \"f\"\n.registers r0..r2, c3\n" + std::string(code) +
         "\nret.null\n.end\n";
}

TEST(Assembler, Tokens) {
  EXPECT_EQ(findings(".constant 1\n\xFF"), (Findings{{2, "BL5201"}}));
  EXPECT_EQ(findings(".constant $"), (Findings{{1, "BL5202"}}));
  EXPECT_EQ(findings(".constant \"open\n.constant 1"), (Findings{{1, "BL5203"}}));
  EXPECT_EQ(findings(".constant \"\\q\""), (Findings{{1, "BL5204"}}));
  EXPECT_EQ(findings(".constant \"\\u12\""), (Findings{{1, "BL5204"}}));
  EXPECT_EQ(findings(".constant 12x"), (Findings{{1, "BL5205"}}));
  EXPECT_EQ(findings(".constant 007"), (Findings{{1, "BL5205"}}));
  EXPECT_EQ(findings(".constant 9223372036854775808"), (Findings{{1, "BL5205"}}));
  EXPECT_EQ(findings(".constant -nonsense"), (Findings{{1, "BL5205"}}));
  EXPECT_EQ(findings(".transform @ \"T\""), (Findings{{1, "BL5205"}}));
}

TEST(Assembler, WhatIsMissingIsNamed) {
  EXPECT_EQ(findings("ret.null"), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".constant"), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".constant 1 2"), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".import SUM"), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".shared \"s\""), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".layout \"a\""), (Findings{{1, "BL5206"}}));
  EXPECT_EQ(findings(".function @0 func \"f\"\nret.null"), (Findings{{2, "BL5206"}}));
  EXPECT_EQ(findings(inFunction("move r0")), (Findings{{5, "BL5206"}}));
  EXPECT_EQ(findings(inFunction("move r0,\nmove r0 r1")), (Findings{{5, "BL5206"}, {5, "BL5206"}}));
  EXPECT_EQ(findings(inFunction("move r0, 5")), (Findings{{4, "BL5206"}}));
}

TEST(Assembler, UnknownNames) {
  EXPECT_EQ(findings(".nonsense 1"), (Findings{{1, "BL5207"}}));
  EXPECT_EQ(findings(inFunction("nonsense r0")), (Findings{{4, "BL5207"}}));
  EXPECT_EQ(findings(inFunction("br L1")), (Findings{{4, "BL5207"}}));
  EXPECT_EQ(findings(inFunction("raise Nonsense, -, -")), (Findings{{4, "BL5207"}}));
  EXPECT_EQ(findings(inFunction(".version 3")), (Findings{{4, "BL5207"}}));
  EXPECT_EQ(findings(inFunction(".handler L1, L2, L3")),
            (Findings{{4, "BL5207"}, {4, "BL5207"}, {4, "BL5207"}}));
}

TEST(Assembler, Duplicates) {
  EXPECT_EQ(findings(inFunction("L1:\nL1:")), (Findings{{5, "BL5208"}}));
  EXPECT_EQ(findings(".import library SUM\n.import library SUM"), (Findings{{2, "BL5208"}}));
}

TEST(Assembler, Ranges) {
  EXPECT_EQ(findings(".version 1"), (Findings{{1, "BL5209"}}));
  EXPECT_EQ(findings(".function @1 func \"f\"\n.end"), (Findings{{1, "BL5209"}}));
  EXPECT_EQ(findings(inFunction("move r0, r9")), (Findings{{4, "BL5209"}}));
  EXPECT_EQ(findings(inFunction("load.int r0, 2147483648")), (Findings{{4, "BL5209"}}));
  EXPECT_EQ(findings(inFunction("list.new r0, r70000, 1")), (Findings{{4, "BL5209"}}));
  EXPECT_EQ(findings(inFunction(".registers r9")), (Findings{{4, "BL5209"}}));
  EXPECT_EQ(findings(inFunction(".registers i4..i99999")), (Findings{{4, "BL5209"}}));
  EXPECT_EQ(findings(inFunction(".resume r2..r1")), (Findings{{4, "BL5209"}}));
}

TEST(Assembler, ShortJumpsThatAreTooLong) {
  std::string code = "br.eq r0, r1, L1\n";
  for (int i = 0; i < 32'768; ++i)
    code += "load.null r0\n";
  EXPECT_EQ(findings(inFunction(code + "L1:")), (Findings{{4, "BL5209"}}));
}

TEST(Assembler, RegistersAreWrittenAsDeclared) {
  EXPECT_EQ(findings(inFunction("move c0, r1")), (Findings{{4, "BL5210"}}));
  EXPECT_EQ(findings(inFunction("cell.reset r3")), (Findings{{4, "BL5210"}}));
}

TEST(Assembler, ReadsOnAfterAMistake) {
  EXPECT_EQ(findings(inFunction("nonsense\nmove r0, r1\nmove r0\nmove r1, r0")),
            (Findings{{4, "BL5207"}, {7, "BL5206"}}));
}

TEST(Assembler, StopsAfterManyMistakes) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += ".nonsense\n";
  const Findings found = findings(text);
  ASSERT_EQ(found.size(), 51u);
  EXPECT_EQ(found.back().second, "BL5211");
}

} // namespace
