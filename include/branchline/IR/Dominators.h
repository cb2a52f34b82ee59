// Dominators of a function's blocks, traps included.
//
// A trap can leave a guarded block before any of its instructions has run. Each block therefore
// counts as two points, its start and its body; the handler is reached from the start. A block
// dominates another when its *body* lies on every way there: then the other may use its values.
#pragma once

#include "branchline/IR/Module.h"

#include <span>
#include <vector>

namespace branchline::ir {

/// The dominator tree of one function, as it was when the tree was built.
class Dominators {
public:
  /// \param fn  every jump and handler names an existing block. Borrowed for the call.
  /// \complexity O((blocks + edges) log blocks)
  explicit Dominators(const Function &fn);

  /// Whether the entry reaches the block, by jumps or by traps.
  bool isReachable(BlockId block) const { return number_[start(block)] != kNone; }

  /// Whether every way to the body of `b` runs through the body of `a`; true for `a == b`.
  /// Parameters and results of `a` may be used in `b` exactly then. False for unreachable blocks,
  /// except of themselves. \complexity O(1)
  bool dominates(BlockId a, BlockId b) const;

  /// The nearest other block that dominates `block`; kNone for the entry and unreachable blocks.
  BlockId immediateDominator(BlockId block) const { return idom_[block]; }

private:
  // Points of the split graph: even ones are starts, odd ones bodies.
  static uint32_t start(BlockId block) { return 2 * block; }
  static uint32_t body(BlockId block) { return 2 * block + 1; }
  void numberTree(std::span<const uint32_t> idom, std::span<const uint32_t> order,
                  std::span<uint32_t> size, std::span<uint32_t> next);

  std::vector<uint32_t> number_; // by point: place in the search; kNone: unreachable
  std::vector<uint32_t> first_;  // by point: interval of the point in the dominator tree
  std::vector<uint32_t> last_;
  std::vector<BlockId> idom_; // by block
};

} // namespace branchline::ir
