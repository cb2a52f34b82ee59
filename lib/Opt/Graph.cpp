// Builds graphs, frontiers and loops.
#include "Graph.h"

#include "branchline/Support/Assert.h"

#include <algorithm>

namespace branchline::opt {

using ir::kNone;
using ir::OperandKind;
using ir::Role;

EdgeRefs::EdgeRefs(const ir::Inst &terminator) {
  const std::vector<ir::Operand> &operands = terminator.operands;
  if (terminator.op == ir::Op::Br) { // most terminators
    edges_[count_++] = {0, operands.size() - 1, false};
    return;
  }
  size_t at = 0;
  for (Role role : ir::info(terminator.op).operands) {
    if (role != Role::Edge && role != Role::EdgeWithValue)
      continue;
    while (at < operands.size() && operands[at].kind != OperandKind::Block)
      ++at;
    BL_ASSERT(at < operands.size(), "the verifier checks the edges of terminators");
    size_t end = at + 1;
    while (end < operands.size() && operands[end].kind == OperandKind::Arg)
      ++end;
    edges_[count_++] = {at, end - at - 1, role == Role::EdgeWithValue};
    at = end;
  }
}

// --- Graph ---------------------------------------------------------------------------------------

namespace {

/// Reachable blocks, successors before the block itself: targets of jumps in order, then the
/// handler. Iterative: functions can be long.
std::vector<BlockId> postOrder(const ir::Function &fn) {
  struct Step {
    BlockId block;
    EdgeRefs edges;
    size_t next;
  };
  std::vector<BlockId> order;
  order.reserve(fn.blocks.size());
  std::vector<bool> seen(fn.blocks.size());
  std::vector<Step> stack;
  stack.reserve(fn.blocks.size());
  auto enter = [&](BlockId block) {
    if (block == kNone || seen[block])
      return;
    seen[block] = true;
    stack.push_back({block, EdgeRefs(fn.blocks[block].insts.back()), 0});
  };
  enter(0);
  while (!stack.empty()) {
    Step &step = stack.back();
    const ir::Block &block = fn.blocks[step.block];
    const size_t next = step.next++;
    if (next < step.edges.size()) {
      enter(block.insts.back().operands[step.edges[next].at].index);
    } else if (next == step.edges.size()) {
      enter(block.handler);
    } else {
      order.push_back(step.block);
      stack.pop_back();
    }
  }
  return order;
}

} // namespace

Graph::Graph(const ir::Function &fn) {
  std::vector<std::pair<uint32_t, BlockId>> guards;
  std::vector<std::pair<uint32_t, Jump>> into;
  into.reserve(2 * fn.blocks.size());
  for (BlockId id = 0; id < fn.blocks.size(); ++id) {
    const ir::Block &block = fn.blocks[id];
    const ir::Inst &terminator = block.insts.back();
    EdgeRefs edges(terminator);
    for (uint32_t e = 0; e < edges.size(); ++e)
      into.push_back({terminator.operands[edges[e].at].index, {id, e}});
    if (block.handler != kNone)
      guards.push_back({block.handler, id});
  }
  jumps = {fn.blocks.size(), into};
  guarded = {fn.blocks.size(), guards};
  order = postOrder(fn);
  std::reverse(order.begin(), order.end());
}

// --- Dominance -----------------------------------------------------------------------------------

Rows<BlockId> dominatorChildren(const Graph &graph, const ir::Dominators &tree) {
  std::vector<std::pair<uint32_t, BlockId>> children;
  children.reserve(graph.order.size());
  for (BlockId block : graph.order)
    if (BlockId up = tree.immediateDominator(block); up != kNone)
      children.push_back({up, block});
  return {graph.jumps.size(), children};
}

std::vector<std::vector<BlockId>> dominanceFrontiers(const Graph &graph,
                                                     const ir::Dominators &tree) {
  std::vector<std::vector<BlockId>> frontiers(graph.jumps.size());
  std::vector<BlockId> marked(graph.jumps.size(), kNone);
  auto climb = [&](BlockId from, BlockId to) {
    // Whoever is marked has been here with the same goal, and so have all above it.
    for (BlockId at = from; at != tree.immediateDominator(to) && at != kNone && marked[at] != to;
         at = tree.immediateDominator(at)) {
      marked[at] = to;
      frontiers[at].push_back(to);
    }
  };
  for (BlockId block : graph.order) {
    if (graph.jumps[block].size() + graph.guarded[block].size() > 1)
      for (Jump jump : graph.jumps[block])
        if (tree.isReachable(jump.from))
          climb(jump.from, block);
    for (BlockId from : graph.guarded[block])
      if (tree.isReachable(from))
        climb(from, block);
  }
  return frontiers;
}

// --- Loops ---------------------------------------------------------------------------------------

Loops::Loops(const ir::Function &fn, const Graph &graph, const ir::Dominators &tree)
    : innermost(fn.blocks.size(), kNone) {
  std::vector<uint32_t> mark(fn.blocks.size(), kNone);
  for (BlockId header : graph.order) {
    Loop loop;
    loop.header = header;
    for (Jump jump : graph.jumps[header])
      if (tree.isReachable(jump.from) && tree.dominates(header, jump.from) &&
          std::find(loop.latches.begin(), loop.latches.end(), jump.from) == loop.latches.end())
        loop.latches.push_back(jump.from);
    if (loop.latches.empty())
      continue;
    auto number = static_cast<uint32_t>(all.size());
    loop.blocks.push_back(header);
    mark[header] = number;
    std::vector<BlockId> work;
    auto visit = [&](BlockId block) {
      if (tree.isReachable(block) && mark[block] != number) {
        mark[block] = number;
        loop.blocks.push_back(block);
        work.push_back(block);
      }
    };
    for (BlockId latch : loop.latches)
      visit(latch);
    while (!work.empty()) {
      BlockId block = work.back();
      work.pop_back();
      for (Jump jump : graph.jumps[block])
        visit(jump.from);
      for (BlockId from : graph.guarded[block])
        visit(from);
    }
    BlockId entering = kNone;
    unsigned entries = 0;
    for (Jump jump : graph.jumps[header])
      if (mark[jump.from] != number) {
        entering = jump.from;
        ++entries;
      }
    if (entries == 1 && EdgeRefs(fn.blocks[entering].insts.back()).size() == 1)
      loop.preheader = entering;
    // Headers come in an order in which outer loops are met before the loops inside them.
    loop.parent = innermost[header];
    for (BlockId block : loop.blocks)
      innermost[block] = number;
    all.push_back(std::move(loop));
  }
}

} // namespace branchline::opt
