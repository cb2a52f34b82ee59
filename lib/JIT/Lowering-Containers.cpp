// Constants, the input, containers, iteration, and path writes below values.
#include "Lowering.h"

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Native.h"

#include <algorithm>
#include <cstddef>

#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace branchline::jit {

using ir::OperandKind;
using Kind = Home::Kind;
using runtime::ListObject;
using runtime::NameCache;
using runtime::NativeState;
using runtime::ObjectObject;

// --- Constants and the input ---

void FunctionLowering::lowerConst() {} // a constant is where it is used

void FunctionLowering::lowerInputDoc() {
  call(Call::InputDoc, {state_, resultAddress()});
  takeResult();
}

void FunctionLowering::lowerInputGet() {
  call(Call::InputGet, {state_, resultAddress(), i32(indexAt(0))});
  takeResult();
}

void FunctionLowering::lowerSharedHandle() {
  call(Call::SharedHandle, {state_, resultAddress(), i32(indexAt(0))});
  takeResult();
}

// --- Making ---

void FunctionLowering::lowerListNew() {
  const size_t count = inst().operands.size();
  for (size_t i = 0; i < count; ++i)
    moveToWindow(i, i);
  failUnless(call(Call::ListNew,
                  {state_, resultAddress(), windowAt(0), i32(static_cast<uint32_t>(count))}));
  takeResult();
}

void FunctionLowering::lowerListPush() {
  const ValueId list = valueAt(0);
  // Room in a list that nobody else sees is the common case.
  const Pair item = take(1);
  llvm::Value *object = b_.CreateIntToPtr(payloadOf(list), m_.pointer);
  llvm::Value *sizeAt = field(object, offsetof(ListObject, size));
  llvm::Value *size = b_.CreateLoad(m_.i32, sizeAt);
  llvm::Value *capacity = b_.CreateLoad(m_.i32, field(object, offsetof(ListObject, capacity)));
  Block *room = newBlock("room");
  Block *full = newBlock("full");
  Block *done = newBlock("pushed");
  branch(b_.CreateICmpULT(size, capacity), room, full);
  setBlock(room);
  llvm::Value *data = b_.CreateLoad(m_.pointer, field(object, offsetof(ListObject, data)));
  storeValue(b_.CreateInBoundsGEP(m_.valueType, data, b_.CreateZExt(size, m_.i64)), item);
  b_.CreateStore(b_.CreateAdd(size, i32(1)), sizeAt);
  b_.CreateBr(done);
  setBlock(full);
  storeValue(windowAt(0), item);
  failUnless(call(Call::ListPush, {state_, addressOf(list), windowAt(0)}));
  b_.CreateBr(done);
  setBlock(done);
}

void FunctionLowering::lowerKeyCheck() {
  failUnless(call(Call::KeyCheck, {state_, addressOf(valueAt(1)), i32(indexAt(0))}));
}

void FunctionLowering::lowerObjectNew() {
  const std::vector<ir::Operand> &fields = inst().operands;
  size_t used = 0;
  for (size_t i = 0; i < fields.size(); ++i)
    if (fields[i].kind != OperandKind::KeyConst)
      moveToWindow(used++, i);
  failUnless(call(Call::ObjectNew, {state_, resultAddress(), windowAt(0), i32(tableRow())}));
  takeResult();
}

// --- Reading ---

/// One call: a cached shape is found in the runtime, which keeps code small where a program reads
/// many members.
void FunctionLowering::lowerGetName() { lowerMember(Call::GetName); }

/// A member by a text that the program holds.
void FunctionLowering::lowerMember(Call otherwise) {
  llvm::Value *cache =
      field(b_.CreateLoad(m_.pointer, stateField(offsetof(NativeState, names)), "names"),
            size_t(tableRow()) * sizeof(NameCache));
  uint32_t killed = 0;
  llvm::Value *base = operandAddress(0, 0, killed, 1);
  failUnless(call(otherwise, {state_, resultAddress(), base, cache, i32(killed)}));
  takeResult();
}

