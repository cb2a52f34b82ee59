// The skeleton of a function: frame, blocks, edges, limits, and the ways of traps.
#include "Lowering.h"

#include "KernelLinker.h"

#include "branchline/Runtime/Heap.h"

#include <algorithm>
#include <cstddef>

#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace branchline::jit {

using ir::Op;
using ir::OperandKind;
using Kind = Home::Kind;
using runtime::NativeState;

/// The head of what a function returns when a trap is under way; no value has this tag.
static constexpr uint64_t kTrapHead = 0xFF;

FunctionLowering::FunctionLowering(ModuleLowering &module, ir::FunctionId id)
    : m_(module), id_(id), first_(0), loop_(nullptr), fn_(module.source.functions[id]),
      plan_(module.plan.functions[id]), live_(ir::computeLiveness(fn_)), out_(module.functions[id]),
      b_(module.context), entry_(module.context), state_(out_->getArg(0)) {}

llvm::BasicBlock *FunctionLowering::newBlock(const char *name) {
  return Block::Create(m_.context, name, out_);
}

void FunctionLowering::setPlace(const ir::Loc &loc) {
  if (!m_.debug)
    return;
  b_.SetCurrentDebugLocation(m_.debug->locationOf(id_, loc));
  entry_.SetCurrentDebugLocation(b_.getCurrentDebugLocation());
}

void FunctionLowering::lower() {
  setPlace(fn_.loc);
  Block *allocations = newBlock("frame");
  Block *start = newBlock("start");
  entry_.SetInsertPoint(allocations);
  setBlock(start);
  for (const ir::Block &block : fn_.blocks)
    blocks_.push_back(Block::Create(m_.context, block.label, out_));
  handlers_.resize(fn_.blocks.size());
  orderBlocks();
  findReached();
  findHotBlocks();
  straight_ = isStraight();
  planVersions();
  planHomes();
  prologue();
  emitVersions();
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
    emitBlock(b);
  finishTraps();
  entry_.CreateBr(start);
}

namespace {

bool hasKernel(Call which) {
  switch (which) {
#define BL_KERNEL(Name) case Call::Name:
#include "Kernels.def"
    return true;
  default:
    return false;
  }
}

} // namespace

/// Blocks in loops, but for those that only the way of a trap leads to.
void FunctionLowering::findHotBlocks() {
  const size_t count = fn_.blocks.size();
  std::vector<bool> inLoop(count, false); // by order
  hotBlocks_.assign(count, false);
  std::vector<ir::BlockId> work{first_};
  while (!work.empty()) {
    const ir::BlockId b = work.back();
    work.pop_back();
    if (hotBlocks_[b])
      continue;
    hotBlocks_[b] = true;
    for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back())) {
      work.push_back(edge.block);
      if (goesBack(b, edge.block))
        std::fill(inLoop.begin() + order_[edge.block], inLoop.begin() + order_[b] + 1, true);
    }
  }
  for (ir::BlockId b = 0; b < count; ++b)
    hotBlocks_[b] = hotBlocks_[b] && inLoop[order_[b]];
}

/// Whether a good part of what is done in loops computes with what is known to be numbers, machine
/// numbers among them, which is what registers are for. Other loops spend their time in the calls
/// they make.
bool FunctionLowering::loopsOverNumbers() const {
  constexpr size_t kPart = 4;
  const auto isNumber = [this](const ir::Operand &operand) {
    return operand.kind != ir::OperandKind::Value || only(operand.index, kinds::Number);
  };
  const auto isMachineNumber = [this](const ir::Operand &operand) {
    return operand.kind == ir::OperandKind::Value &&
           (only(operand.index, kinds::Int) || only(operand.index, kinds::Float));
  };
  size_t numbers = 0, all = 0;
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (hotBlocks_[b])
      for (const Inst &inst : fn_.blocks[b].insts) {
        all += inst.op != Op::Const && !ir::info(inst.op).isTerminator();
        numbers += isOperator(inst.op) && std::ranges::all_of(inst.operands, isNumber) &&
                   std::ranges::any_of(inst.operands, isMachineNumber);
      }
  return numbers != 0 && numbers * kPart >= all;
}

