// The order in which blocks are laid out, and the positions of their instructions in it.
// Private to BCGen.
#pragma once

#include "branchline/IR/Module.h"

#include <vector>

namespace branchline::bcgen {

/// Blocks in reverse post-order; loops come out contiguous, with the body right behind its head.
struct BlockOrder {
  std::vector<ir::BlockId> blocks;
  std::vector<uint32_t> indexOf;                      // BlockId → place in `blocks`
  std::vector<std::vector<ir::BlockId>> predecessors; // by BlockId; handler edges left out
  std::vector<std::vector<ir::BlockId>> guarded;      // by BlockId: blocks it is the handler of
  std::vector<uint32_t> loopDepth;                    // by BlockId, an estimate from back edges
};

BlockOrder orderBlocks(const ir::Function &fn);

} // namespace branchline::bcgen
