// Dominators by the algorithm of Lengauer and Tarjan (1979) with path compression. The simpler
// iterative scheme is quadratic on some graphs, and IR text can be any graph.
#include "branchline/IR/Dominators.h"

#include <algorithm>

namespace branchline::ir {

namespace {

/// The split graph of a function, and the search and dominators over it. Point 2b is the start of
/// block b, 2b+1 its body. Only jumps are stored: a start leads to its body and the handler. All
/// arrays are parts of one piece of memory: passes ask for the dominators of many small functions.
class Solver {
public:
  using Array = std::span<uint32_t>;

  explicit Solver(const Function &fn);
  void search();
  void solve();
  /// An array of zeros for as long as the solver lives; at most `kSpare` times.
  Array takePoints() { return take(2 * fn_.blocks.size()); }

  size_t count = 0; // of points that were found
  Array order;      // points in order of the depth-first search
  Array number;     // by point: position in `order`
  Array idom;       // by position in `order`: position of the immediate dominator

private:
  static constexpr size_t kArrays = 10, kSpare = 2; // as long as there are points

  Array take(size_t size) {
    used_ += size;
    return Array(memory_).subspan(used_ - size, size);
  }
  uint32_t nextOf(uint32_t point, uint32_t index) const;
  uint32_t best(uint32_t v);
  void improve(uint32_t v, uint32_t point) {
    if (number[point] != kNone)
      semi_[v] = std::min(semi_[v], semi_[best(number[point])]);
  }

  const Function &fn_;
  std::vector<uint32_t> memory_;
  size_t used_ = 0;
  Array firstTarget_; // by block, and one behind the last
  Array targets_;     // of all jumps, block by block
  Array firstSource_; // by block, and one behind the last
  Array sources_;     // points that lead to the start of a block, block by block
  // By position in `order`.
  Array parent_, semi_, label_, ancestor_, bucket_, next_;
  Array path_; // of `best`; of the search, the points that are open
};

Solver::Solver(const Function &fn) : fn_(fn) {
  const size_t blocks = fn.blocks.size();
  auto forEachTarget = [](const Block &block, auto &&visit) {
    if (!block.insts.empty())
      for (Operand operand : block.insts.back().operands)
        if (operand.kind == OperandKind::Block)
          visit(operand.index);
  };
  size_t edges = 0;
  for (const Block &block : fn.blocks)
    forEachTarget(block, [&](uint32_t) { ++edges; });
  memory_.resize(2 * (blocks + 1) + 2 * edges + blocks + (kArrays + kSpare) * 2 * blocks);
  firstTarget_ = take(blocks + 1);
  firstSource_ = take(blocks + 1);
  targets_ = take(edges);
  sources_ = take(edges + blocks); // each block has at most one handler
  for (Array *array :
       {&order, &number, &idom, &parent_, &semi_, &label_, &ancestor_, &bucket_, &next_, &path_})
    *array = takePoints();
  uint32_t targets = 0;
  for (uint32_t id = 0; id < blocks; ++id) {
    const Block &block = fn.blocks[id];
    if (block.handler != kNone)
      ++firstSource_[block.handler + 1];
    forEachTarget(block, [&](uint32_t to) {
      targets_[targets++] = to;
      ++firstSource_[to + 1];
    });
    firstTarget_[id + 1] = targets;
  }
  for (size_t id = 0; id < blocks; ++id)
    firstSource_[id + 1] += firstSource_[id];
  const Array next = next_; // by block: where its next source goes
  std::copy(firstSource_.begin(), firstSource_.end() - 1, next.begin());
  for (uint32_t id = 0; id < blocks; ++id) {
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
  std::fill(number.begin(), number.end(), kNone);
  if (number.empty())
    return;
  const Array open = path_, edge = next_; // by depth: a point, and the next of its edges
  size_t depth = 0;
  auto enter = [&](uint32_t point, uint32_t from) {
    number[point] = static_cast<uint32_t>(count);
    order[count] = point;
    parent_[count++] = from;
    open[depth] = point;
    edge[depth++] = 0;
  };
  enter(0, kNone);
  while (depth > 0) {
    uint32_t point = open[depth - 1];
    uint32_t to = nextOf(point, edge[depth - 1]++);
    if (to == kNone)
      --depth;
    else if (number[to] == kNone)
      enter(to, number[point]);
  }
}

/// The position with the smallest semidominator on the way from `v` up to the root of its forest.
uint32_t Solver::best(uint32_t v) {
  if (ancestor_[v] == kNone)
    return v;
  size_t depth = 0; // below the root's children, deepest first
  for (uint32_t u = v; ancestor_[ancestor_[u]] != kNone; u = ancestor_[u])
    path_[depth++] = u;
  while (depth > 0) {
    uint32_t u = path_[--depth], up = ancestor_[u];
    if (semi_[label_[up]] < semi_[label_[u]])
      label_[u] = label_[up];
    ancestor_[u] = ancestor_[up];
  }
  return label_[v];
}

void Solver::solve() {
  std::fill(ancestor_.begin(), ancestor_.end(), kNone);
  for (uint32_t i = 0; i < count; ++i)
    semi_[i] = label_[i] = i;
  // A position is in one bucket at a time, so buckets are lists through `next`.
  std::fill(bucket_.begin(), bucket_.end(), kNone);
  for (uint32_t v = static_cast<uint32_t>(count); v-- > 1;) {
    uint32_t point = order[v], id = point / 2;
    if (point % 2 == 1)
      improve(v, point - 1);
    else
      for (uint32_t i = firstSource_[id]; i < firstSource_[id + 1]; ++i)
        improve(v, sources_[i]);
    next_[v] = bucket_[semi_[v]];
    bucket_[semi_[v]] = v;
    uint32_t parent = parent_[v];
    ancestor_[v] = parent;
    for (uint32_t w = bucket_[parent]; w != kNone; w = next_[w]) {
      uint32_t u = best(w);
      idom[w] = semi_[u] < semi_[w] ? u : parent;
    }
    bucket_[parent] = kNone;
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
  number_.assign(solver.number.begin(), solver.number.end());
  numberTree(solver.idom.first(solver.count), solver.order.first(solver.count), solver.takePoints(),
             solver.takePoints());
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

void Dominators::numberTree(std::span<const uint32_t> idom, std::span<const uint32_t> order,
                            std::span<uint32_t> size, std::span<uint32_t> next) {
  // Sizes of subtrees, children before parents: a point's number is above its dominator's.
  std::fill(size.begin(), size.end(), 1);
  for (size_t v = order.size(); v-- > 1;)
    size[idom[v]] += size[v];
  first_.assign(number_.size(), 0);
  last_.assign(number_.size(), 0);
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
