// Reverse post-order without recursion. The last successor is visited first, so the first one (the
// body of a loop, the THEN branch) ends up next to its branch; handlers go to the end.
#include "Order.h"

#include <algorithm>

namespace branchline::bcgen {

namespace {

/// Successors in the order of operands; the handler last.
std::vector<ir::BlockId> nextBlocks(const ir::Block &block) {
  std::vector<ir::BlockId> next;
  for (const ir::Edge &edge : ir::successors(block.insts.back()))
    next.push_back(edge.block);
  if (block.handler != ir::kNone)
    next.push_back(block.handler);
  return next;
}

std::vector<ir::BlockId> reversePostOrder(const ir::Function &fn) {
  struct Visit {
    ir::BlockId block;
    std::vector<ir::BlockId> left; // taken from the back
  };
  std::vector<ir::BlockId> order;
  std::vector<bool> seen(fn.blocks.size(), false);
  std::vector<Visit> stack;
  seen[0] = true;
  stack.push_back({0, nextBlocks(fn.blocks[0])});
  while (!stack.empty()) {
    Visit &top = stack.back();
    if (top.left.empty()) {
      order.push_back(top.block);
      stack.pop_back();
      continue;
    }
    ir::BlockId next = top.left.back();
    top.left.pop_back();
    if (!seen[next]) {
      seen[next] = true;
      stack.push_back({next, nextBlocks(fn.blocks[next])});
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

} // namespace

BlockOrder orderBlocks(const ir::Function &fn) {
  BlockOrder order;
  order.blocks = reversePostOrder(fn);
  order.indexOf.assign(fn.blocks.size(), ir::kNone);
  for (uint32_t i = 0; i < order.blocks.size(); ++i)
    order.indexOf[order.blocks[i]] = i;
  order.predecessors.resize(fn.blocks.size());
  order.guarded.resize(fn.blocks.size());
  order.loopDepth.assign(fn.blocks.size(), 0);
  for (ir::BlockId b : order.blocks) {
    for (const ir::Edge &edge : ir::successors(fn.blocks[b].insts.back())) {
      order.predecessors[edge.block].push_back(b);
      if (order.indexOf[edge.block] <= order.indexOf[b]) // a back edge spans its loop
        for (uint32_t i = order.indexOf[edge.block]; i <= order.indexOf[b]; ++i)
          ++order.loopDepth[order.blocks[i]];
    }
    if (fn.blocks[b].handler != ir::kNone)
      order.guarded[fn.blocks[b].handler].push_back(b);
  }
  return order;
}

} // namespace branchline::bcgen
