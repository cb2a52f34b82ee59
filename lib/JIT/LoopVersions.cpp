// What the values of a loop are if its operators only ever give machine numbers: assumed for what
// comes in, followed through the blocks, and given up where a way back brings something else.
#include "LoopVersions.h"

#include "branchline/IR/Liveness.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace branchline::jit {

using ir::BlockId;
using ir::Inst;
using ir::KindSet;
using ir::Op;
using ir::OperandKind;
using ir::ValueId;
namespace kinds = ir::kinds;

bool isOperator(Op op) {
  switch (op) {
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::IDiv:
  case Op::Rem:
  case Op::Neg:
  case Op::Eq:
  case Op::Ne:
  case Op::Lt:
  case Op::Le:
  case Op::Gt:
  case Op::Ge:
  case Op::SumStep:
    return true;
  default:
    return false;
  }
}

namespace {

/// Of all versions of a function: code doubles, and in larger loops the share of operators falls.
constexpr size_t kMostInstructions = 100;

bool isMachineNumber(KindSet set) { return set == kinds::Int || set == kinds::Float; }

bool mayBeMachineNumber(KindSet set) { return !(set & (kinds::Int | kinds::Float)).empty(); }

/// Whether assuming one kind says something new.
bool isOpen(KindSet set) { return mayBeMachineNumber(set) && !isMachineNumber(set); }

class Analysis {
public:
  Analysis(const LoopContext &context, BlockId head)
      : context_(context), fn_(context.fn), version_{head, {}, {}, {}} {}

  /// \returns the number of instructions; 0 when the loop has another way in
  size_t findBlocks();
  bool overlaps(const LoopVersion &other) const;
  /// \returns nothing when it would say nothing new
  std::optional<LoopVersion> run();

private:
  void findValues();
  void assumeEntries();
  bool follow();
  bool settle();
  bool isUseful() const;
  bool widen(ValueId v, KindSet by);
  KindSet resultOf(const Inst &inst) const;
  KindSet seen(ValueId v) const;
  bool isParameter(ValueId v) const {
    return std::ranges::find(parameters(), v) != parameters().end();
  }
  const std::vector<ValueId> &parameters() const { return fn_.blocks[version_.head].params; }

