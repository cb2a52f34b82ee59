// Decisions before anything is emitted: where variables and values live, which values are made
// right in the window, which comparisons are done by their branch.
#include "FunctionGen.h"

#include <algorithm>

namespace branchline::bcgen {

using ir::Operand;
using ir::OperandKind;
using IrOp = ir::Op;

namespace {

bool isValue(Operand o) {
  return o.kind == OperandKind::Value || o.kind == OperandKind::PathKey ||
         o.kind == OperandKind::Arg;
}

bool isPathWrite(IrOp op) {
  return op == IrOp::SetPath || op == IrOp::AppendPath || op == IrOp::ModifyPath;
}

bool isComparison(IrOp op) {
  return op == IrOp::Eq || op == IrOp::Ne || op == IrOp::Lt || op == IrOp::Le || op == IrOp::Gt ||
         op == IrOp::Ge;
}

} // namespace

FunctionGen::FunctionGen(ProgramGen &gen, const ir::Function &fn)
    : gen_(gen), fn_(fn), order_(orderBlocks(fn)), live_(ir::computeLiveness(fn)) {
  size_t values = fn.valueKinds.size();
  constantOf_.assign(values, ir::kNone);
  uses_.resize(values);
  useCount_.assign(values, 0);
  windowSlot_.assign(values, kNoRegister);
  fused_.assign(values, false);
  definedBy_.assign(values, nullptr);
}

std::vector<Operand> FunctionGen::windowOperands(const ir::Inst &inst) {
  std::vector<Operand> window;
  auto addValues = [&](size_t from) {
    for (size_t i = from; i < inst.operands.size(); ++i)
      if (inst.operands[i].kind == OperandKind::Value)
        window.push_back(inst.operands[i]);
  };
  auto addKeys = [&] {
    for (Operand o : inst.operands)
      if (o.kind == OperandKind::PathKey)
        window.push_back(o);
  };
  switch (inst.op) {
  case IrOp::CallLib:
  case IrOp::CallHost:
  case IrOp::CallFunc:
  case IrOp::Call:
  case IrOp::ListNew:
  case IrOp::ObjectNew:
    addValues(0);
    return window;
  case IrOp::PathCheck:
  case IrOp::PathLeaf:
    addKeys();
    return window;
  case IrOp::PathSet:
  case IrOp::PathAppend: // the root stays in its register
    addKeys();
    addValues(1);
    return window;
  case IrOp::SetPath:
  case IrOp::AppendPath: { // chain, position, root …
    addKeys();
    size_t position = 0;
    while (inst.operands[position].kind != OperandKind::Value)
      ++position;
    addValues(position + 1);
    return window;
  }
  default:
    return window;
  }
}

void FunctionGen::planVariables() {
  size_t count = fn_.slots.size();
  slotIsCell_.assign(count, false);
  slotIsReadOnly_.assign(count, true);
  slotRegister_.assign(count, kNoRegister);
  std::vector<unsigned> mentions(count, 0);
  for (size_t i = 0; i < count; ++i)
    slotIsCell_[i] = fn_.slots[i].cell;
  for (ir::BlockId b : order_.blocks)
    for (const ir::Inst &inst : fn_.blocks[b].insts)
      for (Operand o : inst.operands) {
        if (o.kind != OperandKind::Local)
          continue;
        ++mentions[o.index];
        // A path write needs the variable's content for itself for a moment, which cells offer.
        if (isPathWrite(inst.op))
          slotIsCell_[o.index] = true;
        if (inst.op != IrOp::VarRead)
          slotIsReadOnly_[o.index] = false;
      }
  valueRegisters_ = static_cast<uint32_t>(fn_.params.size());
  for (size_t i = 0; i < fn_.params.size(); ++i) {
    uint32_t slot = fn_.params[i];
    if (!slotIsCell_[slot] && slotRegister_[slot] == kNoRegister)
      slotRegister_[slot] = static_cast<uint32_t>(i);
    else
      slotIsReadOnly_[slot] = false;
  }
  for (size_t i = 0; i < count; ++i) {
    // Only a single read may stand for the variable itself and end its life.
    slotIsReadOnly_[i] = slotIsReadOnly_[i] && !slotIsCell_[i] && mentions[i] == 1;
    if (slotIsCell_[i])
      slotRegister_[i] = cellCount_++; // number among the cells
    else if (slotRegister_[i] == kNoRegister)
      slotRegister_[i] = valueRegisters_++;
  }
}

void FunctionGen::planValues() {
  for (ir::BlockId b : order_.blocks)
    for (const ir::Inst &inst : fn_.blocks[b].insts)
      for (Operand o : inst.operands)
        if (isValue(o))
          ++useCount_[o.index];
  for (ir::BlockId b : order_.blocks)
    for (const ir::Inst &inst : fn_.blocks[b].insts) {
      writesPaths_ = writesPaths_ || isPathWrite(inst.op) || inst.op == IrOp::PathSet ||
                     inst.op == IrOp::PathAppend || inst.op == IrOp::PathModify;
      if (inst.result == ir::kNone)
        continue;
      definedBy_[inst.result] = &inst;
      ValueUse &use = uses_[inst.result];
      if (inst.op == IrOp::Const) {
        constantOf_[inst.result] = inst.operands[0].index;
        use.needsRegister = false;
      } else if (inst.op == IrOp::IterNew || inst.op == IrOp::IterRange) {
        use.isIterator = true;
      } else if ((inst.op == IrOp::VarFind || inst.op == IrOp::VarRequire) &&
                 chainOf(inst).size() == 1) {
        use.needsRegister = false; // there is only one position
      } else if (inst.op == IrOp::VarRead && inst.operands[0].kind == OperandKind::Local &&
                 slotIsReadOnly_[inst.operands[0].index]) {
        use.fixed = slotRegister_[inst.operands[0].index];
      } else if (inst.op == IrOp::OrNull && uses_[inst.operands[0].index].fixed != kNoRegister &&
                 useCount_[inst.operands[0].index] == 1) {
        use.fixed = uses_[inst.operands[0].index].fixed;
      }
    }
}

/// A value that is made in the block of its only use, with no other use of the window in between,
/// is made in its place in the window.
void FunctionGen::planWindows() {
  for (ir::BlockId b : order_.blocks) {
    const ir::Block &block = fn_.blocks[b];
    std::vector<std::pair<ValueId, size_t>> made;
    size_t lastWindow = 0;
    for (size_t i = 0; i < block.insts.size(); ++i) {
      const ir::Inst &inst = block.insts[i];
      std::vector<Operand> window = windowOperands(inst);
      maxWindow_ = std::max(maxWindow_, static_cast<unsigned>(window.size()));
      for (size_t k = 0; k < window.size(); ++k) {
        ValueId v = window[k].index;
        auto at = std::find_if(made.begin(), made.end(),
                               [v](const auto &entry) { return entry.first == v; });
        if (at == made.end() || at->second < lastWindow || useCount_[v] != 1)
          continue;
        if (!uses_[v].needsRegister || uses_[v].isIterator || uses_[v].fixed != kNoRegister)
          continue;
        // A path write changes its root in the result's register while its keys stand in the
        // window.
        if (definedBy_[v]->op == IrOp::PathSet || definedBy_[v]->op == IrOp::PathAppend)
          continue;
        windowSlot_[v] = static_cast<uint32_t>(k);
        uses_[v].needsRegister = false;
      }
      if (!window.empty()) {
        lastWindow = i;
        made.clear();
      }
      if (inst.result != ir::kNone)
        made.emplace_back(inst.result, i);
      if (inst.op == IrOp::ClosureNew)
        maxCellWindow_ = std::max(maxCellWindow_, static_cast<unsigned>(inst.operands.size() - 1));
    }
  }
}

void FunctionGen::planFusion() {
  constexpr size_t kReach = 8'000; // words of a function whose every label fits 16 bits
  size_t words = 0;
  for (ir::BlockId b : order_.blocks)
    for (const ir::Inst &inst : fn_.blocks[b].insts)
      words += 2 + inst.operands.size();
  mayFuse_ = words < kReach;
  for (ir::BlockId b : order_.blocks) {
    const ir::Block &block = fn_.blocks[b];
    if (block.insts.size() < 2 || block.insts.back().op != IrOp::BrIf)
      continue;
    const ir::Inst &before = block.insts[block.insts.size() - 2];
    ValueId condition = block.insts.back().operands[0].index;
    bool fits = before.op == IrOp::Not || (mayFuse_ && isComparison(before.op));
    if (fits && before.result == condition && useCount_[condition] == 1 &&
        windowSlot_[condition] == kNoRegister) {
      fused_[condition] = true;
      uses_[condition].needsRegister = false;
    }
  }
}

std::vector<Affinity> FunctionGen::findAffinities() const {
  std::vector<Affinity> affinities;
  auto add = [&](ValueId from, ValueId to, uint32_t weight) {
    if (uses_[from].needsRegister && uses_[to].needsRegister)
      affinities.push_back({from, to, weight});
  };
  for (ir::BlockId b : order_.blocks) {
    uint32_t depth = order_.loopDepth[b] * 2;
    for (const ir::Inst &inst : fn_.blocks[b].insts) {
      switch (inst.op) {
      case IrOp::PathSet:
      case IrOp::PathAppend:
      case IrOp::PathModify:
      case IrOp::OrNull:
      case IrOp::RequireBound:
      case IrOp::AppendList:
      case IrOp::CalleeCheck:
        add(inst.operands[0].index, inst.result, depth + 1);
        break;
      case IrOp::PathRoot:
      case IrOp::ListCheck:
      case IrOp::SumStep:
        add(inst.operands[1].index, inst.result, depth + 1);
        break;
      default:
        break;
      }
    }
    for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back()))
      for (size_t i = 0; i < edge.args.size(); ++i)
        add(edge.args[i], fn_.blocks[edge.block].params[i + (edge.suppliesFirst ? 1 : 0)], depth);
  }
  return affinities;
}

void FunctionGen::assign() {
  constexpr uint32_t kScratch = 3;
  assignment_ = assignRegisters(fn_, order_, uses_, findAffinities(), valueRegisters_);
  scratch_ = assignment_.registers;
  cells_ = scratch_ + kScratch;
  cellWindow_ = cells_ + cellCount_;
  iterators_ = cellWindow_ + maxCellWindow_;
  window_ = iterators_ + assignment_.iteratorCount; // last: callees' frames start there
  uint32_t total = window_ + maxWindow_;
  if (total > bytecode::kMaxRegisters) {
    gen_.fail("function `" + fn_.name + "` needs too many registers");
    total = 0;
  }
  using Class = bytecode::RegisterClass;
  out_.registers.assign(total, Class::Value);
  for (uint32_t r = cells_; r < std::min(iterators_, total); ++r)
    out_.registers[r] = Class::Cell;
  for (uint32_t r = iterators_; r < std::min(window_, total); ++r)
    out_.registers[r] = Class::Iterator;
}

} // namespace branchline::bcgen