/// The item of the list in operand 0 at an index that is a machine integer.
void FunctionLowering::lowerListElement(llvm::Value *index, Block *slow, Block *done) {
  const ValueId base = valueAt(0);
  Block *list = newBlock("list");
  Block *inside = newBlock("inside");
  branch(hasTag(tagOf(base), Tag::List), list, slow);
  setBlock(list);
  llvm::Value *at = b_.CreateIntToPtr(payloadOf(base), m_.pointer);
  llvm::Value *size =
      b_.CreateZExt(b_.CreateLoad(m_.i32, field(at, offsetof(ListObject, size))), m_.i64);
  branch(b_.CreateICmpULT(index, size), inside, slow);
  setBlock(inside);
  llvm::Value *data = b_.CreateLoad(m_.pointer, field(at, offsetof(ListObject, data)));
  const Pair value = loadValue(b_.CreateInBoundsGEP(m_.valueType, data, index));
  retain(value, kinds::Any, Retain::Here);
  define(inst().result, value);
  b_.CreateBr(done);
}

void FunctionLowering::lowerGetIndex() {
  Block *slow = newBlock("lookup");
  Block *done = newBlock("member");
  const ir::Constant &index = m_.source.constants[indexAt(1)];
  if (index.kind == ir::Constant::Kind::Int && may(valueAt(0), kinds::List))
    lowerListElement(i64(static_cast<uint64_t>(index.integer)), slow, done);
  else
    b_.CreateBr(slow);
  setBlock(slow);
  failUnless(
      call(Call::GetIndex, {state_, resultAddress(), addressOf(valueAt(0)), i32(indexAt(1))}));
  takeResult();
  b_.CreateBr(done);
  setBlock(done);
}

void FunctionLowering::lowerGetKey() {
  if (tableRow() != ir::kNone)
    return lowerMember(Call::GetText);
  Block *slow = newBlock("lookup");
  Block *done = newBlock("member");
  const ValueId key = valueAt(1);
  if (may(valueAt(0), kinds::List) && may(key, kinds::Int)) {
    if (!only(key, kinds::Int)) {
      Block *isInt = newBlock("int");
      branch(hasTag(tagOf(key), Tag::Int), isInt, slow);
      setBlock(isInt);
    }
    lowerListElement(intOf(key), slow, done);
  } else {
    b_.CreateBr(slow);
  }
  setBlock(slow);
  failUnless(call(Call::Binary, {state_, resultAddress(), addressOf(valueAt(0), 0),
                                 addressOf(key, 1), i32(runtime::kGetKeyOperator)}));
  takeResult();
  b_.CreateBr(done);
  setBlock(done);
}

// --- Iteration ---

void FunctionLowering::lowerIterNew() {
  const Home &home = homes_[inst().result];
  b_.CreateStore(i64(0), home.next);
  if (only(valueAt(1), kinds::List) && isInFrame(home)) {
    takeTo(headAt(home), 1);
    return;
  }
  const Pair value = take(1);
  if (only(valueAt(1), kinds::List)) {
    b_.CreateStore(value.head, headAt(home));
    b_.CreateStore(value.payload, payloadAt(home));
    return;
  }
  Block *other = newBlock("other");
  Block *done = newBlock("iterates");
  Block *list = newBlock("list");
  branch(hasTag(b_.CreateTrunc(value.head, b_.getInt8Ty()), Tag::List), list, other);
  setBlock(list);
  b_.CreateStore(value.head, headAt(home));
  b_.CreateStore(value.payload, payloadAt(home));
  b_.CreateBr(done);
  setBlock(other);
  storeValue(windowAt(0), value);
  failUnless(call(Call::IterNew, {state_, i32(indexAt(0)), windowAt(0)}));
  const Pair made = loadValue(windowAt(0));
  b_.CreateStore(made.head, headAt(home));
  b_.CreateStore(made.payload, payloadAt(home));
  b_.CreateBr(done);
  setBlock(done);
}

void FunctionLowering::lowerIterRange() {
  const Home &home = homes_[inst().result];
  llvm::Value *bounds = windowAt(0); // three words
  failUnless(call(Call::RangeBounds,
                  {state_, addressOf(valueAt(0), 0), addressOf(valueAt(1), 1), bounds}));
  defineRange(home, b_.CreateLoad(m_.i64, bounds), b_.CreateLoad(m_.i64, field(bounds, 8)),
              b_.CreateLoad(m_.i64, field(bounds, 16)));
}

