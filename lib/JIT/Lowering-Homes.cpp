// Where values live, and reading, writing, counting and giving them up.
#include "Lowering.h"

#include "branchline/Runtime/Heap.h"

#include <algorithm>

#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace branchline::jit {

using ir::Op;
using ir::OperandKind;
using Kind = Home::Kind;

namespace {

constexpr KindSet kUncounted =
    kinds::Null | kinds::Bool | kinds::Int | kinds::Float | kinds::Unbound;
constexpr uint64_t kCountedBit = 0x100;

bool isValueUse(OperandKind kind) {
  return kind == OperandKind::Value || kind == OperandKind::PathKey || kind == OperandKind::Arg;
}

/// Instructions that take operands as they are, in registers or not.
bool takesRegisters(Op op) {
  switch (op) {
  case Op::Br:
  case Op::BrIf:
  case Op::BrNull:
  case Op::Ret:
  case Op::CallFunc:
  case Op::Truth:
  case Op::Not:
  case Op::OrNull:
  case Op::IsBound:
    return true;
  default:
    return isOperator(op);
  }
}

} // namespace

bool FunctionLowering::mayCount(ValueId v) const {
  return kindsOf(v).empty() || !kUncounted.contains(kindsOf(v));
}

/// Whether two registers serve a value better than a place in the frame: it is computed with and
/// no call needs its address, or it is a number, if only as a version of a loop assumes.
bool FunctionLowering::prefersRegisters(ValueId v) const {
  // The way of a trap gives up all registers with counts, and each place leads there: such code is
  // worth it where numbers are computed.
  if (straight_ && mayCount(v))
    return false;
  const std::vector<const Inst *> &uses = usedBy_[v];
  const bool computed =
      (definedBy_[v] && isOperator(definedBy_[v]->op)) ||
      std::any_of(uses.begin(), uses.end(), [](const Inst *use) { return isOperator(use->op); });
  if (!computed)
    return false;
  if (std::ranges::any_of(versions_, [v](const LoopVersion &version) {
        return std::ranges::binary_search(version.guarded, v);
      }))
    return true;
  constexpr KindSet kSimple = kinds::Number | kUncounted;
  return (!kindsOf(v).empty() && kSimple.contains(kindsOf(v))) ||
         (std::all_of(uses.begin(), uses.end(),
                      [](const Inst *use) { return takesRegisters(use->op); }) &&
          (!definedBy_[v] || takesRegisters(definedBy_[v]->op) || definedBy_[v]->op == Op::VarGet ||
           definedBy_[v]->op == Op::VarRead));
}

void FunctionLowering::planHomes() {
  const size_t count = fn_.valueKinds.size();
  homes_.resize(count);
  homeBlock_.assign(count, ir::kNone);
  crosses_.assign(count, false);
  usedBy_.resize(count);
  definedBy_.assign(count, nullptr);
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b) {
    for (ValueId v : fn_.blocks[b].params) {
      homeBlock_[v] = b;
      crosses_[v] = true;
    }
    for (const Inst &inst : fn_.blocks[b].insts)
      if (inst.result != ir::kNone) {
        homeBlock_[inst.result] = b;
        definedBy_[inst.result] = &inst;
      }
  }
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
    for (const Inst &inst : fn_.blocks[b].insts)
      for (ir::Operand o : inst.operands)
        if (isValueUse(o.kind)) {
          usedBy_[o.index].push_back(&inst);
          if (homeBlock_[o.index] != b)
            crosses_[o.index] = true;
        }
  for (ValueId v = 0; v < count; ++v) {
    Home &home = homes_[v];
    const Inst *by = definedBy_[v];
    if (homeBlock_[v] == ir::kNone)
      continue;
    if (by && by->op == Op::Const)
      home = {Kind::Const, by->operands[0].index};
    else if (by && by->op == Op::IterNew)
      home.kind = Kind::List;
    else if (by && by->op == Op::IterRange)
      home.kind = Kind::Range;
    else if (only(v, kinds::Int))
      home.kind = Kind::Int;
    else if (only(v, kinds::Float))
      home.kind = Kind::Float;
    else if (only(v, kinds::Bool))
      home.kind = Kind::Bool;
    else
      home.kind = prefersRegisters(v) ? Kind::Pair : Kind::Slot;
  }
  planSlots();
}

