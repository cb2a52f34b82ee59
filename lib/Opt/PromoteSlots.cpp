// Turns variables that no closure shares into SSA values: parameters of blocks where different
// values meet, and nothing at all otherwise. A variable keeps its slot where a value would not do:
//   - it is a cell, or one of several candidates of a chain that could be meant;
//   - a handler needs it and a guarded block writes it: a handler has no parameters, since a trap
//     comes from anywhere in the blocks that it guards.
// Precondition: none. What a variable holds before it is written (the argument of a parameter, or
// nothing) is one var.read at the entry.
#include "Effects.h"
#include "Passes.h"
#include "Slots.h"
#include "branchline/IR/Builder.h"
#include "branchline/Support/Assert.h"

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

/// The promotion of the variables of one function.
class Promotion {
public:
  Promotion(ir::Function &fn, ir::Module &module)
      : fn_(fn), module_(module), graph_(fn), tree_(fn), map_(fn) {}

  /// \returns how many variables became values
  size_t run() {
    findCandidates();
    std::vector<std::vector<BlockId>> frontiers;
    // A variable that has to stay is an ordinary reader of the values of others, so needs are
    // computed again without it.
    for (bool again = true; again && numbers_.size() > 0;) {
      if (frontiers.empty())
        frontiers = dominanceFrontiers(graph_, tree_);
      again = !placeParams(frontiers);
    }
    if (numbers_.size() == 0)
      return 0;
    addParams();
    rename();
    insertEntry();
    map_.apply(fn_);
    settleBoundness();
    return numbers_.size();
  }

private:
  // --- Which variables ---
  void findCandidates();
  bool placeParams(const std::vector<std::vector<BlockId>> &frontiers);
  void keepSlots(const std::vector<bool> &kept);

  // --- Rewriting ---
  struct Param {
    uint32_t variable;
    ValueId value;
  };
  struct Undo {
    uint32_t variable;
    ValueId before;
  };
  void addParams();
  void rename();
  void renameBlock(BlockId block);
  void passArguments(BlockId block);
  bool rewrite(Inst &inst, uint32_t variable, std::vector<Inst> &out);
  void replace(Inst &inst, Op op, std::vector<Operand> operands, std::vector<Inst> &out);
  void rewritePath(Inst &inst, uint32_t variable, std::vector<Inst> &out);
  bool rewriteGetOr(Inst &inst, uint32_t variable, std::vector<Inst> &out);
  bool rewriteRequire(Inst &inst, uint32_t variable, std::vector<Inst> &out);
  ValueId current(uint32_t variable);
  void assign(uint32_t variable, ValueId value);
  ValueId zero();
  void insertEntry();

  // --- Afterwards ---
  void settleBoundness();
  void readParamsOnce();
  void dropChecks();

  ir::Function &fn_;
  ir::Module &module_;
  Graph graph_;
  ir::Dominators tree_;
  ValueMap map_;
  SlotNumbers numbers_;
  std::vector<std::vector<Param>> params_; // by block: the parameters added to it
  std::vector<ValueId> now_;               // by variable: what it holds
  std::vector<Undo> undo_;
  std::vector<ValueId> initial_; // by variable: what it holds at the entry; kNone: nobody asked
  ValueId zero_ = kNone;
};

// --- Which variables -----------------------------------------------------------------------------

/// Whether an instruction stores what the var.get.or right behind it looks at.
bool isSpill(const Inst &inst, const ir::Block &block) {
  if (inst.op != Op::VarBind)
    return false;
  const Inst &next = *(&inst + 1); // var.bind is no terminator, so there is one
  return &inst != &block.insts.back() && next.op == Op::VarGetOr &&
         next.operands[0] == inst.operands[0] && chainOf(next).size() == 1;
}

/// Variables that no value may replace, and those that are as this pass leaves them: read once, or
/// written only to be read by the var.get.or right behind.
void Promotion::findCandidates() {
  std::vector<uint32_t> mentions(fn_.slots.size());
  std::vector<uint32_t> reads(fn_.slots.size());
  std::vector<uint32_t> spills(fn_.slots.size());
  std::vector<bool> stays(fn_.slots.size());
  for (const ir::Block &block : fn_.blocks)
    for (const Inst &inst : block.insts) {
      for (Operand operand : inst.operands)
        if (operand.kind == OperandKind::Local) {
          ++mentions[operand.index];
          if (!accessesVariables(inst.op) || chainOf(inst).size() > 1)
            stays[operand.index] = true;
        }
      if (inst.operands.empty() || inst.operands[0].kind != OperandKind::Local)
        continue;
      reads[inst.operands[0].index] += inst.op == Op::VarGet || inst.op == Op::VarRead;
      spills[inst.operands[0].index] += isSpill(inst, block);
    }
  numbers_.number.assign(fn_.slots.size(), kNone);
  for (uint32_t slot = 0; slot < fn_.slots.size(); ++slot) {
    bool isSettled = mentions[slot] == 0 || (mentions[slot] == 1 && reads[slot] == 1) ||
                     mentions[slot] == 2 * spills[slot];
    if (fn_.slots[slot].cell || stays[slot] || isSettled)
      continue;
    numbers_.number[slot] = static_cast<uint32_t>(numbers_.slots.size());
    numbers_.slots.push_back(slot);
  }
}

