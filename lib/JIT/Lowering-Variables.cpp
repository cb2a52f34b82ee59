// Variables: where they live, chains, and the instructions on them.
#include "Lowering.h"

#include "branchline/Runtime/Heap.h"

#include <algorithm>
#include <cstddef>

#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace branchline::jit {

using ir::Op;
using ir::OperandKind;
using runtime::CellObject;

void FunctionLowering::makeVariables() {
  const size_t count = fn_.slots.size();
  variables_.resize(count);
  cells_.assign(count, nullptr);
  inMemory_.assign(count, false);
  mentions_.assign(count, 0);
  variableSlot_.assign(count, 0);
  for (const ir::Block &block : fn_.blocks)
    for (const Inst &inst : block.insts)
      for (ir::Operand o : inst.operands) {
        if (o.kind != OperandKind::Local)
          continue;
        ++mentions_[o.index];
        const bool pointed =
            inst.op == Op::SetPath || inst.op == Op::AppendPath || inst.op == Op::ModifyPath;
        inMemory_[o.index] = inMemory_[o.index] || (pointed && !fn_.slots[o.index].cell);
      }
  for (size_t s = 0; s < count; ++s) {
    inMemory_[s] = inMemory_[s] || (straight_ && !fn_.slots[s].cell);
    if (inMemory_[s])
      variableSlot_[s] = slots_++;
    if (fn_.slots[s].cell)
      cells_[s] = entry_.CreateAlloca(m_.pointer, nullptr, fn_.slots[s].name);
    else if (!inMemory_[s])
      variables_[s] = {entry_.CreateAlloca(m_.i64, nullptr, fn_.slots[s].name),
                       entry_.CreateAlloca(m_.i64, nullptr, fn_.slots[s].name)};
  }
}

Place FunctionLowering::variableAt(size_t slot) {
  if (inMemory_[slot])
    return {inFrame(variableSlot_[slot]), inFrame(variableSlot_[slot], 1)};
  return variables_[slot];
}

Place FunctionLowering::placeOf(ir::Operand variable) {
  if (variable.kind == OperandKind::Local && !fn_.slots[variable.index].cell)
    return variableAt(variable.index);
  llvm::Value *cell = nullptr;
  if (variable.kind == OperandKind::Local)
    cell = b_.CreateLoad(m_.pointer, cells_[variable.index]);
  else
    cell = b_.CreateLoad(m_.pointer, field(closure_, sizeof(runtime::FunctionObject) +
                                                         variable.index * sizeof(void *)));
  llvm::Value *value = field(cell, offsetof(CellObject, value));
  return {value, field(value, 8)};
}

llvm::Value *FunctionLowering::addressOfVariable(ir::Operand variable) {
  return placeOf(variable).head;
}

FunctionLowering::Operands FunctionLowering::chain() const {
  const Operands all(inst().operands);
  size_t n = 0;
  while (n < all.size() &&
         (all[n].kind == OperandKind::Local || all[n].kind == OperandKind::Capture))
    ++n;
  return all.first(n);
}

Pair FunctionLowering::loadPlace(Place place) {
  llvm::Value *head = b_.CreateLoad(m_.i64, place.head);
  return {head, b_.CreateLoad(m_.i64, place.payload)};
}

/// The new value is in place before the old one goes.
void FunctionLowering::storePlace(Place place, Pair value) {
  const Pair old = loadPlace(place);
  b_.CreateStore(value.head, place.head);
  b_.CreateStore(value.payload, place.payload);
  release(old, kinds::Raw);
}

/// The result of the instruction is what a variable holds.
void FunctionLowering::copyPlace(Place place) {
  if (straight_ && homes_[inst().result].kind == Home::Kind::Slot) {
    call(Call::Copy, {resultAddress(), place.head});
    return;
  }
  const Pair value = loadPlace(place);
  retain(value, kinds::Raw);
  define(inst().result, value);
}

