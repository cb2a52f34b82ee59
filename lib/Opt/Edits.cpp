// Common changes to functions.
#include "Edits.h"

#include "branchline/IR/Builder.h"
#include "branchline/Support/Assert.h"

#include <algorithm>

namespace branchline::opt {

using ir::Function;
using ir::Inst;
using ir::kNone;
using ir::Operand;
using ir::OperandKind;

// --- Values --------------------------------------------------------------------------------------

void ValueMap::set(ValueId from, ValueId to) {
  if (from >= to_.size() || to >= to_.size())
    to_.resize(std::max(from, to) + 1, kNone);
  BL_ASSERT(to_[from] == kNone, "a value is replaced once");
  BL_ASSERT((*this)[to] != from, "replacements run in a circle");
  to_[from] = to;
  ++count_;
}

ValueId ValueMap::operator[](ValueId value) {
  ValueId last = value;
  while (last < to_.size() && to_[last] != kNone)
    last = to_[last];
  while (value != last) {
    ValueId next = to_[value];
    to_[value] = last;
    value = next;
  }
  return last;
}

void ValueMap::apply(Inst &inst) {
  for (Operand &operand : inst.operands)
    if (isValueUse(operand.kind))
      operand.index = (*this)[operand.index];
}

void ValueMap::apply(Function &fn) {
  if (empty())
    return;
  for (ir::Block &block : fn.blocks)
    for (Inst &inst : block.insts)
      apply(inst);
}

std::vector<Definition> definitions(const Function &fn) {
  std::vector<Definition> made(fn.valueKinds.size());
  for (BlockId b = 0; b < fn.blocks.size(); ++b) {
    const ir::Block &block = fn.blocks[b];
    for (uint32_t p = 0; p < block.params.size(); ++p)
      made[block.params[p]] = {b, kNone, p};
    for (uint32_t i = 0; i < block.insts.size(); ++i)
      if (block.insts[i].result != kNone)
        made[block.insts[i].result] = {b, i, kNone};
  }
  return made;
}

const Inst *definingInst(const Function &fn, const std::vector<Definition> &definitions,
                         ValueId value) {
  if (value >= definitions.size() || definitions[value].inst == kNone)
    return nullptr;
  return &fn.blocks[definitions[value].block].insts[definitions[value].inst];
}

std::vector<uint32_t> useCounts(const Function &fn) {
  std::vector<uint32_t> counts(fn.valueKinds.size());
  for (const ir::Block &block : fn.blocks)
    for (const Inst &inst : block.insts)
      for (Operand operand : inst.operands)
        if (isValueUse(operand.kind))
          ++counts[operand.index];
  return counts;
}

Inst makeInst(Function &fn, ir::Op op, std::vector<Operand> operands, ir::Loc loc) {
  const ir::InstInfo &row = ir::info(op);
  ValueId result = row.hasResult() ? fn.newValue(row.result) : kNone;
  return {op, result, loc, std::move(operands)};
}

// --- Edges ---------------------------------------------------------------------------------------

std::span<const Operand> edgeArgs(const Inst &terminator, const EdgeRef &edge) {
  return std::span(terminator.operands).subspan(edge.at + 1, edge.argCount);
}

void makeJump(Inst &terminator, size_t edge) {
  EdgeRef ref = EdgeRefs(terminator)[edge];
  BL_ASSERT(!ref.suppliesFirst, "a plain jump supplies no value");
  auto first = terminator.operands.begin() + static_cast<ptrdiff_t>(ref.at);
  std::vector<Operand> operands(first, first + static_cast<ptrdiff_t>(ref.argCount) + 1);
  terminator.op = ir::Op::Br;
  terminator.operands = std::move(operands);
}

void addEdgeArg(Inst &terminator, size_t edge, ValueId value) {
  EdgeRef ref = EdgeRefs(terminator)[edge];
  auto end = static_cast<ptrdiff_t>(ref.at + ref.argCount + 1);
  terminator.operands.insert(terminator.operands.begin() + end, ir::arg(value));
}

// --- Removal -------------------------------------------------------------------------------------

namespace {

/// Marks what is needed, from the instructions that must stay, then sweeps.
class DeadValues {
public:
  DeadValues(Function &fn, const std::function<bool(const Inst &)> &isRemovable)
      : fn_(fn), isRemovable_(isRemovable), definitions_(definitions(fn)),
        needed_(fn.valueKinds.size()), arguments_(fn.valueKinds.size()) {}

