// Fields by role, and the reference page that lists them.
#include "Programs.h"

#include "branchline/Bytecode/Operands.h"
#include "branchline/Bytecode/Reference.h"

namespace {

using namespace branchline::bytecode;

TEST(Operands, EveryMnemonicIsFound) {
  for (size_t i = 0; i < kOps.size(); ++i) {
    const Op op = static_cast<Op>(i);
    if (op == Op::Ext)
      EXPECT_FALSE(findMnemonic("ext"));
    else
      EXPECT_EQ(findMnemonic(info(op).mnemonic), op) << info(op).mnemonic;
  }
  EXPECT_FALSE(findMnemonic("nonsense"));
}

TEST(Operands, WhatIsSetIsRead) {
  for (size_t i = 0; i < kOps.size(); ++i) {
    const Op op = static_cast<Op>(i);
    Word words[2] = {{static_cast<uint8_t>(op), 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
    int64_t next = 1;
    for (const Operand &field : fieldsOf(op))
      EXPECT_TRUE(setOperand(words, field.role, field.field, next++)) << info(op).mnemonic;
    next = 1;
    for (const Operand &operand : operandsOf(words))
      EXPECT_EQ(operand.value, next++) << info(op).mnemonic;
  }
}

TEST(Operands, ValuesThatDoNotFitAreRefused) {
  Word words[2] = {};
  EXPECT_FALSE(setOperand(words, Role::Use, Field::A, 65'536));
  EXPECT_FALSE(setOperand(words, Role::Imm, Field::X, 256));
  EXPECT_FALSE(setOperand(words, Role::Label16, Field::C, 32'768));
  EXPECT_TRUE(setOperand(words, Role::Label16, Field::C, -32'768));
  EXPECT_FALSE(setOperand(words, Role::WideLabel, Field::Wide, int64_t(1) << 31));
}

TEST(Operands, ReferenceNamesEveryInstruction) {
  const std::string page = printOpcodeReference();
  for (const OpInfo &row : kOps)
    EXPECT_NE(page.find("| `" + std::string(row.mnemonic) + "` |"), std::string::npos)
        << row.mnemonic;
}

} // namespace