/// Whether nothing has been done to a variable where the function has just begun.
bool FunctionLowering::isFresh(ir::Operand variable) const {
  const auto &insts = fn_.blocks[0].insts;
  return block_ == 0 && !loop_ && variable.kind == OperandKind::Local &&
         !fn_.slots[variable.index].cell &&
         std::ranges::find(fn_.params, variable.index) == fn_.params.end() &&
         std::none_of(insts.begin(), insts.begin() + position_, [&](const Inst &before) {
           return std::ranges::any_of(before.operands, [&](const ir::Operand &operand) {
             return operand.kind == OperandKind::Local && operand.index == variable.index;
           });
         });
}

llvm::Value *FunctionLowering::isUnbound(llvm::Value *head) {
  return hasTag(b_.CreateTrunc(head, b_.getInt8Ty()), Tag::Unbound);
}

template <class Found, class None> void FunctionLowering::searchChain(Found found, None none) {
  const Operands candidates = chain();
  Block *done = newBlock("chain.done");
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Place place = placeOf(candidates[i]);
    Block *bound = newBlock("bound");
    Block *next = newBlock("unbound");
    b_.CreateCondBr(isUnbound(b_.CreateLoad(m_.i64, place.head)), next, bound);
    setBlock(bound);
    found(place, i);
    b_.CreateBr(done);
    setBlock(next);
  }
  if (none(candidates.front()))
    b_.CreateBr(done);
  setBlock(done);
}

/// Acts on the variable of the chain at a position that was found before.
template <class Act> void FunctionLowering::atPosition(ValueId position, Act act) {
  const Operands candidates = chain();
  Block *done = newBlock("chain.done");
  llvm::Value *wanted = candidates.size() > 1 ? intOf(position) : nullptr;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + 1 < candidates.size()) {
      Block *here = newBlock("here");
      Block *next = newBlock("next");
      b_.CreateCondBr(b_.CreateICmpEQ(wanted, i64(i)), here, next);
      setBlock(here);
      act(candidates[i]);
      b_.CreateBr(done);
      setBlock(next);
    } else {
      act(candidates[i]);
      b_.CreateBr(done);
    }
  }
  setBlock(done);
}

void FunctionLowering::lowerVarGet() {
  const Operands candidates = chain();
  // A variable that nothing else mentions gives its value away.
  if (candidates.size() == 1 && candidates[0].kind == OperandKind::Local &&
      !fn_.slots[candidates[0].index].cell && mentions_[candidates[0].index] == 1 && block_ == 0 &&
      !hasLoops_) {
    const Place place = placeOf(candidates[0]);
    const Pair value = loadPlace(place);
    b_.CreateStore(headConst(Tag::Unbound), place.head);
    llvm::Value *head = b_.CreateSelect(isUnbound(value.head), headConst(Tag::Null), value.head);
    define(inst().result, {head, value.payload});
    return;
  }
  searchChain([&](Place place, size_t) { copyPlace(place); },
              [&](ir::Operand) {
                defineNull(inst().result);
                return true;
              });
}

void FunctionLowering::lowerVarGetOr() {
  const size_t operand = chain().size();
  searchChain(
      [&](Place place, size_t) {
        copyPlace(place);
        if (kills(operand))
          releaseHome(valueAt(operand));
      },
      [&](ir::Operand) {
        define(inst().result, take(operand));
        return true;
      });
  consumed_[operand] = true;
}

void FunctionLowering::lowerVarFind() {
  searchChain([&](Place, size_t i) { defineInt(inst().result, i64(i)); },
              [&](ir::Operand) {
                defineInt(inst().result, i64(0));
                return true;
              });
}

void FunctionLowering::lowerVarRequire() {
  const size_t rest = chain().size();
  searchChain([&](Place, size_t i) { defineInt(inst().result, i64(i)); },
              [&](ir::Operand) {
                call(Call::Unbound, {state_, i32(indexAt(rest)), i32(indexAt(rest + 1))});
                fail();
                return false;
              });
}