/// Finds the blocks where values of a variable meet and are needed. \returns false when that is a
/// handler for some variables, which then no longer take part
bool Promotion::placeParams(const std::vector<std::vector<BlockId>> &frontiers) {
  Needs needed = findNeeds(fn_, graph_, numbers_);
  std::vector<std::vector<BlockId>> writers(numbers_.size());
  for (BlockId id : graph_.order)
    for (const Inst &inst : fn_.blocks[id].insts)
      if (uint32_t variable = numbers_.of(inst);
          variable != kNone && (ir::info(inst.op).effects & ir::kWritesVars) != 0 &&
          (writers[variable].empty() || writers[variable].back() != id))
        writers[variable].push_back(id);
  params_.assign(fn_.blocks.size(), {});
  std::vector<bool> kept(numbers_.size());
  std::vector<uint32_t> placed(fn_.blocks.size(), kNone);
  bool allFit = true;
  for (uint32_t variable = 0; variable < numbers_.size(); ++variable) {
    std::vector<BlockId> work = writers[variable];
    while (!work.empty()) {
      BlockId from = work.back();
      work.pop_back();
      for (BlockId to : frontiers[from]) {
        if (placed[to] == variable || !needed.onEntry(to, variable))
          continue;
        placed[to] = variable;
        kept[variable] = kept[variable] || graph_.isHandler(to);
        params_[to].push_back({variable, kNone});
        work.push_back(to);
      }
    }
    allFit = allFit && !kept[variable];
  }
  if (!allFit)
    keepSlots(kept);
  return allFit;
}

void Promotion::keepSlots(const std::vector<bool> &kept) {
  std::vector<uint32_t> slots;
  for (uint32_t variable = 0; variable < numbers_.size(); ++variable) {
    uint32_t slot = numbers_.slots[variable];
    numbers_.number[slot] = kNone;
    if (kept[variable])
      continue;
    numbers_.number[slot] = static_cast<uint32_t>(slots.size());
    slots.push_back(slot);
  }
  numbers_.slots = std::move(slots);
}

// --- Rewriting -----------------------------------------------------------------------------------

void Promotion::addParams() {
  for (BlockId id : graph_.order)
    for (Param &param : params_[id]) {
      param.value = fn_.newValue(ir::kinds::Raw);
      fn_.blocks[id].params.push_back(param.value);
    }
  now_.assign(numbers_.size(), kNone);
  initial_.assign(numbers_.size(), kNone);
}

/// Walks the dominator tree; what a block assigned is undone when its subtree is done.
void Promotion::rename() {
  struct Step {
    BlockId block;
    size_t undo;
    size_t child;
  };
  Rows<BlockId> children = dominatorChildren(graph_, tree_);
  std::vector<Step> stack{{0, 0, 0}};
  renameBlock(0);
  while (!stack.empty()) {
    Step &step = stack.back();
    if (step.child < children[step.block].size()) {
      BlockId next = children[step.block][step.child++];
      stack.push_back({next, undo_.size(), 0});
      renameBlock(next);
      continue;
    }
    while (undo_.size() > step.undo) {
      now_[undo_.back().variable] = undo_.back().before;
      undo_.pop_back();
    }
    stack.pop_back();
  }
}

void Promotion::renameBlock(BlockId block) {
  for (Param param : params_[block])
    assign(param.variable, param.value);
  std::vector<Inst> insts = std::move(fn_.blocks[block].insts);
  std::vector<Inst> out;
  out.reserve(insts.size());
  for (Inst &inst : insts) {
    map_.apply(inst);
    uint32_t variable = numbers_.of(inst);
    if (variable == kNone || rewrite(inst, variable, out))
      out.push_back(std::move(inst));
  }
  fn_.blocks[block].insts = std::move(out);
  passArguments(block);
}

void Promotion::passArguments(BlockId block) {
  size_t edges = EdgeRefs(fn_.blocks[block].insts.back()).size();
  for (size_t e = 0; e < edges; ++e) {
    Inst &terminator = fn_.blocks[block].insts.back();
    BlockId to = terminator.operands[EdgeRefs(terminator)[e].at].index;
    for (Param param : params_[to])
      addEdgeArg(terminator, e, current(param.variable));
  }
}