/// The number behind the last one may lie outside 64 bits; it is only compared with, never given
/// out, so it may wrap.
void FunctionLowering::defineRange(const Home &home, llvm::Value *first, llvm::Value *count,
                                   llvm::Value *step) {
  b_.CreateStore(first, home.head);
  b_.CreateStore(b_.CreateAdd(first, b_.CreateMul(count, step)), home.payload);
  b_.CreateStore(step, home.next);
}

void FunctionLowering::lowerIterNext() {
  const Home &home = homes_[valueAt(0)];
  const Operands all(inst().operands);
  size_t second = 2;
  while (all[second].kind != OperandKind::Block)
    ++second;
  const Operands item = all.subspan(1, second - 1), end = all.subspan(second);
  Block *more = newBlock("item");
  Block *over = newBlock("end");
  const bool last = kills(0);
  // Before an item is taken, which a limit would leave to nobody.
  const bool itemFirst = costOfJump(block_, item.front().index) != 0;
  chargeBackEdge(itemFirst ? item.front().index : end.front().index);
  auto giveUpIterator = [&] {
    if (last)
      releaseHome(valueAt(0));
  };
  if (home.kind == Kind::Range) {
    llvm::Value *number = b_.CreateLoad(m_.i64, home.head);
    branch(b_.CreateICmpNE(number, b_.CreateLoad(m_.i64, home.payload)), more, over);
    setBlock(more);
    b_.CreateStore(b_.CreateAdd(number, b_.CreateLoad(m_.i64, home.next)), home.head);
    lowerEdge(item, Pair{headConst(Tag::Int), number});
  } else if (straight_) {
    // The item goes where the block wants it, unless the value of the turn before is needed yet.
    const ValueId param = fn_.blocks[item.front().index].params.front();
    const std::vector<ValueId> &alive = live_.aliveAtEnd[block_];
    const bool inPlace = homes_[param].kind == Kind::Slot &&
                         !std::binary_search(alive.begin(), alive.end(), param) &&
                         std::none_of(all.begin(), all.end(), [param](const ir::Operand &o) {
                           return o.kind == OperandKind::Arg && o.index == param;
                         });
    llvm::Value *to =
        inPlace ? headAt(homes_[param])
                : b_.CreateConstInBoundsGEP2_64(scratch_->getAllocatedType(), scratch_, 0, 2);
    const Inst *made = definedBy_[valueAt(0)];
    llvm::Value *head = made && only(made->operands[1].index, kinds::List)
                            ? headConst(Tag::List)
                            : static_cast<llvm::Value *>(b_.CreateLoad(m_.i64, headAt(home)));
    llvm::Value *status =
        call(Call::NextItem, {state_, head, b_.CreateLoad(m_.i64, payloadAt(home)), home.next, to});
    branch(b_.CreateICmpNE(status, i32(0)), more, over);
    setBlock(more);
    const std::optional<Pair> given = inPlace ? std::nullopt : std::optional(loadValue(to));
    giveUpIterator();
    lowerEdge(item, given, inPlace);
  } else {
    llvm::Value *head = b_.CreateLoad(m_.i64, headAt(home));
    llvm::Value *payload = b_.CreateLoad(m_.i64, payloadAt(home));
    Block *list = newBlock("list");
    Block *inside = newBlock("inside");
    Block *other = newBlock("other");
    branch(hasTag(b_.CreateTrunc(head, b_.getInt8Ty()), Tag::List), list, other);
    setBlock(list);
    llvm::Value *at = b_.CreateIntToPtr(payload, m_.pointer);
    llvm::Value *next = b_.CreateLoad(m_.i64, home.next);
    llvm::Value *size =
        b_.CreateZExt(b_.CreateLoad(m_.i32, field(at, offsetof(ListObject, size))), m_.i64);
    branch(b_.CreateICmpULT(next, size), inside, over);
    setBlock(inside);
    llvm::Value *data = b_.CreateLoad(m_.pointer, field(at, offsetof(ListObject, data)));
    const Pair found = loadValue(b_.CreateInBoundsGEP(m_.valueType, data, next));
    retain(found, kinds::Any, Retain::Here);
    b_.CreateStore(b_.CreateAdd(next, i64(1)), home.next);
    Block *fromList = b_.GetInsertBlock();
    b_.CreateBr(more);
    setBlock(other);
    llvm::Value *scratch =
        b_.CreateConstInBoundsGEP2_64(scratch_->getAllocatedType(), scratch_, 0, 2);
    llvm::Value *status = call(Call::IterNext, {state_, head, payload, scratch});
    Block *made = newBlock("made");
    b_.CreateCondBr(b_.CreateICmpNE(status, i32(0)), made, over);
    setBlock(made);
    const Pair given = loadValue(scratch);
    b_.CreateBr(more);
    setBlock(more);
    llvm::PHINode *itemHead = b_.CreatePHI(m_.i64, 2);
    llvm::PHINode *itemPayload = b_.CreatePHI(m_.i64, 2);
    itemHead->addIncoming(found.head, fromList);
    itemHead->addIncoming(given.head, made);
    itemPayload->addIncoming(found.payload, fromList);
    itemPayload->addIncoming(given.payload, made);
    giveUpIterator();
    lowerEdge(item, Pair{itemHead, itemPayload});
  }
  setBlock(over);
  giveUpIterator();
  lowerEdge(end);
}

