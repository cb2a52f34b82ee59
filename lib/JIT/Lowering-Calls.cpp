// Calls, closures, output, the world, and terminators.
#include "Lowering.h"

#include "branchline/Lang/Builtins.h"
#include "branchline/Runtime/Native.h"

#include <cstddef>

#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace branchline::jit {

using ir::OperandKind;
using Kind = Home::Kind;
using runtime::NativeState;

static constexpr uint8_t kTrapTag = 0xFF;

// --- Function values ---

void FunctionLowering::lowerClosureNew() {
  const std::vector<ir::Operand> &all = inst().operands;
  constexpr uint64_t kCellHead = static_cast<uint64_t>(Tag::Cell) | 0x100;
  const uint32_t count = static_cast<uint32_t>(all.size() - 1);
  for (uint32_t i = 0; i < count; ++i) {
    const ir::Operand variable = all[i + 1];
    llvm::Value *at =
        variable.kind == OperandKind::Local
            ? cells_[variable.index]
            : field(closure_, sizeof(runtime::FunctionObject) + variable.index * sizeof(void *));
    // Borrowed: the call counts what it keeps.
    storeValue(windowAt(i),
               {i64(kCellHead), b_.CreatePtrToInt(b_.CreateLoad(m_.pointer, at), m_.i64)});
  }
  call(Call::ClosureNew, {state_, resultAddress(), i32(indexAt(0)), windowAt(0), i32(count)});
  takeResult();
}

void FunctionLowering::lowerCalleeCheck() {
  const ValueId v = valueAt(0);
  if (!only(v, kinds::Function)) {
    Block *good = newBlock("function");
    Block *bad = newBlock("not.callable");
    branch(hasTag(tagOf(v), Tag::Function), good, bad);
    setBlock(bad);
    call(Call::NotCallable, {state_});
    fail();
    setBlock(good);
  }
  define(inst().result, take(0));
}

void FunctionLowering::lowerCalleeFind() {
  const ValueId v = valueAt(0);
  Block *given = newBlock("given");
  Block *other = newBlock("other");
  Block *done = newBlock("callee");
  b_.CreateCondBr(hasTag(tagOf(v), Tag::Function), given, other);
  setBlock(given);
  define(inst().result, take(0));
  b_.CreateBr(done);
  setBlock(other);
  if (kills(0))
    releaseHome(v);
  failUnless(call(Call::CalleeFind, {state_, resultAddress(), i32(indexAt(1)), i32(indexAt(2))}));
  takeResult();
  b_.CreateBr(done);
  setBlock(done);
  consumed_[0] = true;
}

// --- Calls ---

void FunctionLowering::lowerCall() {
  const size_t count = inst().operands.size();
  for (size_t i = 0; i < count; ++i)
    moveToWindow(i, i);
  giveFuelBack();
  llvm::Value *status = call(Call::CallValue, {state_, resultAddress(), windowAt(0),
                                               i32(static_cast<uint32_t>(count - 1))});
  takeFuel();
  failUnless(status);
  takeResult();
}

/// A direct call: arguments in registers, the result too; a head without such a tag is a trap.
void FunctionLowering::lowerCallFunc() {
  const ir::Function &callee = m_.source.functions[indexAt(0)];
  llvm::Value *depthAt = stateField(offsetof(NativeState, depthLeft));
  llvm::Value *depth = b_.CreateLoad(m_.i64, depthAt);
  Block *deep = newBlock("too.deep");
  Block *enter = newBlock("enter");
  branch(b_.CreateICmpSGT(depth, i64(0)), enter, deep);
  setBlock(deep);
  call(Call::TooDeep, {state_});
  fail();
  setBlock(enter);
  std::vector<llvm::Value *> args{state_};
  const size_t given = inst().operands.size() - 1;
  // Parameters without argument are unbound; arguments without a parameter are dropped. \rule
  // R2.13.3
  for (size_t i = 0; i < given; ++i) {
    const Pair value = take(i + 1);
    if (i < callee.params.size()) {
      args.push_back(value.head);
      args.push_back(value.payload);
    } else {
      release(value, kindsOf(valueAt(i + 1)));
    }
  }
  for (size_t i = given; i < callee.params.size(); ++i) {
    args.push_back(headConst(Tag::Unbound));
    args.push_back(i64(0));
  }
  b_.CreateStore(b_.CreateSub(depth, i64(1)), depthAt);
  giveFuelBack();
  llvm::Value *result = b_.CreateCall(m_.functions[indexAt(0)], args);
  b_.CreateStore(depth, depthAt);
  takeFuel();
  llvm::Value *head = b_.CreateExtractValue(result, 0);
  failIf(b_.CreateICmpEQ(b_.CreateTrunc(head, b_.getInt8Ty()), b_.getInt8(kTrapTag)));
  define(inst().result, {head, b_.CreateExtractValue(result, 1)});
}

