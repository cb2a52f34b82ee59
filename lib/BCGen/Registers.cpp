// Live ranges by walking from each use up to the definition (SSA makes that complete), then
// union-find over affinities whose ranges do not overlap, then a linear scan.
#include "Registers.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace branchline::bcgen {

namespace {

/// Half-open span of positions. Instruction i of the layout reads at 2i and writes at 2i + 1;
/// parameters of a block are written one before its first instruction reads.
struct Span {
  uint32_t begin;
  uint32_t end;
};

class Ranges {
public:
  Ranges(const ir::Function &fn, const BlockOrder &order, const std::vector<ValueUse> &uses)
      : fn_(fn), order_(order), uses_(uses), spans_(fn.valueKinds.size()),
        home_(fn.valueKinds.size(), ir::kNone), defined_(fn.valueKinds.size(), 0),
        lastMark_(fn.blocks.size(), ir::kNone) {
    numberBlocks();
    collectUses();
    for (ir::ValueId v = 0; v < spans_.size(); ++v)
      if (home_[v] != ir::kNone && uses[v].needsRegister)
        build(v);
  }

  std::vector<Span> take(ir::ValueId v) { return std::move(spans_[v]); }

private:
  void numberBlocks() {
    begin_.resize(fn_.blocks.size());
    end_.resize(fn_.blocks.size());
    uint32_t position = 2;
    for (ir::BlockId b : order_.blocks) {
      begin_[b] = position - 1;
      for (ir::ValueId param : fn_.blocks[b].params) {
        home_[param] = b;
        defined_[param] = position - 1;
      }
      for (const ir::Inst &inst : fn_.blocks[b].insts) {
        if (inst.result != ir::kNone) {
          home_[inst.result] = b;
          defined_[inst.result] = position + 1;
        }
        position += 2;
      }
      end_[b] = position - 1;
      position += 2; // room, so that a block's parameters are not written where another's last
    }                // instruction reads
  }

  void collectUses() {
    readAt_.resize(spans_.size());
    for (ir::BlockId b : order_.blocks) {
      uint32_t position = begin_[b] + 1;
      for (const ir::Inst &inst : fn_.blocks[b].insts) {
        for (ir::Operand o : inst.operands)
          if (o.kind == ir::OperandKind::Value || o.kind == ir::OperandKind::PathKey ||
              o.kind == ir::OperandKind::Arg)
            if (uses_[o.index].needsRegister)
              readAt_[o.index].push_back({b, position});
        position += 2;
      }
    }
  }

  /// Marks [def, use) in the blocks from each use back to the definition.
  void build(ir::ValueId v) {
    std::vector<Span> &spans = spans_[v];
    std::vector<ir::BlockId> work;
    auto liveAtEnd = [&](ir::BlockId b) {
      if (lastMark_[b] == v)
        return;
      lastMark_[b] = v;
      uint32_t from = b == home_[v] ? defined_[v] : begin_[b];
      spans.push_back({from, end_[b]});
      if (b != home_[v])
        work.push_back(b);
    };
    auto liveAtStart = [&](ir::BlockId b) {
      for (ir::BlockId p : order_.predecessors[b])
        liveAtEnd(p);
      // A trap may leave a guarded block anywhere, so the value stays put throughout.
      for (ir::BlockId g : order_.guarded[b])
        liveAtEnd(g);
    };
    for (auto [block, position] : readAt_[v]) {
      if (block == home_[v]) {
        spans.push_back({defined_[v], std::max(position, defined_[v] + 1)});
        continue;
      }
      spans.push_back({begin_[block], position});
      liveAtStart(block);
      while (!work.empty()) {
        ir::BlockId b = work.back();
        work.pop_back();
        liveAtStart(b);
      }
    }
    if (spans.empty())
      spans.push_back({defined_[v], defined_[v] + 1});
    normalise(spans);
  }

  /// Sorts and joins spans, across the room between neighbouring blocks too: values that live long
  /// would have a span per block otherwise.
  static void normalise(std::vector<Span> &spans) {
    constexpr uint32_t kRoom = 2;
    std::sort(spans.begin(), spans.end(),
              [](const Span &a, const Span &b) { return a.begin < b.begin; });
    size_t kept = 0;
    for (size_t i = 1; i < spans.size(); ++i) {
      if (spans[i].begin <= spans[kept].end + kRoom)
        spans[kept].end = std::max(spans[kept].end, spans[i].end);
      else
        spans[++kept] = spans[i];
    }
    spans.resize(kept + 1);
  }

