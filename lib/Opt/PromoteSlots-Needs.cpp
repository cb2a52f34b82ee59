// Where the value of a variable is needed, for promote-slots.
#include "Slots.h"

#include "branchline/IR/Builder.h"

namespace branchline::opt {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

bool accessesVariables(Op op) {
  constexpr auto isChain = [](ir::Role role) {
    return role == ir::Role::Var || role == ir::Role::Vars;
  };
  const ir::RoleList &roles = ir::info(op).operands;
  return roles.count > 0 && isChain(roles.roles[0]);
}

std::span<const Operand> chainOf(const Inst &inst) {
  size_t n = 0;
  while (n < inst.operands.size() && (inst.operands[n].kind == OperandKind::Local ||
                                      inst.operands[n].kind == OperandKind::Capture))
    ++n;
  return std::span(inst.operands).first(n);
}

namespace {

/// Backward data flow. Bits are the numbered variables, then the values read from them by var.read,
/// which may be unbound and which instructions pass on.
class Needs {
public:
  Needs(const ir::Function &fn, const Graph &graph, const SlotNumbers &numbers)
      : fn_(fn), graph_(graph), numbers_(numbers), saved_(fn.valueKinds.size(), kNone),
        bits_(numberSaved()), in_(fn.blocks.size(), bits_), now_(1, bits_) {}

  BitRows run() {
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t i = graph_.order.size(); i-- > 0;)
        changed = visit(graph_.order[i]) || changed;
    }
    return std::move(in_);
  }

private:
  size_t numberSaved() {
    size_t bits = numbers_.size();
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts)
        if (inst.op == Op::VarRead && numbers_.of(inst) != kNone)
          saved_[inst.result] = static_cast<uint32_t>(bits++);
    return bits;
  }

  bool visit(BlockId id) {
    const ir::Block &block = fn_.blocks[id];
    handler_ = block.handler;
    now_.clearRow(0);
    const Inst &terminator = block.insts.back();
    for (const EdgeRef &edge : EdgeRefs(terminator))
      now_.merge(0, in_, terminator.operands[edge.at].index);
    // A trap may leave the block anywhere, before a write as well as after it.
    if (handler_ != kNone)
      now_.merge(0, in_, handler_);
    for (size_t i = block.insts.size(); i-- > 0;)
      visit(block.insts[i]);
    return in_.merge(id, now_, 0);
  }

  void visit(const Inst &inst) {
    uint32_t variable = numbers_.of(inst);
    if (variable == kNone)
      return needOperands(inst);
    switch (inst.op) {
    case Op::VarFind: // the position in a chain of one is known
      return;
    case Op::VarRead:
      if (now_.test(0, saved_[inst.result]))
        now_.set(0, variable);
      return;
    case Op::VarBind:
      return write(variable, afterChain(inst, 0));
    case Op::VarWrite:
      return write(variable, afterChain(inst, 1));
    case Op::VarLet:
    case Op::SetPath:
    case Op::AppendPath:
      kill(variable);
      break;
    default: // everything else looks at the variable
      now_.set(0, variable);
    }
    needOperands(inst);
  }

  void needOperands(const Inst &inst) {
    for (Operand operand : inst.operands)
      if (isValueUse(operand.kind))
        needSaved(operand.index);
  }
  void write(uint32_t variable, ValueId value) {
    bool needed = now_.test(0, variable);
    kill(variable);
    if (needed)
      needSaved(value);
  }
  void kill(uint32_t variable) {
    if (handler_ == kNone || !in_.test(handler_, variable))
      now_.clear(0, variable);
  }
  void needSaved(ValueId value) {
    if (saved_[value] != kNone)
      now_.set(0, saved_[value]);
  }

  const ir::Function &fn_;
  const Graph &graph_;
  const SlotNumbers &numbers_;
  std::vector<uint32_t> saved_; // by value: its bit, kNone for most
  size_t bits_;
  BitRows in_;
  BitRows now_;
  BlockId handler_ = kNone;
};

} // namespace

BitRows neededOnEntry(const ir::Function &fn, const Graph &graph, const SlotNumbers &numbers) {
  return Needs(fn, graph, numbers).run();
}

} // namespace branchline::opt
