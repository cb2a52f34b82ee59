// Backward liveness over blocks. Only values used outside their defining block take part in the
// data flow; the rest is settled inside a block.
#include "branchline/IR/Liveness.h"

#include <algorithm>
#include <cstdint>

namespace branchline::ir {

namespace {

bool isValueUse(OperandKind kind) {
  return kind == OperandKind::Value || kind == OperandKind::PathKey || kind == OperandKind::Arg;
}

/// Rows of bits, one row per block.
class BitRows {
public:
  BitRows(size_t rows, size_t bits) : words_((bits + 63) / 64), data_(rows * words_) {}
  void set(size_t row, size_t bit) { data_[row * words_ + bit / 64] |= uint64_t(1) << bit % 64; }
  bool test(size_t row, size_t bit) const {
    return (data_[row * words_ + bit / 64] >> bit % 64 & 1) != 0;
  }
  uint64_t *row(size_t row) { return data_.data() + row * words_; }
  size_t words() const { return words_; }

private:
  size_t words_;
  std::vector<uint64_t> data_;
};

class Analysis {
public:
  explicit Analysis(const Function &fn) : fn_(fn), global_(fn.valueKinds.size(), kNone) {}

  Liveness run() {
    findGlobals();
    size_t blocks = fn_.blocks.size(), bits = globals_.size();
    BitRows gen(blocks, bits), def(blocks, bits), in(blocks, bits), out(blocks, bits);
    collect(gen, def);
    linkBlocks();
    solve(gen, def, in, out);
    return report(in, out);
  }

private:
  /// Numbers the values that some other block than the defining one uses.
  void findGlobals() {
    std::vector<BlockId> home(fn_.valueKinds.size(), kNone);
    for (BlockId b = 0; b < fn_.blocks.size(); ++b) {
      for (ValueId v : fn_.blocks[b].params)
        home[v] = b;
      for (const Inst &inst : fn_.blocks[b].insts)
        if (inst.result != kNone)
          home[inst.result] = b;
    }
    for (BlockId b = 0; b < fn_.blocks.size(); ++b)
      for (const Inst &inst : fn_.blocks[b].insts)
        for (Operand o : inst.operands)
          if (isValueUse(o.kind) && home[o.index] != b && global_[o.index] == kNone) {
            global_[o.index] = static_cast<uint32_t>(globals_.size());
            globals_.push_back(o.index);
          }
  }

  void collect(BitRows &gen, BitRows &def) {
    for (BlockId b = 0; b < fn_.blocks.size(); ++b) {
      for (ValueId v : fn_.blocks[b].params)
        if (global_[v] != kNone)
          def.set(b, global_[v]);
      for (const Inst &inst : fn_.blocks[b].insts) {
        for (Operand o : inst.operands)
          if (isValueUse(o.kind) && global_[o.index] != kNone && !def.test(b, global_[o.index]))
            gen.set(b, global_[o.index]);
        if (inst.result != kNone && global_[inst.result] != kNone)
          def.set(b, global_[inst.result]);
      }
    }
  }

  void linkBlocks() {
    next_.resize(fn_.blocks.size());
    for (BlockId b = 0; b < fn_.blocks.size(); ++b) {
      const Block &block = fn_.blocks[b];
      if (!block.insts.empty())
        for (const Edge &edge : successors(block.insts.back()))
          next_[b].push_back(edge.block);
      if (block.handler != kNone)
        next_[b].push_back(block.handler);
    }
  }

  /// A trap may leave a block anywhere, so what its handler needs stays alive throughout.
  void solve(BitRows &gen, BitRows &def, BitRows &in, BitRows &out) {
    for (bool changed = true; changed;) {
      changed = false;
      for (BlockId b = static_cast<BlockId>(fn_.blocks.size()); b-- > 0;) {
        BlockId handler = fn_.blocks[b].handler;
        for (size_t w = 0; w < in.words(); ++w) {
          uint64_t live = 0;
          for (BlockId next : next_[b])
            live |= in.row(next)[w];
          out.row(b)[w] = live;
          uint64_t held = handler == kNone ? 0 : in.row(handler)[w];
          uint64_t now = gen.row(b)[w] | (live & ~def.row(b)[w]) | held;
          if (now != in.row(b)[w]) {
            in.row(b)[w] = now;
            changed = true;
          }
        }
      }
    }
  }

  Liveness report(BitRows &in, BitRows &out) {
    size_t blocks = fn_.blocks.size();
    Liveness live;
    live.kills.resize(blocks);
    live.deadResult.resize(blocks);
    live.deadOnEntry.resize(blocks);
    for (BlockId b = 0; b < blocks; ++b)
      reportBlock(live, out, b);
    for (BlockId b = 0; b < blocks; ++b)
      for (BlockId next : next_[b])
        for (size_t g = 0; g < globals_.size(); ++g)
          if ((out.test(b, g) || in.test(b, g)) && !in.test(next, g) && !isParam(next, globals_[g]))
            live.deadOnEntry[next].push_back(globals_[g]);
    for (auto &dead : live.deadOnEntry) {
      std::sort(dead.begin(), dead.end());
      dead.erase(std::unique(dead.begin(), dead.end()), dead.end());
    }
    return live;
  }

  /// A loop may pass a new value to a parameter whose old value is alive at the jump.
  bool isParam(BlockId block, ValueId value) const {
    const auto &params = fn_.blocks[block].params;
    return std::find(params.begin(), params.end(), value) != params.end();
  }

  void reportBlock(Liveness &live, const BitRows &out, BlockId b) {
    const Block &block = fn_.blocks[b];
    std::vector<bool> alive(fn_.valueKinds.size(), false);
    for (size_t g = 0; g < globals_.size(); ++g)
      alive[globals_[g]] = out.test(b, g);
    live.kills[b].resize(block.insts.size());
    live.deadResult[b].resize(block.insts.size());
    for (size_t i = block.insts.size(); i-- > 0;) {
      const Inst &inst = block.insts[i];
      if (inst.result != kNone)
        live.deadResult[b][i] = !alive[inst.result];
      auto &kills = live.kills[b][i];
      kills.resize(inst.operands.size());
      for (size_t k = inst.operands.size(); k-- > 0;) {
        Operand o = inst.operands[k];
        if (!isValueUse(o.kind) || alive[o.index])
          continue;
        kills[k] = true;
        alive[o.index] = true;
      }
    }
    for (ValueId v : block.params)
      if (!alive[v])
        live.deadOnEntry[b].push_back(v);
  }

  const Function &fn_;
  std::vector<uint32_t> global_; // ValueId → number among globals_, or kNone
  std::vector<ValueId> globals_;
  std::vector<std::vector<BlockId>> next_;
};

} // namespace

Liveness computeLiveness(const Function &fn) { return Analysis(fn).run(); }

} // namespace branchline::ir