  const LoopContext &context_;
  const ir::Function &fn_;
  LoopVersion version_;
  std::vector<BlockId> blocks_;  // of the loop, in order
  std::vector<bool> isConstant_; // by ValueId
  std::vector<bool> made_;       // by ValueId: in the loop
  std::vector<ValueId> outer_;   // made before it, used by its operators
  std::vector<KindSet> assumed_; // by ValueId, for what comes in; empty: nothing
  std::vector<KindSet> back_;    // by parameter: what ways back bring
  std::vector<bool> changed_;    // by parameter: assumed of another kind before
};

size_t Analysis::findBlocks() {
  std::vector<std::vector<BlockId>> before(fn_.blocks.size());
  std::vector<BlockId> work;
  for (BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (context_.order[b] < fn_.blocks.size())
      for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back())) {
        before[edge.block].push_back(b);
        if (edge.block == version_.head && context_.order[b] >= context_.order[version_.head])
          work.push_back(b);
      }
  version_.inside.assign(fn_.blocks.size(), false);
  version_.inside[version_.head] = true;
  while (!work.empty()) {
    const BlockId b = work.back();
    work.pop_back();
    if (version_.inside[b])
      continue;
    version_.inside[b] = true;
    work.insert(work.end(), before[b].begin(), before[b].end());
  }
  size_t count = 0;
  for (BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (version_.inside[b]) {
      blocks_.push_back(b);
      count += fn_.blocks[b].insts.size();
    }
  std::ranges::sort(blocks_, {}, [this](BlockId b) { return context_.order[b]; });
  // A way in that avoids the head leads through the start of the function.
  return version_.inside[0] ? 0 : count;
}

bool Analysis::overlaps(const LoopVersion &other) const {
  return std::ranges::any_of(blocks_, [&](BlockId b) { return bool(other.inside[b]); });
}

void Analysis::findValues() {
  isConstant_.assign(fn_.valueKinds.size(), false);
  for (const ir::Block &block : fn_.blocks)
    for (const Inst &inst : block.insts)
      if (inst.op == Op::Const)
        isConstant_[inst.result] = true;
  made_.assign(fn_.valueKinds.size(), false);
  for (BlockId b : blocks_) {
    for (ValueId v : fn_.blocks[b].params)
      made_[v] = true;
    for (const Inst &inst : fn_.blocks[b].insts)
      if (inst.result != ir::kNone)
        made_[inst.result] = true;
  }
  for (BlockId b : blocks_)
    for (const Inst &inst : fn_.blocks[b].insts)
      if (isOperator(inst.op))
        for (ir::Operand o : inst.operands)
          if (o.kind == OperandKind::Value && !made_[o.index] && isOpen(fn_.valueKinds[o.index]))
            outer_.push_back(o.index);
  std::ranges::sort(outer_);
  outer_.erase(std::unique(outer_.begin(), outer_.end()), outer_.end());
}

KindSet Analysis::seen(ValueId v) const {
  const auto at = std::ranges::lower_bound(context_.seenOf, v);
  if (version_.head != context_.first || at == context_.seenOf.end() || *at != v)
    return {};
  return context_.seenKind[static_cast<size_t>(at - context_.seenOf.begin())];
}

/// What was seen goes first; else parameters are what the loop is entered with if that is known.
void Analysis::assumeEntries() {
  assumed_.assign(fn_.valueKinds.size(), {});
  std::vector<KindSet> entering(parameters().size());
  for (BlockId b = 0; b < fn_.blocks.size(); ++b)
    if (!version_.inside[b] && context_.order[b] < fn_.blocks.size())
      for (const ir::Edge &edge : ir::successors(fn_.blocks[b].insts.back()))
        if (edge.block == version_.head)
          for (size_t i = 0; i < edge.args.size(); ++i)
            entering[i] = entering[i] | fn_.valueKinds[edge.args[i]];
  auto assume = [&](ValueId v, KindSet otherwise) {
    const KindSet possible = fn_.valueKinds[v], evidence = seen(v);
    if (!isOpen(possible) || (!evidence.empty() && !isMachineNumber(evidence)))
      return;
    const KindSet wanted = evidence.empty() ? otherwise : evidence;
    assumed_[v] = isMachineNumber(wanted) && possible.contains(wanted) ? wanted
                  : possible.contains(kinds::Int)                      ? kinds::Int
                                                                       : kinds::Float;
  };
  for (size_t i = 0; i < entering.size(); ++i)
    assume(parameters()[i], entering[i]);
  // What was made before is guessed from what it is computed with.
  for (ValueId v : outer_) {
    KindSet beside;
    for (BlockId b : blocks_)
      for (const Inst &inst : fn_.blocks[b].insts)
        if (isOperator(inst.op) && std::ranges::any_of(inst.operands, [v](ir::Operand o) {
              return o.kind == OperandKind::Value && o.index == v;
            }))
          for (ir::Operand o : inst.operands)
            if (o.kind == OperandKind::Value && o.index != v && beside.empty()) {
              const KindSet other =
                  assumed_[o.index].empty() ? fn_.valueKinds[o.index] : assumed_[o.index];
              beside = isMachineNumber(other) ? other : KindSet{};
            }
    assume(v, beside);
  }
}

/// The result of an operator on two machine numbers; nothing where it has no inline way.
KindSet ofOperator(Op op, KindSet a, KindSet b) {
  const bool ints = a == kinds::Int && b == kinds::Int;
  switch (op) {
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
    return ints ? kinds::Int : kinds::Float;
  case Op::Div:
    return kinds::Float;
  case Op::IDiv:
  case Op::Rem:
  case Op::SumStep:
    return ints ? kinds::Int : KindSet{};
  default:
    return {};
  }
}

/// Of two operands of which one is known, the other is taken to be like it: the operator leaves the
/// version when it is something else. A constant integer says less, it stands beside floats as
/// well. \returns nothing while an operand has not been reached
KindSet Analysis::resultOf(const Inst &inst) const {
  const KindSet general = fn_.valueKinds[inst.result];
  if (!isOperator(inst.op) || !isOpen(general))
    return general;
  std::vector<ValueId> operands;
  for (ir::Operand o : inst.operands)
    if (o.kind == OperandKind::Value)
      operands.push_back(o.index);
  if (std::ranges::any_of(operands, [this](ValueId v) { return version_.kinds[v].empty(); }))
    return {};
  if (operands.size() != 2)
    return general;
  if (!isMachineNumber(version_.kinds[operands[0]]))
    std::swap(operands[0], operands[1]);
  const KindSet known = version_.kinds[operands[0]], other = version_.kinds[operands[1]];
  if (!isMachineNumber(known) || (!isMachineNumber(other) && !other.contains(known)))
    return general;
  KindSet result = ofOperator(inst.op, known, isMachineNumber(other) ? other : known);
  if (!isMachineNumber(other) && isConstant_[operands[0]] && other.contains(kinds::Float))
    result = result | ofOperator(inst.op, known, kinds::Float);
  return !result.empty() && general.contains(result) ? result : general;
}

bool Analysis::widen(ValueId v, KindSet by) {
  const KindSet old = version_.kinds[v];
  version_.kinds[v] = old | by;
  return version_.kinds[v] != old;
}

/// Goes through the blocks once. \returns whether something was new
bool Analysis::follow() {
  bool news = false;
  for (BlockId b : blocks_)
    for (const Inst &inst : fn_.blocks[b].insts) {
      if (inst.result != ir::kNone)
        news |= widen(inst.result, resultOf(inst));
      if (&inst != &fn_.blocks[b].insts.back())
        continue;
      for (const ir::Edge &edge : ir::successors(inst)) {
        if (!version_.inside[edge.block])
          continue;
        const std::vector<ValueId> &params = fn_.blocks[edge.block].params;
        const size_t given = edge.suppliesFirst ? 1 : 0;
        for (size_t i = 0; i < params.size(); ++i) {
          const KindSet brings =
              i < given ? fn_.valueKinds[params[i]] : version_.kinds[edge.args[i - given]];
          if (edge.block == version_.head)
            back_[i] = back_[i] | brings;
          else
            news |= widen(params[i], brings & fn_.valueKinds[params[i]]);
        }
      }
    }
  return news;
}

/// Whether ways back bring what was assumed. If not, less is assumed.
bool Analysis::settle() {
  bool holds = true;
  for (size_t i = 0; i < parameters().size(); ++i) {
    KindSet &assumed = assumed_[parameters()[i]];
    if (assumed.empty() || assumed.contains(back_[i]))
      continue;
    holds = false;
    // It may become another kind in the first round: the general version turns back to this one.
    const bool another = isMachineNumber(back_[i]) && !changed_[i] &&
                         fn_.valueKinds[parameters()[i]].contains(back_[i]);
    assumed = another ? back_[i] : KindSet{};
    changed_[i] = true;
  }
  return holds;
}

/// Whether the version knows more, in a loop that has more operators than other work.
bool Analysis::isUseful() const {
  size_t operators = 0, others = 0;
  bool knowsMore = false;
  for (BlockId b : blocks_)
    for (const Inst &inst : fn_.blocks[b].insts) {
      if (ir::info(inst.op).isTerminator() || inst.op == Op::Const)
        continue;
      ++(isOperator(inst.op) ? operators : others);
      for (ir::Operand o : inst.operands)
        knowsMore |= isOperator(inst.op) && o.kind == OperandKind::Value &&
                     isMachineNumber(version_.kinds[o.index]) && isOpen(fn_.valueKinds[o.index]);
    }
  return knowsMore && (context_.onlyOperators ? others == 0 : operators >= others);
}

std::optional<LoopVersion> Analysis::run() {
  findValues();
  // Nothing of an earlier round may be alive at the head: it would come in without a guard.
  for (ValueId v : ir::liveOnEntry(fn_, version_.head))
    if (made_[v] && !isParameter(v))
      return std::nullopt;
  assumeEntries();
  changed_.assign(parameters().size(), false);
  do {
    version_.kinds = fn_.valueKinds;
    for (ValueId v = 0; v < made_.size(); ++v)
      if (!assumed_[v].empty())
        version_.kinds[v] = assumed_[v];
      else if (made_[v] && !isParameter(v))
        version_.kinds[v] = {};
    back_.assign(parameters().size(), {});
    while (follow())
      ;
  } while (!settle());
  for (ValueId v = 0; v < made_.size(); ++v) {
    if (version_.kinds[v].empty())
      version_.kinds[v] = fn_.valueKinds[v]; // no way leads there
    if (!assumed_[v].empty())
      version_.guarded.push_back(v);
  }
  if (!isUseful())
    return std::nullopt;
  return version_;
}

} // namespace