/// Whether it spends its time in the calls it makes; see kStraightAttribute.
bool FunctionLowering::isStraight() const {
  return isLarge() || (!loopsOverNumbers() && (hasLoops_ || fn_.kind != ir::FunctionKind::Func));
}

/// Numbers blocks in reverse postorder, ways of traps included: each cycle has an edge to a block
/// with no larger number.
void FunctionLowering::orderBlocks() {
  const size_t count = fn_.blocks.size();
  auto nextOf = [&](ir::BlockId b) {
    std::vector<ir::BlockId> next;
    for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back()))
      next.push_back(edge.block);
    if (fn_.blocks[b].handler != ir::kNone)
      next.push_back(fn_.blocks[b].handler);
    return next;
  };
  struct Visit {
    ir::BlockId block;
    std::vector<ir::BlockId> next;
  };
  std::vector<bool> seen(count, false);
  std::vector<ir::BlockId> postorder;
  std::vector<Visit> path{{0, nextOf(0)}};
  seen[0] = true;
  while (!path.empty()) {
    Visit &visit = path.back();
    if (visit.next.empty()) {
      postorder.push_back(visit.block);
      path.pop_back();
      continue;
    }
    const ir::BlockId b = visit.next.back();
    visit.next.pop_back();
    if (!seen[b]) {
      seen[b] = true;
      path.push_back({b, nextOf(b)});
    }
  }
  order_.assign(count, static_cast<uint32_t>(count)); // blocks that nothing reaches come last
  instsBefore_.assign(count + 2, 0);
  for (size_t i = 0; i < postorder.size(); ++i) {
    const ir::BlockId b = postorder[postorder.size() - 1 - i];
    order_[b] = static_cast<uint32_t>(i);
    instsBefore_[i + 1] = instsBefore_[i] + static_cast<uint32_t>(fn_.blocks[b].insts.size());
  }
  startsLoop_.assign(count, false);
  for (ir::BlockId b : postorder)
    for (ir::BlockId next : nextOf(b))
      if (goesBack(b, next))
        hasLoops_ = startsLoop_[next] = true;
  loops_ = static_cast<unsigned>(std::ranges::count(startsLoop_, true));
}

/// Instructions on the way that a jump back repeats, counted generously; 0 for a jump forward.
uint32_t FunctionLowering::costOfJump(ir::BlockId from, ir::BlockId to) const {
  if (!goesBack(from, to) || order_[from] >= fn_.blocks.size())
    return 0;
  return instsBefore_[order_[from] + 1] - instsBefore_[order_[to]];
}

void FunctionLowering::prologue() {
  // Room for windows: every instruction with value operands may need one.
  for (const ir::Block &block : fn_.blocks)
    for (const Inst &inst : block.insts)
      window_ = std::max(window_, static_cast<uint32_t>(inst.operands.size()));
  makeVariables();
  auto values = [&](uint32_t count, const char *name) {
    return entry_.CreateAlloca(llvm::ArrayType::get(m_.valueType, count), nullptr, name);
  };
  frame_ = values(std::max(slots_, 1u), "values");
  windowMemory_ = values(std::max(window_, 1u), "window");
  scratch_ = values(4, "scratch");
  makeHomes();
  // Nothing counted anywhere yet.
  for (uint32_t i = 0; i < slots_; ++i)
    b_.CreateStore(i64(0), inFrame(i));
  for (ValueId v = 0; v < homes_.size(); ++v)
    if (homes_[v].kind == Kind::Pair || (homes_[v].kind == Kind::List && !isInFrame(homes_[v])))
      b_.CreateStore(i64(0), headAt(homes_[v]));
  const bool hasHandlers = std::any_of(fn_.blocks.begin(), fn_.blocks.end(), [](const auto &block) {
    return block.handler != ir::kNone;
  });
  if (hasHandlers) {
    caught_ = entry_.CreateAlloca(m_.pointer, nullptr, "caught");
    b_.CreateStore(llvm::ConstantPointerNull::get(m_.pointer), caught_);
  }
  if (fn_.kind == ir::FunctionKind::Lambda)
    closure_ = out_->getArg(1);
  if (hasLoops_ && !straight_) {
    fuel_ = entry_.CreateAlloca(m_.i64, nullptr, "fuel");
    b_.CreateStore(i64(0), fuel_);
  }
  if (straight_)
    out_->addFnAttr(kStraightAttribute);
  giveUp_ = newBlock("give.up");
  if (loop_)
    enterAtLoop();
  else
    enterAtStart();
}

