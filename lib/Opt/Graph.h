// The control-flow graph of a function as passes need it: predecessors, guarded blocks, orders,
// dominance frontiers, loops. All of it describes the function as it was when it was built.
#pragma once

#include "branchline/IR/Dominators.h"
#include "branchline/IR/Module.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace branchline::opt {

using ir::BlockId;
using ir::ValueId;

/// Lists by number, all in one block of memory; made once.
template <class T> class Rows {
public:
  Rows() = default;
  /// \param entries  row and item; items of a row keep their order.
  Rows(size_t rows, const std::vector<std::pair<uint32_t, T>> &entries)
      : begin_(rows + 1), items_(entries.size()) {
    for (const auto &entry : entries)
      ++begin_[entry.first];
    uint32_t before = 0;
    for (uint32_t &begin : begin_)
      before += std::exchange(begin, before);
    // Each row's begin moves on to its end, which is the begin of the row behind it.
    for (const auto &entry : entries)
      items_[begin_[entry.first]++] = entry.second;
    for (size_t row = rows; row > 0; --row)
      begin_[row] = begin_[row - 1];
    begin_[0] = 0;
  }
  std::span<const T> operator[](size_t row) const {
    return std::span(items_).subspan(begin_[row], begin_[row + 1] - begin_[row]);
  }
  size_t size() const { return begin_.size() - 1; }

private:
  std::vector<uint32_t> begin_{0};
  std::vector<T> items_;
};

/// One edge in the operands of a terminator.
struct EdgeRef {
  size_t at;          // index of the Block operand
  size_t argCount;    // Arg operands behind it
  bool suppliesFirst; // the instruction supplies the first parameter of the target
};

/// The edges of a terminator in order; at most two.
class EdgeRefs {
public:
  explicit EdgeRefs(const ir::Inst &terminator);
  const EdgeRef *begin() const { return edges_.data(); }
  const EdgeRef *end() const { return edges_.data() + count_; }
  size_t size() const { return count_; }
  const EdgeRef &operator[](size_t i) const { return edges_[i]; }

private:
  std::array<EdgeRef, 2> edges_{};
  size_t count_ = 0;
};

/// A jump to a block: whose terminator, and which of its edges.
struct Jump {
  BlockId from;
  uint32_t edge;
};

/// Predecessors and orders of one function.
struct Graph {
  explicit Graph(const ir::Function &fn);

  Rows<Jump> jumps;           // by block: the jumps that lead to it
  Rows<BlockId> guarded;      // by block: the blocks whose handler it is
  std::vector<BlockId> order; // reachable blocks in reverse post-order

  bool isHandler(BlockId block) const { return !guarded[block].empty(); }
};

/// By block: its children in the dominator tree, in reverse post-order.
Rows<BlockId> dominatorChildren(const Graph &graph, const ir::Dominators &tree);

/// By block: where its definitions meet others. A handler is in the frontier of every block that it
/// guards, because a trap can come before or after a definition.
/// \complexity O(blocks + edges + size of the result)
std::vector<std::vector<BlockId>> dominanceFrontiers(const Graph &graph,
                                                     const ir::Dominators &tree);

/// A natural loop: the blocks from which a jump back to the header can be reached without passing
/// the header. Loops with the same header are one.
struct Loop {
  BlockId header;
  std::vector<BlockId> blocks;   // header first
  std::vector<BlockId> latches;  // blocks that jump back to the header
  uint32_t parent = ir::kNone;   // index of the loop around it
  BlockId preheader = ir::kNone; // the only block that enters, if it goes nowhere else
};

/// All natural loops of a function, outer ones before inner ones.
struct Loops {
  Loops(const ir::Function &fn, const Graph &graph, const ir::Dominators &tree);
  std::vector<Loop> all;
  std::vector<uint32_t> innermost; // by block: index into `all`, kNone outside of loops
};

} // namespace branchline::opt
