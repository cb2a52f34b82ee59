// Turns library functions that call back into loops: MAP, FILTER, FIND, SOME, EVERY and REDUCE
// whose callback is a closure.new of the same function. The list is checked first, by the library's
// own check; the body of the lambda stands in the loop with the arguments it has parameters for.
// SUM, AVG, LENGTH and COUNT of the list that a MAP or FILTER gives to nobody else join its loop,
// and the list is not made. What the two loops did one after the other keeps its order:
//   - a length cannot fail, so it is counted along;
//   - a sum of machine numbers cannot fail either;
//   - any other sum may fail at one item while the lambda has still to run, with its effects and
//     errors, for the items behind: then those calls are made by a second loop, in a copy of the
//     lambda that only the handler of the step reaches, and only at its end the error of the sum is
//     raised again, from the place of SUM. That is done for SUM and AVG right behind the MAP or
//     FILTER, outside of lambdas (which would no longer be copyable), and only where every rethrow
//     of the function is the end of a handler that nothing jumps to: the trap a rethrow raises is
//     the last one that was caught.
// Call stacks and the call depth limit are kept as in Inline.cpp.
// Precondition: none. promote-slots should run after it.
#include "Effects.h"
#include "InlineBody.h"
#include "InlineDepth.h"
#include "Passes.h"
#include "branchline/Support/Assert.h"

#include <utility>

namespace branchline::opt {
namespace {

using ir::FunctionId;
using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;

namespace kinds = ir::kinds;

constexpr size_t kLargestLambda = 400; // instructions
constexpr size_t kLargest = 4'000;     // instructions of a function afterwards
constexpr size_t kMostLoops = 100;     // made in one function

/// What becomes of the items that the loop finds.
enum class Result : uint8_t { List, Found, AnyHolds, AllHold, Fold, Sum, Mean, Length };

/// A call that can become a loop, and what it is joined with.
struct Plan {
  Builtin builtin; // the function that calls back
  Result result;
  size_t call;     // index of the instruction in its block
  BodyCopy lambda; // without arguments
  ValueId list;
  ValueId init = kNone;                        // of REDUCE
  Inst join{Op::Const, kNone, ir::kNoLoc, {}}; // the joined call; no result: none
  ir::KindSet given;                           // the kinds of what the lambda returns

  bool isJoined() const { return join.result != kNone; }
  bool tests() const { return builtin != Builtin::MAP && builtin != Builtin::REDUCE; }
  bool sums() const { return result == Result::Sum || result == Result::Mean; }
  /// Whether the loop counts the items it keeps; those of MAP are all.
  bool counts() const {
    return builtin == Builtin::FILTER && (result == Result::Length || result == Result::Mean);
  }
  bool folds() const { return result == Result::Fold || sums(); }
  /// Sums of machine numbers stay below every limit, and mix with nothing.
  bool sumMayTrap() const {
    return builtin != Builtin::MAP || !(kinds::Int | kinds::Float).contains(given);
  }
};

/// Finds the calls of one function that can become loops.
class Planner {
public:
  Planner(const ir::Module &module, FunctionId id, const CallDepths &depths, bool mayDefer)
      : module_(module), id_(id), fn_(module.functions[id]), depths_(depths),
        where_(definitions(fn_)), readers_(useCounts(fn_)), mayDefer_(mayDefer),
        size_(sizeOf(fn_)) {}

  /// A plan for the first call of a block that can become a loop.
  std::optional<Plan> plan(BlockId block) const {
    const std::vector<Inst> &insts = fn_.blocks[block].insts;
    for (size_t at = 0; at < insts.size(); ++at)
      if (std::optional<Plan> made = planCall(insts[at])) {
        made->call = at;
        if (made->result == Result::List && readers_[insts[at].result] == 1)
          join(*made, block);
        return made;
      }
    return std::nullopt;
  }

private:
  static std::optional<Result> resultOf(Builtin builtin) {
    static constexpr std::pair<Builtin, Result> kResults[] = {
        {Builtin::MAP, Result::List},      {Builtin::FILTER, Result::List},
        {Builtin::FIND, Result::Found},    {Builtin::SOME, Result::AnyHolds},
        {Builtin::EVERY, Result::AllHold}, {Builtin::REDUCE, Result::Fold}};
    for (const auto &[called, result] : kResults)
      if (called == builtin)
        return result;
    return std::nullopt;
  }

