// Tidies the control-flow graph:
//   - a branch to one place is a jump; a branch on `not` changes sides; a branch on what an earlier
//     branch has decided is a jump;
//   - a jump to a block that only jumps on, or whose branch the arguments of the jump decide, goes
//     straight to the end; a jump to a lone `ret` returns;
//   - a block with one predecessor joins it; blocks nobody reaches go, and so do parameters that
//     nobody reads or that always get the same value;
//   - a block in which nothing can trap needs no handler.
// Guarded and unguarded code stay apart: a block joins another only if no trap changes its way, and
// no value becomes invisible to a handler.
// Precondition: none.
#include "Effects.h"
#include "Passes.h"
#include "branchline/IR/Builder.h"
#include "branchline/Runtime/Ops.h"

#include <algorithm>

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

/// The work on one function; each step leaves it valid but for unreachable blocks.
class Simplifier {
public:
  Simplifier(ir::Function &fn, ir::Module &module) : fn_(fn), module_(module) {}

  void run() {
    constexpr unsigned kRounds = 16; // each opens the way for the next; few do anything
    for (unsigned i = 0; i < kRounds; ++i) {
      size_t before = total();
      round();
      if (total() == before) {
        params += removeDead(fn_, isPure);
        if (total() == before)
          return;
      }
    }
  }

  size_t total() const { return branches + jumps + blocks + params + handlers; }
  size_t branches = 0;
  size_t jumps = 0;
  size_t blocks = 0;
  size_t params = 0;
  size_t handlers = 0;

private:
  void round() {
    {
      EffectInfo info(module_, fn_);
      branches += decideBranches(info);
      handlers += dropHandlers(info);
    }
    blocks += ir::dropUnreachable(fn_);
    if (size_t threaded = threadJumps(); threaded > 0) {
      jumps += threaded;
      blocks += ir::dropUnreachable(fn_);
    }
    if (size_t merged = mergeBlocks(); merged > 0) {
      blocks += merged;
      ir::dropUnreachable(fn_);
    }
    params += removeTrivialParams(fn_);
  }

  // --- Branches ---
  size_t decideBranches(const EffectInfo &info);
  bool strip(Inst &branch, const EffectInfo &info) const;
  static bool hasOneTarget(const Inst &branch);
  size_t dropHandlers(const EffectInfo &info);

  // --- Jumps ---
  size_t threadJumps();
  bool isPassage(BlockId block, const std::vector<uint32_t> &uses) const;
  bool thread(Inst &terminator, size_t edge, const EffectInfo &info);
  std::optional<size_t> wayOut(const Inst &passage, const EffectInfo &info,
                               const std::vector<ValueId> &taken,
                               std::span<const Operand> args) const;

  // --- Blocks ---
  size_t mergeBlocks();

  ir::Function &fn_;
  ir::Module &module_;
  std::vector<bool> passages_; // by block: see isPassage
};

// --- Branches ------------------------------------------------------------------------------------

