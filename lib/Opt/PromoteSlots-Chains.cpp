// Which variable of a chain is meant, for promote-slots: a forward data flow over "bound" and
// "unbound" of plain slots, and the shortening of chains by what it finds.
#include "Slots.h"

#include "Effects.h"
#include "branchline/IR/Builder.h"

#include <algorithm>

namespace branchline::opt {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

size_t demoteCells(ir::Function &fn) {
  std::vector<bool> shared(fn.slots.size());
  for (const ir::Block &block : fn.blocks)
    for (const Inst &inst : block.insts)
      if (inst.op == Op::ClosureNew)
        for (Operand operand : inst.operands)
          if (operand.kind == OperandKind::Local)
            shared[operand.index] = true;
  size_t demoted = 0;
  for (size_t slot = 0; slot < fn.slots.size(); ++slot)
    if (fn.slots[slot].cell && !shared[slot]) {
      fn.slots[slot].cell = false;
      ++demoted;
    }
  return demoted;
}

namespace {

// What is possible at a point; nothing: no way there is known yet.
using State = uint8_t;
constexpr State kBound = 1;
constexpr State kUnbound = 2;

class Chains {
public:
  Chains(ir::Function &fn, ir::Module &module)
      : fn_(fn), module_(module), tracked_(fn.slots.size(), kNone) {}

  size_t run() {
    if (!findTracked())
      return 0;
    const Graph graph(fn_);
    values_.resize(fn_.valueKinds.size());
    in_.resize(fn_.blocks.size());
    for (std::vector<State> &states : in_)
      states.assign(trackedCount_, 0);
    in_[0].assign(trackedCount_, kUnbound);
    for (uint32_t param : fn_.params)
      if (tracked_[param] != kNone)
        in_[0][tracked_[param]] = kBound | kUnbound;
    for (changed_ = true; changed_;) {
      changed_ = false;
      for (BlockId block : graph.order)
        visit(block);
    }
    collectConstants();
    for (BlockId block : graph.order)
      rewrite(block);
    return rewritten_;
  }

private:
  /// Only plain slots in chains of several are worth the work; positions need all of a chain.
  bool findTracked() {
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts)
        if (accessesVariables(inst.op) && chainOf(inst).size() > 1)
          for (Operand operand : chainOf(inst))
            if (operand.kind == OperandKind::Local && !fn_.slots[operand.index].cell &&
                tracked_[operand.index] == kNone)
              tracked_[operand.index] = trackedCount_++;
    return trackedCount_ > 0;
  }

  bool isTracked(Operand variable) const {
    return variable.kind == OperandKind::Local && tracked_[variable.index] != kNone;
  }
  State stateOf(Operand variable) const {
    return isTracked(variable) ? now_[tracked_[variable.index]] : State(kBound | kUnbound);
  }
  State stateOf(ValueId value) const {
    if (isBound(fn_, value))
      return kBound;
    return fn_.valueKinds[value] == ir::kinds::Unbound ? kUnbound : values_[value];
  }

  void visit(BlockId id) {
    const ir::Block &block = fn_.blocks[id];
    now_ = in_[id];
    for (ValueId param : block.params)
      grow(values_[param], kBound | kUnbound);
    flowTo(block.handler);
    for (const Inst &inst : block.insts) {
      if (inst.result != kNone && inst.op != Op::VarRead)
        grow(values_[inst.result], kBound | kUnbound);
      if (accessesVariables(inst.op)) {
        step(inst);
        flowTo(block.handler);
      }
    }
    const Inst &terminator = block.insts.back();
    for (const EdgeRef &edge : EdgeRefs(terminator))
      flowTo(terminator.operands[edge.at].index);
  }

  void grow(State &state, State more) {
    changed_ = changed_ || (more & ~state) != 0;
    state |= more;
  }
  void flowTo(BlockId block) {
    if (block == kNone)
      return;
    for (size_t i = 0; i < now_.size(); ++i)
      grow(in_[block][i], now_[i]);
  }

  /// What one instruction does to the states.
  void step(const Inst &inst) {
    std::span<const Operand> chain = chainOf(inst);
    switch (inst.op) {
    case Op::VarRead: {
      State state = 0;
      for (Operand variable : chain)
        state |= stateOf(variable);
      grow(values_[inst.result], state);
      return;
    }
    case Op::VarBind:
      return store(chain, stateOf(afterChain(inst, 0)));
    case Op::VarWrite:
      return store(chain, stateOf(afterChain(inst, 1)));
    case Op::VarLet:
    case Op::SetPath:
    case Op::AppendPath:
    case Op::ModifyPath:
      return store(chain, kBound);
    case Op::VarRequire:
      if (chain.size() == 1 && stateOf(chain[0]) != 0)
        set(chain[0], kBound);
      return;
    default:
      return;
    }
  }

  void set(Operand variable, State state) {
    if (isTracked(variable))
      now_[tracked_[variable.index]] = state;
  }

  /// One of the chain becomes `state`; with several, each may be the one.
  void store(std::span<const Operand> chain, State state) {
    if (chain.size() == 1)
      return set(chain[0], state);
    for (Operand variable : chain)
      set(variable, stateOf(variable) | state);
  }