  std::optional<Plan> planCall(const Inst &inst) const {
    if (inst.op != Op::CallLib)
      return std::nullopt;
    auto builtin = static_cast<Builtin>(inst.operands[0].index);
    std::optional<Result> result = resultOf(builtin);
    std::optional<size_t> callback = callbackOperand(inst);
    if (!result || !callback)
      return std::nullopt;
    const Inst *closure = closureOf(fn_, where_, inst.operands[*callback].index);
    if (!closure)
      return std::nullopt;
    Plan plan;
    plan.builtin = builtin;
    plan.result = *result;
    plan.call = 0;
    plan.lambda = {closure->operands[0].index, capturesOf(*closure), {}, inst.loc, kNone, kNone};
    plan.list = inst.operands[1].index;
    if (builtin == Builtin::REDUCE)
      plan.init = inst.operands[2].index;
    const ir::Function &lambda = module_.functions[plan.lambda.callee];
    size_t size = sizeOf(lambda);
    if (size > kLargestLambda || size_ + 2 * size > kLargest ||
        !depths_.mayInline(id_, plan.lambda.callee) || !isCopyable(lambda) ||
        !areDistinct(plan.lambda.captures))
      return std::nullopt;
    plan.given = returnedKinds(lambda);
    return plan;
  }

  // --- Joining ---

  /// Looks for the one reader of the list, and whether it can become part of the loop.
  void join(Plan &plan, BlockId block) const {
    ValueId list = fn_.blocks[block].insts[plan.call].result;
    const std::vector<Inst> &insts = fn_.blocks[block].insts;
    bool isNear = true; // nothing between the two may fail or have an effect
    for (size_t at = plan.call + 1; at < insts.size(); ++at) {
      if (reads(insts[at], list)) {
        joinWith(plan, insts[at], isNear);
        return;
      }
      isNear = isNear && isPure(insts[at]);
    }
  }

  static bool reads(const Inst &inst, ValueId value) {
    for (Operand operand : inst.operands)
      if (isValueUse(operand.kind) && operand.index == value)
        return true;
    return false;
  }

  void joinWith(Plan &plan, const Inst &reader, bool isNear) const {
    if (reader.op != Op::CallLib || reader.operands.size() != 2)
      return;
    auto builtin = static_cast<Builtin>(reader.operands[0].index);
    if (builtin == Builtin::LENGTH || builtin == Builtin::COUNT) {
      plan.result = Result::Length;
      plan.join = reader;
      return;
    }
    if (builtin != Builtin::SUM && builtin != Builtin::AVG)
      return;
    if (plan.sumMayTrap() && !(mayDefer_ && isNear && reader.loc.inlinedAt == kNone))
      return;
    plan.result = builtin == Builtin::SUM ? Result::Sum : Result::Mean;
    plan.join = reader;
  }

  static ir::KindSet returnedKinds(const ir::Function &lambda) {
    ir::KindSet returned;
    for (const ir::Block &block : lambda.blocks)
      if (const Inst &last = block.insts.back(); last.op == Op::Ret)
        returned = returned | kindsOf(lambda, last.operands[0].index);
    return returned;
  }

  const ir::Module &module_;
  FunctionId id_;
  const ir::Function &fn_;
  const CallDepths &depths_;
  std::vector<Definition> where_;
  std::vector<uint32_t> readers_; // by value
  bool mayDefer_;                 // errors of sums, to a rethrow of its own
  size_t size_;
};

/// Whether errors of sums may wait in this function. To be asked before there are any that do.
bool mayDeferErrors(const ir::Function &fn) {
  if (fn.kind == ir::FunctionKind::Lambda)
    return false;
  Graph graph(fn);
  for (BlockId id = 0; id < fn.blocks.size(); ++id)
    if (fn.blocks[id].insts.back().op == Op::Rethrow &&
        (!graph.isHandler(id) || !graph.jumps[id].empty()))
      return false;
  return true;
}

// --- Making the loop -----------------------------------------------------------------------------

/// What the loop carries from one item to the next; kNone: nothing of that kind.
struct Carried {
  ValueId fold = kNone;  // sum or accumulator so far
  ValueId count = kNone; // items kept so far
  ValueId index = kNone; // of the item
};

class LoopMaker {
public:
  LoopMaker(ir::Module &module, FunctionId id, BlockId block, Plan plan)
      : module_(module), id_(id), builder_(module, id), plan_(std::move(plan)), block_(block) {
    const ir::Function &lambda = module.functions[plan_.lambda.callee];
    // REDUCE passes its accumulator before the item, index and list.
    size_t first = plan_.builtin == Builtin::REDUCE ? 1 : 0;
    passesIndex_ = lambda.params.size() > first + 1;
  }

