// Operators: machine numbers inline, everything else by the kernels.
#include "Lowering.h"

#include "branchline/Runtime/Native.h"
#include "branchline/Runtime/NativeInline.h"

#include <algorithm>

namespace branchline::jit {

using Kind = Home::Kind;

/// The address of an operand that the called operator gives up itself when this is its last use.
llvm::Value *FunctionLowering::operandAddress(size_t operand, unsigned scratch, uint32_t &what,
                                              uint32_t bit) {
  const ValueId v = valueAt(operand);
  llvm::Value *address = addressOf(v, scratch);
  if (kills(operand) && homes_[v].kind != Kind::Const && mayCount(v)) {
    what |= bit;
    if (homes_[v].kind == Kind::Pair)
      clearHome(v);
  }
  consumed_[operand] = true;
  return address;
}

/// Whether what has no inline way leaves the version: its result may be of other kinds than those
/// that are known there.
bool FunctionLowering::leavesVersion() const {
  return version_ && version_->kinds[inst().result] != fn_.valueKinds[inst().result];
}

llvm::BasicBlock *FunctionLowering::kernelBlock() {
  return version_ && !leavesVersion() ? newBlock("kernel") : generalBlock("kernel");
}

/// On the fast ways an operand was a machine number: its home holds no count. Registers are told
/// so, which ends their life.
void FunctionLowering::passOperand(size_t operand) {
  if (kills(operand) && homes_[valueAt(operand)].kind == Kind::Pair)
    clearHome(valueAt(operand));
  consumed_[operand] = true;
}

/// Goes to the way for two integers, else to that for floats, else to the kernel.
void FunctionLowering::lowerInts(Block *ints, Block *floats, Block *slow) {
  Block *otherwise = floats ? floats : slow;
  if (!ints) {
    b_.CreateBr(otherwise);
    return;
  }
  // One branch each: a tag that a jump brings along is then decided before the jump.
  for (size_t operand : {0, 1}) {
    if (only(valueAt(operand), kinds::Int))
      continue;
    Block *fits = newBlock("tag");
    branch(hasTag(tagOf(valueAt(operand)), Tag::Int), fits, otherwise);
    setBlock(fits);
  }
  b_.CreateBr(ints);
}

/// An integer as a float; what is no float exactly goes to `inexact` unless that is null.
llvm::Value *FunctionLowering::converted(ValueId v, Block *inexact) {
  llvm::Value *number = intOf(v);
  if (inexact) {
    constexpr auto kExact = static_cast<uint64_t>(runtime::kMostExactInt);
    Block *exact = newBlock("exact");
    branch(b_.CreateICmpULE(b_.CreateAdd(number, i64(kExact)), i64(2 * kExact)), exact, inexact);
    setBlock(exact);
  }
  return b_.CreateSIToFP(number, b_.getDoubleTy());
}

/// An operand as a float; two integers do not come here. An integer beside a float is common enough
/// in loops to be converted inline. \param inexact  see `converted`
llvm::Value *FunctionLowering::realOf(ValueId v, Block *slow, Block *inexact) {
  if (only(v, kinds::Int))
    return converted(v, inexact);
  if (only(v, kinds::Float))
    return floatOf(v);
  Block *isFloat = newBlock("float");
  if (!hasLoops_ || straight_ || !may(v, kinds::Int)) {
    branch(hasTag(tagOf(v), Tag::Float), isFloat, slow);
    setBlock(isFloat);
    return floatOf(v);
  }
  Block *other = newBlock("other");
  Block *isInt = newBlock("int");
  Block *done = newBlock("real");
  b_.CreateCondBr(hasTag(tagOf(v), Tag::Float), isFloat, other);
  setBlock(isFloat);
  llvm::Value *given = floatOf(v);
  b_.CreateBr(done);
  setBlock(other);
  branch(hasTag(tagOf(v), Tag::Int), isInt, slow);
  setBlock(isInt);
  llvm::Value *made = converted(v, inexact);
  isInt = b_.GetInsertBlock();
  b_.CreateBr(done);
  setBlock(done);
  llvm::PHINode *either = b_.CreatePHI(b_.getDoubleTy(), 2);
  either->addIncoming(given, isFloat);
  either->addIncoming(made, isInt);
  return either;
}

/// Whether an operator is one call, whose kernel tells the kinds of numbers apart in less code.
bool FunctionLowering::isLeftToCall() const {
  return straight_ && !std::ranges::all_of(inst().operands, [this](const ir::Operand &operand) {
           return operand.kind != ir::OperandKind::Value || only(operand.index, kinds::Int) ||
                  only(operand.index, kinds::Float);
         });
}

void FunctionLowering::lowerArithmetic(BinaryOp op) {
  if (isLeftToCall()) {
    callBinary(op);
    return;
  }
  const ValueId a = valueAt(0), b = valueAt(1), result = inst().result;
  const bool ints = may(a, kinds::Int) && may(b, kinds::Int) &&
                    may(result, op == BinaryOp::Div ? kinds::Float : kinds::Int);
  const bool floats = op != BinaryOp::IDiv && op != BinaryOp::Rem && may(result, kinds::Float) &&
                      may(a, kinds::Float | kinds::Int) && may(b, kinds::Float | kinds::Int) &&
                      (may(a, kinds::Float) || may(b, kinds::Float)) &&
                      (may(a, kinds::Float) || only(a, kinds::Int)) &&
                      (may(b, kinds::Float) || only(b, kinds::Int));
  Block *intBlock = ints ? newBlock("ints") : nullptr;
  Block *floatBlock = floats ? newBlock("floats") : nullptr;
  Block *slow = kernelBlock();
  Block *done = newBlock("done");
  lowerInts(intBlock, floatBlock, slow);
  if (intBlock) {
    setBlock(intBlock);
    llvm::Value *x = intOf(a), *y = intOf(b);
    auto checked = [&](llvm::Intrinsic::ID id) {
      llvm::Value *both = b_.CreateBinaryIntrinsic(id, x, y);
      Block *fits = newBlock("fits");
      branch(b_.CreateNot(b_.CreateExtractValue(both, 1)), fits, slow);
      setBlock(fits);
      return b_.CreateExtractValue(both, 0);
    };
    auto nonZero = [&](bool alsoNotMinusOne) {
      llvm::Value *good = b_.CreateICmpNE(y, i64(0));
      if (alsoNotMinusOne)
        good = b_.CreateAnd(good, b_.CreateICmpNE(y, i64(~uint64_t(0))));
      Block *divides = newBlock("divides");
      branch(good, divides, slow);
      setBlock(divides);
    };
    llvm::Value *value = nullptr;
    switch (op) {
    case BinaryOp::Add:
      value = checked(llvm::Intrinsic::sadd_with_overflow);
      break;
    case BinaryOp::Sub:
      value = checked(llvm::Intrinsic::ssub_with_overflow);
      break;
    case BinaryOp::Mul:
      value = checked(llvm::Intrinsic::smul_with_overflow);
      break;
    case BinaryOp::IDiv:
      nonZero(true);
      value = b_.CreateSDiv(x, y);
      break;
    case BinaryOp::Rem:
      nonZero(true);
      value = b_.CreateSRem(x, y);
      break;
    default: {
      nonZero(false);
      llvm::Type *real = b_.getDoubleTy();
      value = b_.CreateFDiv(b_.CreateSIToFP(x, real), b_.CreateSIToFP(y, real));
    }
    }
    passOperand(0);
    passOperand(1);
    if (value->getType()->isDoubleTy())
      defineFloat(result, value);
    else
      defineInt(result, value);
    b_.CreateBr(done);
  }
  if (floatBlock) {
    setBlock(floatBlock);
    llvm::Value *x = realOf(a, slow, nullptr), *y = realOf(b, slow, nullptr), *value = nullptr;
    switch (op) {
    case BinaryOp::Add:
      value = b_.CreateFAdd(x, y);
      break;
    case BinaryOp::Sub:
      value = b_.CreateFSub(x, y);
      break;
    case BinaryOp::Mul:
      value = b_.CreateFMul(x, y);
      break;
    default: {
      Block *divides = newBlock("divides");
      branch(b_.CreateFCmpUNE(y, llvm::ConstantFP::get(b_.getDoubleTy(), 0)), divides, slow);
      setBlock(divides);
      value = b_.CreateFDiv(x, y);
    }
    }
    passOperand(0);
    passOperand(1);
    defineFloat(result, value);
    b_.CreateBr(done);
  }
  if (!leavesVersion()) {
    setBlock(slow);
    callBinary(op);
    b_.CreateBr(done);
  }
  setBlock(done);
}

void FunctionLowering::lowerCompare(BinaryOp op) {
  const ValueId a = valueAt(0), b = valueAt(1), result = inst().result;
  if ((op == BinaryOp::Eq || op == BinaryOp::Ne) &&
      (only(a, kinds::Null) || only(b, kinds::Null))) {
    lowerIsNull(only(a, kinds::Null) ? b : a, op);
    return;
  }
  if (isLeftToCall()) {
    callCompare(op);
    return;
  }
  const bool ints = may(a, kinds::Int) && may(b, kinds::Int);
  const bool mixed = only(a, kinds::Int) || only(b, kinds::Int);
  const bool floats = ((may(a, kinds::Float) && (may(b, kinds::Float) || only(b, kinds::Int))) ||
                       (may(b, kinds::Float) && only(a, kinds::Int))) &&
                      !(mixed && straight_);
  Block *intBlock = ints ? newBlock("ints") : nullptr;
  Block *floatBlock = floats ? newBlock("floats") : nullptr;
  Block *slow = newBlock("kernel");
  Block *done = newBlock("done");
  lowerInts(intBlock, floatBlock, slow);
  using Predicate = llvm::CmpInst::Predicate;
  auto predicate = [&]() -> std::pair<Predicate, Predicate> {
    switch (op) {
    case BinaryOp::Eq:
      return {Predicate::ICMP_EQ, Predicate::FCMP_OEQ};
    case BinaryOp::Ne:
      return {Predicate::ICMP_NE, Predicate::FCMP_ONE};
    case BinaryOp::Lt:
      return {Predicate::ICMP_SLT, Predicate::FCMP_OLT};
    case BinaryOp::Le:
      return {Predicate::ICMP_SLE, Predicate::FCMP_OLE};
    case BinaryOp::Gt:
      return {Predicate::ICMP_SGT, Predicate::FCMP_OGT};
    default:
      return {Predicate::ICMP_SGE, Predicate::FCMP_OGE};
    }
  }();
  if (intBlock) {
    setBlock(intBlock);
    llvm::Value *truth = b_.CreateICmp(predicate.first, intOf(a), intOf(b));
    passOperand(0);
    passOperand(1);
    defineBool(result, truth);
    b_.CreateBr(done);
  }
  if (floatBlock) {
    setBlock(floatBlock);
    // An integer that is no float exactly, equal floats (the two zeros differ) and NaN are left to
    // the kernel: the order is total. \rule R2.5.3
    llvm::Value *x = realOf(a, slow, slow), *y = realOf(b, slow, slow);
    Block *differ = newBlock("differ");
    branch(b_.CreateFCmpONE(x, y), differ, slow);
    setBlock(differ);
    llvm::Value *truth = b_.CreateFCmp(predicate.second, x, y);
    passOperand(0);
    passOperand(1);
    defineBool(result, truth);
    b_.CreateBr(done);
  }
  setBlock(slow);
  callCompare(op);
  b_.CreateBr(done);
  setBlock(done);
}

void FunctionLowering::lowerAdd() { lowerArithmetic(BinaryOp::Add); }
void FunctionLowering::lowerSub() { lowerArithmetic(BinaryOp::Sub); }
void FunctionLowering::lowerMul() { lowerArithmetic(BinaryOp::Mul); }
void FunctionLowering::lowerDiv() { lowerArithmetic(BinaryOp::Div); }
void FunctionLowering::lowerIDiv() { lowerArithmetic(BinaryOp::IDiv); }
void FunctionLowering::lowerRem() { lowerArithmetic(BinaryOp::Rem); }
void FunctionLowering::lowerEq() { lowerCompare(BinaryOp::Eq); }
void FunctionLowering::lowerNe() { lowerCompare(BinaryOp::Ne); }
void FunctionLowering::lowerLt() { lowerCompare(BinaryOp::Lt); }
void FunctionLowering::lowerLe() { lowerCompare(BinaryOp::Le); }
void FunctionLowering::lowerGt() { lowerCompare(BinaryOp::Gt); }
void FunctionLowering::lowerGe() { lowerCompare(BinaryOp::Ge); }

void FunctionLowering::callBinary(BinaryOp op) {
  uint32_t what = static_cast<uint32_t>(op);
  llvm::Value *left = operandAddress(0, 0, what, runtime::kKillsA);
  llvm::Value *right = operandAddress(1, 1, what, runtime::kKillsB);
  failUnless(call(Call::Binary, {state_, resultAddress(), left, right, i32(what)}));
  takeResult();
}

void FunctionLowering::callCompare(BinaryOp op) {
  uint32_t what = static_cast<uint32_t>(op);
  llvm::Value *left = operandAddress(0, 0, what, runtime::kKillsA);
  llvm::Value *right = operandAddress(1, 1, what, runtime::kKillsB);
  llvm::Value *truth = call(Call::Compare, {state_, left, right, i32(what)});
  failIf(b_.CreateICmpEQ(truth, i32(2)));
  defineBool(inst().result, b_.CreateICmpNE(truth, i32(0)));
}

/// Whether an operand is null: no kind but its own is equal to it.
void FunctionLowering::lowerIsNull(ValueId v, BinaryOp op) {
  llvm::Value *isNull = hasTag(tagOf(v), Tag::Null);
  defineBool(inst().result, op == BinaryOp::Eq ? isNull : b_.CreateNot(isNull));
}

void FunctionLowering::lowerConcat() { callBinary(BinaryOp::Concat); }

void FunctionLowering::lowerNeg() {
  const ValueId a = valueAt(0);
  if (only(a, kinds::Float)) {
    defineFloat(inst().result, b_.CreateFNeg(floatOf(a)));
    return;
  }
  failUnless(call(Call::Negate, {state_, resultAddress(), addressOf(a)}));
  takeResult();
}

/// \param otherwise  the call that decides for what is no boolean
llvm::Value *FunctionLowering::truthOf(ValueId v, Call otherwise) {
  if (homes_[v].kind == Kind::Bool)
    return b_.CreateLoad(b_.getInt1Ty(), payloadAt(homes_[v]));
  Block *isBool = newBlock("bool");
  Block *other = newBlock("other");
  Block *done = newBlock("truth");
  if (may(v, kinds::Bool) || kindsOf(v).empty())
    b_.CreateCondBr(hasTag(tagOf(v), Tag::Bool), isBool, other);
  else
    b_.CreateBr(other);
  setBlock(isBool);
  llvm::Value *plain = b_.CreateICmpNE(payloadOf(v), i64(0));
  Block *fromBool = b_.GetInsertBlock();
  b_.CreateBr(done);
  setBlock(other);
  llvm::Value *called = b_.CreateICmpNE(call(otherwise, {addressOf(v)}), i32(0));
  Block *fromOther = b_.GetInsertBlock();
  b_.CreateBr(done);
  setBlock(done);
  llvm::PHINode *truth = b_.CreatePHI(b_.getInt1Ty(), 2);
  truth->addIncoming(plain, fromBool);
  truth->addIncoming(called, fromOther);
  return truth;
}

void FunctionLowering::lowerTruth() {
  defineBool(inst().result, truthOf(valueAt(0), Call::Truthy));
}

void FunctionLowering::lowerNot() {
  defineBool(inst().result, b_.CreateNot(truthOf(valueAt(0), Call::Truthy)));
}

void FunctionLowering::lowerLibTruth() {
  defineBool(inst().result, truthOf(valueAt(0), Call::LibTruthy));
}

void FunctionLowering::lowerListCheck() {
  const ValueId v = valueAt(1);
  if (!only(v, kinds::List)) {
    Block *list = newBlock("list");
    Block *other = newBlock("other");
    branch(hasTag(tagOf(v), Tag::List), list, other);
    setBlock(other);
    failUnless(call(Call::ListCheck, {state_, i32(indexAt(0)), addressOf(v)}));
    b_.CreateBr(list);
    setBlock(list);
  }
  if (homes_[inst().result].kind == Kind::Slot)
    takeTo(resultAddress(), 1);
  else
    define(inst().result, take(1));
}

void FunctionLowering::lowerSumStep() {
  // The sum of two machine numbers is that of `add`; the kernel names the library function.
  const ValueId sum = valueAt(1), item = valueAt(2), result = inst().result;
  const bool ints =
      !isLeftToCall() && may(sum, kinds::Int) && may(item, kinds::Int) && may(result, kinds::Int);
  Block *slow = kernelBlock();
  Block *done = newBlock("done");
  if (ints) {
    Block *both = newBlock("ints");
    llvm::Value *fits = b_.getTrue();
    for (ValueId v : {sum, item})
      if (!only(v, kinds::Int))
        fits = b_.CreateAnd(fits, hasTag(tagOf(v), Tag::Int));
    branch(fits, both, slow);
    setBlock(both);
    llvm::Value *added =
        b_.CreateBinaryIntrinsic(llvm::Intrinsic::sadd_with_overflow, intOf(sum), intOf(item));
    Block *good = newBlock("fits");
    branch(b_.CreateNot(b_.CreateExtractValue(added, 1)), good, slow);
    setBlock(good);
    passOperand(1);
    passOperand(2);
    defineInt(result, b_.CreateExtractValue(added, 0));
    b_.CreateBr(done);
  } else {
    b_.CreateBr(slow);
  }
  if (!leavesVersion()) {
    setBlock(slow);
    failUnless(call(Call::SumStep, {state_, resultAddress(), i32(indexAt(0)), addressOf(sum, 0),
                                    addressOf(item, 1)}));
    for (size_t k : {1, 2}) {
      if (kills(k))
        releaseHome(valueAt(k));
      consumed_[k] = true;
    }
    takeResult();
    b_.CreateBr(done);
  }
  setBlock(done);
}

} // namespace branchline::jit
