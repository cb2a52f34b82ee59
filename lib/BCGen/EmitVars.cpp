// Variables that passes left in their slots, cells and captures. A chain becomes a row of tests for
// the nearest one that is bound; a chain of one needs none.
#include "FunctionGen.h"

namespace branchline::bcgen {

using ir::Operand;
using ir::OperandKind;
using IrOp = ir::Op;

std::vector<Operand> FunctionGen::chainOf(const ir::Inst &inst) const {
  std::vector<Operand> chain;
  for (Operand o : inst.operands) {
    if (o.kind != OperandKind::Local && o.kind != OperandKind::Capture)
      break;
    chain.push_back(o);
  }
  return chain;
}

void FunctionGen::readVariable(uint32_t to, Operand variable) {
  if (variable.kind == OperandKind::Capture)
    emit(Op::CaptureGet, to, variable.index);
  else if (slotIsCell_[variable.index])
    emit(Op::CellGet, to, cells_ + slotRegister_[variable.index]);
  else
    copy(to, slotRegister_[variable.index]);
}

void FunctionGen::writeVariable(Operand variable, uint32_t from, bool take) {
  if (variable.kind == OperandKind::Capture)
    emit(Op::CaptureSet, variable.index, from);
  else if (slotIsCell_[variable.index])
    emit(Op::CellSet, cells_ + slotRegister_[variable.index], from);
  else if (from != slotRegister_[variable.index])
    emit(take ? Op::Take : Op::Move, slotRegister_[variable.index], from);
}

/// \returns the word of a jump taken when the position is that of the candidate
size_t FunctionGen::jumpIfPosition(uint32_t position, size_t candidate) {
  uint32_t constant = gen_.constantInt(static_cast<int64_t>(candidate));
  return emit(Op::BrEqConst, position, gen_.index16(constant, "constants"));
}

void FunctionGen::emitVariable(const ir::Inst &inst) {
  std::vector<Operand> chain = chainOf(inst);
  auto rest = [&](size_t i) { return inst.operands[chain.size() + i]; };
  uint32_t scratch = scratch_ + 2;
  std::vector<size_t> found;
  auto land = [&] {
    for (size_t word : found)
      landHere(word);
  };
  switch (inst.op) {
  case IrOp::VarGet:
  case IrOp::VarGetOr: {
    uint32_t to = resultReg(inst);
    bool hasOther = inst.op == IrOp::VarGetOr;
    // The other value may live in the result's register; it waits in scratch meanwhile.
    uint32_t other = hasOther ? reg(rest(0), 0) : 0;
    if (hasOther && other == to) {
      copy(scratch_ + 1, other);
      other = scratch_ + 1;
    }
    for (Operand variable : chain) {
      readVariable(to, variable);
      found.push_back(jumpForward(Op::BrBound, to));
    }
    if (hasOther)
      copy(to, other);
    else
      emit(Op::LoadNull, to);
    return land();
  }
  case IrOp::VarFind:
  case IrOp::VarRequire: {
    bool required = inst.op == IrOp::VarRequire;
    if (!required && chain.size() == 1)
      return;
    uint32_t to = resultReg(inst);
    for (size_t i = 0; i < chain.size(); ++i) {
      if (chain.size() > 1)
        emitWide(Op::LoadInt, to, static_cast<int32_t>(i));
      readVariable(scratch_, chain[i]);
      found.push_back(jumpForward(Op::BrBound, scratch_));
    }
    if (required)
      emit(Op::Raise, 0, constantIndex(rest(1).index), bytecode::kNoIndex,
           static_cast<uint8_t>(rest(0).index));
    else
      emitWide(Op::LoadInt, to, 0);
    land();
    emit(Op::Drop, scratch_); // what was looked at is not to be kept alive
    return;
  }
  case IrOp::VarRead: {
    uint32_t to = resultReg(inst);
    if (chain.size() == 1)
      return readVariable(to, chain[0]);
    uint32_t position = reg(rest(0), 0);
    for (size_t i = 0; i < chain.size(); ++i) {
      size_t here = jumpIfPosition(position, i);
      size_t next = jumpForward(Op::Br, 0);
      landHere(here);
      readVariable(to, chain[i]);
      found.push_back(jumpForward(Op::Br, 0));
      landHere(next);
    }
    return land();
  }
  case IrOp::VarWrite: {
    bool take = !isConstant(rest(1).index) && dies(rest(1).index);
    uint32_t from = reg(rest(1), 1);
    if (chain.size() == 1) {
      writeVariable(chain[0], from, take);
      return;
    }
    uint32_t position = reg(rest(0), 0);
    for (size_t i = 0; i < chain.size(); ++i) {
      size_t here = jumpIfPosition(position, i);
      size_t next = jumpForward(Op::Br, 0);
      landHere(here);
      writeVariable(chain[i], from, false);
      found.push_back(jumpForward(Op::Br, 0));
      landHere(next);
    }
    return land();
  }
  case IrOp::VarLet: {
    bool take = !isConstant(rest(0).index) && dies(rest(0).index);
    uint32_t from = reg(rest(0), 1);
    if (chain.size() == 1) {
      writeVariable(chain[0], from, take);
      return;
    }
    for (size_t i = 0; i < chain.size(); ++i) {
      readVariable(scratch, chain[i]);
      size_t here = jumpForward(Op::BrBound, scratch);
      size_t next = jumpForward(Op::Br, 0);
      landHere(here);
      writeVariable(chain[i], from, false);
      found.push_back(jumpForward(Op::Br, 0));
      landHere(next);
    }
    writeVariable(chain[0], from, false);
    land();
    emit(Op::Drop, scratch);
    return;
  }
  case IrOp::VarBind: {
    bool take = !isConstant(rest(0).index) && dies(rest(0).index);
    writeVariable(chain[0], reg(rest(0), 1), take);
    return;
  }
  case IrOp::OrNull: {
    uint32_t to = resultReg(inst);
    bring(to, inst.operands[0].index);
    size_t bound = jumpForward(Op::BrBound, to);
    emit(Op::LoadNull, to);
    landHere(bound);
    return;
  }
  case IrOp::IsBound: {
    uint32_t from = reg(inst.operands[0], 0), to = resultReg(inst);
    size_t bound = jumpForward(Op::BrBound, from);
    emit(Op::LoadBool, to, 0, 0, 0);
    size_t done = jumpForward(Op::Br, 0);
    landHere(bound);
    emit(Op::LoadBool, to, 0, 0, 1);
    landHere(done);
    return;
  }
  case IrOp::RequireBound: {
    uint32_t from = reg(inst.operands[0], 0);
    size_t bound = jumpForward(Op::BrBound, from);
    emit(Op::Raise, 0, constantIndex(inst.operands[2].index), bytecode::kNoIndex,
         static_cast<uint8_t>(inst.operands[1].index));
    landHere(bound);
    if (registerOf(inst.result) != kNoRegister)
      bring(registerOf(inst.result), inst.operands[0].index);
    return;
  }
  default:
    BL_UNREACHABLE("not an instruction on variables");
  }
}

} // namespace branchline::bcgen