void FunctionLowering::enterAtStart() {
  // Variables: cells, then the unbound state, then arguments.
  for (size_t s = 0; s < fn_.slots.size(); ++s) {
    if (fn_.slots[s].cell) {
      b_.CreateStore(call(Call::NewCell, {state_}), cells_[s]);
    } else {
      const Place place = variableAt(s);
      b_.CreateStore(headConst(Tag::Unbound), place.head);
      b_.CreateStore(i64(0), place.payload);
    }
  }
  unsigned argument = closure_ ? 2 : 1;
  for (size_t i = 0; i < fn_.params.size(); ++i) {
    const Place place = placeOf({OperandKind::Local, fn_.params[i]});
    const Pair value{out_->getArg(argument), out_->getArg(argument + 1)};
    argument += 2;
    // Of equal names the last argument wins, not the last parameter. \rule R2.13.3
    if (std::find(fn_.params.begin(), fn_.params.begin() + static_cast<std::ptrdiff_t>(i),
                  fn_.params[i]) != fn_.params.begin() + static_cast<std::ptrdiff_t>(i)) {
      Block *given = newBlock("given");
      Block *next = newBlock("next");
      b_.CreateCondBr(isUnbound(value.head), next, given);
      setBlock(given);
      storePlace(place, value);
      b_.CreateBr(next);
      setBlock(next);
    } else {
      storePlace(place, value);
    }
  }
  // The call is counted, whoever made it.
  const uint32_t cost = static_cast<uint32_t>(plan_.table.size());
  llvm::Value *at = stateField(offsetof(NativeState, fuel));
  llvm::Value *fuel = b_.CreateSub(b_.CreateLoad(m_.i64, at), i64(cost));
  b_.CreateStore(fuel, at);
  Block *refuel = newBlock("refuel");
  Block *body = newBlock("body");
  branch(b_.CreateICmpSGE(fuel, i64(0)), body, refuel);
  setBlock(refuel);
  llvm::Value *granted = call(Call::Refuel, {state_});
  branch(b_.CreateICmpNE(granted, i32(0)), body, giveUp_);
  setBlock(body);
  takeFuel();
  b_.CreateBr(blockOf(0));
}

void FunctionLowering::branch(llvm::Value *condition, Block *common, Block *rare) {
  b_.CreateCondBr(condition, common, rare, m_.mostly);
}

// --- Blocks ---

void FunctionLowering::emitBlock(ir::BlockId block) {
  block_ = block;
  // Of a loop with a version, that is where time is spent.
  hot_ = hotBlocks_[block] && (version_ || !versionBlocks_[block]);
  setBlock(version_ ? versionBlocks_[block] : blocks_[block]);
  inst_ = nullptr;
  if (!reached_[block]) {
    b_.CreateUnreachable();
    return;
  }
  for (ValueId v : live_.deadOnEntry[block])
    releaseHome(v);
  if (startsLoop_[block] && !straight_)
    forgetDeadHomes(block);
  const ir::Block &source = fn_.blocks[block];
  for (position_ = 0; position_ < source.insts.size(); ++position_)
    emitInst(source.insts[position_]);
}

void FunctionLowering::emitInst(const Inst &inst) {
  inst_ = &inst;
  setPlace(inst.loc);
  kills_ = &live_.kills[block_][position_];
  consumed_.assign(inst.operands.size(), false);
  exits_ = 0;
  switch (inst.op) {
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc)                              \
  case Op::Name:                                                                                   \
    lower##Name();                                                                                 \
    break;
#include "branchline/IR/Instrs.def"
  }
  if (ir::info(inst.op).isTerminator())
    return;
  for (size_t k = 0; k < inst.operands.size(); ++k)
    if (kills(k) && !consumed_[k])
      releaseHome(inst.operands[k].index);
  if (inst.result != ir::kNone && resultUnused())
    releaseHome(inst.result);
}

// --- Edges ---