ValueId Promotion::current(uint32_t variable) {
  if (now_[variable] != kNone)
    return map_[now_[variable]];
  if (initial_[variable] == kNone) {
    bool isParam = std::find(fn_.params.begin(), fn_.params.end(), numbers_.slots[variable]) !=
                   fn_.params.end();
    initial_[variable] = fn_.newValue(isParam ? ir::kinds::Raw : ir::kinds::Unbound);
  }
  return initial_[variable];
}

void Promotion::assign(uint32_t variable, ValueId value) {
  undo_.push_back({variable, now_[variable]});
  now_[variable] = value;
}

ValueId Promotion::zero() {
  if (zero_ == kNone)
    zero_ = fn_.newValue(ir::info(Op::Const).result);
  return zero_;
}

/// Turns an instruction into another with the same result and place.
void Promotion::replace(Inst &inst, Op op, std::vector<Operand> operands, std::vector<Inst> &out) {
  out.push_back({op, inst.result, inst.loc, std::move(operands)});
}

/// \returns whether the instruction stays as it is
bool Promotion::rewrite(Inst &inst, uint32_t variable, std::vector<Inst> &out) {
  switch (inst.op) {
  case Op::VarGet:
    if (ValueId value = current(variable); isBound(fn_, value))
      map_.set(inst.result, value);
    else
      replace(inst, Op::OrNull, {ir::use(value)}, out);
    return false;
  case Op::VarGetOr:
    return rewriteGetOr(inst, variable, out);
  case Op::VarFind:
    map_.set(inst.result, zero());
    return false;
  case Op::VarRequire:
    return rewriteRequire(inst, variable, out);
  case Op::VarRead:
    map_.set(inst.result, current(variable));
    return false;
  case Op::VarBind:
  case Op::VarLet:
    assign(variable, afterChain(inst, 0));
    return false;
  case Op::VarWrite:
    assign(variable, afterChain(inst, 1));
    return false;
  case Op::SetPath:
  case Op::AppendPath:
  case Op::ModifyPath:
    rewritePath(inst, variable, out);
    return false;
  default:
    BL_UNREACHABLE("no other instruction works on variables");
  }
}

/// There is no instruction that chooses between two values, and a branch would cost more than the
/// slot: the value is put there to be looked at.
bool Promotion::rewriteGetOr(Inst &inst, uint32_t variable, std::vector<Inst> &out) {
  ValueId value = current(variable);
  if (isBound(fn_, value) || fn_.valueKinds[value] == ir::kinds::Unbound) {
    map_.set(inst.result, isBound(fn_, value) ? value : afterChain(inst, 0));
    return false;
  }
  out.push_back({Op::VarBind, kNone, inst.loc, {inst.operands[0], ir::use(value)}});
  return true;
}

/// Behind the check the variable is known to be bound.
bool Promotion::rewriteRequire(Inst &inst, uint32_t variable, std::vector<Inst> &out) {
  map_.set(inst.result, zero());
  ValueId value = current(variable);
  if (isBound(fn_, value))
    return false;
  Inst check = makeInst(fn_, Op::RequireBound, {ir::use(value), inst.operands[1], inst.operands[2]},
                        inst.loc);
  assign(variable, check.result);
  out.push_back(std::move(check));
  return false;
}

/// set.path and append.path work on the root that was read before; modify.path on the variable as
/// it is. All give the new root.
void Promotion::rewritePath(Inst &inst, uint32_t variable, std::vector<Inst> &out) {
  bool isModify = inst.op == Op::ModifyPath;
  Op op = isModify ? Op::PathModify : inst.op == Op::SetPath ? Op::PathSet : Op::PathAppend;
  std::vector<Operand> operands;
  if (isModify)
    operands.push_back(ir::use(current(variable)));
  // Chain and position go.
  operands.insert(operands.end(), inst.operands.begin() + 2, inst.operands.end());
  Inst made = makeInst(fn_, op, std::move(operands), inst.loc);
  assign(variable, made.result);
  out.push_back(std::move(made));
}

/// What variables hold before the first write, and the constant for positions.
void Promotion::insertEntry() {
  std::vector<Inst> insts;
  for (uint32_t variable = 0; variable < numbers_.size(); ++variable)
    if (initial_[variable] != kNone)
      insts.push_back({Op::VarRead,
                       initial_[variable],
                       ir::kNoLoc,
                       {ir::local(numbers_.slots[variable]), ir::use(zero())}});
  if (zero_ != kNone)
    insts.insert(insts.begin(),
                 Inst{Op::Const, zero_, ir::kNoLoc, {ir::konst(module_.internInt(0))}});
  std::vector<Inst> &entry = fn_.blocks[0].insts;
  entry.insert(entry.begin(), std::make_move_iterator(insts.begin()),
               std::make_move_iterator(insts.end()));
}