/// Values that live in one block share slots; the others have one each.
void FunctionLowering::planSlots() {
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b) {
    std::vector<uint32_t> free;
    uint32_t used = 0;
    const ir::Block &block = fn_.blocks[b];
    for (size_t i = 0; i < block.insts.size(); ++i) {
      const Inst &inst = block.insts[i];
      auto giveBack = [&](ValueId v) {
        if (homes_[v].kind == Kind::Slot && !crosses_[v])
          free.push_back(homes_[v].index);
      };
      if (inst.result != ir::kNone && homes_[inst.result].kind == Kind::Slot &&
          !crosses_[inst.result]) {
        if (free.empty())
          free.push_back(used++);
        homes_[inst.result].index = free.back();
        free.pop_back();
        if (live_.deadResult[b][i])
          giveBack(inst.result);
      }
      for (size_t k = 0; k < inst.operands.size(); ++k)
        if (isValueUse(inst.operands[k].kind) && live_.kills[b][i][k])
          giveBack(inst.operands[k].index);
    }
    poolSlots_ = std::max(poolSlots_, used);
  }
  slots_ = poolSlots_;
  for (ValueId v = 0; v < homes_.size(); ++v)
    if (isInFrame(homes_[v]) && (crosses_[v] || homes_[v].kind == Kind::List))
      homes_[v].index = slots_++;
}

void FunctionLowering::makeHomes() {
  auto word = [&](const char *name) { return entry_.CreateAlloca(m_.i64, nullptr, name); };
  for (ValueId v = 0; v < homes_.size(); ++v) {
    Home &home = homes_[v];
    switch (home.kind) {
    case Kind::None:
    case Kind::Const:
    case Kind::Slot:
      break;
    case Kind::Int:
      home.payload = word("int");
      break;
    case Kind::Float:
      home.payload = entry_.CreateAlloca(entry_.getDoubleTy(), nullptr, "float");
      break;
    case Kind::Bool:
      home.payload = entry_.CreateAlloca(entry_.getInt1Ty(), nullptr, "bool");
      break;
    case Kind::Pair:
      home.head = word("head");
      home.payload = word("payload");
      break;
    case Kind::List:
    case Kind::Range:
      if (!isInFrame(home)) {
        home.head = word("iter");
        home.payload = word("iter");
      }
      home.next = word("next");
      break;
    }
  }
}

// --- Reading ---

bool FunctionLowering::isInFrame(const Home &home) const {
  return home.kind == Kind::Slot || (straight_ && home.kind == Kind::List);
}

/// The addresses of places in the frame are made where they are used: known all through a function,
/// they would occupy registers that nothing else gets.
llvm::Value *FunctionLowering::headAt(const Home &home) {
  return isInFrame(home) ? inFrame(home.index) : home.head;
}

llvm::Value *FunctionLowering::payloadAt(const Home &home) {
  return isInFrame(home) ? inFrame(home.index, 1) : home.payload;
}

llvm::Value *FunctionLowering::inFrame(uint32_t slot, uint32_t word) {
  if (word == 0)
    return b_.CreateConstInBoundsGEP2_64(frame_->getAllocatedType(), frame_, 0, slot, "slot");
  return field(frame_, slot * sizeof(runtime::Value) + word * sizeof(uint64_t));
}

llvm::Value *FunctionLowering::headOf(ValueId v) {
  const Home &home = homes_[v];
  switch (home.kind) {
  case Kind::Const: {
    const ir::Constant &constant = m_.source.constants[home.index];
    using ConstKind = ir::Constant::Kind;
    if (constant.kind == ConstKind::Null)
      return headConst(Tag::Null);
    if (constant.kind == ConstKind::Bool)
      return headConst(Tag::Bool);
    if (constant.kind == ConstKind::Int)
      return headConst(Tag::Int);
    if (constant.kind == ConstKind::Float)
      return headConst(Tag::Float);
    return b_.CreateLoad(m_.i64, constantAddress(home.index));
  }
  case Kind::Int:
    return headConst(Tag::Int);
  case Kind::Float:
    return headConst(Tag::Float);
  case Kind::Bool:
    return headConst(Tag::Bool);
  default:
    return b_.CreateLoad(m_.i64, headAt(home));
  }
}

