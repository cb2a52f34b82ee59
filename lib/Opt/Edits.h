// Changes to functions that several passes make: replacing values, editing edges, removing what
// nobody reads, tidying numbers. Everything keeps the function valid.
#pragma once

#include "Graph.h"

#include <functional>
#include <span>
#include <vector>

namespace branchline::opt {

/// Whether an operand of this kind names a value.
constexpr bool isValueUse(ir::OperandKind kind) {
  return kind == ir::OperandKind::Value || kind == ir::OperandKind::PathKey ||
         kind == ir::OperandKind::Arg;
}

/// Values that stand for other values. Chains are followed.
class ValueMap {
public:
  explicit ValueMap(const ir::Function &fn) : to_(fn.valueKinds.size(), ir::kNone) {}

  /// From now on `from` means `to`; `to` must not lead back to `from`.
  void set(ValueId from, ValueId to);
  /// What a value means now. \complexity amortised nearly O(1)
  ValueId operator[](ValueId value);
  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  /// Rewrites the operands of one instruction, or of all.
  void apply(ir::Inst &inst);
  void apply(ir::Function &fn);

private:
  std::vector<ValueId> to_;
  size_t count_ = 0;
};

/// Where a value comes from.
struct Definition {
  BlockId block = ir::kNone; // kNone: nowhere
  uint32_t inst = ir::kNone; // index in the block; kNone: a parameter
  uint32_t param = ir::kNone;
};

/// By value: its definition. Indices are good until somebody inserts or removes.
std::vector<Definition> definitions(const ir::Function &fn);

/// The instruction that computes a value; null for parameters.
const ir::Inst *definingInst(const ir::Function &fn, const std::vector<Definition> &definitions,
                             ValueId value);

/// By value: how many operands name it.
std::vector<uint32_t> useCounts(const ir::Function &fn);

/// An instruction with a fresh result of the kinds of its row, or without result.
ir::Inst makeInst(ir::Function &fn, ir::Op op, std::vector<ir::Operand> operands,
                  ir::Loc loc = ir::kNoLoc);

/// Turns an instruction into a jump along one of its edges.
void makeJump(ir::Inst &terminator, size_t edge);

/// The arguments of an edge.
std::span<const ir::Operand> edgeArgs(const ir::Inst &terminator, const EdgeRef &edge);

/// Adds an argument at the end of an edge. Edges behind it move by one operand.
void addEdgeArg(ir::Inst &terminator, size_t edge, ValueId value);

/// Removes every instruction that `isRemovable` accepts and whose result leads to nothing that has
/// to happen, and every parameter of that kind; cycles of such values go as well.
/// \returns how many instructions and parameters went
size_t removeDead(ir::Function &fn, const std::function<bool(const ir::Inst &)> &isRemovable);

/// Replaces parameters that always get the same value, and each time themselves otherwise, by that
/// value. \returns how many went
size_t removeTrivialParams(ir::Function &fn);

/// Removes variables that no instruction names and that take no argument, and numbers the rest
/// anew. \returns how many went
size_t removeUnusedSlots(ir::Function &fn);

/// Numbers the values in order of their definitions.
void compactValues(ir::Function &fn);

} // namespace branchline::opt
