// Proves which kinds values can have, forwards to a fixpoint over the parameters of blocks, and
// writes the outcome into Function::valueKinds. An optimistic start (nothing is possible) finds the
// smallest sets; loops settle after a few rounds because sets only grow.
// Branches tell something too: behind the null side of br.null a value is null, behind the other
// side it is not. That is used for what is passed to parameters.
// Precondition: none. Sets that stand in valueKinds already are kept as upper bounds where nothing
// computes them: parameters of functions as read by var.read, items of iterators.
#include "Effects.h"
#include "Passes.h"
#include "branchline/Support/Assert.h"

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;

namespace kinds = ir::kinds;

bool meets(KindSet a, KindSet b) { return !(a & b).empty(); }
KindSet without(KindSet set, KindSet less) { return {set.bits & ~less.bits}; }

/// What arithmetic on two operands gives if it gives anything (R2.7.2): big integers never narrow,
/// a decimal absorbs integers, a float absorbs all but decimals.
KindSet arithmetic(KindSet a, KindSet b, KindSet ofInts) {
  constexpr KindSet kWhole = kinds::Int | kinds::BigInt;
  constexpr KindSet kExact = kWhole | kinds::Decimal;
  KindSet result;
  if (meets(a, kinds::Int) && meets(b, kinds::Int))
    result = result | ofInts;
  if ((meets(a, kinds::BigInt) && meets(b, kWhole)) ||
      (meets(a, kWhole) && meets(b, kinds::BigInt)))
    result = result | kinds::BigInt;
  if ((meets(a, kinds::Decimal) && meets(b, kExact)) ||
      (meets(a, kExact) && meets(b, kinds::Decimal)))
    result = result | kinds::Decimal;
  if ((meets(a, kinds::Float) && meets(b, kWhole | kinds::Float)) ||
      (meets(a, kWhole | kinds::Float) && meets(b, kinds::Float)))
    result = result | kinds::Float;
  return result;
}

KindSet quotient(KindSet a, KindSet b) {
  KindSet result = arithmetic(a, b, kinds::Float);
  return meets(result, kinds::BigInt) ? without(result, kinds::BigInt) | kinds::Float : result;
}

KindSet remainder(KindSet a, KindSet b) {
  KindSet result = arithmetic(a, b, kinds::Int);
  bool mixed = (meets(a, kinds::Decimal) && meets(b, kinds::Float)) ||
               (meets(a, kinds::Float) && meets(b, kinds::Decimal));
  return mixed ? result | kinds::Float : result; // D5
}

KindSet sum(KindSet a, KindSet b) {
  KindSet result = arithmetic(a, b, kinds::Int | kinds::BigInt);
  return meets(a | b, kinds::String) ? result | kinds::String : result;
}

KindSet negated(KindSet a) {
  return meets(a, kinds::Int) ? (a & kinds::Number) | kinds::BigInt : a & kinds::Number;
}

class Inference {
public:
  Inference(ir::Function &fn, const ir::Module &module)
      : fn_(fn), module_(module), graph_(fn), tree_(fn), found_(fn.valueKinds.size()),
        facts_(fn.blocks.size()), counts_(fn.valueKinds.size()) {}

  /// \returns how many values are known better than before
  size_t run() {
    collectFacts();
    for (changed_ = true; changed_;) {
      changed_ = false;
      for (BlockId block : graph_.order)
        visit(block);
    }
    size_t narrowed = 0;
    for (ValueId value = 0; value < found_.size(); ++value) {
      // Nothing is possible: the value is never computed, and any set is right.
      KindSet now = found_[value].empty() ? fn_.valueKinds[value] : found_[value];
      narrowed += now != fn_.valueKinds[value] ? 1 : 0;
      fn_.valueKinds[value] = now;
    }
    return narrowed;
  }

private:
  /// What the way into a block says about one value.
  struct Fact {
    ValueId value = kNone;
    KindSet allowed;
  };

  void collectFacts() {
    for (BlockId id : graph_.order) {
      for (const Inst &inst : fn_.blocks[id].insts)
        if (inst.op == Op::IterRange)
          counts_[inst.result] = true;
      if (graph_.jumps[id].size() != 1 || graph_.isHandler(id))
        continue;
      Jump jump = graph_.jumps[id].front();
      const Inst &terminator = fn_.blocks[jump.from].insts.back();
      if (terminator.op == Op::BrNull)
        facts_[id] = {terminator.operands[0].index,
                      jump.edge == 0 ? kinds::Null : without(kinds::Raw, kinds::Null)};
    }
  }

