// BIR made ready for the interpreter: instructions with their operands in one array, each operand
// marked when it is the last use of its value. Private to Interp.
#pragma once

#include "branchline/IR/Module.h"

#include <span>
#include <vector>

namespace branchline::interp {

struct CodeOperand {
  ir::OperandKind kind;
  bool lastUse; // the register may be moved from, and is empty afterwards
  uint32_t index;
};

struct CodeInst {
  ir::Op op;
  bool resultUnused;
  ir::ValueId result;
  ir::Loc loc;
  std::span<const CodeOperand> operands;
};

struct CodeBlock {
  std::span<const ir::ValueId> params;
  std::vector<ir::ValueId> deadOnEntry;
  std::vector<CodeInst> insts;
  ir::BlockId handler;
};

struct CodeFunction {
  const ir::Function *source;
  std::vector<CodeOperand> operands; // of all instructions
  std::vector<CodeBlock> blocks;
  uint32_t registers;
};

CodeFunction makeCode(const ir::Function &fn);

} // namespace branchline::interp