  size_t run() {
    collectArguments();
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts) {
        mayGo_.push_back(!ir::info(inst.op).isTerminator() && isRemovable_(inst));
        if (!mayGo_.back())
          needOperands(inst);
      }
    while (!work_.empty()) {
      ValueId value = work_.back();
      work_.pop_back();
      if (const Inst *inst = definingInst(fn_, definitions_, value)) {
        needOperands(*inst);
        continue;
      }
      for (ValueId argument : arguments_[value])
        need(argument);
    }
    return sweep();
  }

private:
  /// What parameters get; a value the instruction itself supplies is no argument.
  void collectArguments() {
    for (const ir::Block &block : fn_.blocks) {
      const Inst &terminator = block.insts.back();
      for (const EdgeRef &edge : EdgeRefs(terminator)) {
        const auto &params = fn_.blocks[terminator.operands[edge.at].index].params;
        size_t param = edge.suppliesFirst ? 1 : 0;
        if (edge.suppliesFirst)
          need(params[0]); // it cannot be left out
        for (Operand operand : edgeArgs(terminator, edge))
          arguments_[params[param++]].push_back(operand.index);
      }
    }
  }

  void need(ValueId value) {
    if (needed_[value])
      return;
    needed_[value] = true;
    work_.push_back(value);
  }

  void needOperands(const Inst &inst) {
    for (Operand operand : inst.operands)
      if (operand.kind == OperandKind::Value || operand.kind == OperandKind::PathKey)
        need(operand.index);
  }

  size_t sweep() {
    size_t removed = 0;
    size_t at = 0;
    for (ir::Block &block : fn_.blocks) {
      size_t dropped = std::erase_if(block.insts, [&](const Inst &inst) {
        return mayGo_[at++] && (inst.result == kNone || !needed_[inst.result]);
      });
      removed += dropped;
      removeArguments(block.insts.back());
    }
    for (ir::Block &block : fn_.blocks)
      removed += std::erase_if(block.params, [&](ValueId param) { return !needed_[param]; });
    return removed;
  }

  /// Parameters are still complete here; they go when no edge counts them any more.
  void removeArguments(Inst &terminator) {
    EdgeRefs edges(terminator);
    for (size_t e = edges.size(); e-- > 0;) {
      const EdgeRef &edge = edges[e];
      const auto &params = fn_.blocks[terminator.operands[edge.at].index].params;
      size_t shift = edge.suppliesFirst ? 1 : 0;
      for (size_t a = edge.argCount; a-- > 0;)
        if (!needed_[params[a + shift]])
          terminator.operands.erase(terminator.operands.begin() +
                                    static_cast<ptrdiff_t>(edge.at + 1 + a));
    }
  }

  Function &fn_;
  const std::function<bool(const Inst &)> &isRemovable_;
  std::vector<Definition> definitions_;
  std::vector<bool> needed_;
  std::vector<std::vector<ValueId>> arguments_; // by parameter
  std::vector<ValueId> work_;
  std::vector<bool> mayGo_; // by instruction, in order; the predicate sees the function unchanged
};

} // namespace

size_t removeDead(Function &fn, const std::function<bool(const Inst &)> &isRemovable) {
  return DeadValues(fn, isRemovable).run();
}

namespace {

/// The arguments of each parameter; kNone stands for a value the instruction supplies.
std::vector<std::vector<ValueId>> argumentsByParam(const Function &fn) {
  std::vector<std::vector<ValueId>> arguments(fn.valueKinds.size());
  for (const ir::Block &block : fn.blocks) {
    const Inst &terminator = block.insts.back();
    for (const EdgeRef &edge : EdgeRefs(terminator)) {
      const auto &params = fn.blocks[terminator.operands[edge.at].index].params;
      size_t param = 0;
      if (edge.suppliesFirst)
        arguments[params[param++]].push_back(kNone);
      for (Operand operand : edgeArgs(terminator, edge))
        arguments[params[param++]].push_back(operand.index);
    }
  }
  return arguments;
}

} // namespace