llvm::Value *FunctionLowering::payloadOf(ValueId v) {
  const Home &home = homes_[v];
  switch (home.kind) {
  case Kind::Const: {
    const ir::Constant &constant = m_.source.constants[home.index];
    using ConstKind = ir::Constant::Kind;
    if (constant.kind == ConstKind::Null)
      return i64(0);
    if (constant.kind == ConstKind::Bool || constant.kind == ConstKind::Int)
      return i64(static_cast<uint64_t>(constant.integer));
    if (constant.kind == ConstKind::Float)
      return i64(std::bit_cast<uint64_t>(constant.real));
    return b_.CreateLoad(m_.i64, field(constantAddress(home.index), 8));
  }
  case Kind::Float:
    return b_.CreateBitCast(b_.CreateLoad(b_.getDoubleTy(), payloadAt(home)), m_.i64);
  case Kind::Bool:
    return b_.CreateZExt(b_.CreateLoad(b_.getInt1Ty(), payloadAt(home)), m_.i64);
  default:
    return b_.CreateLoad(m_.i64, payloadAt(home));
  }
}

llvm::Value *FunctionLowering::tagOf(ValueId v) {
  // Only what is known to be a string, and nothing else, has a tag that must not be loaded.
  if (only(v, kinds::String))
    return b_.getInt8(static_cast<uint8_t>(Tag::String));
  return b_.CreateTrunc(headOf(v), b_.getInt8Ty());
}

llvm::Value *FunctionLowering::intOf(ValueId v) { return payloadOf(v); }

llvm::Value *FunctionLowering::floatOf(ValueId v) {
  if (homes_[v].kind == Kind::Float)
    return b_.CreateLoad(b_.getDoubleTy(), payloadAt(homes_[v]));
  return b_.CreateBitCast(payloadOf(v), b_.getDoubleTy());
}

llvm::Value *FunctionLowering::addressOf(ValueId v, unsigned scratch) {
  const Home &home = homes_[v];
  if (home.kind == Kind::Slot)
    return headAt(home);
  if (home.kind == Kind::Const)
    return constantAddress(home.index);
  llvm::Value *address =
      b_.CreateConstInBoundsGEP2_64(scratch_->getAllocatedType(), scratch_, 0, scratch);
  storeValue(address, pairOf(v));
  return address;
}

Pair FunctionLowering::take(size_t operand, bool last) {
  const ValueId v = valueAt(operand);
  const Pair value = pairOf(v);
  if (homes_[v].kind == Kind::Const) {
    const auto kind = m_.source.constants[homes_[v].index].kind;
    if (kind == ir::Constant::Kind::BigInt || kind == ir::Constant::Kind::Decimal)
      retain(value, kinds::BigInt | kinds::Decimal);
    return value;
  }
  if (last) {
    clearHome(v);
    consumed_[operand] = true;
  } else if (mayCount(v)) {
    retain(value, kindsOf(v));
  }
  return value;
}

/// The same into memory; a copy of what is in the frame is a call.
void FunctionLowering::takeTo(llvm::Value *address, size_t operand) {
  const ValueId v = valueAt(operand);
  if (homes_[v].kind == Kind::Slot && mayCount(v) && !kills(operand))
    call(Call::Copy, {address, headAt(homes_[v])});
  else
    storeValue(address, take(operand));
}

void FunctionLowering::clearHome(ValueId v) {
  const Home &home = homes_[v];
  if (home.kind == Kind::Pair)
    forgetHome(home);
  else if (home.kind == Kind::Slot && mayCount(v))
    b_.CreateStore(i64(0), headAt(home));
}

/// For registers without a count: the ways of traps read all of them, and what is nowhere written
/// over would be carried along to there.
void FunctionLowering::forgetHome(const Home &home) {
  b_.CreateStore(i64(0), home.head);
  b_.CreateStore(i64(0), home.payload);
}

/// At the start of a loop's block: what is dead there goes round with nobody.
void FunctionLowering::forgetDeadHomes(ir::BlockId block) {
  const std::vector<ValueId> alive = ir::liveOnEntry(fn_, block);
  for (ValueId v = 0; v < homes_.size(); ++v)
    if ((homes_[v].kind == Kind::Pair || homes_[v].kind == Kind::List) && !isInFrame(homes_[v]) &&
        !std::binary_search(alive.begin(), alive.end(), v))
      forgetHome(homes_[v]);
}

// --- Writing ---

