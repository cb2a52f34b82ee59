// Disassembler and assembler undo each other.
#include "Programs.h"

namespace {

using namespace branchline;
using namespace branchline::bytecode;

void expectRoundTrip(const Program &program) {
  ASSERT_EQ(verifyCode(program), 0u);
  const std::string text = disassemble(program);
  const Program again = assembled(text);
  EXPECT_EQ(disassemble(again), text);
  EXPECT_EQ(write(again), write(program));
}

TEST(TextForm, EverythingRoundTrips) { expectRoundTrip(assembled(kEverything)); }

TEST(TextForm, StrippedProgramsRoundTrip) {
  const auto stripped = read(write(assembled(kEverything), {true}));
  ASSERT_TRUE(stripped) << stripped.error().message;
  EXPECT_TRUE((*stripped)->source.empty());
  EXPECT_EQ(disassemble(**stripped).find('!'), std::string::npos);
  expectRoundTrip(**stripped);
}

TEST(TextForm, EqualRowsKeepTheirNumbers) {
  Program program = assembled(".constant 5\n.constant 5\n.layout {k1}\n.layout {5}\n.path [k1]\n"
                              ".path [5]\n.function @0 func \"f\"\n.registers r0..r1\n"
                              "load.const r0, k1\nobject.new r0, r1, o1\n"
                              "path.set r0, r1, [5]\nret.null\n.end\n");
  EXPECT_EQ(program.constants.size(), 2u);
  EXPECT_EQ(program.functions[0].code[0].wide(), 1);
  EXPECT_EQ(program.functions[0].code[1].c, 1);
  EXPECT_EQ(program.functions[0].code[2].c, 1);
  expectRoundTrip(program);
}

TEST(TextForm, LongLiteralsStandOnlyInTheirTable) {
  const std::string text(1000, 'x');
  std::string code;
  for (int i = 0; i < 1000; ++i)
    code += "load.const r0, k0\n";
  const Program program =
      assembled(".constant \"" + text + "\"\n.function @0 func \"f\"\n.registers r0\n" + code +
                "ret.null\n.end\n");
  EXPECT_LT(disassemble(program).size(), 40'000u);
  expectRoundTrip(program);
}

TEST(TextForm, TextsOfEveryKindRoundTrip) {
  Program program = assembled(kEverything);
  using Kind = Constant::Kind;
  for (const char *text : {"", "\"\\\n\r\t\x01", "\xC3\xA4\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                           "\xED\xA0\x80", "\xED\xB0\x80\xED\xA0\x80"})
    program.constants.push_back({Kind::String, 0, 0, text});
  for (double value : {-0.0, 1e300, 5e-324, 0.1})
    program.constants.push_back({Kind::Float, 0, value, {}});
  for (const char *text : {"0", "-1.5", "1E+5", "1.5E-7", "0.000001", "0E-1000000", "0.00"})
    program.constants.push_back({Kind::Decimal, 0, 0, text});
  for (const char *text : {"0", "-1", "99999999999999999999"})
    program.constants.push_back({Kind::BigInt, 0, 0, text});
  program.constants.push_back({Kind::Int, INT64_MIN, 0, {}});
  expectRoundTrip(program);
}

TEST(TextForm, LiteralsAreAddedToTheirTables) {
  const Program program = assembled(".function @0 func \"f\"\n.registers r0..r1\n"
                                    "load.const r0, \"new\"\nload.const r0, \"new\"\n"
                                    "call.lib r0, r1, 1, SUM\nret.null\n.end\n");
  ASSERT_EQ(program.constants.size(), 1u);
  EXPECT_EQ(program.constants[0].text, "new");
  ASSERT_EQ(program.imports.size(), 1u);
  EXPECT_EQ(verifyCode(program), 0u);
}

} // namespace
