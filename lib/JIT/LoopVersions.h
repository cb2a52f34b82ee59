// Loops that are worth a second version, in which what they compute with is one machine number. It
// is left where a value turns out to be something else, so inside of it kinds are known. Private to
// JIT; knows nothing of LLVM.
#pragma once

#include "branchline/IR/Module.h"

#include <span>
#include <vector>

namespace branchline::jit {

/// Whether an instruction computes with operands that may be in registers.
bool isOperator(ir::Op op);

/// A second version of a loop.
struct LoopVersion {
  ir::BlockId head;         // where the loop is entered and begun again
  std::vector<bool> inside; // by BlockId
  /// By ValueId, while the version runs. A result with fewer kinds than the function knows of
  /// belongs to an operator that leaves the version with any other.
  std::vector<ir::KindSet> kinds;
  /// What must be looked at where the loop is entered: its parameters, and values made before it.
  std::vector<ir::ValueId> guarded;
};

/// What is known of a function and how it is entered.
struct LoopContext {
  const ir::Function &fn;
  std::span<const uint32_t> order;       // by BlockId: a jump that does not go up goes back
  ir::BlockId first;                     // its loop comes before others
  std::span<const ir::ValueId> seenOf;   // values that were seen at the start of `first`,
  std::span<const ir::KindSet> seenKind; // and of what kind they were
  bool onlyOperators;                    // whether loops with any other work are left out
};

/// Loops with a version; no block is in two of them. \complexity O(loops · operands of the function)
std::vector<LoopVersion> planLoopVersions(const LoopContext &context);

} // namespace branchline::jit
