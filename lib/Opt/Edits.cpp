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
        needed_(fn.valueKinds.size()) {}

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
    std::vector<std::pair<ValueId, ValueId>> passed; // parameter and argument
    for (const ir::Block &block : fn_.blocks) {
      const Inst &terminator = block.insts.back();
      for (const EdgeRef &edge : EdgeRefs(terminator)) {
        const auto &params = fn_.blocks[terminator.operands[edge.at].index].params;
        size_t param = edge.suppliesFirst ? 1 : 0;
        if (edge.suppliesFirst)
          need(params[0]); // it cannot be left out
        for (Operand operand : edgeArgs(terminator, edge))
          passed.emplace_back(params[param++], operand.index);
      }
    }
    arguments_ = {fn_.valueKinds.size(), passed};
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
  Rows<ValueId> arguments_; // by parameter
  std::vector<ValueId> work_;
  std::vector<bool> mayGo_; // by instruction, in order; the predicate sees the function unchanged
};

} // namespace

size_t removeDead(Function &fn, const std::function<bool(const Inst &)> &isRemovable) {
  return DeadValues(fn, isRemovable).run();
}

namespace {

/// Finds parameters that always get the same value. Who reads a replaced parameter is looked at
/// again, as a reader of the value.
class TrivialParams {
public:
  explicit TrivialParams(Function &fn)
      : fn_(fn), map_(fn), first_(fn.valueKinds.size(), kNone), last_(fn.valueKinds.size(), kNone) {
  }

  size_t run() {
    collect();
    while (!work_.empty()) {
      ValueId param = work_.back();
      work_.pop_back();
      if (map_[param] == param)
        if (ValueId value = onlyValue(param); value != kNone)
          replace(param, value);
    }
    if (map_.empty())
      return 0;
    map_.apply(fn_);
    sweep();
    return map_.size();
  }

private:
  /// The arguments of each parameter; kNone stands for a value the instruction supplies.
  void collect() {
    std::vector<std::pair<ValueId, ValueId>> passed;
    for (const ir::Block &block : fn_.blocks) {
      work_.insert(work_.end(), block.params.begin(), block.params.end());
      const Inst &terminator = block.insts.back();
      for (const EdgeRef &edge : EdgeRefs(terminator)) {
        const auto &params = fn_.blocks[terminator.operands[edge.at].index].params;
        size_t param = 0;
        if (edge.suppliesFirst)
          passed.emplace_back(params[param++], kNone);
        for (Operand operand : edgeArgs(terminator, edge)) {
          addReader(operand.index, params[param]);
          passed.emplace_back(params[param++], operand.index);
        }
      }
    }
    arguments_ = {fn_.valueKinds.size(), passed};
  }

  void addReader(ValueId value, ValueId param) {
    auto entry = static_cast<uint32_t>(readers_.size());
    readers_.push_back({param, kNone});
    (first_[value] == kNone ? first_[value] : readers_[last_[value]].next) = entry;
    last_[value] = entry;
  }

  /// The one value a parameter gets besides itself; kNone when there are several.
  ValueId onlyValue(ValueId param) {
    ValueId only = kNone;
    for (ValueId argument : arguments_[param]) {
      if (argument == kNone)
        return kNone;
      ValueId value = map_[argument];
      if (value == param || value == only)
        continue;
      if (only != kNone)
        return kNone;
      only = value;
    }
    return only;
  }

  void replace(ValueId param, ValueId value) {
    map_.set(param, value);
    if (first_[param] == kNone)
      return;
    for (uint32_t entry = first_[param]; entry != kNone; entry = readers_[entry].next)
      work_.push_back(readers_[entry].param);
    (first_[value] == kNone ? first_[value] : readers_[last_[value]].next) = first_[param];
    last_[value] = last_[param];
  }

  /// Nobody reads the parameters any more, so they go with their arguments.
  void sweep() {
    auto isGone = [&](ValueId param) { return map_[param] != param; };
    for (ir::Block &block : fn_.blocks) {
      Inst &terminator = block.insts.back();
      EdgeRefs edges(terminator);
      for (size_t e = edges.size(); e-- > 0;) {
        const auto &params = fn_.blocks[terminator.operands[edges[e].at].index].params;
        size_t shift = edges[e].suppliesFirst ? 1 : 0;
        for (size_t a = edges[e].argCount; a-- > 0;)
          if (isGone(params[a + shift]))
            terminator.operands.erase(terminator.operands.begin() +
                                      static_cast<ptrdiff_t>(edges[e].at + 1 + a));
      }
    }
    for (ir::Block &block : fn_.blocks)
      std::erase_if(block.params, isGone);
  }

  struct Reader {
    ValueId param;
    uint32_t next;
  };
  Function &fn_;
  ValueMap map_;
  Rows<ValueId> arguments_;     // by parameter
  std::vector<Reader> readers_; // lists by value, from `first_` to `last_`
  std::vector<uint32_t> first_;
  std::vector<uint32_t> last_;
  std::vector<ValueId> work_;
};

} // namespace

size_t removeTrivialParams(Function &fn) { return TrivialParams(fn).run(); }

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
