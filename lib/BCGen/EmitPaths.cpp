// Path writes: on values in registers, and on variables in cells.
#include "FunctionGen.h"

namespace branchline::bcgen {

using bytecode::PathSegment;
using ir::Operand;
using ir::OperandKind;
using IrOp = ir::Op;

FunctionGen::Operands FunctionGen::segmentsOf(const ir::Inst &inst) {
  auto isSegment = [](Operand o) {
    return o.kind == OperandKind::PathName || o.kind == OperandKind::PathIndex ||
           o.kind == OperandKind::PathKey;
  };
  size_t begin = 0;
  while (begin < inst.operands.size() && !isSegment(inst.operands[begin]))
    ++begin;
  size_t end = begin;
  while (end < inst.operands.size() && isSegment(inst.operands[end]))
    ++end;
  return Operands(inst.operands).subspan(begin, end - begin);
}

uint16_t FunctionGen::pathIndex(Operands segments) {
  bytecode::Path path;
  for (Operand o : segments) {
    if (o.kind == OperandKind::PathName)
      path.segments.push_back({PathSegment::Kind::Name, gen_.constant(o.index)});
    else if (o.kind == OperandKind::PathIndex)
      path.segments.push_back({PathSegment::Kind::Index, gen_.constant(o.index)});
    else
      path.segments.push_back({PathSegment::Kind::Computed, 0});
  }
  return gen_.index16(gen_.path(std::move(path)), "paths");
}

void FunctionGen::emitPath(const ir::Inst &inst) {
  const auto &o = inst.operands;
  uint16_t path = pathIndex(segmentsOf(inst));
  switch (inst.op) {
  case IrOp::PathCheck:
  case IrOp::PathLeaf: {
    fillWindow(inst, o[1].index);
    uint16_t root = reg(o[1]);
    emit(inst.op == IrOp::PathCheck ? Op::PathCheck : Op::PathLeaf, root, window_, path,
         static_cast<uint8_t>(o[0].index));
    return;
  }
  case IrOp::PathSet:
  case IrOp::PathAppend: {
    fillWindow(inst, o[0].index);
    uint16_t to = resultReg(inst);
    bring(to, o[0].index);
    emit(inst.op == IrOp::PathSet ? Op::PathSet : Op::PathAppend, to, window_, path);
    return;
  }
  case IrOp::PathModify: {
    uint16_t updates = takeReg(o.back(), 1);
    if (registerOf(o.back().index) == resultReg(inst)) { // make room for the root
      emit(Op::Take, scratch_ + 1, updates);
      updates = static_cast<uint16_t>(scratch_ + 1);
    }
    uint16_t to = resultReg(inst);
    bring(to, o[0].index);
    emit(Op::PathModify, to, updates, path);
    emitExt(static_cast<int32_t>(gen_.constant(o[o.size() - 2].index)));
    return;
  }
  case IrOp::SetPath:
  case IrOp::AppendPath:
  case IrOp::ModifyPath:
    return emitPathWrite(inst);
  default:
    BL_UNREACHABLE("not a path instruction");
  }
}

/// Writes below a variable in a cell; for a chain of several, below the one at the position.
void FunctionGen::emitPathWrite(const ir::Inst &inst) {
  std::vector<Operand> chain = chainOf(inst);
  Operand position = inst.operands[chain.size()];
  uint16_t path = pathIndex(segmentsOf(inst));
  auto write = [&](Operand variable) {
    bool isCapture = variable.kind == OperandKind::Capture;
    uint32_t a = isCapture ? variable.index : cells_ + slotRegister_[variable.index];
    uint8_t kind = isCapture ? 1 : 0;
    if (inst.op == IrOp::ModifyPath) {
      const auto &o = inst.operands;
      emit(Op::CellPathModify, a, takeReg(o.back(), 1), path, kind);
      emitExt(static_cast<int32_t>(gen_.constant(o[o.size() - 2].index)));
      return;
    }
    fillWindow(inst);
    emit(inst.op == IrOp::SetPath ? Op::CellPathSet : Op::CellPathAppend, a, window_, path, kind);
  };
  if (chain.size() == 1)
    return write(chain[0]);
  std::vector<size_t> done;
  for (size_t i = 0; i < chain.size(); ++i) {
    size_t here = jumpIfPosition(reg(position, 0), i);
    size_t next = jumpForward(Op::Br, 0);
    landHere(here);
    write(chain[i]);
    done.push_back(jumpForward(Op::Br, 0));
    landHere(next);
  }
  for (size_t word : done)
    landHere(word);
}

} // namespace branchline::bcgen