/// Whether the instruction under way is the last to use a value.
bool FunctionLowering::isLastUse(ValueId v) const {
  for (size_t k = 0; k < inst().operands.size(); ++k)
    if (kills(k) && inst().operands[k].index == v)
      return true;
  return false;
}

/// Counts the way back before anything is moved: when a limit ends it, values are where they were.
/// A version has the limits looked at by the general code, which turns back to it.
void FunctionLowering::chargeBackEdge(ir::BlockId target) {
  const uint32_t cost = costOfJump(block_, target);
  if (cost == 0)
    return;
  llvm::Value *at = fuel_ ? fuel_ : stateField(offsetof(NativeState, fuel));
  llvm::Value *fuel = b_.CreateSub(b_.CreateLoad(m_.i64, at), i64(cost));
  b_.CreateStore(fuel, at);
  Block *refuel = generalBlock("refuel");
  Block *on = newBlock("on");
  branch(b_.CreateICmpSGE(fuel, i64(0)), on, refuel);
  if (!version_) {
    setBlock(refuel);
    giveFuelBack();
    failUnless(call(Call::Refuel, {state_}));
    takeFuel();
    b_.CreateBr(on);
  }
  setBlock(on);
}

void FunctionLowering::giveFuelBack() {
  if (!fuel_)
    return;
  llvm::Value *at = stateField(offsetof(NativeState, fuel));
  b_.CreateStore(b_.CreateAdd(b_.CreateLoad(m_.i64, at), b_.CreateLoad(m_.i64, fuel_)), at);
  b_.CreateStore(i64(0), fuel_);
}

void FunctionLowering::takeFuel() {
  if (!fuel_)
    return;
  llvm::Value *at = stateField(offsetof(NativeState, fuel));
  b_.CreateStore(b_.CreateAdd(b_.CreateLoad(m_.i64, at), b_.CreateLoad(m_.i64, fuel_)), fuel_);
  b_.CreateStore(i64(0), at);
}

/// \param edge   the Block operand and what follows; \param first what the instruction itself
/// passes, with a count of its own; \param inPlace  or the first parameter has its value already
void FunctionLowering::lowerEdge(Operands edge, std::optional<Pair> first, bool inPlace) {
  const ir::BlockId target = edge.front().index;
  const std::vector<ValueId> &params = fn_.blocks[target].params;
  // All arguments are read before a parameter is written: they may be each other's homes.
  std::vector<Pair> args;
  if (first)
    args.push_back(*first);
  const size_t skip = inPlace; // parameters that have their value
  const Operands all(inst().operands);
  const auto offset = static_cast<size_t>(edge.data() - all.data());
  size_t end = 1;
  while (end < edge.size() && edge[end].kind == OperandKind::Arg)
    ++end;
  const Operands passed = edge.subspan(1, end - 1);
  auto passes = [](Operands some, ValueId v) {
    return std::any_of(some.begin(), some.end(), [v](ir::Operand o) { return o.index == v; });
  };
  // Liveness marks one use of a value per instruction; of several ways only one is gone.
  for (size_t i = 0; i < passed.size(); ++i)
    args.push_back(take(offset + 1 + i, isLastUse(passed[i].index) &&
                                            !passes(passed.subspan(i + 1), passed[i].index)));
  for (size_t k = 0; k < all.size(); ++k)
    if (all[k].kind == OperandKind::Arg && kills(k) && !passes(passed, all[k].index))
      releaseHome(all[k].index);
  // A parameter holds something before the jump where a handler or another way needs it.
  const std::vector<ValueId> &alive = live_.aliveAtEnd[block_];
  std::vector<Pair> old;
  for (size_t i = 0; i < args.size(); ++i) {
    const ValueId param = params[skip + i];
    const Home &home = homes_[param];
    const bool counts = mayCount(param) && (home.kind == Kind::Pair || home.kind == Kind::Slot) &&
                        std::binary_search(alive.begin(), alive.end(), param);
    old.push_back(counts ? loadPlace({headAt(home), payloadAt(home)}) : Pair{nullptr, nullptr});
  }
  for (size_t i = 0; i < args.size(); ++i)
    define(params[skip + i], args[i]);
  for (size_t i = 0; i < args.size(); ++i)
    if (old[i].head)
      release(old[i], kindsOf(params[skip + i]));
  b_.CreateBr(blockOf(target));
}

