// Where values die: for each operand whether it is the last use of its value, and which values are
// dead when a block is entered (a parameter nobody reads included). Engines free values there,
// which is what lets path writes happen in place. Works on any valid function.
#pragma once

#include "branchline/IR/Module.h"

#include <vector>

namespace branchline::ir {

/// Result of the analysis of one function.
struct Liveness {
  /// By block, instruction and operand: true when a Value, PathKey or Arg operand is the last use
  /// of its value on every path. Of several operands with the same value only the last is marked.
  std::vector<std::vector<std::vector<bool>>> kills;
  /// By block and instruction: true when the result is never used.
  std::vector<std::vector<bool>> deadResult;
  /// By block: values that are alive at the end of a predecessor but not here.
  std::vector<std::vector<ValueId>> deadOnEntry;
  /// By block: values of this and other blocks that a successor or the handler still uses, in
  /// ascending order.
  std::vector<std::vector<ValueId>> aliveAtEnd;
};

/// \complexity O(operands + the number of blocks in which each value is alive)
Liveness computeLiveness(const Function &fn);

/// What is alive at the start of a block, its parameters included, in ascending order; values of
/// `const` are left out.
/// \complexity that of computeLiveness
std::vector<ValueId> liveOnEntry(const Function &fn, BlockId block);

} // namespace branchline::ir