void FunctionLowering::lowerVarRead() {
  atPosition(valueAt(chain().size()), [&](ir::Operand variable) { copyPlace(placeOf(variable)); });
}

void FunctionLowering::lowerVarWrite() {
  const size_t position = chain().size();
  const Pair value = take(position + 1);
  atPosition(valueAt(position),
             [&](ir::Operand variable) { storePlace(placeOf(variable), value); });
}

void FunctionLowering::lowerVarLet() {
  const Pair value = take(chain().size());
  searchChain([&](Place place, size_t) { storePlace(place, value); },
              [&](ir::Operand first) {
                storePlace(placeOf(first), value);
                return true;
              });
}

void FunctionLowering::lowerVarBind() {
  const Place place = placeOf(inst().operands[0]);
  const Pair value = take(1);
  if (!isFresh(inst().operands[0])) {
    storePlace(place, value);
    return;
  }
  b_.CreateStore(value.head, place.head);
  b_.CreateStore(value.payload, place.payload);
}

// --- Variables as values ---

void FunctionLowering::lowerOrNull() {
  const ValueId v = valueAt(0);
  if (!may(v, kinds::Unbound)) {
    define(inst().result, take(0));
    return;
  }
  const Pair value = take(0);
  llvm::Value *head = b_.CreateSelect(isUnbound(value.head), headConst(Tag::Null), value.head);
  define(inst().result, {head, value.payload});
}

void FunctionLowering::lowerIsBound() {
  const ValueId v = valueAt(0);
  defineBool(inst().result, may(v, kinds::Unbound) ? b_.CreateNot(isUnbound(headOf(v)))
                                                   : static_cast<llvm::Value *>(b_.getTrue()));
}

void FunctionLowering::lowerRequireBound() {
  const ValueId v = valueAt(0);
  if (may(v, kinds::Unbound)) {
    Block *unbound = newBlock("unbound");
    Block *bound = newBlock("bound");
    b_.CreateCondBr(isUnbound(headOf(v)), unbound, bound, m_.rarely);
    setBlock(unbound);
    call(Call::Unbound, {state_, i32(indexAt(1)), i32(indexAt(2))});
    fail();
    setBlock(bound);
  }
  define(inst().result, take(0));
}

// --- Path writes to variables ---

/// The window: computed keys, the root as read before, then the other operands.
void FunctionLowering::lowerVarWrite(Call which) {
  const size_t position = chain().size();
  const std::vector<ir::Operand> &all = inst().operands;
  const Pair root =
      take(position + 1); // in the order of operands: the last one of a value moves it
  size_t used = 0;
  size_t k = position + 2;
  for (; all[k].kind != OperandKind::Value; ++k)
    if (all[k].kind == OperandKind::PathKey)
      moveToWindow(used++, k);
  storeValue(windowAt(used++), root);
  for (; k < all.size(); ++k)
    moveToWindow(used++, k);
  atPosition(valueAt(position), [&](ir::Operand variable) {
    failUnless(call(which, {state_, addressOfVariable(variable), i32(tableRow()), windowAt(0)}));
  });
}

void FunctionLowering::lowerSetPath() { lowerVarWrite(Call::VarSet); }
void FunctionLowering::lowerAppendPath() { lowerVarWrite(Call::VarAppend); }

void FunctionLowering::lowerModifyPath() {
  const size_t position = chain().size();
  const std::vector<ir::Operand> &all = inst().operands;
  size_t used = 0, name = 0;
  for (size_t k = position + 1; k < all.size(); ++k) {
    if (all[k].kind == OperandKind::Const)
      name = k;
    else if (all[k].kind == OperandKind::PathKey)
      moveToWindow(used++, k);
  }
  moveToWindow(used, all.size() - 1);
  atPosition(valueAt(position), [&](ir::Operand variable) {
    failUnless(call(Call::PathModify, {state_, addressOfVariable(variable), i32(tableRow()),
                                       i32(indexAt(name)), windowAt(0)}));
  });
}

} // namespace branchline::jit