// --- Traps ---

llvm::BasicBlock *FunctionLowering::trapBlock() {
  const ir::BlockId handler = fn_.blocks[block_].handler;
  TrapTarget &target = handler == ir::kNone ? exit_ : handlers_[handler];
  if (!target.block) {
    target.block = newBlock(handler == ir::kNone ? "trap.exit" : "trap.handler");
    target.place = llvm::PHINode::Create(m_.i32, 4, "place", target.block);
  }
  target.place->addIncoming(i32(place()), b_.GetInsertBlock());
  return target.block;
}

void FunctionLowering::failIf(llvm::Value *failed) {
  Block *next = newBlock("good");
  b_.CreateCondBr(failed, trapBlock(), next, m_.rarely);
  setBlock(next);
}

void FunctionLowering::failUnless(llvm::Value *status) { failIf(b_.CreateICmpEQ(status, i32(0))); }

void FunctionLowering::fail() { b_.CreateBr(trapBlock()); }

void FunctionLowering::finishTraps() {
  inst_ = nullptr;
  hot_ = false;
  setPlace(fn_.loc);
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (handlers_[b].block)
      emitHandlerEntry(b);
  emitExit();
}

/// On the way to a handler everything goes that was made in the blocks it guards; what was alive
/// before them and is not needed dies when the handler is entered.
void FunctionLowering::emitHandlerEntry(ir::BlockId handler) {
  const TrapTarget &target = handlers_[handler];
  setBlock(target.block);
  uint32_t cost = 0;
  for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (fn_.blocks[b].handler == handler)
      cost = std::max(cost, costOfJump(b, handler));
  giveFuelBack();
  llvm::Value *taken = call(Call::CatchTrap, {state_, i32(id_), target.place, caught_, i32(cost)});
  takeFuel();
  Block *drop = newBlock("caught");
  Block *uncaught = newBlock("uncaught");
  b_.CreateCondBr(b_.CreateICmpNE(taken, i32(0)), drop, uncaught);
  setBlock(uncaught);
  if (!exit_.block) {
    exit_.block = newBlock("trap.exit");
    exit_.place = llvm::PHINode::Create(m_.i32, 4, "place", exit_.block);
  }
  exit_.place->addIncoming(target.place, uncaught);
  b_.CreateBr(exit_.block);
  setBlock(drop);
  if (poolSlots_ != 0)
    call(Call::DropRange, {frame_, i32(poolSlots_)});
  for (ValueId v = 0; v < homes_.size(); ++v) {
    const bool guarded = homeBlock_[v] != ir::kNone && fn_.blocks[homeBlock_[v]].handler == handler;
    if (guarded && (crosses_[v] || homes_[v].kind != Kind::Slot))
      releaseHome(v);
  }
  b_.CreateBr(blocks_[handler]);
}

void FunctionLowering::emitExit() {
  if (exit_.block) {
    setBlock(exit_.block);
    call(Call::LeaveTrap, {state_, i32(id_), exit_.place});
    b_.CreateBr(giveUp_);
  }
  setBlock(giveUp_);
  for (ValueId v = 0; v < homes_.size(); ++v)
    if (homes_[v].kind == Kind::Pair || (homes_[v].kind == Kind::List && !isInFrame(homes_[v])))
      releaseHome(v);
  giveUpVariables(true);
  if (slots_ != 0)
    call(Call::DropRange, {frame_, i32(slots_)});
  giveFuelBack();
  b_.CreateRet(llvm::ConstantStruct::get(m_.pairType, {i64(kTrapHead), i64(0)}));
}

/// \param framesToo  whether the frame is given up next, which leaves what is in it to that
void FunctionLowering::giveUpVariables(bool framesToo) {
  for (size_t s = 0; s < fn_.slots.size(); ++s) {
    if (fn_.slots[s].cell)
      call(Call::Release, {i64(static_cast<uint64_t>(Tag::Cell) | 0x100),
                           b_.CreatePtrToInt(b_.CreateLoad(m_.pointer, cells_[s]), m_.i64)});
    else if (inMemory_[s] && !framesToo)
      call(Call::Drop, {variableAt(s).head});
    else if (!inMemory_[s])
      releasePlace(variableAt(s), kinds::Raw);
  }
  if (caught_)
    call(Call::DropCaught, {b_.CreateLoad(m_.pointer, caught_)});
}

