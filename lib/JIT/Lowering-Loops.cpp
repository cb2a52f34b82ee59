// Loops: entries in the middle of functions, where activations of other engines go on, and second
// versions. All homes are memory until `mem2reg` makes registers of them, so that going from one
// code to another with the same homes is a jump; an entry fills those that are alive first.
#include "Lowering.h"

#include "branchline/Runtime/IteratorState.h"

namespace branchline::jit {

using Kind = Home::Kind;

FunctionLowering::FunctionLowering(ModuleLowering &module, const LoopPoint &loop,
                                   llvm::Function *out)
    : m_(module), id_(loop.function), first_(loop.block), loop_(&loop),
      fn_(module.source.functions[loop.function]), plan_(module.plan.functions[loop.function]),
      live_(ir::computeLiveness(fn_)), out_(out), b_(module.context), entry_(module.context),
      state_(out_->getArg(0)) {}

void FunctionLowering::findReached() {
  reached_.assign(fn_.blocks.size(), !loop_);
  if (!loop_)
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
      const Place place = variableAt(s);
      b_.CreateStore(value.head, place.head);
      b_.CreateStore(value.payload, place.payload);
    }
  }
  for (ValueId v : ir::liveOnEntry(fn_, first_))
    enterWithValue(v, taken());
  const Pair caught = taken();
  if (caught_)
    b_.CreateStore(b_.CreateIntToPtr(caught.payload, m_.pointer), caught_);
  takeFuel();
  b_.CreateBr(blockOf(first_));
}

void FunctionLowering::enterWithValue(ValueId v, Pair value) {
  const Home &home = homes_[v];
  llvm::Value *upper = b_.CreateLShr(value.head, runtime::kIteratorCountShift);
  if (home.kind == Kind::List) {
    b_.CreateStore(b_.CreateAnd(value.head, 0xFFFF'FFFF), headAt(home));
    b_.CreateStore(value.payload, payloadAt(home));
    b_.CreateStore(upper, home.next);
  } else if (home.kind == Kind::Range) {
    llvm::Value *step =
        b_.CreateTrunc(b_.CreateLShr(value.head, runtime::kIteratorStepShift), b_.getInt16Ty());
    defineRange(home, value.payload, upper, b_.CreateSExt(step, m_.i64));
  } else {
    define(v, value);
  }
}

// --- Versions ---

void FunctionLowering::planVersions() {
  versionBlocks_.assign(fn_.blocks.size(), nullptr);
  guards_.assign(fn_.blocks.size(), nullptr);
  if (!hasLoops_ || isLarge())
    return;
  std::vector<ValueId> alive;
  std::span<const KindSet> seen;
  if (loop_ && !loop_->seen.empty()) {
    alive = ir::liveOnEntry(fn_, first_);
    seen = loop_->seen;
  }
  // Numbers that were seen count like those that are known, and a loop that does nothing but
  // compute is taken to have numbers where none could be seen.
  if (straight_ && seen.empty() && !m_.loops.empty())
    return;
  versions_ = planLoopVersions({fn_, order_, first_, alive, seen, straight_ && seen.empty()});
  if (straight_ && !seen.empty() && !versions_.empty() && versions_.front().head != first_)
    versions_.clear();
  straight_ = straight_ && versions_.empty();
  for (const LoopVersion &version : versions_) {
    guards_[version.head] = newBlock("guard");
    for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
      if (version.inside[b])
        versionBlocks_[b] = Block::Create(m_.context, fn_.blocks[b].label + ".assumed", out_);
  }
}

/// Where a jump to a block leads: in a version to the same version, else to the guard of one that
/// begins there.
llvm::BasicBlock *FunctionLowering::blockOf(ir::BlockId target) {
  if (version_ && version_->inside[target])
    return versionBlocks_[target];
  return guards_[target] ? guards_[target] : blocks_[target];
}

/// A block of the instruction under way that is emitted with the general code. Versions leave for
/// it; all homes are as they are there.
llvm::BasicBlock *FunctionLowering::generalBlock(const char *name) {
  if (versions_.empty())
    return newBlock(name);
  Block *&block = left_[{place(), exits_++}];
  if (!block)
    block = newBlock(name);
  return block;
}

void FunctionLowering::emitVersions() {
  for (const LoopVersion &version : versions_) {
    emitGuard(version, guards_[version.head]);
    version_ = &version;
    for (ir::BlockId b = 0; b < fn_.blocks.size(); ++b)
      if (version.inside[b])
        emitBlock(b);
    version_ = nullptr;
  }
}

/// Homes of what is looked at say what it is, which nobody in the version has to ask again.
void FunctionLowering::emitGuard(const LoopVersion &version, Block *guard) {
  setBlock(guard);
  for (ValueId v : version.guarded) {
    const Tag tag = version.kinds[v] == kinds::Int ? Tag::Int : Tag::Float;
    Block *fits = newBlock("fits");
    branch(hasTag(tagOf(v), tag), fits, blocks_[version.head]);
    setBlock(fits);
    if (homes_[v].kind == Kind::Pair)
      b_.CreateStore(headConst(tag), homes_[v].head);
  }
  b_.CreateBr(versionBlocks_[version.head]);
}

} // namespace branchline::jit