  /// The kinds a value has at the end of a block.
  KindSet kindsAt(ValueId value, BlockId block) const {
    constexpr unsigned kFarthest = 8; // dominators looked at
    KindSet kinds = found_[value];
    for (unsigned i = 0; i < kFarthest && block != kNone; ++i) {
      if (facts_[block].value == value)
        kinds = kinds & facts_[block].allowed;
      block = tree_.immediateDominator(block);
    }
    return kinds;
  }

  void visit(BlockId id) {
    for (const Inst &inst : fn_.blocks[id].insts)
      if (inst.result != kNone)
        grow(inst.result, result(inst, id) & ir::info(inst.op).result);
    const Inst &terminator = fn_.blocks[id].insts.back();
    for (const EdgeRef &edge : EdgeRefs(terminator)) {
      const auto &params = fn_.blocks[terminator.operands[edge.at].index].params;
      size_t param = 0;
      if (edge.suppliesFirst)
        grow(params[param++], supplied(terminator));
      for (ir::Operand operand : edgeArgs(terminator, edge))
        grow(params[param++], kindsAt(operand.index, id));
    }
  }

  KindSet supplied(const Inst &terminator) const {
    bool isCount = terminator.op == Op::IterNext && counts_[terminator.operands[0].index];
    return isCount ? kinds::Int : kinds::Any;
  }

  /// What was proved before still holds, even if this run does not see why.
  void grow(ValueId value, KindSet kinds) {
    KindSet now = found_[value] | (kinds & fn_.valueKinds[value]);
    changed_ = changed_ || now != found_[value];
    found_[value] = now;
  }

  KindSet result(const Inst &inst, BlockId block) const {
    auto operand = [&](size_t i) { return found_[inst.operands[i].index]; };
    auto at = [&](size_t i) { return kindsAt(inst.operands[i].index, block); };
    switch (inst.op) {
    case Op::Const:
      return kindOf(module_.constants[inst.operands[0].index]);
    case Op::Add:
      return sum(operand(0), operand(1));
    case Op::Sub:
    case Op::Mul:
      return arithmetic(operand(0), operand(1), kinds::Int | kinds::BigInt);
    case Op::Div:
      return quotient(operand(0), operand(1));
    case Op::IDiv:
      return arithmetic(operand(0), operand(1), kinds::Int | kinds::BigInt);
    case Op::Rem:
      return remainder(operand(0), operand(1));
    case Op::Neg:
      return negated(operand(0));
    case Op::SumStep:
      return arithmetic(operand(1), operand(2) & kinds::Number, kinds::Int | kinds::BigInt);
    case Op::OrNull:
      return meets(at(0), kinds::Unbound) ? without(at(0), kinds::Unbound) | kinds::Null : at(0);
    case Op::RequireBound:
      return without(at(0), kinds::Unbound);
    case Op::AppendList:
      return at(0) & (kinds::List | kinds::Null);
    case Op::PathRoot:
      return without(at(1), kinds::Unbound | kinds::Null);
    case Op::PathSet:
      // Same container, one member changed: the kind of the root stays.
      return operand(0) & (kinds::Object | kinds::List);
    case Op::PathModify:
      return operand(0) & (kinds::Object | kinds::List);
    case Op::PathAppend:
      // Without path the root may be null and becomes a list.
      return meets(operand(0), kinds::Null | kinds::List)
                 ? (operand(0) & kinds::Object) | kinds::List
                 : operand(0) & kinds::Object;
    case Op::CallLib:
      return resultKinds(static_cast<Builtin>(inst.operands[0].index));
    default:
      // What the row says, or what was known before: a reader of variables may know more.
      return fn_.valueKinds[inst.result];
    }
  }

  ir::Function &fn_;
  const ir::Module &module_;
  Graph graph_;
  ir::Dominators tree_;
  std::vector<KindSet> found_; // by value
  std::vector<Fact> facts_;    // by block
  std::vector<bool> counts_;   // by value: made by iter.range
  bool changed_ = false;
};

class InferKinds final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    size_t narrowed = Inference(fn, context.module()).run();
    context.count("infer-kinds.narrowed", narrowed);
    return narrowed != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createInferKinds() { return std::make_unique<InferKinds>(); }

} // namespace branchline::opt
