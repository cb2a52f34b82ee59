// Dominators by the algorithm of Lengauer and Tarjan (1979) with path compression. The simpler
// iterative scheme is quadratic on some graphs, and IR text can be any graph.
#include "branchline/IR/Dominators.h"

#include <algorithm>

namespace branchline::ir {

namespace {

/// A graph of points as two arrays, and the search and dominators over it.
class Solver {
public:
  explicit Solver(const Function &fn);
  void search();
  void solve();

  std::vector<uint32_t> order;  // points in order of the depth-first search
  std::vector<uint32_t> number; // by point: position in `order`
  std::vector<uint32_t> idom;   // by position in `order`: position of the immediate dominator

private:
  uint32_t best(uint32_t v);

  std::vector<std::vector<uint32_t>> successors_; // by point
  std::vector<std::vector<uint32_t>> predecessors_;
  // By position in `order`.
  std::vector<uint32_t> parent_;
  std::vector<uint32_t> semi_;
  std::vector<uint32_t> label_;
  std::vector<uint32_t> ancestor_;
};

Solver::Solver(const Function &fn)
    : successors_(fn.blocks.size() * 2), predecessors_(fn.blocks.size() * 2) {
  auto connect = [&](uint32_t from, uint32_t to) {
    successors_[from].push_back(to);
    predecessors_[to].push_back(from);
  };
  for (uint32_t id = 0; id < fn.blocks.size(); ++id) {
    const Block &block = fn.blocks[id];
    connect(2 * id, 2 * id + 1);
    if (block.handler != kNone)
      connect(2 * id, 2 * block.handler);
    if (!block.insts.empty())
      for (Operand operand : block.insts.back().operands)
        if (operand.kind == OperandKind::Block)
          connect(2 * id + 1, 2 * operand.index);
  }
}

void Solver::search() {
  number.assign(successors_.size(), kNone);
  if (successors_.empty())
    return;
  struct Step {
    uint32_t point;
    size_t next;
  };
  std::vector<Step> stack;
  auto enter = [&](uint32_t point, uint32_t from) {
    number[point] = static_cast<uint32_t>(order.size());
    order.push_back(point);
    parent_.push_back(from);
    stack.push_back({point, 0});
  };
  enter(0, kNone);
  while (!stack.empty()) {
    Step &step = stack.back();
    if (step.next == successors_[step.point].size()) {
      stack.pop_back();
      continue;
    }
    uint32_t to = successors_[step.point][step.next++];
    if (number[to] == kNone)
      enter(to, number[step.point]);
  }
}

/// The position with the smallest semidominator on the way from `v` up to the root of its forest.
uint32_t Solver::best(uint32_t v) {
  if (ancestor_[v] == kNone)
    return v;
  std::vector<uint32_t> path; // below the root's children, deepest first
  for (uint32_t u = v; ancestor_[ancestor_[u]] != kNone; u = ancestor_[u])
    path.push_back(u);
  for (auto it = path.rbegin(); it != path.rend(); ++it) {
    uint32_t up = ancestor_[*it];
    if (semi_[label_[up]] < semi_[label_[*it]])
      label_[*it] = label_[up];
    ancestor_[*it] = ancestor_[up];
  }
  return label_[v];
}

void Solver::solve() {
  size_t count = order.size();
  ancestor_.assign(count, kNone);
  idom.assign(count, 0);
  for (uint32_t i = 0; i < count; ++i) {
    semi_.push_back(i);
    label_.push_back(i);
  }
  std::vector<std::vector<uint32_t>> buckets(count);
  for (uint32_t v = static_cast<uint32_t>(count); v-- > 1;) {
    for (uint32_t point : predecessors_[order[v]])
      if (number[point] != kNone)
        semi_[v] = std::min(semi_[v], semi_[best(number[point])]);
    buckets[semi_[v]].push_back(v);
    uint32_t parent = parent_[v];
    ancestor_[v] = parent;
    for (uint32_t w : buckets[parent]) {
      uint32_t u = best(w);
      idom[w] = semi_[u] < semi_[w] ? u : parent;
    }
    buckets[parent].clear();
  }
  for (uint32_t v = 1; v < count; ++v)
    if (idom[v] != semi_[v])
      idom[v] = idom[idom[v]];
}

} // namespace

Dominators::Dominators(const Function &fn) : idom_(fn.blocks.size(), kNone) {
  Solver solver(fn);
  solver.search();
  solver.solve();
  number_ = std::move(solver.number);
  numberTree(solver.idom, solver.order);
  for (BlockId block = 0; block < fn.blocks.size(); ++block) {
    if (!isReachable(block) || block == 0)
      continue;
    // Starts of guarded blocks may stand between; they dominate but give no values.
    uint32_t at = solver.idom[number_[start(block)]];
    while (at != 0 && solver.order[at] % 2 == 0)
      at = solver.idom[at];
    if (solver.order[at] % 2 == 1)
      idom_[block] = solver.order[at] / 2;
  }
}

void Dominators::numberTree(const std::vector<uint32_t> &idom, const std::vector<uint32_t> &order) {
  // Sizes of subtrees, children before parents: a point's number is above its dominator's.
  std::vector<uint32_t> size(order.size(), 1);
  for (size_t v = order.size(); v-- > 1;)
    size[idom[v]] += size[v];
  first_.assign(number_.size(), 0);
  last_.assign(number_.size(), 0);
  std::vector<uint32_t> next(order.size(), 0);
  for (size_t v = 0; v < order.size(); ++v) {
    uint32_t begin = 0;
    if (v > 0) {
      begin = next[idom[v]];
      next[idom[v]] += size[v];
    }
    next[v] = begin + 1;
    first_[order[v]] = begin;
    last_[order[v]] = begin + size[v] - 1;
  }
}

bool Dominators::dominates(BlockId a, BlockId b) const {
  if (a == b)
    return true;
  if (!isReachable(a) || !isReachable(b))
    return false;
  return first_[body(a)] <= first_[body(b)] && last_[body(b)] <= last_[body(a)];
}

} // namespace branchline::ir
