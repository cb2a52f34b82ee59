// Entries in the middle of functions: activations of other engines that come to the start of a
// loop's block go on from there. All homes are memory until `mem2reg` makes registers of them, so
// such an entry only fills those that are alive and jumps.
#include "Lowering.h"

#include "branchline/Runtime/IteratorState.h"

namespace branchline::jit {

using Kind = Home::Kind;

FunctionLowering::FunctionLowering(ModuleLowering &module, const LoopPoint &loop,
                                   llvm::Function *out)
    : m_(module), id_(loop.function), first_(loop.block), atLoop_(true),
      fn_(module.source.functions[loop.function]), plan_(module.plan.functions[loop.function]),
      live_(ir::computeLiveness(fn_)), out_(out), b_(module.context), entry_(module.context),
      state_(out_->getArg(0)) {}

void FunctionLowering::findReached() {
  reached_.assign(fn_.blocks.size(), !atLoop_);
  if (!atLoop_)
    return;
  std::vector<ir::BlockId> work{first_};
  while (!work.empty()) {
    const ir::BlockId b = work.back();
    work.pop_back();
    if (reached_[b])
      continue;
    reached_[b] = true;
    for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back()))
      work.push_back(edge.block);
    if (fn_.blocks[b].handler != ir::kNone)
      work.push_back(fn_.blocks[b].handler);
  }
}

/// The activation has been counted by whoever began it.
void FunctionLowering::enterAtLoop() {
  size_t next = 0;
  auto taken = [&] {
    llvm::Value *at = b_.CreateConstInBoundsGEP1_64(m_.valueType, out_->getArg(2), next++);
    const Pair value = loadValue(at);
    b_.CreateStore(i64(0), at); // the count is here now
    return value;
  };
  for (size_t s = 0; s < fn_.slots.size(); ++s) {
    const Pair value = taken();
    if (fn_.slots[s].cell) {
      b_.CreateStore(b_.CreateIntToPtr(value.payload, m_.pointer), cells_[s]);
    } else {
      b_.CreateStore(value.head, variables_[s].head);
      b_.CreateStore(value.payload, variables_[s].payload);
    }
  }
  for (ValueId v : ir::liveOnEntry(fn_, first_))
    enterWithValue(v, taken());
  const Pair caught = taken();
  if (caught_)
    b_.CreateStore(b_.CreateIntToPtr(caught.payload, m_.pointer), caught_);
  takeFuel();
  b_.CreateBr(blocks_[first_]);
}

void FunctionLowering::enterWithValue(ValueId v, Pair value) {
  const Home &home = homes_[v];
  llvm::Value *upper = b_.CreateLShr(value.head, runtime::kIteratorCountShift);
  if (home.kind == Kind::List) {
    b_.CreateStore(b_.CreateAnd(value.head, 0xFFFF'FFFF), home.head);
    b_.CreateStore(value.payload, home.payload);
    b_.CreateStore(upper, home.next);
  } else if (home.kind == Kind::Range) {
    llvm::Value *step =
        b_.CreateTrunc(b_.CreateLShr(value.head, runtime::kIteratorStepShift), b_.getInt16Ty());
    defineRange(home, value.payload, upper, b_.CreateSExt(step, m_.i64));
  } else {
    define(v, value);
  }
}

} // namespace branchline::jit