void FunctionLowering::define(ValueId v, Pair value) {
  const Home &home = homes_[v];
  switch (home.kind) {
  case Kind::None:
  case Kind::Const:
    return;
  case Kind::Int:
    b_.CreateStore(value.payload, payloadAt(home));
    return;
  case Kind::Float:
    b_.CreateStore(b_.CreateBitCast(value.payload, b_.getDoubleTy()), payloadAt(home));
    return;
  case Kind::Bool:
    b_.CreateStore(b_.CreateTrunc(value.payload, b_.getInt1Ty()), payloadAt(home));
    return;
  default:
    b_.CreateStore(value.head, headAt(home));
    b_.CreateStore(value.payload, payloadAt(home));
  }
}

void FunctionLowering::defineInt(ValueId v, llvm::Value *value) {
  define(v, {headConst(Tag::Int), value});
}

void FunctionLowering::defineFloat(ValueId v, llvm::Value *value) {
  if (homes_[v].kind == Kind::Float)
    b_.CreateStore(value, payloadAt(homes_[v]));
  else
    define(v, {headConst(Tag::Float), b_.CreateBitCast(value, m_.i64)});
}

void FunctionLowering::defineBool(ValueId v, llvm::Value *value) {
  if (homes_[v].kind == Kind::Bool)
    b_.CreateStore(value, payloadAt(homes_[v]));
  else
    define(v, {headConst(Tag::Bool), b_.CreateZExt(value, m_.i64)});
}

llvm::Value *FunctionLowering::resultAddress() {
  const Home &home = homes_[inst().result];
  if (home.kind == Kind::Slot)
    return headAt(home);
  return b_.CreateConstInBoundsGEP2_64(scratch_->getAllocatedType(), scratch_, 0, 3);
}

void FunctionLowering::takeResult() {
  if (homes_[inst().result].kind != Kind::Slot)
    define(inst().result, loadValue(resultAddress()));
}

// --- Counting ---

llvm::Value *FunctionLowering::isCounted(llvm::Value *head) {
  return b_.CreateICmpNE(b_.CreateAnd(head, kCountedBit), i64(0));
}

void FunctionLowering::retain(Pair value, KindSet kinds, Retain how) {
  if (!kinds.empty() && kUncounted.contains(kinds))
    return;
  Block *counted = newBlock("retain");
  Block *next = newBlock("retained");
  b_.CreateCondBr(isCounted(value.head), counted, next);
  setBlock(counted);
  if (how == Retain::Called) {
    call(Call::Retain, {value.head, value.payload});
    b_.CreateBr(next);
    setBlock(next);
    return;
  }
  llvm::Value *address = value.payload;
  // The count of a string stands before its characters.
  if (kinds.empty() || !(kinds & kinds::String).empty()) {
    llvm::Value *isString = hasTag(b_.CreateTrunc(value.head, b_.getInt8Ty()), Tag::String);
    address = b_.CreateSelect(isString, b_.CreateSub(address, i64(sizeof(runtime::StringObject))),
                              address);
  }
  llvm::Value *count = b_.CreateIntToPtr(address, m_.pointer);
  b_.CreateStore(b_.CreateAdd(b_.CreateLoad(m_.i32, count), i32(1)), count);
  b_.CreateBr(next);
  setBlock(next);
}

void FunctionLowering::release(Pair value, KindSet kinds) {
  if (!kinds.empty() && kUncounted.contains(kinds))
    return;
  Block *counted = newBlock("release");
  Block *next = newBlock("released");
  b_.CreateCondBr(isCounted(value.head), counted, next, m_.rarely);
  setBlock(counted);
  call(Call::Release, {value.head, value.payload});
  b_.CreateBr(next);
  setBlock(next);
}

void FunctionLowering::releasePlace(Place place, KindSet kinds) {
  const Pair value = loadPlace(place);
  b_.CreateStore(i64(0), place.head);
  release(value, kinds);
}

void FunctionLowering::releaseHome(ValueId v) {
  const Home &home = homes_[v];
  if (home.kind == Kind::List && isInFrame(home))
    call(Call::Drop, {headAt(home)});
  else if (home.kind == Kind::List)
    releasePlace({headAt(home), payloadAt(home)}, kinds::List);
  else if (home.kind == Kind::Slot && mayCount(v))
    call(Call::Drop, {headAt(home)});
  else if (home.kind == Kind::Pair && mayCount(v))
    releasePlace({headAt(home), payloadAt(home)}, kindsOf(v));
}

} // namespace branchline::jit
