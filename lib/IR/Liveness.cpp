// Liveness by walking from each use up to the definition, which in SSA form finds exactly the
// blocks where a value is alive. Nothing here is proportional to blocks times values.
#include "branchline/IR/Liveness.h"

#include <algorithm>
#include <cstdint>

namespace branchline::ir {

namespace {

bool isValueUse(OperandKind kind) {
  return kind == OperandKind::Value || kind == OperandKind::PathKey || kind == OperandKind::Arg;
}

class Analysis {
public:
  explicit Analysis(const Function &fn)
      : fn_(fn), home_(fn.valueKinds.size(), kNone), liveIn_(fn.blocks.size()),
        liveOut_(fn.blocks.size()), inMark_(fn.blocks.size(), kNone),
        outMark_(fn.blocks.size(), kNone), mark_(fn.valueKinds.size(), kNone) {}

  Liveness run() {
    findHomes();
    linkBlocks();
    findOuterUses();
    Liveness live;
    live.kills.resize(fn_.blocks.size());
    live.deadResult.resize(fn_.blocks.size());
    live.deadOnEntry.resize(fn_.blocks.size());
    for (BlockId b = 0; b < fn_.blocks.size(); ++b)
      reportBlock(live, b);
    std::fill(mark_.begin(), mark_.end(), kNone);
    for (BlockId b = 0; b < fn_.blocks.size(); ++b)
      reportEntry(live, b);
    for (std::vector<ValueId> &alive : liveOut_)
      std::sort(alive.begin(), alive.end());
    live.aliveAtEnd = std::move(liveOut_);
    return live;
  }

  std::vector<ValueId> onEntry(BlockId block) {
    const Liveness live = run();
    const std::vector<ValueId> &dead = live.deadOnEntry[block];
    std::vector<ValueId> alive = liveIn_[block];
    for (ValueId v : fn_.blocks[block].params)
      if (std::find(dead.begin(), dead.end(), v) == dead.end())
        alive.push_back(v);
    std::sort(alive.begin(), alive.end());
    std::vector<bool> isConstant(fn_.valueKinds.size(), false);
    for (const Block &each : fn_.blocks)
      for (const Inst &inst : each.insts)
        if (inst.op == Op::Const)
          isConstant[inst.result] = true;
    std::erase_if(alive, [&](ValueId v) { return isConstant[v]; });
    return alive;
  }

private:
  void findHomes() {
    for (BlockId b = 0; b < fn_.blocks.size(); ++b) {
      for (ValueId v : fn_.blocks[b].params)
        home_[v] = b;
      for (const Inst &inst : fn_.blocks[b].insts)
        if (inst.result != kNone)
          home_[inst.result] = b;
    }
  }

  void linkBlocks() {
    predecessors_.resize(fn_.blocks.size());
    guarded_.resize(fn_.blocks.size());
    for (BlockId b = 0; b < fn_.blocks.size(); ++b) {
      const Block &block = fn_.blocks[b];
      if (!block.insts.empty())
        for (const Edge &edge : successors(block.insts.back()))
          predecessors_[edge.block].push_back(b);
      if (block.handler != kNone)
        guarded_[block.handler].push_back(b);
    }
  }

  /// Walks up from every block that uses a value of another block.
  void findOuterUses() {
    std::vector<std::vector<BlockId>> usedIn(fn_.valueKinds.size());
    for (BlockId b = 0; b < fn_.blocks.size(); ++b)
      for (const Inst &inst : fn_.blocks[b].insts)
        for (Operand o : inst.operands)
          if (isValueUse(o.kind) && home_[o.index] != b &&
              (usedIn[o.index].empty() || usedIn[o.index].back() != b))
            usedIn[o.index].push_back(b);
    for (ValueId v = 0; v < usedIn.size(); ++v)
      for (BlockId b : usedIn[v])
        liveAtStart(v, b);
  }

  void liveAtStart(ValueId v, BlockId block) {
    work_.push_back(block);
    while (!work_.empty()) {
      BlockId b = work_.back();
      work_.pop_back();
      if (inMark_[b] == v)
        continue;
      inMark_[b] = v;
      liveIn_[b].push_back(v);
      for (BlockId p : predecessors_[b])
        liveAtEnd(v, p);
      // A trap may leave a guarded block anywhere, so the value stays alive throughout.
      for (BlockId g : guarded_[b])
        liveAtEnd(v, g);
    }
  }

  void liveAtEnd(ValueId v, BlockId b) {
    if (outMark_[b] != v) {
      outMark_[b] = v;
      liveOut_[b].push_back(v);
    }
    if (b != home_[v])
      work_.push_back(b);
  }

  void reportBlock(Liveness &live, BlockId b) {
    const Block &block = fn_.blocks[b];
    auto isAlive = [&](ValueId v) { return mark_[v] == b; };
    for (ValueId v : liveOut_[b])
      mark_[v] = b;
    live.kills[b].resize(block.insts.size());
    live.deadResult[b].resize(block.insts.size());
    for (size_t i = block.insts.size(); i-- > 0;) {
      const Inst &inst = block.insts[i];
      if (inst.result != kNone)
        live.deadResult[b][i] = !isAlive(inst.result);
      auto &kills = live.kills[b][i];
      kills.resize(inst.operands.size());
      for (size_t k = inst.operands.size(); k-- > 0;) {
        Operand o = inst.operands[k];
        if (!isValueUse(o.kind) || isAlive(o.index))
          continue;
        kills[k] = true;
        mark_[o.index] = b;
      }
    }
    for (ValueId v : block.params)
      if (!isAlive(v))
        live.deadOnEntry[b].push_back(v);
  }

  /// What is alive on the way here and not here. Parameters are left out: a loop may pass a new
  /// value to one whose old value is alive at the jump.
  void reportEntry(Liveness &live, BlockId b) {
    auto &dead = live.deadOnEntry[b];
    for (ValueId v : liveIn_[b])
      mark_[v] = b;
    for (ValueId v : fn_.blocks[b].params)
      mark_[v] = b;
    auto check = [&](const std::vector<ValueId> &values) {
      for (ValueId v : values)
        if (mark_[v] != b) {
          mark_[v] = b;
          dead.push_back(v);
        }
    };
    for (BlockId p : predecessors_[b])
      check(liveOut_[p]);
    for (BlockId g : guarded_[b]) {
      check(liveOut_[g]);
      check(liveIn_[g]);
    }
    std::sort(dead.begin(), dead.end());
  }

  const Function &fn_;
  std::vector<BlockId> home_; // by value: the block that defines it
  std::vector<std::vector<BlockId>> predecessors_, guarded_;
  std::vector<std::vector<ValueId>> liveIn_, liveOut_;
  std::vector<ValueId> inMark_, outMark_; // by block: the value last found alive there
  std::vector<BlockId> work_;
  std::vector<BlockId> mark_; // by value: the block it was last marked for
};

} // namespace

Liveness computeLiveness(const Function &fn) { return Analysis(fn).run(); }

std::vector<ValueId> liveOnEntry(const Function &fn, BlockId block) {
  return Analysis(fn).onEntry(block);
}

} // namespace branchline::ir
