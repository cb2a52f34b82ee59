// Instructions that compute, call and build. Variables and path writes are in files of their own.
#include "FunctionGen.h"

#include "branchline/Lang/Builtins.h"

namespace branchline::bcgen {

using bytecode::Import;
using ir::Operand;
using ir::OperandKind;
using IrOp = ir::Op;

void FunctionGen::emitBinary(const ir::Inst &inst, Op plain, std::optional<Op> withConst) {
  Operand left = inst.operands[0], right = inst.operands[1];
  if (withConst && isConstant(right.index) && !isConstant(left.index)) {
    uint16_t a = reg(left, 0);
    emit(*withConst, resultReg(inst), a, constantIndex(constantOf_[right.index]));
    return;
  }
  if (inst.op == IrOp::Sub && isConstant(left.index)) {
    uint16_t b = reg(right, 1);
    emit(Op::ConstSub, resultReg(inst), constantIndex(constantOf_[left.index]), b);
    return;
  }
  uint16_t a = reg(left, 0), b = reg(right, 1);
  emit(plain, resultReg(inst), a, b);
}

void FunctionGen::emitUnary(const ir::Inst &inst, Op op) {
  uint16_t a = reg(inst.operands[0]);
  emit(op, resultReg(inst), a);
}

void FunctionGen::emitCall(const ir::Inst &inst) {
  fillWindow(inst);
  auto count = static_cast<uint32_t>(windowOperands(inst).size());
  uint16_t to = resultReg(inst);
  switch (inst.op) {
  case IrOp::Call:
    emit(Op::Call, to, window_, count - 1);
    return;
  case IrOp::CallFunc:
    emit(Op::CallFunc, to, window_, count);
    emitExt(static_cast<int32_t>(inst.operands[0].index));
    return;
  case IrOp::CallLib: {
    std::string_view name = info(static_cast<Builtin>(inst.operands[0].index)).name;
    emit(Op::CallLib, to, window_, count);
    emitExt(static_cast<int32_t>(gen_.import(Import::Kind::Library, name)));
    return;
  }
  case IrOp::CallHost: {
    const std::string &name = gen_.module().constants[inst.operands[0].index].text;
    emit(Op::CallHost, to, window_, count);
    emitExt(static_cast<int32_t>(gen_.import(Import::Kind::Host, name)));
    return;
  }
  default:
    BL_UNREACHABLE("not a call");
  }
}

void FunctionGen::emitObject(const ir::Inst &inst) {
  bytecode::Layout layout;
  for (size_t i = 0; i < inst.operands.size(); i += 2)
    layout.keys.push_back(inst.operands[i].kind == OperandKind::KeyConst
                              ? gen_.constant(inst.operands[i].index)
                              : bytecode::kComputedKey);
  fillWindow(inst);
  emit(Op::ObjectNew, resultReg(inst), window_,
       gen_.index16(gen_.layout(std::move(layout)), "object layouts"));
}

void FunctionGen::emitClosure(const ir::Inst &inst) {
  for (size_t i = 1; i < inst.operands.size(); ++i) {
    Operand variable = inst.operands[i];
    auto to = static_cast<uint32_t>(cellWindow_ + i - 1);
    if (variable.kind == OperandKind::Local)
      emit(Op::CellRef, to, cells_ + slotRegister_[variable.index]);
    else
      emit(Op::CaptureRef, to, variable.index);
  }
  emit(Op::ClosureNew, resultReg(inst), cellWindow_,
       gen_.index16(inst.operands[0].index, "functions"));
}

void FunctionGen::emitInst(const ir::Inst &inst) {
  const auto &o = inst.operands;
  auto library = [&](size_t i) {
    return gen_.import(Import::Kind::Library, info(static_cast<Builtin>(o[i].index)).name);
  };
  auto wideName = [&](size_t i) { return static_cast<int32_t>(gen_.constant(o[i].index)); };
  /// Result = operand, after a check of it.
  auto pass = [&](size_t i) {
    if (inst.result != ir::kNone && registerOf(inst.result) != kNoRegister)
      bring(registerOf(inst.result), o[i].index);
  };
  switch (inst.op) {
  case IrOp::InputDoc:
    emit(Op::InputDoc, resultReg(inst));
    return;
  case IrOp::InputGet:
    emitWide(Op::InputGet, resultReg(inst), wideName(0));
    return;
  case IrOp::SharedHandle:
    emitWide(Op::SharedHandle, resultReg(inst), wideName(0));
    return;

  case IrOp::VarGet:
  case IrOp::VarGetOr:
  case IrOp::VarFind:
  case IrOp::VarRequire:
  case IrOp::VarRead:
  case IrOp::VarWrite:
  case IrOp::VarLet:
  case IrOp::VarBind:
  case IrOp::OrNull:
  case IrOp::IsBound:
  case IrOp::RequireBound:
    return emitVariable(inst);

  case IrOp::Add:
    return emitBinary(inst, Op::Add, Op::AddConst);
  case IrOp::Sub:
    return emitBinary(inst, Op::Sub, Op::SubConst);
  case IrOp::Mul:
    return emitBinary(inst, Op::Mul, Op::MulConst);
  case IrOp::Div:
    return emitBinary(inst, Op::Div, Op::DivConst);
  case IrOp::IDiv:
    return emitBinary(inst, Op::IDiv, Op::IDivConst);
  case IrOp::Rem:
    return emitBinary(inst, Op::Rem, Op::RemConst);
  case IrOp::Concat:
    return emitBinary(inst, Op::Concat, std::nullopt);
  case IrOp::Eq:
    return emitBinary(inst, Op::Eq, std::nullopt);
  case IrOp::Ne:
    return emitBinary(inst, Op::Ne, std::nullopt);
  case IrOp::Lt:
    return emitBinary(inst, Op::Lt, std::nullopt);
  case IrOp::Le:
    return emitBinary(inst, Op::Le, std::nullopt);
  case IrOp::Gt:
    return emitBinary(inst, Op::Gt, std::nullopt);
  case IrOp::Ge:
    return emitBinary(inst, Op::Ge, std::nullopt);
  case IrOp::Neg:
    return emitUnary(inst, Op::Neg);
  case IrOp::Truth:
    return emitUnary(inst, Op::Truth);
  case IrOp::Not:
    return emitUnary(inst, Op::Not);
  case IrOp::LibTruth:
    return emitUnary(inst, Op::LibTruth);

  case IrOp::ListNew: {
    fillWindow(inst);
    emit(Op::ListNew, resultReg(inst), window_,
         gen_.index16(static_cast<uint32_t>(o.size()), "items of a list"));
    return;
  }
  case IrOp::ListPush: {
    uint16_t list = reg(o[0]);
    emit(Op::ListPush, list, takeReg(o[1], 1));
    return;
  }
  case IrOp::KeyCheck:
    emit(Op::KeyCheck, reg(o[1]), 0, 0, static_cast<uint8_t>(o[0].index));
    return;
  case IrOp::ObjectNew:
    return emitObject(inst);
  case IrOp::GetName: {
    uint16_t base = reg(o[0]);
    emit(Op::GetName, resultReg(inst), base, constantIndex(o[1].index));
    return;
  }
  case IrOp::GetIndex: {
    uint16_t base = reg(o[0]);
    emit(Op::GetIndex, resultReg(inst), base, constantIndex(o[1].index));
    return;
  }
  case IrOp::GetKey:
    if (isText(o[1].index)) {
      uint16_t base = reg(o[0]);
      emit(Op::GetText, resultReg(inst), base, constantIndex(constantOf_[o[1].index]));
      return;
    }
    return emitBinary(inst, Op::GetKey, std::nullopt);

  case IrOp::PathRoot:
    emit(Op::PathRoot, reg(o[1]), 0, constantIndex(o[2].index), static_cast<uint8_t>(o[0].index));
    return pass(1);
  case IrOp::AppendList:
    emit(Op::AppendList, reg(o[0]), 0, constantIndex(o[1].index));
    return pass(0);
  case IrOp::InitCheck:
    emit(Op::InitCheck, reg(o[1]), 0, 0, static_cast<uint8_t>(o[0].index));
    return;
  case IrOp::PathCheck:
  case IrOp::PathLeaf:
  case IrOp::PathSet:
  case IrOp::PathAppend:
  case IrOp::PathModify:
  case IrOp::SetPath:
  case IrOp::AppendPath:
  case IrOp::ModifyPath:
    return emitPath(inst);

  case IrOp::ClosureNew:
    return emitClosure(inst);
  case IrOp::CalleeCheck:
    emit(Op::CalleeCheck, reg(o[0]));
    return pass(0);
  case IrOp::CalleeFind: {
    uint16_t variable = reg(o[0]);
    uint16_t func =
        o[1].index == ir::kNone ? bytecode::kNoIndex : gen_.index16(o[1].index, "functions");
    emit(Op::CalleeFind, resultReg(inst), variable, func);
    emitExt(wideName(2));
    return;
  }
  case IrOp::Call:
  case IrOp::CallFunc:
  case IrOp::CallLib:
  case IrOp::CallHost:
    return emitCall(inst);

  case IrOp::OutputAdd:
    emit(Op::OutputAdd, takeReg(o[0], 0));
    return;
  case IrOp::OutputEmit:
    emit(Op::OutputEmit, reg(o[0]));
    return;
  case IrOp::OutputMark:
    emit(Op::OutputMark, resultReg(inst));
    return;
  case IrOp::OutputRewind:
    emit(Op::OutputRewind, reg(o[0]));
    return;
  case IrOp::AbortCheck:
    emit(Op::AbortCheck, reg(o[0]));
    return;
  case IrOp::SharedAwait:
    emit(Op::SharedAwait, resultReg(inst), constantIndex(o[0].index), constantIndex(o[1].index));
    return;
  case IrOp::SharedWrite: {
    uint16_t key = reg(o[1], 0), value = reg(o[2], 1);
    emit(Op::SharedWrite, key, value, constantIndex(o[0].index));
    return;
  }
  case IrOp::Wait:
    emitWide(Op::Wait, 0, static_cast<int32_t>(gen_.constant(o[0].index)));
    return;
  case IrOp::TracePoint: {
    uint16_t value = reg(o[1]);
    emitWide(Op::TracePoint, value, wideName(0));
    return;
  }
  case IrOp::ErrorCatch:
    emit(Op::ErrorCatch, resultReg(inst));
    return;

  case IrOp::ListCheck:
    emit(Op::ListCheck, reg(o[1]), gen_.index16(library(0), "imports"));
    return pass(1);
  case IrOp::SumStep: {
    uint16_t item = reg(o[2], 1), to = resultReg(inst);
    if (item == to) { // make room for the sum
      emit(Op::Move, scratch_ + 1, item);
      item = static_cast<uint16_t>(scratch_ + 1);
    }
    bring(to, o[1].index);
    emit(Op::SumStep, to, item, gen_.index16(library(0), "imports"));
    return;
  }
  case IrOp::IterNew: {
    uint16_t items = reg(o[1]);
    emit(Op::IterNew, registerOf(inst.result), items, 0, static_cast<uint8_t>(o[0].index));
    return;
  }
  case IrOp::IterRange: {
    uint16_t first = reg(o[0], 0), last = reg(o[1], 1);
    emit(Op::RangeNew, registerOf(inst.result), first, last);
    return;
  }

  case IrOp::Const: // loaded where it is used
  case IrOp::Br:
  case IrOp::BrIf:
  case IrOp::BrNull:
  case IrOp::IterNext:
  case IrOp::Ret:
  case IrOp::Raise:
  case IrOp::Rethrow:
  case IrOp::Throw:
  case IrOp::Suspend:
    break;
  }
  BL_UNREACHABLE("not emitted as an instruction");
}

} // namespace branchline::bcgen
