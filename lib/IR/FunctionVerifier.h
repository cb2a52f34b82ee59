// The verifier's view of one function. Verifier-Function.cpp checks the frame (blocks, edges,
// definitions and their dominance), Verifier-Inst.cpp what stands in one instruction.
#pragma once

#include "branchline/IR/Operands.h"
#include "branchline/IR/Verifier.h"

#include <cstdint>
#include <string>
#include <vector>

namespace branchline::ir {

/// Appends what is wrong with one function to a list.
class FunctionVerifier {
public:
  FunctionVerifier(const Module &module, const Function &fn, std::vector<VerifierError> &errors);
  void run();

private:
  /// Where a value is defined; `position` 0 are the block's parameters, i + 1 its instruction i.
  struct Definition {
    BlockId block = kNone;
    size_t position = 0;
  };

  void report(std::string message);
  /// As above, after the mnemonic of the instruction.
  void reportInst(const Inst &inst, const std::string &message);
  void enter(BlockId block) { block_ = block; }

  // --- Frame ---
  void checkSignature();
  void checkLabels();
  void checkBlock();
  void checkEntry();
  void checkHandler();
  void checkTerminators();
  void collectDefinitions();
  void define(ValueId value, size_t position);
  void checkEdges();
  void checkUses();
  void checkUse(const Inst &inst, ValueId value, size_t position, const class Dominators &tree);
  bool isBlock(BlockId id) const { return id < fn_.blocks.size(); }

  // --- One instruction ---
  void checkInst(const Inst &inst);
  void checkResult(const Inst &inst);
  bool checkShape(const Inst &inst, const RoleSplit &split);
  bool checkOperand(const Inst &inst, Operand operand);
  bool checkRange(const Inst &inst, const char *what, uint32_t index, size_t size);
  void checkRole(const Inst &inst, size_t index, const RoleOperands &part);
  void checkValueUse(const Inst &inst, size_t index, ValueId value, bool mayBeUnbound);
  void checkEdgeValues(const Inst &inst, size_t index, const RoleOperands &part);
  void checkChain(const Inst &inst, const RoleOperands &part);
  void checkSpecifics(const Inst &inst, const RoleSplit &split);
  void checkClosure(const Inst &inst, const RoleSplit &split);
  void checkCallee(const Inst &inst, FunctionId callee, FunctionKind kind);
  void checkRaise(const Inst &inst, const RoleSplit &split);
  void checkListPush(const Inst &inst, ValueId list);
  const Constant &constant(Operand operand) const { return module_.constants[operand.index]; }
  std::string valueText(ValueId value) const;
  std::string variableText(Operand operand) const;

  const Module &module_;
  const Function &fn_;
  std::vector<VerifierError> &errors_;
  BlockId block_ = kNone; // the block at hand; kNone: the function itself
  bool edgesAreSound_ = true;
  std::vector<uint32_t> numbers_;       // by ValueId
  std::vector<Definition> definitions_; // by ValueId
};

} // namespace branchline::ir
