// Dominators by the algorithm of Lengauer and Tarjan (1979) with path compression. The simpler
// iterative scheme is quadratic on some graphs, and IR text can be any graph.
#include "branchline/IR/Dominators.h"

#include <algorithm>

namespace branchline::ir {

namespace {

/// The split graph of a function, and the search and dominators over it. Point 2b is the start of
/// block b, 2b+1 its body. Only jumps are stored: a start leads to its body and the handler.
class Solver {
public:
  explicit Solver(const Function &fn);
  void search();
  void solve();

  std::vector<uint32_t> order;  // points in order of the depth-first search
  std::vector<uint32_t> number; // by point: position in `order`
  std::vector<uint32_t> idom;   // by position in `order`: position of the immediate dominator

private:
  uint32_t nextOf(uint32_t point, uint32_t index) const;
  uint32_t best(uint32_t v);
  void improve(uint32_t v, uint32_t point) {
    if (number[point] != kNone)
      semi_[v] = std::min(semi_[v], semi_[best(number[point])]);
  }

  const Function &fn_;
  std::vector<uint32_t> targets_;     // of all jumps, block by block
  std::vector<uint32_t> firstTarget_; // by block, and one behind the last
  std::vector<uint32_t> sources_;     // points that lead to the start of a block, block by block
  std::vector<uint32_t> firstSource_; // by block, and one behind the last
  // By position in `order`.
  std::vector<uint32_t> parent_;
  std::vector<uint32_t> semi_;
  std::vector<uint32_t> label_;
  std::vector<uint32_t> ancestor_;
  std::vector<uint32_t> path_; // of `best`
};

Solver::Solver(const Function &fn)
    : fn_(fn), firstTarget_(fn.blocks.size() + 1), firstSource_(fn.blocks.size() + 1) {
  for (uint32_t id = 0; id < fn.blocks.size(); ++id) {
    const Block &block = fn.blocks[id];
    if (block.handler != kNone)
      ++firstSource_[block.handler + 1];
    if (!block.insts.empty())
      for (Operand operand : block.insts.back().operands)
        if (operand.kind == OperandKind::Block) {
          targets_.push_back(operand.index);
          ++firstSource_[operand.index + 1];
        }
    firstTarget_[id + 1] = static_cast<uint32_t>(targets_.size());
  }
  for (size_t id = 0; id < fn.blocks.size(); ++id)
    firstSource_[id + 1] += firstSource_[id];
  sources_.resize(firstSource_.back());
  std::vector<uint32_t> next(firstSource_.begin(), firstSource_.end() - 1);
  for (uint32_t id = 0; id < fn.blocks.size(); ++id) {
    if (uint32_t handler = fn.blocks[id].handler; handler != kNone)
      sources_[next[handler]++] = 2 * id;
    for (uint32_t i = firstTarget_[id]; i < firstTarget_[id + 1]; ++i)
      sources_[next[targets_[i]]++] = 2 * id + 1;
  }
}

/// The point that the `index`-th edge of a point leads to; kNone behind the last edge.
uint32_t Solver::nextOf(uint32_t point, uint32_t index) const {
  uint32_t id = point / 2;
  if (point % 2 == 1) {
    uint32_t at = firstTarget_[id] + index;
    return at < firstTarget_[id + 1] ? 2 * targets_[at] : kNone;
  }
  if (index == 0)
    return point + 1;
  return index == 1 && fn_.blocks[id].handler != kNone ? 2 * fn_.blocks[id].handler : kNone;
}

void Solver::search() {
  size_t points = fn_.blocks.size() * 2;
  number.assign(points, kNone);
  if (points == 0)
    return;
  order.reserve(points);
  parent_.reserve(points);
  struct Step {
    uint32_t point;
    uint32_t next;
  };
  std::vector<Step> stack;
  stack.reserve(points);
  auto enter = [&](uint32_t point, uint32_t from) {
    number[point] = static_cast<uint32_t>(order.size());
    order.push_back(point);
    parent_.push_back(from);
    stack.push_back({point, 0});
  };
  enter(0, kNone);
  while (!stack.empty()) {
    Step &step = stack.back();
    uint32_t to = nextOf(step.point, step.next++);
    if (to == kNone)
      stack.pop_back();
    else if (number[to] == kNone)
      enter(to, number[step.point]);
  }
}

/// The position with the smallest semidominator on the way from `v` up to the root of its forest.
uint32_t Solver::best(uint32_t v) {
  if (ancestor_[v] == kNone)
    return v;
  path_.clear(); // below the root's children, deepest first
  for (uint32_t u = v; ancestor_[ancestor_[u]] != kNone; u = ancestor_[u])
    path_.push_back(u);
  for (auto it = path_.rbegin(); it != path_.rend(); ++it) {
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
  semi_.resize(count);
  label_.resize(count);
  for (uint32_t i = 0; i < count; ++i)
    semi_[i] = label_[i] = i;
  // A position is in one bucket at a time, so buckets are lists through `next`.
  std::vector<uint32_t> bucket(count, kNone), next(count, kNone);
  for (uint32_t v = static_cast<uint32_t>(count); v-- > 1;) {
    uint32_t point = order[v], id = point / 2;
    if (point % 2 == 1)
      improve(v, point - 1);
    else
      for (uint32_t i = firstSource_[id]; i < firstSource_[id + 1]; ++i)
        improve(v, sources_[i]);
    next[v] = bucket[semi_[v]];
    bucket[semi_[v]] = v;
    uint32_t parent = parent_[v];
    ancestor_[v] = parent;
    for (uint32_t w = bucket[parent]; w != kNone; w = next[w]) {
      uint32_t u = best(w);
      idom[w] = semi_[u] < semi_[w] ? u : parent;
    }
    bucket[parent] = kNone;
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