  void run() {
    const Inst call = fn().blocks[block_].insts[plan_.call];
    at_ = call.loc;
    next_ = splitBlock(builder_, block_, plan_.call, "endlib");
    handler_ = fn().blocks[next_].handler;
    if (plan_.isJoined())
      std::erase_if(fn().blocks[next_].insts,
                    [&](const Inst &inst) { return inst.result == plan_.join.result; });
    fn().blocks[next_].params = {plan_.isJoined() ? plan_.join.result : call.result};
    makeBlocks();
    emitStart();
    emitHead();
    emitItem();
    emitLatch();
    emitEnd();
    if (defer_ != kNone)
      emitDeferral();
    // Last, because copies have labels that the builder does not know of.
    copyLambda(item_, got_, carried_);
    if (defer_ != kNone)
      copyLambda(restItem_, restGot_, restCarried_);
  }

private:
  ir::Function &fn() { return module_.functions[id_]; }
  ValueId param(BlockId block, size_t i) { return fn().blocks[block].params[i]; }
  bool mayDefer() const { return plan_.sums() && plan_.sumMayTrap(); }

  BlockId block(std::string_view label, unsigned params = 0) {
    return builder_.newBlock(label, params);
  }

  void makeBlocks() {
    builder_.setHandler(handler_);
    builder_.setLoc(at_);
    unsigned carried = (plan_.folds() ? 1 : 0) + (plan_.counts() ? 1 : 0);
    head_ = block("lib", carried + (passesIndex_ ? 1 : 0));
    carried_ = nameCarried(head_, true);
    item_ = block("item", 1);
    got_ = block("got", 1);
    if (!plan_.given.empty()) // else the lambda never returns
      typed(param(got_, 0), plan_.given);
    if (plan_.tests())
      keep_ = block("keep");
    latch_ = block("next", carried);
    latched_ = nameCarried(latch_, false);
    end_ = block("endloop");
    if (!mayDefer())
      return;
    defer_ = block("failed");
    rest_ = block("rest", passesIndex_ ? 1 : 0);
    if (passesIndex_)
      restCarried_.index = typed(param(rest_, 0), kinds::Int);
    restItem_ = block("item", 1);
    restGot_ = block("got", 1);
    raise_ = block("raise");
    builder_.setHandler(defer_);
    step_ = block("sum");
    builder_.setHandler(handler_);
  }

  ValueId typed(ValueId value, ir::KindSet kinds) {
    fn().valueKinds[value] = kinds;
    return value;
  }

  Carried nameCarried(BlockId block, bool withIndex) {
    Carried carried;
    size_t i = 0;
    if (plan_.folds())
      carried.fold = typed(param(block, i++), plan_.sums() ? kinds::Number : kinds::Any);
    if (plan_.counts())
      carried.count = typed(param(block, i++), kinds::Int);
    if (withIndex && passesIndex_)
      carried.index = typed(param(block, i++), kinds::Int);
    return carried;
  }

  static std::vector<ValueId> arguments(const Carried &carried) {
    std::vector<ValueId> values;
    for (ValueId value : {carried.fold, carried.count, carried.index})
      if (value != kNone)
        values.push_back(value);
    return values;
  }

  /// A list is shorter than the integers are many.
  ValueId plusOne(ValueId count) {
    ValueId one = builder_.constInt(1);
    return typed(builder_.emit(Op::Add, {ir::use(count), ir::use(one)}), kinds::Int);
  }