  struct Read {
    ir::BlockId block;
    uint32_t position;
  };
  const ir::Function &fn_;
  const BlockOrder &order_;
  const std::vector<ValueUse> &uses_;
  std::vector<std::vector<Span>> spans_;
  std::vector<ir::BlockId> home_;
  std::vector<uint32_t> defined_;
  std::vector<uint32_t> begin_, end_;
  std::vector<std::vector<Read>> readAt_;
  std::vector<ir::ValueId> lastMark_; // by block: the value last found alive at its end
};

bool overlap(const std::vector<Span> &a, const std::vector<Span> &b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].end <= b[j].begin)
      ++i;
    else if (b[j].end <= a[i].begin)
      ++j;
    else
      return true;
  }
  return false;
}

class Assigner {
public:
  Assigner(const ir::Function &fn, const BlockOrder &order, const std::vector<ValueUse> &uses)
      : uses_(uses), parent_(fn.valueKinds.size()), spans_(fn.valueKinds.size()),
        fixed_(fn.valueKinds.size(), kNoRegister) {
    std::iota(parent_.begin(), parent_.end(), 0);
    Ranges ranges(fn, order, uses);
    for (ir::ValueId v = 0; v < spans_.size(); ++v) {
      spans_[v] = ranges.take(v);
      fixed_[v] = uses[v].fixed;
    }
  }

  void coalesce(std::vector<Affinity> affinities) {
    std::stable_sort(affinities.begin(), affinities.end(),
                     [](const Affinity &a, const Affinity &b) { return a.weight > b.weight; });
    for (const Affinity &affinity : affinities) {
      ir::ValueId a = find(affinity.from), b = find(affinity.to);
      bool sameKind = uses_[a].isIterator == uses_[b].isIterator;
      // A fixed register belongs to a short stretch of code; nothing else may live in it.
      if (a == b || !sameKind || spans_[a].empty() || spans_[b].empty() ||
          fixed_[a] != kNoRegister || fixed_[b] != kNoRegister || overlap(spans_[a], spans_[b]))
        continue;
      std::vector<Span> merged(spans_[a].size() + spans_[b].size());
      std::merge(spans_[a].begin(), spans_[a].end(), spans_[b].begin(), spans_[b].end(),
                 merged.begin(), [](const Span &x, const Span &y) { return x.begin < y.begin; });
      spans_[a] = std::move(merged);
      spans_[b].clear();
      parent_[b] = a;
    }
  }

  Assignment scan(uint32_t first) {
    Assignment result;
    size_t count = parent_.size();
    result.registerOf.assign(count, kNoRegister);
    result.iterators.assign(count, kNoRegister);
    std::vector<ir::ValueId> order;
    for (ir::ValueId v = 0; v < count; ++v)
      if (find(v) == v && !spans_[v].empty())
        order.push_back(v);
    std::sort(order.begin(), order.end(), [this](ir::ValueId a, ir::ValueId b) {
      return spans_[a].front().begin < spans_[b].front().begin;
    });
    Pool values(first), iterators(0);
    for (ir::ValueId v : order) {
      Span hull{spans_[v].front().begin, spans_[v].back().end};
      if (fixed_[v] != kNoRegister)
        result.registerOf[v] = fixed_[v];
      else if (uses_[v].isIterator)
        result.iterators[v] = iterators.take(hull);
      else
        result.registerOf[v] = values.take(hull);
    }
    for (ir::ValueId v = 0; v < count; ++v) {
      result.registerOf[v] = result.registerOf[find(v)];
      result.iterators[v] = result.iterators[find(v)];
    }
    result.registers = values.count();
    result.iteratorCount = iterators.count();
    return result;
  }

private:
  /// Registers that are free again once the span that took them has ended; lowest first.
  class Pool {
  public:
    explicit Pool(uint32_t first) : next_(first) {}
    uint32_t take(Span span) {
      while (!busy_.empty() && busy_.top().first <= span.begin) {
        free_.push(busy_.top().second);
        busy_.pop();
      }
      uint32_t reg = free_.empty() ? next_++ : free_.top();
      if (!free_.empty())
        free_.pop();
      busy_.push({span.end, reg});
      return reg;
    }
    uint32_t count() const { return next_; }

  private:
    template <class T> using MinHeap = std::priority_queue<T, std::vector<T>, std::greater<T>>;
    MinHeap<std::pair<uint32_t, uint32_t>> busy_; // end, register
    MinHeap<uint32_t> free_;
    uint32_t next_;
  };

  ir::ValueId find(ir::ValueId v) {
    while (parent_[v] != v)
      v = parent_[v] = parent_[parent_[v]];
    return v;
  }

  const std::vector<ValueUse> &uses_;
  std::vector<ir::ValueId> parent_;
  std::vector<std::vector<Span>> spans_;
  std::vector<uint32_t> fixed_;
};

} // namespace

Assignment assignRegisters(const ir::Function &fn, const BlockOrder &order,
                           const std::vector<ValueUse> &uses, std::vector<Affinity> affinities,
                           uint32_t first) {
  Assigner assigner(fn, order, uses);
  assigner.coalesce(std::move(affinities));
  return assigner.scan(first);
}

} // namespace branchline::bcgen
