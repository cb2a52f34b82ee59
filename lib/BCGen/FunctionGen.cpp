// Blocks, terminators and edges of one function, and the words themselves.
#include "FunctionGen.h"

#include <algorithm>

namespace branchline::bcgen {

using ir::Operand;
using ir::OperandKind;
using IrOp = ir::Op;

bytecode::Function FunctionGen::generate() {
  out_.kind = static_cast<bytecode::FunctionKind>(fn_.kind);
  out_.sourceName = fn_.sourceName;
  out_.captures = gen_.index16(static_cast<uint32_t>(fn_.captures.size()), "captured variables");
  planVariables();
  planValues();
  planWindows();
  planFusion();
  assign();
  if (!gen_.failure().empty())
    return std::move(out_);
  for (uint32_t i = 0; i < fn_.params.size(); ++i)
    out_.params.push_back(gen_.index16(i, "parameters"));
  loc_ = fn_.loc;
  sites_.assign(fn_.inlineSites.size(), bytecode::kNoSite);
  dyingIn_.assign(fn_.valueKinds.size(), 0);
  takenIn_.assign(fn_.valueKinds.size(), 0);
  lastInWindow_.assign(fn_.valueKinds.size(), 0);
  emitPrologue();
  blockStart_.assign(fn_.blocks.size(), 0);
  for (uint32_t place = 0; place < order_.blocks.size(); ++place)
    emitBlock(place);
  patchLabels();
  finishTables();
  return std::move(out_);
}

/// Arguments that belong to cells or to a name given twice go where the variable is.
void FunctionGen::emitPrologue() {
  for (uint32_t i = 0; i < fn_.params.size(); ++i) {
    uint32_t slot = fn_.params[i];
    if (slotIsCell_[slot] || slotRegister_[slot] != i) {
      size_t bound = jumpForward(Op::BrBound, i);
      size_t missing = jumpForward(Op::Br, 0);
      landHere(bound);
      if (slotIsCell_[slot])
        emit(Op::CellSet, cells_ + slotRegister_[slot], i);
      else
        emit(Op::Take, slotRegister_[slot], i);
      landHere(missing);
    }
  }
}

/// Blocks without words begin where the next one does, and so do jumps to them: what such a block
/// passes on is in place already.
std::optional<BlockStart> FunctionGen::blockAt(uint32_t word) const {
  ir::BlockId found = ir::kNone;
  for (ir::BlockId b : order_.blocks)
    if (blockStart_[b] == word)
      found = b;
  if (found == ir::kNone)
    return std::nullopt;
  BlockStart start{found, {}};
  for (uint32_t s = 0; s < fn_.slots.size(); ++s) {
    if (slotIsCell_[s])
      start.values.push_back({cells_ + slotRegister_[s], !fn_.slots[s].cell});
    else
      start.values.push_back({slotRegister_[s]});
  }
  for (ValueId v : ir::liveOnEntry(fn_, found)) {
    const uint32_t reg = registerOf(v);
    start.values.push_back(reg == kNoRegister ? ValuePlace() : ValuePlace{reg});
  }
  return start;
}

// --- Words ---------------------------------------------------------------------------------------

size_t FunctionGen::emit(Op op, uint32_t a, uint32_t b, uint32_t c, uint8_t x) {
  beginEntries();
  out_.code.push_back({static_cast<uint8_t>(op), x, static_cast<uint16_t>(a),
                       static_cast<uint16_t>(b), static_cast<uint16_t>(c)});
  return out_.code.size() - 1;
}

/// Entries of the line table and of the inlined calls for the word to come, where they change.
void FunctionGen::beginEntries() {
  const auto pc = static_cast<uint32_t>(out_.code.size());
  const LineColumn at = loc_;
  if (out_.lines.empty() || !(out_.lines.back().at == at))
    out_.lines.push_back({pc, at});
  const uint32_t site = loc_.inlinedAt == ir::kNone ? bytecode::kNoSite : siteOf(loc_.inlinedAt);
  if (site != (out_.siteEntries.empty() ? bytecode::kNoSite : out_.siteEntries.back().site))
    out_.siteEntries.push_back({pc, site});
}

/// The row of an inlined call. Calls of whose bodies nothing is left get none.
uint32_t FunctionGen::siteOf(uint32_t irSite) {
  std::vector<uint32_t> missing; // inner ones first
  uint32_t parent = bytecode::kNoSite;
  for (uint32_t at = irSite; at != ir::kNone; at = fn_.inlineSites[at].at.inlinedAt) {
    if (sites_[at] != bytecode::kNoSite) {
      parent = sites_[at];
      break;
    }
    missing.push_back(at);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const ir::InlineSite &site = fn_.inlineSites[missing.back()];
    sites_[missing.back()] = static_cast<uint32_t>(out_.inlineSites.size());
    out_.inlineSites.push_back({site.callee, parent, site.at});
    parent = sites_[missing.back()];
  }
  return sites_[irSite];
}

size_t FunctionGen::emitWide(Op op, uint32_t a, int32_t wide, uint8_t x) {
  size_t word = emit(op, a, 0, 0, x);
  out_.code[word].setWide(wide);
  return word;
}

void FunctionGen::emitExt(int32_t wide) { emitWide(Op::Ext, 0, wide); }

void FunctionGen::jumpTo(ir::BlockId block, size_t word, LabelField field) {
  fixups_.push_back({word, block, field});
}

/// Patches a jump of this instruction's own code to come out here.
void FunctionGen::landHere(size_t word) {
  auto distance = static_cast<int32_t>(out_.code.size() - word - 1);
  bytecode::Word &jump = out_.code[word];
  if (bytecode::info(static_cast<Op>(jump.op)).c == bytecode::Role::Label16)
    jump.c = static_cast<uint16_t>(distance);
  else
    jump.setWide(distance);
}

void FunctionGen::patchLabels() {
  for (const Fixup &fixup : fixups_) {
    // An extension's label counts from the word behind it.
    auto from = static_cast<int64_t>(fixup.word) + (fixup.field == LabelField::Ext ? 2 : 1);
    auto distance = static_cast<int32_t>(static_cast<int64_t>(blockStart_[fixup.block]) - from);
    switch (fixup.field) {
    case LabelField::Wide:
      out_.code[fixup.word].setWide(distance);
      break;
    case LabelField::Ext:
      out_.code[fixup.word + 1].setWide(distance);
      break;
    case LabelField::C:
      if (distance < INT16_MIN || distance > INT16_MAX)
        gen_.fail("a jump in function `" + fn_.name + "` is too far");
      out_.code[fixup.word].c = static_cast<uint16_t>(distance);
      break;
    }
  }
}

void FunctionGen::finishTables() {
  for (const Region &region : regions_)
    out_.handlers.push_back({region.begin, region.end, blockStart_[region.handler]});
}

// --- Operands ------------------------------------------------------------------------------------

uint32_t FunctionGen::registerOf(ValueId value) const {
  if (windowSlot_[value] != kNoRegister)
    return window_ + windowSlot_[value];
  return uses_[value].isIterator ? iterators_ + assignment_.iterators[value]
                                 : assignment_.registerOf[value];
}

void FunctionGen::load(uint32_t to, ValueId value) {
  const ir::Constant &constant = gen_.module().constants[constantOf_[value]];
  using Kind = ir::Constant::Kind;
  switch (constant.kind) {
  case Kind::Null:
    emit(Op::LoadNull, to);
    return;
  case Kind::Bool:
    emit(Op::LoadBool, to, 0, 0, constant.integer != 0);
    return;
  case Kind::Int:
    if (constant.integer >= INT32_MIN && constant.integer <= INT32_MAX) {
      emitWide(Op::LoadInt, to, static_cast<int32_t>(constant.integer));
      return;
    }
    [[fallthrough]];
  case Kind::Float:
  case Kind::BigInt:
  case Kind::Decimal:
  case Kind::String:
    emitWide(Op::LoadConst, to, static_cast<int32_t>(gen_.constant(constantOf_[value])));
  }
}

uint16_t FunctionGen::reg(Operand operand, unsigned scratch) {
  if (!isConstant(operand.index))
    return static_cast<uint16_t>(registerOf(operand.index));
  load(scratch_ + scratch, operand.index);
  return static_cast<uint16_t>(scratch_ + scratch);
}

uint16_t FunctionGen::resultReg(const ir::Inst &inst) {
  uint32_t result = inst.result == ir::kNone ? kNoRegister : registerOf(inst.result);
  // A result nobody reads may have no register; what it holds goes with the scratch register.
  return static_cast<uint16_t>(result == kNoRegister ? scratch_ + 2 : result);
}

/// Begins an instruction, for questions about last uses.
void FunctionGen::noteLastUses(const ir::Inst &inst) {
  ++instNumber_;
  const auto &kills = live_.kills[block_][inst_];
  for (size_t i = 0; i < kills.size(); ++i)
    if (kills[i])
      dyingIn_[inst.operands[i].index] = instNumber_;
}

bool FunctionGen::dies(ValueId value) const { return dyingIn_[value] == instNumber_; }

void FunctionGen::bring(uint32_t to, ValueId value, bool mayTake) {
  if (isConstant(value))
    return load(to, value);
  uint32_t from = registerOf(value);
  if (from == to)
    return;
  if (mayTake && dies(value)) {
    takenIn_[value] = instNumber_;
    emit(Op::Take, to, from);
  } else {
    emit(Op::Move, to, from);
  }
}

uint16_t FunctionGen::takeReg(Operand operand, unsigned scratch) {
  ValueId value = operand.index;
  if (!isConstant(value) && dies(value)) {
    takenIn_[value] = instNumber_;
    return static_cast<uint16_t>(registerOf(value));
  }
  bring(scratch_ + scratch, value);
  return static_cast<uint16_t>(scratch_ + scratch);
}

void FunctionGen::fillWindow(const ir::Inst &inst, ValueId kept) {
  std::vector<Operand> window = windowOperands(inst);
  for (uint32_t k = 0; k < window.size(); ++k)
    lastInWindow_[window[k].index] = k;
  for (uint32_t k = 0; k < window.size(); ++k) {
    ValueId value = window[k].index;
    bring(window_ + k, value, value != kept && lastInWindow_[value] == k);
  }
}

uint16_t FunctionGen::constantIndex(ir::ConstId id) {
  return gen_.index16(gen_.constant(id), "constants");
}

/// Frees containers whose last use this was, so that path writes find them unshared.
void FunctionGen::emitDrops(const ir::Inst &inst) {
  constexpr ir::KindSet kContainers = ir::kinds::List | ir::kinds::Object;
  if (!writesPaths_)
    return;
  uint32_t result = inst.result == ir::kNone ? kNoRegister : registerOf(inst.result);
  const auto &kills = live_.kills[block_][inst_];
  for (size_t i = 0; i < kills.size(); ++i) {
    ValueId value = inst.operands[i].index;
    if (!kills[i] || isConstant(value) || uses_[value].isIterator ||
        (fn_.valueKinds[value] & kContainers).empty() || takenIn_[value] == instNumber_)
      continue;
    uint32_t from = registerOf(value);
    bool inWindow = windowSlot_[value] != kNoRegister;
    if (from != kNoRegister && from != result && !inWindow)
      emit(Op::Drop, from);
  }
}

// --- Blocks --------------------------------------------------------------------------------------

void FunctionGen::emitBlock(uint32_t place) {
  block_ = order_.blocks[place];
  const ir::Block &block = fn_.blocks[block_];
  blockStart_[block_] = static_cast<uint32_t>(out_.code.size());
  for (inst_ = 0; inst_ < block.insts.size(); ++inst_) {
    const ir::Inst &inst = block.insts[inst_];
    loc_ = inst.loc;
    noteLastUses(inst);
    if (ir::info(inst.op).isTerminator())
      emitTerminator(inst, place);
    else if (inst.op != IrOp::Const && !(inst.result != ir::kNone && fused_[inst.result])) {
      emitInst(inst);
      emitDrops(inst);
    }
  }
  auto end = static_cast<uint32_t>(out_.code.size());
  if (block.handler == ir::kNone || end == blockStart_[block_])
    return;
  if (!regions_.empty() && regions_.back().handler == block.handler &&
      regions_.back().end == blockStart_[block_])
    regions_.back().end = end;
  else
    regions_.push_back({blockStart_[block_], end, block.handler});
}

bool FunctionGen::isNext(ir::BlockId block, uint32_t place) const {
  return place + 1 < order_.blocks.size() && order_.blocks[place + 1] == block;
}

FunctionGen::Operands FunctionGen::edgeAt(const ir::Inst &inst, unsigned n) const {
  Operands operands(inst.operands);
  size_t begin = 0;
  while (operands[begin].kind != OperandKind::Block || n-- > 0)
    ++begin;
  size_t end = begin + 1;
  while (end < operands.size() && operands[end].kind == OperandKind::Arg)
    ++end;
  return operands.subspan(begin, end - begin);
}

std::vector<FunctionGen::Move> FunctionGen::movesOf(Operands edge) const {
  const ir::Block &target = fn_.blocks[edge.front().index];
  size_t first = target.params.size() - (edge.size() - 1); // one that the instruction supplies
  std::vector<Move> moves;
  for (size_t i = 1; i < edge.size(); ++i) {
    ValueId param = target.params[first + i - 1], value = edge[i].index;
    uint32_t to = registerOf(param);
    uint32_t from = isConstant(value) ? kNoRegister : registerOf(value);
    if (to == kNoRegister || to == from)
      continue;
    moves.push_back({to, from, value, false});
  }
  return moves;
}

bool FunctionGen::edgeNeedsMoves(Operands edge) const { return !movesOf(edge).empty(); }

/// Whether the edge passes a value on in the very register it is in, so that nothing may take it
/// from there.
bool FunctionGen::staysInPlace(Operands edge, uint32_t reg) const {
  const ir::Block &target = fn_.blocks[edge.front().index];
  size_t first = target.params.size() - (edge.size() - 1);
  for (size_t i = 1; i < edge.size(); ++i)
    if (!isConstant(edge[i].index) && registerOf(edge[i].index) == reg &&
        registerOf(target.params[first + i - 1]) == reg)
      return true;
  return false;
}

/// Moves that happen at once: no register is overwritten before it was read. A value is taken from
/// its register by the last move that reads it, if the edge is its end and does not pass it on
/// there.
void FunctionGen::emitMoves(Operands edge) {
  std::vector<Move> moves = movesOf(edge);
  for (Move &move : moves)
    move.take = move.from != kNoRegister && dies(move.value) && !staysInPlace(edge, move.from);
  auto readers = [&](uint32_t reg) {
    return std::count_if(moves.begin(), moves.end(),
                         [reg](const Move &m) { return m.from == reg; });
  };
  for (;;) {
    auto ready = std::find_if(moves.begin(), moves.end(), [&](const Move &m) {
      return m.from != kNoRegister && readers(m.to) == 0;
    });
    if (ready != moves.end()) {
      bool take = ready->take && readers(ready->from) == 1;
      emit(take ? Op::Take : Op::Move, ready->to, ready->from);
      moves.erase(ready);
      continue;
    }
    auto blocked = std::find_if(moves.begin(), moves.end(),
                                [](const Move &m) { return m.from != kNoRegister; });
    if (blocked == moves.end())
      break; // only constants are left
    // A cycle: its first source steps aside, and whoever reads it reads it there.
    uint32_t aside = blocked->from;
    emit(blocked->take ? Op::Take : Op::Move, scratch_, aside);
    for (Move &m : moves)
      if (m.from == aside) {
        m.from = scratch_;
        m.take = true;
      }
  }
  for (const Move &move : moves)
    load(move.to, move.value);
}

void FunctionGen::emitEdge(Operands edge, uint32_t place) {
  if (emitLoopBack(edge, place))
    return;
  emitMoves(edge);
  if (!isNext(edge.front().index, place))
    jumpTo(edge.front().index, emitWide(Op::Br, 0, 0), LabelField::Wide);
}

/// A jump back to a block that only asks for the next item asks here and goes straight to the body.
/// \returns whether it did
bool FunctionGen::emitLoopBack(Operands edge, uint32_t place) {
  ir::BlockId head = edge.front().index;
  const ir::Block &block = fn_.blocks[head];
  if (order_.indexOf[head] > place || block.insts.size() != 1 ||
      block.insts[0].op != IrOp::IterNext || fn_.blocks[block_].handler != block.handler)
    return false;
  const ir::Inst &next = block.insts[0];
  ValueId iterator = next.operands[0].index;
  Operands body = edgeAt(next, 0), exit = edgeAt(next, 1);
  if (edgeNeedsMoves(body) || edgeNeedsMoves(exit))
    return false;
  const bool isRange = definedBy_[iterator]->op == IrOp::IterRange;
  emitMoves(edge);
  loc_ = next.loc;
  uint32_t item = registerOf(fn_.blocks[body.front().index].params[0]);
  size_t word = emit(isRange ? Op::RangeLoop : Op::IterLoop, registerOf(iterator),
                     item == kNoRegister ? scratch_ + 2 : item);
  emitExt(0);
  jumpTo(body.front().index, word, LabelField::Ext);
  if (!isNext(exit.front().index, place))
    jumpTo(exit.front().index, emitWide(Op::Br, 0, 0), LabelField::Wide);
  return true;
}

void FunctionGen::emitTerminator(const ir::Inst &inst, uint32_t place) {
  switch (inst.op) {
  case IrOp::Br:
    return emitEdge(edgeAt(inst, 0), place);
  case IrOp::BrIf:
  case IrOp::BrNull:
    return emitBranch(inst, place);
  case IrOp::IterNext:
    return emitIterNext(inst, place);
  case IrOp::Ret:
    if (isConstant(inst.operands[0].index) &&
        gen_.module().constants[constantOf_[inst.operands[0].index]].kind ==
            ir::Constant::Kind::Null)
      emit(Op::RetNull);
    else
      emit(Op::Ret, takeReg(inst.operands[0], 0));
    return;
  case IrOp::Raise: {
    uint16_t texts[2] = {bytecode::kNoIndex, bytecode::kNoIndex};
    for (size_t i = 1; i < std::min<size_t>(inst.operands.size(), 3); ++i)
      texts[i - 1] = constantIndex(inst.operands[i].index);
    emit(Op::Raise, 0, texts[0], texts[1], static_cast<uint8_t>(inst.operands[0].index));
    return;
  }
  case IrOp::Rethrow:
    emit(Op::Rethrow);
    return;
  case IrOp::Throw:
    emit(Op::Throw, reg(inst.operands[0]));
    return;
  case IrOp::Suspend: {
    Operands edge = edgeAt(inst, 0);
    uint32_t to = registerOf(fn_.blocks[edge.front().index].params[0]);
    bytecode::ResumePoint point;
    for (uint32_t r = 0; r < scratch_; ++r)
      point.live.push_back(static_cast<uint16_t>(r));
    point.pc = static_cast<uint32_t>(emit(Op::Suspend, to == kNoRegister ? scratch_ + 2 : to));
    emitExt(static_cast<int32_t>(out_.resumePoints.size()));
    out_.resumePoints.push_back(std::move(point));
    return emitEdge(edge, place);
  }
  default:
    BL_UNREACHABLE("not a terminator");
  }
}

FunctionGen::Condition FunctionGen::fusedCondition(const ir::Inst &compare) {
  Operand left = compare.operands[0], right = compare.operands[1];
  IrOp op = compare.op;
  auto swapped = [](IrOp o) {
    return o == IrOp::Lt   ? IrOp::Gt
           : o == IrOp::Le ? IrOp::Ge
           : o == IrOp::Gt ? IrOp::Lt
           : o == IrOp::Ge ? IrOp::Le
                           : o;
  };
  if (isConstant(left.index) && !isConstant(right.index)) {
    std::swap(left, right);
    op = swapped(op);
  }
  Condition condition{};
  condition.field = LabelField::C;
  condition.negateTrue = op == IrOp::Ne;
  bool constant = isConstant(right.index);
  if (!constant && (op == IrOp::Gt || op == IrOp::Ge)) { // a > b is b < a
    std::swap(left, right);
    op = swapped(op);
  }
  if (op == IrOp::Eq || op == IrOp::Ne)
    condition.whenTrue = constant ? Op::BrEqConst : Op::BrEq;
  else if (op == IrOp::Lt)
    condition.whenTrue = constant ? Op::BrLtConst : Op::BrLt;
  else if (op == IrOp::Le)
    condition.whenTrue = constant ? Op::BrLeConst : Op::BrLe;
  else
    condition.whenTrue = op == IrOp::Gt ? Op::BrGtConst : Op::BrGeConst;
  condition.whenFalse = condition.whenTrue;
  condition.negateFalse = !condition.negateTrue;
  condition.a = reg(left, 0);
  condition.b = constant ? constantIndex(constantOf_[right.index]) : reg(right, 1);
  return condition;
}

FunctionGen::Condition FunctionGen::conditionOf(const ir::Inst &inst) {
  ValueId value = inst.operands[0].index;
  const ir::Inst *by = fused_[value] ? definedBy_[value] : nullptr;
  if (by && by->op != IrOp::Not) {
    loc_ = by->loc;
    return fusedCondition(*by);
  }
  Condition condition{};
  condition.a = reg(by ? by->operands[0] : inst.operands[0]);
  bool isNull = inst.op == IrOp::BrNull;
  condition.whenTrue = isNull ? Op::BrNull : by ? Op::BrFalse : Op::BrTrue;
  condition.whenFalse = isNull ? Op::BrNotNull : by ? Op::BrTrue : Op::BrFalse;
  return condition;
}

size_t FunctionGen::emitCondition(const Condition &condition, bool whenTrue) {
  Op op = whenTrue ? condition.whenTrue : condition.whenFalse;
  return emit(op, condition.a, condition.field == LabelField::C ? condition.b : 0, 0,
              whenTrue ? condition.negateTrue : condition.negateFalse);
}

void FunctionGen::emitBranch(const ir::Inst &inst, uint32_t place) {
  Operands yes = edgeAt(inst, 0), no = edgeAt(inst, 1);
  Condition condition = conditionOf(inst);
  bool yesMoves = edgeNeedsMoves(yes), noMoves = edgeNeedsMoves(no);
  if (!noMoves && (yesMoves || isNext(yes.front().index, place))) {
    jumpTo(no.front().index, emitCondition(condition, false), condition.field);
    return emitEdge(yes, place);
  }
  if (!yesMoves) {
    jumpTo(yes.front().index, emitCondition(condition, true), condition.field);
    return emitEdge(no, place);
  }
  size_t skip = emitCondition(condition, false);
  emitMoves(yes);
  jumpTo(yes.front().index, emitWide(Op::Br, 0, 0), LabelField::Wide);
  landHere(skip);
  emitEdge(no, place);
}

void FunctionGen::emitIterNext(const ir::Inst &inst, uint32_t place) {
  Operands body = edgeAt(inst, 0), exit = edgeAt(inst, 1);
  ValueId iterator = inst.operands[0].index;
  bool isRange = definedBy_[iterator]->op == IrOp::IterRange;
  uint32_t item = registerOf(fn_.blocks[body.front().index].params[0]);
  uint32_t to = item == kNoRegister ? scratch_ + 2 : item;
  std::vector<Move> moves = movesOf(body);
  bool isRead =
      std::any_of(moves.begin(), moves.end(), [to](const Move &m) { return m.from == to; });
  if (isRead) // the item waits until the arguments were read
    to = scratch_ + 1;
  size_t next = emit(isRange ? Op::RangeNext : Op::IterNext, registerOf(iterator), to);
  emitExt(0);
  bool exitMoves = edgeNeedsMoves(exit);
  if (!exitMoves)
    jumpTo(exit.front().index, next, LabelField::Ext);
  emitMoves(body);
  if (isRead)
    emit(Op::Take, item, to);
  if (!exitMoves) {
    if (!isNext(body.front().index, place))
      jumpTo(body.front().index, emitWide(Op::Br, 0, 0), LabelField::Wide);
    return;
  }
  jumpTo(body.front().index, emitWide(Op::Br, 0, 0), LabelField::Wide);
  out_.code[next + 1].setWide(static_cast<int32_t>(out_.code.size() - next - 2));
  emitEdge(exit, place);
}

} // namespace branchline::bcgen