void FunctionLowering::lowerCallLib() {
  const uint32_t count = static_cast<uint32_t>(inst().operands.size() - 1);
  for (uint32_t i = 0; i < count; ++i)
    moveToWindow(i, i + 1);
  const bool callsBack = info(static_cast<Builtin>(indexAt(0))).effect == BuiltinEffect::Calls;
  if (callsBack)
    giveFuelBack();
  llvm::Value *status =
      call(Call::CallLib, {state_, resultAddress(), i32(indexAt(0)), windowAt(0), i32(count)});
  if (callsBack)
    takeFuel();
  failUnless(status);
  takeResult();
}

void FunctionLowering::lowerCallHost() {
  const uint32_t count = static_cast<uint32_t>(inst().operands.size() - 1);
  for (uint32_t i = 0; i < count; ++i)
    moveToWindow(i, i + 1);
  giveFuelBack();
  llvm::Value *status =
      call(Call::CallHost, {state_, resultAddress(), i32(indexAt(0)), windowAt(0), i32(count)});
  takeFuel();
  failUnless(status);
  takeResult();
}

// --- Output and the world ---

void FunctionLowering::lowerOutputAdd() {
  moveToWindow(0, 0);
  call(Call::OutputAdd, {state_, windowAt(0)});
}

void FunctionLowering::lowerOutputEmit() {
  call(Call::OutputEmit, {state_, addressOf(valueAt(0))});
}

void FunctionLowering::lowerOutputMark() {
  defineInt(inst().result, call(Call::OutputMark, {state_}));
}

void FunctionLowering::lowerOutputRewind() {
  call(Call::OutputRewind, {state_, addressOf(valueAt(0))});
}

void FunctionLowering::lowerAbortCheck() {
  failUnless(call(Call::AbortCheck, {state_, addressOf(valueAt(0))}));
}

void FunctionLowering::lowerSharedAwait() {
  failUnless(call(Call::SharedAwait, {state_, resultAddress(), i32(indexAt(0)), i32(indexAt(1))}));
  takeResult();
}

void FunctionLowering::lowerSharedWrite() {
  moveToWindow(0, 1);
  moveToWindow(1, 2);
  failUnless(call(Call::SharedWrite, {state_, i32(indexAt(0)), windowAt(0)}));
}

void FunctionLowering::lowerWait() { failUnless(call(Call::Wait, {state_, i32(indexAt(0))})); }

void FunctionLowering::lowerTracePoint() {} // a run without a tracer reports nothing

void FunctionLowering::lowerErrorCatch() {
  llvm::Value *caught = caught_ ? static_cast<llvm::Value *>(b_.CreateLoad(m_.pointer, caught_))
                                : llvm::ConstantPointerNull::get(m_.pointer);
  call(Call::ErrorCatch, {state_, resultAddress(), caught});
  takeResult();
}

// --- Terminators ---

FunctionLowering::Operands FunctionLowering::edgeAt(unsigned n) const {
  const Operands all(inst().operands);
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].kind == OperandKind::Block && n-- == 0)
      return all.subspan(i);
  BL_UNREACHABLE("the verifier checks the edges of terminators");
}

void FunctionLowering::lowerBr() {
  chargeBackEdge(indexAt(0));
  lowerEdge(inst().operands);
}

/// Goes the first way when the condition holds; operand 0 is done with then.
void FunctionLowering::lowerBranch(llvm::Value *condition) {
  if (kills(0))
    releaseHome(valueAt(0));
  Block *first = newBlock("first");
  Block *second = newBlock("second");
  b_.CreateCondBr(condition, first, second);
  setBlock(first);
  chargeBackEdge(edgeAt(0).front().index);
  lowerEdge(edgeAt(0));
  setBlock(second);
  chargeBackEdge(edgeAt(1).front().index);
  lowerEdge(edgeAt(1));
}

void FunctionLowering::lowerBrIf() { lowerBranch(truthOf(valueAt(0), Call::Truthy)); }

void FunctionLowering::lowerBrNull() {
  const ValueId v = valueAt(0);
  lowerBranch(may(v, kinds::Null) || kindsOf(v).empty()
                  ? hasTag(tagOf(v), Tag::Null)
                  : static_cast<llvm::Value *>(b_.getFalse()));
}

void FunctionLowering::lowerRet() { returnPair(take(0)); }

void FunctionLowering::lowerRaise() {
  const size_t texts = inst().operands.size() - 1;
  call(Call::Raise,
       {state_, i32(indexAt(0)), i32(texts > 0 ? indexAt(1) : 0), i32(texts > 1 ? indexAt(2) : 0)});
  fail();
}

void FunctionLowering::lowerRethrow() {
  if (caught_)
    call(Call::Rethrow, {state_, caught_});
  fail();
}

void FunctionLowering::lowerThrow() {
  call(Call::Throw, {state_, addressOf(valueAt(0))});
  // Nothing comes after the instruction to give its operand up.
  if (kills(0))
    releaseHome(valueAt(0));
  fail();
}

void FunctionLowering::lowerSuspend() {
  call(Call::Suspend, {state_});
  fail();
}

} // namespace branchline::jit
