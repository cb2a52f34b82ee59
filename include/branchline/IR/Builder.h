// Appends instructions to a function under construction. Checks nothing; the Verifier does.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Lang/Traps.h"

#include <span>

namespace branchline::ir {

// --- Makers of operands ---
inline Operand use(ValueId value) { return {OperandKind::Value, value}; }
inline Operand konst(ConstId id) { return {OperandKind::Const, id}; }
inline Operand local(uint32_t slot) { return {OperandKind::Local, slot}; }
inline Operand capture(uint32_t index) { return {OperandKind::Capture, index}; }
inline Operand function(FunctionId id) { return {OperandKind::Function, id}; }
inline Operand builtin(Builtin b) { return {OperandKind::Builtin, static_cast<uint32_t>(b)}; }
inline Operand trap(TrapId id) { return {OperandKind::Trap, static_cast<uint32_t>(id)}; }
inline Operand pathOp(PathOpKind op) { return {OperandKind::PathOp, static_cast<uint32_t>(op)}; }
inline Operand iterKind(IterKind k) { return {OperandKind::IterKind, static_cast<uint32_t>(k)}; }
inline Operand keyRule(KeyRule r) { return {OperandKind::KeyRule, static_cast<uint32_t>(r)}; }
inline Operand pathName(ConstId id) { return {OperandKind::PathName, id}; }
inline Operand pathIndex(ConstId id) { return {OperandKind::PathIndex, id}; }
inline Operand pathKey(ValueId value) { return {OperandKind::PathKey, value}; }
inline Operand keyConst(ConstId id) { return {OperandKind::KeyConst, id}; }
inline Operand block(BlockId id) { return {OperandKind::Block, id}; }
inline Operand arg(ValueId value) { return {OperandKind::Arg, value}; }

/// A cursor at the end of one block. The current handler is given to every new block.
class Builder {
public:
  Builder(Module &module, FunctionId function) : module_(module), function_(function) {}

  Module &module() { return module_; }
  Function &fn() { return module_.functions[function_]; }
  FunctionId functionId() const { return function_; }

  /// A new block whose label is made unique by a number; does not move the cursor.
  BlockId newBlock(std::string_view label, unsigned params = 0);
  /// The i-th parameter of a block.
  ValueId param(BlockId block, unsigned i) { return fn().blocks[block].params[i]; }
  void setBlock(BlockId block) { block_ = block; }
  BlockId currentBlock() const { return block_; }
  /// Whether the current block already has its terminator.
  bool terminated();
  /// Handler of blocks made from now on.
  void setHandler(BlockId handler) { handler_ = handler; }
  BlockId handler() const { return handler_; }
  /// Place of the instructions emitted from now on.
  void setLoc(Loc loc) { loc_ = loc; }
  Loc loc() const { return loc_; }

  /// Appends an instruction. \returns its result, kNone when it has none. After a terminator the
  /// instruction goes into a fresh unreachable block, which `dropUnreachable` removes.
  ValueId emit(Op op, std::vector<Operand> operands = {});

  // --- Short forms ---
  ValueId constant(Constant constant) { return emit(Op::Const, {konst(module_.intern(constant))}); }
  ValueId constNull() { return constant({Constant::Kind::Null, 0, 0, {}}); }
  ValueId constBool(bool b) { return constant({Constant::Kind::Bool, b, 0, {}}); }
  ValueId constInt(int64_t i) { return constant({Constant::Kind::Int, i, 0, {}}); }
  ValueId constString(std::string_view text) {
    return emit(Op::Const, {konst(module_.internString(text))});
  }
  Operand name(std::string_view text) { return konst(module_.internString(text)); }
  void br(BlockId target, std::span<const ValueId> args = {});
  void brIf(ValueId condition, BlockId thenBlock, BlockId elseBlock);
  void brNull(ValueId value, BlockId nullBlock, BlockId otherBlock);
  void ret(ValueId value) { emit(Op::Ret, {use(value)}); }

private:
  Module &module_;
  FunctionId function_;
  BlockId block_ = 0;
  BlockId handler_ = kNone;
  Loc loc_ = kNoLoc;
  unsigned counter_ = 0;
};

/// Removes blocks that no path from the entry reaches and renumbers the rest in order.
/// \returns how many went.
unsigned dropUnreachable(Function &fn);

} // namespace branchline::ir