// --- Path writes ---

void FunctionLowering::lowerPathRoot() {
  failUnless(
      call(Call::PathRoot, {state_, i32(indexAt(0)), addressOf(valueAt(1)), i32(indexAt(2))}));
  define(inst().result, take(1));
}

void FunctionLowering::lowerPathCheck(Call which) {
  const std::vector<ir::Operand> &all = inst().operands;
  size_t used = 0;
  for (size_t k = 2; k < all.size(); ++k)
    if (all[k].kind == OperandKind::PathKey)
      copyToWindow(used++, k);
  failUnless(
      call(which, {state_, i32(indexAt(0)), addressOf(valueAt(1)), i32(tableRow()), windowAt(0)}));
}

void FunctionLowering::lowerPathCheck() { lowerPathCheck(Call::PathCheck); }
void FunctionLowering::lowerPathLeaf() { lowerPathCheck(Call::PathLeaf); }

/// The root moves to where the result is and changes there. The window: computed keys, then the
/// other operands.
void FunctionLowering::lowerPathWrite(Call which) {
  const std::vector<ir::Operand> &all = inst().operands;
  const Pair root = take(0); // in the order of operands: the last one of a value moves it
  size_t used = 0;
  uint32_t name = 0;
  for (size_t k = 1; k < all.size(); ++k) {
    if (all[k].kind == OperandKind::PathKey || all[k].kind == OperandKind::Value)
      moveToWindow(used++, k);
    else if (all[k].kind == OperandKind::Const)
      name = all[k].index;
  }
  llvm::Value *at = resultAddress();
  storeValue(at, root);
  llvm::Value *status = which == Call::PathModify
                            ? call(which, {state_, at, i32(tableRow()), i32(name), windowAt(0)})
                            : call(which, {state_, at, i32(tableRow()), windowAt(0)});
  // A failed write leaves the root in the place of the result, where the way of the trap finds it
  // unless that is scratch memory.
  if (homes_[inst().result].kind != Kind::Slot) {
    Block *failed = newBlock("failed");
    Block *written = newBlock("written");
    b_.CreateCondBr(b_.CreateICmpEQ(status, i32(0)), failed, written, m_.rarely);
    setBlock(failed);
    call(Call::DropRange, {at, i32(1)});
    fail();
    setBlock(written);
  } else {
    failUnless(status);
  }
  takeResult();
}

void FunctionLowering::lowerPathSet() { lowerPathWrite(Call::PathSet); }
void FunctionLowering::lowerPathAppend() { lowerPathWrite(Call::PathAppend); }
void FunctionLowering::lowerPathModify() { lowerPathWrite(Call::PathModify); }

void FunctionLowering::lowerAppendList() {
  failUnless(call(Call::AppendList, {state_, addressOf(valueAt(0)), i32(indexAt(1))}));
  define(inst().result, take(0));
}

void FunctionLowering::lowerInitCheck() {
  failUnless(call(Call::InitCheck, {state_, i32(indexAt(0)), addressOf(valueAt(1))}));
}

} // namespace branchline::jit