size_t removeTrivialParams(Function &fn) {
  std::vector<std::vector<ValueId>> arguments = argumentsByParam(fn);
  std::vector<std::vector<ValueId>> readers(fn.valueKinds.size()); // parameters that get the value
  std::vector<ValueId> work;
  for (const ir::Block &block : fn.blocks)
    for (ValueId param : block.params) {
      work.push_back(param);
      for (ValueId argument : arguments[param])
        if (argument != kNone)
          readers[argument].push_back(param);
    }
  ValueMap map(fn);
  std::vector<bool> gone(fn.valueKinds.size());
  while (!work.empty()) {
    ValueId param = work.back();
    work.pop_back();
    if (gone[param])
      continue;
    ValueId only = kNone;
    bool trivial = true;
    for (ValueId argument : arguments[param]) {
      ValueId value = argument == kNone ? kNone : map[argument];
      if (value == param)
        continue;
      trivial = trivial && value != kNone && (only == kNone || only == value);
      only = value;
      if (!trivial)
        break;
    }
    if (!trivial || only == kNone)
      continue;
    map.set(param, only);
    gone[param] = true;
    // Who got the parameter gets the value now, and may have become trivial.
    for (ValueId reader : readers[param])
      if (!gone[reader]) {
        work.push_back(reader);
        readers[only].push_back(reader);
      }
  }
  if (map.empty())
    return 0;
  map.apply(fn);
  // Nobody reads the parameters any more, so they go with their arguments.
  for (ir::Block &block : fn.blocks) {
    Inst &terminator = block.insts.back();
    EdgeRefs edges(terminator);
    for (size_t e = edges.size(); e-- > 0;) {
      const auto &params = fn.blocks[terminator.operands[edges[e].at].index].params;
      size_t shift = edges[e].suppliesFirst ? 1 : 0;
      for (size_t a = edges[e].argCount; a-- > 0;)
        if (gone[params[a + shift]])
          terminator.operands.erase(terminator.operands.begin() +
                                    static_cast<ptrdiff_t>(edges[e].at + 1 + a));
    }
  }
  for (ir::Block &block : fn.blocks)
    std::erase_if(block.params, [&](ValueId param) { return gone[param]; });
  return map.size();
}

// --- Numbers -------------------------------------------------------------------------------------

size_t removeUnusedSlots(Function &fn) {
  std::vector<bool> used(fn.slots.size());
  for (uint32_t param : fn.params)
    used[param] = true;
  auto forEachLocal = [&](auto &&visit) {
    for (ir::Block &block : fn.blocks)
      for (Inst &inst : block.insts)
        for (Operand &operand : inst.operands)
          if (operand.kind == OperandKind::Local)
            visit(operand.index);
  };
  forEachLocal([&](uint32_t &slot) { used[slot] = true; });
  std::vector<uint32_t> number(fn.slots.size(), kNone);
  std::vector<ir::Slot> kept;
  for (uint32_t slot = 0; slot < fn.slots.size(); ++slot)
    if (used[slot]) {
      number[slot] = static_cast<uint32_t>(kept.size());
      kept.push_back(std::move(fn.slots[slot]));
    }
  size_t removed = fn.slots.size() - kept.size();
  fn.slots = std::move(kept);
  if (removed == 0)
    return 0;
  for (uint32_t &param : fn.params)
    param = number[param];
  forEachLocal([&](uint32_t &slot) { slot = number[slot]; });
  return removed;
}

void compactValues(Function &fn) {
  std::vector<ValueId> number(fn.valueKinds.size(), kNone);
  std::vector<ir::KindSet> kinds;
  auto define = [&](ValueId &value) {
    number[value] = static_cast<ValueId>(kinds.size());
    kinds.push_back(fn.valueKinds[value]);
    value = number[value];
  };
  for (ir::Block &block : fn.blocks) {
    for (ValueId &param : block.params)
      define(param);
    for (Inst &inst : block.insts)
      if (inst.result != kNone)
        define(inst.result);
  }
  for (ir::Block &block : fn.blocks)
    for (Inst &inst : block.insts)
      for (Operand &operand : inst.operands)
        if (isValueUse(operand.kind))
          operand.index = number[operand.index];
  fn.valueKinds = std::move(kinds);
}

} // namespace branchline::opt
