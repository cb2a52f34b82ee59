// Where the value of a variable is needed, for promote-slots. First, whatever the way, which
// variables are needed from one block to another at all; those take part in a backward data flow.
#include "Slots.h"

#include "branchline/IR/Builder.h"

namespace branchline::opt {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

bool accessesVariables(Op op) {
  const ir::RoleList &roles = ir::info(op).operands;
  return roles.count > 0 && (roles.roles[0] == ir::Role::Var || roles.roles[0] == ir::Role::Vars);
}

std::span<const Operand> chainOf(const Inst &inst) {
  size_t n = 0;
  while (n < inst.operands.size() && (inst.operands[n].kind == OperandKind::Local ||
                                      inst.operands[n].kind == OperandKind::Capture))
    ++n;
  return std::span(inst.operands).first(n);
}

namespace {

/// How an instruction uses the variable that it works on.
enum class Access : uint8_t {
  None,  // the position in a chain of one is known
  Read,  // looks at it
  Save,  // reads it; matters if what was read does
  Put,   // stores what may have been saved; matters if the variable does
  Write, // stores a value that is needed anyway
};

Access accessOf(Op op) {
  if (op == Op::VarFind)
    return Access::None;
  if (op == Op::VarRead)
    return Access::Save;
  if (op == Op::VarBind || op == Op::VarWrite)
    return Access::Put;
  if (op == Op::VarLet || op == Op::SetPath || op == Op::AppendPath)
    return Access::Write;
  return Access::Read;
}

/// The value that a Put stores.
ValueId storedBy(const Inst &inst) { return afterChain(inst, inst.op == Op::VarBind ? 0 : 1); }

/// Marks the variables that take part: read where the block itself has not written them, or saved
/// where what was saved matters.
class Participants {
public:
  Participants(const ir::Function &fn, const SlotNumbers &numbers)
      : fn_(fn), numbers_(numbers), savedFrom_(fn.valueKinds.size(), kNone),
        valueMatters_(fn.valueKinds.size()), matters_(numbers.size()), stored_(numbers.size()) {}

  void run() {
    collect();
    std::vector<BlockId> writtenIn(numbers_.size(), kNone);
    for (BlockId id = 0; id < fn_.blocks.size(); ++id)
      for (const Inst &inst : fn_.blocks[id].insts)
        visit(inst, id, writtenIn);
    while (!work_.empty()) {
      uint32_t variable = work_.back();
      work_.pop_back();
      for (ValueId value : stored_[variable])
        needValue(value);
    }
  }

  bool matters(uint32_t variable) const { return matters_[variable]; }
  /// The variable a value was saved from, if both matter; else kNone.
  uint32_t savedFrom(ValueId value) const {
    return valueMatters_[value] ? savedFrom_[value] : kNone;
  }

private:
  void collect() {
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts)
        if (uint32_t variable = numbers_.of(inst); variable != kNone) {
          if (accessOf(inst.op) == Access::Save)
            savedFrom_[inst.result] = variable;
          if (accessOf(inst.op) == Access::Put)
            stored_[variable].push_back(storedBy(inst));
        }
  }

  void visit(const Inst &inst, BlockId id, std::vector<BlockId> &writtenIn) {
    uint32_t variable = numbers_.of(inst);
    Access access = variable == kNone ? Access::None : accessOf(inst.op);
    if (access == Access::Read && writtenIn[variable] != id)
      need(variable);
    if (access != Access::Put)
      for (Operand operand : inst.operands)
        if (isValueUse(operand.kind))
          needValue(operand.index);
    // What a Put of a saved value makes of the variable is found by the data flow.
    if (access == Access::Write || (access == Access::Put && savedFrom_[storedBy(inst)] == kNone))
      writtenIn[variable] = id;
    else if (access == Access::Put)
      writtenIn[variable] = kNone;
  }

  void need(uint32_t variable) {
    if (matters_[variable])
      return;
    matters_[variable] = true;
    work_.push_back(variable);
  }
  void needValue(ValueId value) {
    if (valueMatters_[value])
      return;
    valueMatters_[value] = true;
    if (savedFrom_[value] != kNone)
      need(savedFrom_[value]);
  }

  const ir::Function &fn_;
  const SlotNumbers &numbers_;
  std::vector<uint32_t> savedFrom_;          // by value; kNone for most
  std::vector<bool> valueMatters_;           // by value
  std::vector<bool> matters_;                // by variable
  std::vector<std::vector<ValueId>> stored_; // by variable: what Puts store
  std::vector<uint32_t> work_;
};

/// Backward data flow. Bits are variables, then the values saved from them.
class Flow {
public:
  Flow(const ir::Function &fn, const Graph &graph, const SlotNumbers &numbers)
      : fn_(fn), graph_(graph), numbers_(numbers), bit_(numbers.size(), kNone),
        saved_(fn.valueKinds.size(), kNone), in_(fn.blocks.size(), number()), now_(1, bits_) {}

  Needs run() {
    for (bool changed = bits_ > 0; changed;) {
      changed = false;
      for (size_t i = graph_.order.size(); i-- > 0;)
        changed = visit(graph_.order[i]) || changed;
    }
    return {std::move(bit_), std::move(in_)};
  }

private:
  size_t number() {
    Participants participants(fn_, numbers_);
    participants.run();
    for (uint32_t variable = 0; variable < numbers_.size(); ++variable)
      if (participants.matters(variable))
        bit_[variable] = static_cast<uint32_t>(bits_++);
    for (ValueId value = 0; value < saved_.size(); ++value)
      if (participants.savedFrom(value) != kNone)
        saved_[value] = static_cast<uint32_t>(bits_++);
    return bits_;
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
    Access access = variable == kNone ? Access::None : accessOf(inst.op);
    uint32_t bit = variable == kNone ? kNone : bit_[variable];
    if (access == Access::Put) {
      bool needed = bit != kNone && now_.test(0, bit);
      kill(bit);
      if (needed)
        needSaved(storedBy(inst));
      return;
    }
    if (access == Access::Write)
      kill(bit);
    bool isSaved = access == Access::Save && saved_[inst.result] != kNone;
    if (bit != kNone && (access == Access::Read || (isSaved && now_.test(0, saved_[inst.result]))))
      now_.set(0, bit);
    for (Operand operand : inst.operands)
      if (isValueUse(operand.kind))
        needSaved(operand.index);
  }

  void kill(uint32_t bit) {
    if (bit != kNone && (handler_ == kNone || !in_.test(handler_, bit)))
      now_.clear(0, bit);
  }
  void needSaved(ValueId value) {
    if (saved_[value] != kNone)
      now_.set(0, saved_[value]);
  }

  const ir::Function &fn_;
  const Graph &graph_;
  const SlotNumbers &numbers_;
  size_t bits_ = 0;
  std::vector<uint32_t> bit_;   // by variable
  std::vector<uint32_t> saved_; // by value
  BitRows in_;
  BitRows now_;
  BlockId handler_ = kNone;
};

} // namespace

Needs findNeeds(const ir::Function &fn, const Graph &graph, const SlotNumbers &numbers) {
  return Flow(fn, graph, numbers).run();
}

} // namespace branchline::opt