  void emitStart() {
    builder_.setBlock(block_);
    list_ = builder_.emit(Op::ListCheck, {ir::builtin(plan_.builtin), ir::use(plan_.list)});
    iterator_ =
        builder_.emit(Op::IterNew, {ir::iterKind(ir::IterKind::Comprehension), ir::use(list_)});
    if (plan_.result == Result::List)
      made_ = builder_.emit(Op::ListNew);
    Carried start;
    if (plan_.folds())
      start.fold = plan_.sums() ? builder_.constInt(0) : plan_.init;
    if (plan_.counts())
      start.count = builder_.constInt(0);
    if (passesIndex_)
      start.index = builder_.constInt(0);
    builder_.br(head_, arguments(start));
  }

  void emitHead() {
    builder_.setBlock(head_);
    builder_.emit(Op::IterNext, {ir::use(iterator_), ir::block(item_), ir::block(end_)});
  }

  /// From what the lambda gave to the latch, or out of the loop.
  void emitItem() {
    builder_.setBlock(got_);
    ValueId given = param(got_, 0);
    Carried unchanged{carried_.fold, carried_.count, kNone};
    if (!plan_.tests())
      return emitKeep(given, unchanged);
    // The library has a truth of its own (R3.2.5), but not of truth values.
    ValueId holds =
        plan_.given == kinds::Bool ? given : builder_.emit(Op::LibTruth, {ir::use(given)});
    std::vector<Operand> branch{ir::use(holds)};
    bool isKeptWhenFalse = plan_.result == Result::AllHold;
    auto addLatch = [&] {
      branch.push_back(ir::block(latch_));
      for (ValueId value : arguments(unchanged))
        branch.push_back(ir::arg(value));
    };
    if (isKeptWhenFalse)
      addLatch();
    branch.push_back(ir::block(keep_));
    if (!isKeptWhenFalse)
      addLatch();
    builder_.emit(Op::BrIf, std::move(branch));
    builder_.setBlock(keep_);
    emitKeep(param(item_, 0), unchanged);
  }

  /// What is done with an item that counts.
  void emitKeep(ValueId item, Carried now) {
    if (plan_.counts())
      now.count = plusOne(now.count);
    switch (plan_.result) {
    case Result::List:
      builder_.emit(Op::ListPush, {ir::use(made_), ir::use(item)});
      break;
    case Result::Found:
      return leave(item);
    case Result::AnyHolds:
      return leave(builder_.constBool(true));
    case Result::AllHold:
      return leave(builder_.constBool(false));
    case Result::Fold:
      now.fold = item;
      break;
    case Result::Length:
      break;
    case Result::Sum:
    case Result::Mean:
      if (step_ != kNone) {
        builder_.br(step_);
        builder_.setBlock(step_);
      }
      builder_.setLoc(plan_.join.loc);
      now.fold = builder_.emit(Op::SumStep,
                               {plan_.join.operands[0], ir::use(carried_.fold), ir::use(item)});
      builder_.setLoc(at_);
      break;
    }
    builder_.br(latch_, arguments(now));
  }

  void leave(ValueId result) { builder_.br(next_, std::span(&result, 1)); }

  void emitLatch() {
    builder_.setBlock(latch_);
    Carried again = latched_;
    if (passesIndex_)
      again.index = plusOne(carried_.index);
    builder_.br(head_, arguments(again));
  }

  /// All items have been seen.
  void emitEnd() {
    builder_.setBlock(end_);
    switch (plan_.result) {
    case Result::List:
      return leave(made_);
    case Result::Found:
      return leave(builder_.constNull());
    case Result::AnyHolds:
      return leave(builder_.constBool(false));
    case Result::AllHold:
      return leave(builder_.constBool(true));
    case Result::Fold:
    case Result::Sum:
      return leave(carried_.fold);
    case Result::Length:
      builder_.setLoc(plan_.join.loc);
      return leave(kept());
    case Result::Mean:
      builder_.setLoc(plan_.join.loc);
      return emitMean();
    }
    BL_UNREACHABLE("result");
  }

  /// How many items there were.
  ValueId kept() {
    if (plan_.counts())
      return carried_.count;
    return typed(builder_.emit(Op::CallLib, {ir::builtin(Builtin::LENGTH), ir::use(list_)}),
                 kinds::Int);
  }