std::vector<LoopVersion> planLoopVersions(const LoopContext &context) {
  const ir::Function &fn = context.fn;
  std::vector<bool> isHead(fn.blocks.size(), false);
  for (BlockId b = 0; b < fn.blocks.size(); ++b)
    if (context.order[b] < fn.blocks.size())
      for (const ir::Edge &edge : ir::successors(fn.blocks[b].insts.back()))
        if (context.order[edge.block] <= context.order[b])
          isHead[edge.block] = true;
  struct Candidate {
    std::unique_ptr<Analysis> analysis;
    size_t count;
    bool first;
  };
  std::vector<Candidate> candidates;
  for (BlockId head = 0; head < fn.blocks.size(); ++head) {
    if (!isHead[head])
      continue;
    auto analysis = std::make_unique<Analysis>(context, head);
    const size_t count = analysis->findBlocks();
    if (count != 0 && count <= kMostInstructions)
      candidates.push_back({std::move(analysis), count, head == context.first});
  }
  // The outer one of two loops has the inner one in its version.
  std::ranges::stable_sort(candidates, [](const Candidate &a, const Candidate &b) {
    return a.first != b.first ? a.first : a.count > b.count;
  });
  std::vector<LoopVersion> versions;
  size_t room = kMostInstructions;
  for (Candidate &candidate : candidates) {
    if (candidate.count > room || std::ranges::any_of(versions, [&](const LoopVersion &other) {
          return candidate.analysis->overlaps(other);
        }))
      continue;
    if (auto version = candidate.analysis->run()) {
      versions.push_back(std::move(*version));
      room -= candidate.count;
    }
  }
  return versions;
}

} // namespace branchline::jit
