// Copies of blocks, within a function or into another one: for inlining and for loops that are
// peeled or split.
#pragma once

#include "Graph.h"

#include <functional>
#include <span>
#include <vector>

namespace branchline::opt {

/// How blocks are copied.
struct CloneOptions {
  /// The handler of copies whose original has none.
  BlockId handler = ir::kNone;
  /// What a Local or Capture operand of the source means in the target; empty: the same.
  std::function<ir::Operand(ir::Operand)> variable;
};

/// What became what; kNone for what was not copied.
struct Cloned {
  std::vector<BlockId> blocks; // by block of the source
  std::vector<ValueId> values; // by value of the source
};

/// Appends copies of blocks to `target`. Jumps, handlers and values within the region lead to the
/// copies; those that leave it stay as they are, which only makes sense within one function.
/// \param source  may be `target` itself. Constants are those of one module.
/// \param region  blocks of the source, each once; into another function: closed, so that no jump
///                leaves it (all blocks of a function are).
/// \returns the copies. Labels are made unique; kinds and places are those of the originals.
Cloned cloneBlocks(ir::Function &target, const ir::Function &source,
                   std::span<const BlockId> region, const CloneOptions &options = {});

} // namespace branchline::opt