bool Simplifier::hasOneTarget(const Inst &branch) {
  EdgeRefs edges(branch);
  std::span<const Operand> a = edgeArgs(branch, edges[0]), b = edgeArgs(branch, edges[1]);
  return branch.operands[edges[0].at] == branch.operands[edges[1].at] &&
         std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// A branch looks at truth itself, and from the other side at a negation.
bool Simplifier::strip(Inst &branch, const EffectInfo &info) const {
  bool changed = false;
  for (const Inst *from = info.inst(branch.operands[0].index);
       from && (from->op == Op::Truth || from->op == Op::Not);
       from = info.inst(branch.operands[0].index)) {
    branch.operands[0] = from->operands[0];
    changed = true;
    if (from->op == Op::Not) {
      auto second = branch.operands.begin() + static_cast<ptrdiff_t>(EdgeRefs(branch)[1].at);
      std::rotate(branch.operands.begin() + 1, second, branch.operands.end());
    }
  }
  return changed;
}

/// What the way into blocks says about conditions. Blocks with several ways in say nothing.
class Decided {
public:
  Decided(const ir::Function &fn, const Graph &graph) : fn_(fn), tree_(fn) {
    facts_.resize(fn.blocks.size());
    for (BlockId id : graph.order)
      if (graph.jumps[id].size() == 1 && !graph.isHandler(id)) {
        Jump jump = graph.jumps[id].front();
        const Inst &from = fn.blocks[jump.from].insts.back();
        if (from.op == Op::BrIf || from.op == Op::BrNull)
          facts_[id] = {from.operands[0].index, from.op, jump.edge};
      }
  }

  /// Which edge a branch takes, if the ways to its block tell.
  std::optional<size_t> edgeOf(BlockId block) const {
    constexpr unsigned kFarthest = 16; // dominators looked at
    const Inst &branch = fn_.blocks[block].insts.back();
    for (unsigned i = 0; i < kFarthest && block != kNone; ++i) {
      const Fact &fact = facts_[block];
      if (fact.value == branch.operands[0].index) {
        if (fact.op == branch.op)
          return fact.edge;
        if (fact.edge == 0) // null is not true, and what is true is not null
          return 1;
      }
      block = tree_.immediateDominator(block);
    }
    return std::nullopt;
  }

private:
  struct Fact {
    ValueId value = kNone;
    Op op = Op::Br;
    uint32_t edge = 0;
  };
  const ir::Function &fn_;
  ir::Dominators tree_;
  std::vector<Fact> facts_;
};

size_t Simplifier::decideBranches(const EffectInfo &info) {
  size_t changed = 0, found = 0;
  Inst *last = nullptr;
  for (ir::Block &block : fn_.blocks) {
    Inst &branch = block.insts.back();
    if (branch.op != Op::BrIf && branch.op != Op::BrNull)
      continue;
    ++found;
    last = &branch;
    if (branch.op == Op::BrIf)
      changed += strip(branch, info) ? 1 : 0;
  }
  if (found < 2) { // nothing says how a branch goes but another one
    if (last && hasOneTarget(*last)) {
      makeJump(*last, 0);
      ++changed;
    }
    return changed;
  }
  Graph graph(fn_);
  Decided decided(fn_, graph);
  std::vector<std::pair<BlockId, size_t>> known;
  for (BlockId id : graph.order) {
    const Inst &branch = fn_.blocks[id].insts.back();
    if (branch.op != Op::BrIf && branch.op != Op::BrNull)
      continue;
    if (hasOneTarget(branch))
      known.emplace_back(id, 0);
    else if (std::optional<size_t> edge = decided.edgeOf(id))
      known.emplace_back(id, *edge);
  }
  for (auto [id, edge] : known)
    makeJump(fn_.blocks[id].insts.back(), edge);
  return changed + known.size();
}

size_t Simplifier::dropHandlers(const EffectInfo &info) {
  size_t dropped = 0;
  for (ir::Block &block : fn_.blocks)
    if (block.handler != kNone &&
        std::none_of(block.insts.begin(), block.insts.end(),
                     [&](const Inst &inst) { return info.mayTrap(inst); })) {
      block.handler = kNone;
      ++dropped;
    }
  return dropped;
}

// --- Jumps ---------------------------------------------------------------------------------------

/// Whether a block does nothing but go on, and what it gets goes nowhere else.
bool Simplifier::isPassage(BlockId id, const std::vector<uint32_t> &uses) const {
  const ir::Block &block = fn_.blocks[id];
  if (id == 0 || block.insts.size() != 1)
    return false;
  const Inst &only = block.insts.front();
  if (only.op != Op::Br && only.op != Op::BrIf && only.op != Op::BrNull && only.op != Op::Ret)
    return false;
  return std::all_of(block.params.begin(), block.params.end(), [&](ValueId param) {
    auto own = std::count_if(only.operands.begin(), only.operands.end(), [&](Operand operand) {
      return isValueUse(operand.kind) && operand.index == param;
    });
    return static_cast<size_t>(own) == uses[param];
  });
}

/// The edge of a passage that control takes when it comes with these arguments.
std::optional<size_t> Simplifier::wayOut(const Inst &passage, const EffectInfo &info,
                                         const std::vector<ValueId> &taken,
                                         std::span<const Operand> args) const {
  if (passage.op == Op::Br)
    return 0;
  auto at = std::find(taken.begin(), taken.end(), passage.operands[0].index);
  if (at == taken.end())
    return std::nullopt;
  ValueId value = args[static_cast<size_t>(at - taken.begin())].index;
  KindSet kinds = kindsOf(fn_, value);
  const ir::Constant *known = info.constant(value);
  if (known)
    kinds = kindOf(*known);
  if (passage.op == Op::BrNull) {
    if ((kinds & ir::kinds::Null).empty())
      return 1;
    return kinds == ir::kinds::Null ? std::optional<size_t>(0) : std::nullopt;
  }
  std::optional<bool> truth = truthOf(kinds);
  if (known && (known->kind == ir::Constant::Kind::Bool || known->kind == ir::Constant::Kind::Int))
    truth = known->integer != 0;
  return truth ? std::optional<size_t>(*truth ? 0 : 1) : std::nullopt;
}

/// Sends one edge past the passage it leads to. \returns whether it did
bool Simplifier::thread(Inst &terminator, size_t edge, const EffectInfo &info) {
  EdgeRef from = EdgeRefs(terminator)[edge];
  BlockId through = terminator.operands[from.at].index;
  if (from.suppliesFirst || !passages_[through])
    return false;
  const Inst &passage = fn_.blocks[through].insts.front();
  const std::vector<ValueId> &taken = fn_.blocks[through].params;
  std::vector<Operand> args;
  for (Operand arg : edgeArgs(terminator, from))
    args.push_back(arg);
  auto given = [&](Operand operand) {
    if (isValueUse(operand.kind))
      for (size_t p = 0; p < taken.size(); ++p)
        if (taken[p] == operand.index)
          operand.index = args[p].index;
    return operand;
  };
  if (passage.op == Op::Ret) {
    if (terminator.op != Op::Br)
      return false;
    terminator = {Op::Ret, kNone, passage.loc, {given(passage.operands[0])}};
    return true;
  }
  std::optional<size_t> way = wayOut(passage, info, taken, args);
  if (!way)
    return false;
  EdgeRef to = EdgeRefs(passage)[*way];
  if (passage.operands[to.at].index == through)
    return false; // an empty loop
  std::vector<Operand> operands{passage.operands[to.at]};
  for (Operand arg : edgeArgs(passage, to))
    operands.push_back(given(arg));
  auto first = terminator.operands.begin() + static_cast<ptrdiff_t>(from.at);
  first = terminator.operands.erase(first, first + static_cast<ptrdiff_t>(from.argCount) + 1);
  terminator.operands.insert(first, operands.begin(), operands.end());
  return true;
}

size_t Simplifier::threadJumps() {
  std::vector<uint32_t> uses = useCounts(fn_);
  passages_.assign(fn_.blocks.size(), false);
  bool any = false;
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    passages_[id] = isPassage(id, uses);
    any = any || passages_[id];
  }
  if (!any)
    return 0;
  EffectInfo info(module_, fn_); // definitions stay where they are
  size_t threaded = 0;
  for (ir::Block &block : fn_.blocks) {
    constexpr unsigned kHops = 8; // passages in a row; the next round goes on
    Inst &terminator = block.insts.back();
    for (size_t e = 0; e < EdgeRefs(terminator).size(); ++e)
      for (unsigned hop = 0; hop < kHops && e < EdgeRefs(terminator).size(); ++hop) {
        if (!thread(terminator, e, info))
          break;
        ++threaded;
      }
  }
  return threaded;
}