  /// The quotient of AVG is that of the operator (R3.5.3, R2.7.2); of nothing the mean is null.
  void emitMean() {
    BlockId none = block("empty");
    BlockId some = block("mean");
    ValueId count = kept();
    builder_.brIf(count, some, none);
    builder_.setBlock(none);
    leave(builder_.constNull());
    builder_.setBlock(some);
    leave(builder_.emit(Op::Div, {ir::use(carried_.fold), ir::use(count)}));
  }

  /// The calls that are left once the sum has failed, then its error.
  void emitDeferral() {
    builder_.setBlock(defer_);
    Carried next;
    if (passesIndex_)
      next.index = plusOne(carried_.index);
    builder_.br(rest_, arguments(next));
    builder_.setBlock(rest_);
    builder_.emit(Op::IterNext, {ir::use(iterator_), ir::block(restItem_), ir::block(raise_)});
    builder_.setBlock(restGot_);
    if (passesIndex_)
      next.index = plusOne(restCarried_.index);
    builder_.br(rest_, arguments(next));
    builder_.setBlock(raise_);
    builder_.setLoc(plan_.join.loc);
    builder_.emit(Op::Rethrow);
    builder_.setLoc(at_);
  }

  /// The body of the lambda between the block that has the item and the one that takes the result.
  void copyLambda(BlockId item, BlockId got, const Carried &carried) {
    BodyCopy copy = plan_.lambda;
    if (plan_.builtin == Builtin::REDUCE)
      copy.arguments.push_back(carried.fold);
    copy.arguments.push_back(param(item, 0));
    if (passesIndex_) {
      copy.arguments.push_back(carried.index);
      copy.arguments.push_back(list_);
    }
    copy.handler = handler_;
    copy.next = got;
    BlockId body = copyBody(module_, id_, copy);
    builder_.setBlock(item);
    builder_.br(body);
  }

  ir::Module &module_;
  FunctionId id_;
  ir::Builder builder_;
  Plan plan_;
  bool passesIndex_ = false;
  BlockId block_; // the call stood at its end
  BlockId handler_ = kNone;
  ir::Loc at_;
  ValueId list_ = kNone, iterator_ = kNone, made_ = kNone;
  Carried carried_, latched_, restCarried_;
  BlockId head_ = kNone, item_ = kNone, got_ = kNone, keep_ = kNone, step_ = kNone;
  BlockId latch_ = kNone, end_ = kNone, next_ = kNone;
  BlockId defer_ = kNone, rest_ = kNone, restItem_ = kNone, restGot_ = kNone, raise_ = kNone;
};

// --- The pass ------------------------------------------------------------------------------------

class LibraryLoops final : public ModulePass {
public:
  Changed run(ir::Module &module, PassContext &context) override {
    CallDepths depths(module);
    size_t loops = 0;
    size_t joined = 0;
    for (FunctionId id : depths.calleesFirst()) {
      size_t made = makeLoops(module, id, depths, joined);
      if (made == 0)
        continue;
      loops += made;
      dropLeftovers(module, id);
      context.markChanged(id);
    }
    context.count("library-loops.loops", loops);
    context.count("library-loops.joined", joined);
    return loops != 0 ? Changed::Yes : Changed::No;
  }

private:
  static size_t makeLoops(ir::Module &module, FunctionId id, const CallDepths &depths,
                          size_t &joined) {
    if (!hasOp(module.functions[id], Op::ClosureNew))
      return 0;
    bool mayDefer = mayDeferErrors(module.functions[id]);
    std::optional<Planner> planner(std::in_place, module, id, depths, mayDefer);
    size_t made = 0;
    // What is cut off a block is appended as a new one, and so are the bodies of lambdas.
    for (BlockId block = 0; block < module.functions[id].blocks.size() && made < kMostLoops;
         ++block)
      if (std::optional<Plan> plan = planner->plan(block)) {
        joined += plan->isJoined() ? 1 : 0;
        planner.reset();
        LoopMaker(module, id, block, std::move(*plan)).run();
        planner.emplace(module, id, depths, mayDefer);
        ++made;
      }
    return made;
  }
};

} // namespace

std::unique_ptr<ModulePass> createLibraryLoops() { return std::make_unique<LibraryLoops>(); }

} // namespace branchline::opt