  // --- Rewriting ---

  void collectConstants() {
    positions_.assign(fn_.valueKinds.size(), kNone);
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts)
        if (const ir::Constant *c = constantOf(module_, &inst);
            c && c->kind == ir::Constant::Kind::Int && c->integer >= 0 && c->integer < 1 << 16)
          positions_[inst.result] = static_cast<uint32_t>(c->integer);
  }

  void rewrite(BlockId id) {
    now_ = in_[id];
    std::vector<Inst> insts;
    insts.reserve(fn_.blocks[id].insts.size());
    std::swap(insts, fn_.blocks[id].insts);
    std::vector<Inst> out;
    out.reserve(insts.size());
    for (Inst &inst : insts) {
      if (accessesVariables(inst.op)) {
        Inst before = inst; // states change as the chain said before it was shortened
        if (chainOf(inst).size() > 1)
          narrow(inst, out);
        step(before);
      }
      out.push_back(std::move(inst));
    }
    fn_.blocks[id].insts = std::move(out);
  }

  /// Where a chain certainly ends up.
  struct Meaning {
    size_t unboundFirst = 0; // candidates at the front that are certainly unbound
    bool found = false;      // the one behind them is certainly bound
    size_t keep;             // candidates up to the first that is certainly bound
  };
  Meaning meaningOf(std::span<const Operand> chain) const {
    Meaning meaning{0, false, chain.size()};
    while (meaning.unboundFirst < chain.size() && stateOf(chain[meaning.unboundFirst]) == kUnbound)
      ++meaning.unboundFirst;
    for (size_t i = meaning.unboundFirst; i < chain.size(); ++i)
      if (stateOf(chain[i]) == kBound) {
        meaning.found = i == meaning.unboundFirst;
        meaning.keep = i + 1;
        break;
      }
    return meaning;
  }

  void narrow(Inst &inst, std::vector<Inst> &out) {
    std::span<const Operand> chain = chainOf(inst);
    Meaning meaning = meaningOf(chain);
    bool exhausted = meaning.unboundFirst == chain.size();
    switch (inst.op) {
    case Op::VarGet:
    case Op::VarGetOr:
      // An unbound candidate is left when nothing else is: a chain has at least one.
      return keepRange(inst, exhausted ? 0 : meaning.unboundFirst, exhausted ? 1 : meaning.keep);
    case Op::VarLet:
      if (exhausted)
        return keepRange(inst, 0, 1); // the first takes what none has (R2.3.5)
      return keepRange(inst, meaning.found ? meaning.unboundFirst : 0, meaning.keep);
    case Op::VarFind:
    case Op::VarRequire:
      if (meaning.found || (exhausted && inst.op == Op::VarFind))
        return becomePosition(inst, meaning.found ? meaning.unboundFirst : 0);
      return; // the position counts in the whole chain
    case Op::VarRead:
    case Op::VarWrite:
    case Op::SetPath:
    case Op::AppendPath:
    case Op::ModifyPath:
      return usePosition(inst, out);
    default:
      return;
    }
  }

  void keepRange(Inst &inst, size_t from, size_t to) {
    size_t length = chainOf(inst).size();
    if (from == 0 && to == length)
      return;
    auto at = [&](size_t i) { return inst.operands.begin() + static_cast<ptrdiff_t>(i); };
    inst.operands.erase(at(to), at(length));
    inst.operands.erase(at(0), at(from));
    ++rewritten_;
  }

  void becomePosition(Inst &inst, size_t position) {
    inst.op = Op::Const;
    inst.operands = {ir::konst(module_.internInt(static_cast<int64_t>(position)))};
    positions_[inst.result] = static_cast<uint32_t>(position);
    ++rewritten_;
  }

  /// Whoever works at a known position works on that variable alone.
  void usePosition(Inst &inst, std::vector<Inst> &out) {
    size_t length = chainOf(inst).size();
    ValueId given = inst.operands[length].index;
    uint32_t position = given < positions_.size() ? positions_[given] : kNone;
    if (position >= length)
      return;
    keepRange(inst, position, position + 1);
    if (position == 0)
      return;
    out.push_back(makeInst(fn_, Op::Const, {ir::konst(module_.internInt(0))}, inst.loc));
    inst.operands[1].index = out.back().result;
  }

  ir::Function &fn_;
  ir::Module &module_;
  std::vector<uint32_t> tracked_; // by slot: its number among the tracked ones, or kNone
  uint32_t trackedCount_ = 0;
  std::vector<State> values_;          // by value, of those that may be unbound
  std::vector<std::vector<State>> in_; // by block and tracked slot
  std::vector<State> now_;             // by tracked slot
  std::vector<uint32_t> positions_;    // by value: the position it stands for, kNone: not known
  bool changed_ = false;
  size_t rewritten_ = 0;
};

} // namespace

size_t narrowChains(ir::Function &fn, ir::Module &module) { return Chains(fn, module).run(); }

} // namespace branchline::opt