void FunctionLowering::returnPair(Pair value) {
  giveUpVariables();
  giveFuelBack();
  llvm::Value *out = llvm::PoisonValue::get(m_.pairType);
  out = b_.CreateInsertValue(out, value.head, 0);
  b_.CreateRet(b_.CreateInsertValue(out, value.payload, 1));
}

// --- Small things ---

/// Whether the common way of a kernel may be the instruction's. Where registers are used, operators
/// have dealt with machine numbers already; others have no way but the call's.
bool FunctionLowering::isWorthKernel(ir::Op op) const {
  using ir::Op;
  if (isOperator(op))
    return straight_ && op != Op::IDiv && op != Op::Rem;
  return op != Op::GetKey && op != Op::Concat;
}

llvm::Value *FunctionLowering::call(Call which, std::initializer_list<llvm::Value *> args) {
  static constexpr const char *kNames[] = {
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) #Name,
#include "branchline/Runtime/RuntimeCalls.def"
  };
  const auto index = static_cast<size_t>(which);
  if (hot_ && hasKernel(which) && isWorthKernel(inst().op) && m_.kernelsLeft != 0) {
    --m_.kernelsLeft;
    return b_.CreateCall(m_.target->getOrInsertFunction(std::string(kKernelPrefix) + kNames[index],
                                                        m_.callTypes[index]),
                         llvm::ArrayRef<llvm::Value *>(args.begin(), args.size()));
  }
  llvm::Value *callee =
      b_.CreateLoad(m_.pointer, stateField(index * sizeof(void *)), kNames[index]);
  return b_.CreateCall(m_.callTypes[index], callee,
                       llvm::ArrayRef<llvm::Value *>(args.begin(), args.size()));
}

llvm::Value *FunctionLowering::field(llvm::Value *object, size_t offset) {
  if (offset == 0)
    return object;
  return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), object, offset);
}

llvm::Value *FunctionLowering::stateField(size_t offset) { return field(state_, offset); }

llvm::Value *FunctionLowering::constantAddress(uint32_t constant) {
  llvm::Value *table =
      b_.CreateLoad(m_.pointer, stateField(offsetof(NativeState, constants)), "constants");
  return field(table, size_t(constant) * sizeof(runtime::Value));
}

llvm::Value *FunctionLowering::windowAt(size_t i) {
  return b_.CreateConstInBoundsGEP2_64(windowMemory_->getAllocatedType(), windowMemory_, 0, i);
}

void FunctionLowering::storeValue(llvm::Value *address, Pair value) {
  b_.CreateStore(value.head, address);
  b_.CreateStore(value.payload, field(address, 8));
}

Pair FunctionLowering::loadValue(llvm::Value *address) {
  llvm::Value *head = b_.CreateLoad(m_.i64, address);
  return {head, b_.CreateLoad(m_.i64, field(address, 8))};
}

/// Values in memory move as one vector.
void FunctionLowering::moveToWindow(size_t i, size_t operand) {
  const ValueId v = valueAt(operand);
  const Home &home = homes_[v];
  if (home.kind == Kind::Slot && (kills(operand) || !mayCount(v))) {
    auto *whole = llvm::FixedVectorType::get(m_.i64, 2);
    b_.CreateAlignedStore(b_.CreateAlignedLoad(whole, headAt(home), llvm::Align(8)), windowAt(i),
                          llvm::Align(8));
    if (kills(operand)) {
      clearHome(v);
      consumed_[operand] = true;
    }
  } else {
    takeTo(windowAt(i), operand);
  }
}

/// A counted copy, for calls that do not end the life of operands.
void FunctionLowering::copyToWindow(size_t i, size_t operand) {
  const ValueId v = valueAt(operand);
  const Pair value = pairOf(v);
  retain(value, kindsOf(v));
  storeValue(windowAt(i), value);
}

llvm::Value *FunctionLowering::hasTag(llvm::Value *tag, Tag wanted) {
  return b_.CreateICmpEQ(tag, b_.getInt8(static_cast<uint8_t>(wanted)));
}

} // namespace branchline::jit