// --- Afterwards ----------------------------------------------------------------------------------

/// A new parameter may be unbound when one of its arguments may; found from below, so that loops
/// do not keep each other from being bound.
void Promotion::settleBoundness() {
  std::vector<std::pair<ValueId, ValueId>> passed; // argument and parameter
  for (BlockId id : graph_.order)
    for (Param param : params_[id]) {
      fn_.valueKinds[param.value] = ir::kinds::Any;
      size_t at = static_cast<size_t>(
          std::find(fn_.blocks[id].params.begin(), fn_.blocks[id].params.end(), param.value) -
          fn_.blocks[id].params.begin());
      for (Jump jump : graph_.jumps[id]) {
        const Inst &terminator = fn_.blocks[jump.from].insts.back();
        EdgeRef edge = EdgeRefs(terminator)[jump.edge];
        ValueId argument = edgeArgs(terminator, edge)[at - (edge.suppliesFirst ? 1 : 0)].index;
        passed.emplace_back(argument, param.value);
      }
    }
  Rows<ValueId> readers(fn_.valueKinds.size(), passed);
  std::vector<ValueId> work;
  for (ValueId value = 0; value < readers.size(); ++value)
    if (!readers[value].empty() && !isBound(fn_, value))
      work.push_back(value);
  while (!work.empty()) {
    ValueId value = work.back();
    work.pop_back();
    for (ValueId param : readers[value])
      if (isBound(fn_, param)) {
        fn_.valueKinds[param] = ir::kinds::Raw;
        work.push_back(param);
      }
  }
  removeTrivialParams(fn_);
  dropChecks();
  readParamsOnce();
}

/// Checks whose outcome is known go; nobody traps who did not before.
void Promotion::dropChecks() {
  ValueMap map(fn_);
  for (ir::Block &block : fn_.blocks)
    std::erase_if(block.insts, [&](Inst &inst) {
      map.apply(inst);
      if (inst.op != Op::OrNull && inst.op != Op::RequireBound)
        return false;
      ValueId value = inst.operands[0].index;
      if (isBound(fn_, value)) {
        map.set(inst.result, value);
        return true;
      }
      if (inst.op == Op::OrNull && fn_.valueKinds[value] == ir::kinds::Unbound) {
        inst.op = Op::Const;
        inst.operands = {ir::konst(module_.intern({ir::Constant::Kind::Null, 0, 0, {}}))};
      }
      return false;
    });
  map.apply(fn_);
}

/// An argument that is only ever read as "null when missing" is read that way once.
void Promotion::readParamsOnce() {
  std::vector<uint32_t> uses = useCounts(fn_);
  std::vector<uint32_t> orNulls(fn_.valueKinds.size());
  for (const ir::Block &block : fn_.blocks)
    for (const Inst &inst : block.insts)
      if (inst.op == Op::OrNull)
        ++orNulls[inst.operands[0].index];
  std::vector<bool> turned(fn_.valueKinds.size());
  for (Inst &inst : fn_.blocks[0].insts)
    if (inst.op == Op::VarRead && chainOf(inst).size() == 1 && uses[inst.result] > 0 &&
        uses[inst.result] == orNulls[inst.result]) {
      inst.op = Op::VarGet;
      inst.operands.resize(1);
      fn_.valueKinds[inst.result] = ir::kinds::Any;
      turned[inst.result] = true;
    }
  ValueMap map(fn_);
  for (ir::Block &block : fn_.blocks)
    std::erase_if(block.insts, [&](const Inst &inst) {
      if (inst.op != Op::OrNull || !turned[inst.operands[0].index])
        return false;
      map.set(inst.result, inst.operands[0].index);
      return true;
    });
  map.apply(fn_);
}

// --- The pass ------------------------------------------------------------------------------------

class PromoteSlots final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    size_t cells = demoteCells(fn);
    size_t narrowed = narrowChains(fn, context.module());
    size_t promoted = Promotion(fn, context.module()).run();
    size_t dead = 0;
    if (promoted + narrowed > 0)
      dead = removeDead(fn, [](const Inst &inst) {
        return isPure(inst) || inst.op == Op::VarRead || inst.op == Op::VarGet;
      });
    size_t slots = removeUnusedSlots(fn);
    context.count("promote-slots.promoted", promoted);
    context.count("promote-slots.narrowed", narrowed);
    context.count("promote-slots.cells-demoted", cells);
    context.count("promote-slots.removed", dead);
    return cells + narrowed + promoted + slots != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createPromoteSlots() { return std::make_unique<PromoteSlots>(); }

} // namespace branchline::opt