// --- Blocks --------------------------------------------------------------------------------------

/// Joins blocks to their only predecessor. With different handlers the second must be unable to
/// trap: were the first put under the second's handler, its values could not be used there.
size_t Simplifier::mergeBlocks() {
  std::vector<uint32_t> waysIn(fn_.blocks.size());
  for (const ir::Block &block : fn_.blocks) {
    for (const EdgeRef &edge : EdgeRefs(block.insts.back()))
      ++waysIn[block.insts.back().operands[edge.at].index];
    if (block.handler != kNone)
      waysIn[block.handler] += 2;
  }
  // Decided beforehand, since merging moves instructions; without handlers nobody asks.
  std::vector<bool> traps(fn_.blocks.size());
  if (std::any_of(fn_.blocks.begin(), fn_.blocks.end(),
                  [](const ir::Block &block) { return block.handler != kNone; })) {
    EffectInfo info(module_, fn_);
    for (BlockId id = 0; id < fn_.blocks.size(); ++id)
      traps[id] = std::any_of(fn_.blocks[id].insts.begin(), fn_.blocks[id].insts.end(),
                              [&](const Inst &inst) { return info.mayTrap(inst); });
  }
  ValueMap map(fn_);
  size_t merged = 0;
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    ir::Block &block = fn_.blocks[id];
    while (block.insts.back().op == Op::Br) {
      BlockId next = block.insts.back().operands[0].index;
      ir::Block &second = fn_.blocks[next];
      if (next == id || waysIn[next] != 1 || (traps[next] && block.handler != second.handler))
        break;
      const Inst jump = std::move(block.insts.back());
      for (size_t p = 0; p < second.params.size(); ++p)
        map.set(second.params[p], jump.operands[p + 1].index);
      block.insts.pop_back();
      block.insts.insert(block.insts.end(), std::make_move_iterator(second.insts.begin()),
                         std::make_move_iterator(second.insts.end()));
      // Unreachable from now on; a block has a terminator until it goes.
      second.insts.assign(1, {Op::Br, kNone, ir::kNoLoc, {ir::block(next)}});
      second.params.clear();
      traps[id] = traps[id] || traps[next]; // blocks come in any order: this one may be next
      ++merged;
    }
  }
  map.apply(fn_);
  return merged;
}

// --- The pass ------------------------------------------------------------------------------------

class SimplifyCfg final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    Simplifier simplifier(fn, context.module());
    simplifier.run();
    context.count("simplify-cfg.branches", simplifier.branches);
    context.count("simplify-cfg.jumps", simplifier.jumps);
    context.count("simplify-cfg.blocks", simplifier.blocks);
    context.count("simplify-cfg.params", simplifier.params);
    context.count("simplify-cfg.handlers", simplifier.handlers);
    return simplifier.total() != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createSimplifyCfg() { return std::make_unique<SimplifyCfg>(); }

} // namespace branchline::opt
