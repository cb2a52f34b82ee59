// Effects of instructions, refined by kinds.
#include "Effects.h"

#include "branchline/Support/Assert.h"

#include <algorithm>

namespace branchline::opt {

using ir::Constant;
using ir::Inst;
using ir::Op;
using ir::OperandKind;

namespace kinds = ir::kinds;

EffectInfo::EffectInfo(const ir::Module &module, const ir::Function &fn)
    : module_(module), fn_(fn), definitions_(definitions(fn)) {}

bool isPure(const Inst &inst) { return ir::info(inst.op).effects == ir::kPure; }

std::optional<bool> truthOf(KindSet set) {
  constexpr KindSet kAlways = kinds::String | kinds::Bytes | kinds::List | kinds::Object |
                              kinds::Set | kinds::Function | kinds::Sequence | kinds::Handle;
  if (set.empty())
    return std::nullopt;
  if (kAlways.contains(set))
    return true;
  if (set == kinds::Null)
    return false;
  return std::nullopt;
}

// --- Traps ---------------------------------------------------------------------------------------

namespace {

/// Machine numbers: arithmetic on them has no kind to complain about and stays within all limits.
constexpr KindSet kMachine = kinds::Int | kinds::Float;
constexpr KindSet kNeverMixes =
    kinds::Null | kinds::Bool | kinds::Int | kinds::BigInt | kinds::String;
constexpr KindSet kOrderedNumbers = kinds::Int | kinds::Float | kinds::BigInt;

/// Whether `==` of such values is decided without descending into containers, and without meeting a
/// decimal and a float (R2.5.1).
bool equalityMayTrap(KindSet a, KindSet b) {
  if (kNeverMixes.contains(a) || kNeverMixes.contains(b))
    return false;
  auto isFloatAgainst = [](KindSet one, KindSet other) {
    return (kNeverMixes | kinds::Float).contains(one) && (other & kinds::Decimal).empty();
  };
  return !isFloatAgainst(a, b) && !isFloatAgainst(b, a);
}

bool orderMayTrap(KindSet a, KindSet b) {
  bool numbers = kOrderedNumbers.contains(a) && kOrderedNumbers.contains(b);
  return !numbers && !(kinds::String.contains(a) && kinds::String.contains(b));
}

} // namespace

bool EffectInfo::isNonZero(ValueId value) const {
  const Constant *c = constant(value);
  return c && ((c->kind == Constant::Kind::Int && c->integer != 0) ||
               (c->kind == Constant::Kind::Float && c->real != 0));
}

bool EffectInfo::arithmeticMayTrap(const Inst &inst) const {
  KindSet a = kinds(inst, 0), b = kinds(inst, 1);
  switch (inst.op) {
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
    return !kMachine.contains(a) || !kMachine.contains(b);
  case Op::Div:
  case Op::Rem:
    return !kMachine.contains(a) || !isNonZero(inst.operands[1].index);
  case Op::IDiv:
    return a != kinds::Int || b != kinds::Int || !isNonZero(inst.operands[1].index);
  case Op::Eq:
  case Op::Ne:
    return equalityMayTrap(a, b);
  case Op::Lt:
  case Op::Le:
  case Op::Gt:
  case Op::Ge:
    return orderMayTrap(a, b);
  default:
    BL_UNREACHABLE("no binary operator of numbers");
  }
}

bool EffectInfo::callMayTrap(const Inst &inst) const {
  constexpr KindSet kMeasured = kinds::Null | kinds::String | kinds::List | kinds::Object;
  if (inst.operands.size() != 2)
    return true;
  const auto builtin = static_cast<Builtin>(inst.operands[0].index);
  if (builtin == Builtin::IS_OBJECT || builtin == Builtin::IS_FUNCTION ||
      builtin == Builtin::BOOLEAN)
    return false;
  const bool measures = builtin == Builtin::LENGTH || builtin == Builtin::COUNT;
  return !measures || !kMeasured.contains(kinds(inst, 1));
}

bool EffectInfo::mayTrap(const Inst &inst) const {
  if ((ir::info(inst.op).effects & ir::kTraps) == 0)
    return false;
  auto within = [&](KindSet allowed, size_t operand) {
    return allowed.contains(kinds(inst, operand));
  };
  switch (inst.op) {
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::Rem:
  case Op::IDiv:
  case Op::Eq:
  case Op::Ne:
  case Op::Lt:
  case Op::Le:
  case Op::Gt:
  case Op::Ge:
    return arithmeticMayTrap(inst);
  case Op::Neg:
    return !within(kinds::Number, 0);
  case Op::GetName:
  case Op::GetIndex:
    return !within(kinds::Object, 0);
  case Op::GetKey:
    return !within(kinds::Object, 0) || !within(kinds::String, 1);
  case Op::KeyCheck:
    return !within(kinds::String, 1);
  case Op::ObjectNew:
    return std::any_of(inst.operands.begin(), inst.operands.end(), [&](const ir::Operand &o) {
      size_t at = static_cast<size_t>(&o - inst.operands.data());
      return at % 2 == 0 && o.kind != OperandKind::KeyConst;
    });
  case Op::PathRoot:
    return !within({kinds::Any.bits & ~kinds::Null.bits}, 1);
  case Op::AppendList:
    return !within(kinds::List | kinds::Null, 0);
  case Op::InitCheck:
    return !within(kinds::List | kinds::Null, 1);
  case Op::RequireBound:
    return !within(kinds::Any, 0);
  case Op::ListCheck:
    return !within(kinds::List, 1);
  case Op::CalleeCheck:
    return !within(kinds::Function, 0);
  case Op::CalleeFind:
    return inst.operands[1].index == ir::kNone && !within(kinds::Function, 0);
  case Op::AbortCheck:
    return !within(kinds::Object, 0);
  case Op::IterNew:
    return !within(kinds::List | kinds::Set | kinds::Sequence, 1);
  case Op::CallLib:
    return callMayTrap(inst);
  default:
    return true;
  }
}

bool EffectInfo::isRemovable(const Inst &inst) const {
  constexpr ir::Effects kHarmless = ir::kTraps | ir::kReadsVars;
  ir::Effects effects = ir::info(inst.op).effects;
  if (inst.op == Op::CallLib &&
      info(static_cast<Builtin>(inst.operands[0].index)).effect == BuiltinEffect::Pure)
    effects &= static_cast<ir::Effects>(~(ir::kCalls | ir::kWorld));
  return (effects & ~kHarmless) == 0 && !mayTrap(inst);
}

// --- Values --------------------------------------------------------------------------------------

static bool isRepeatableCall(Builtin builtin, const Inst &inst, const ir::Function &fn) {
  // Two sequences are two values; KEYS of shared memory changes.
  if (builtin == Builtin::WALK)
    return false;
  if (builtin == Builtin::KEYS && inst.operands.size() == 2 &&
      !(kindsOf(fn, inst.operands[1].index) & kinds::Handle).empty())
    return false;
  return info(builtin).effect == BuiltinEffect::Pure;
}

bool isRepeatable(const Inst &inst, const ir::Function &fn) {
  switch (inst.op) {
  case Op::Const:
  case Op::InputDoc:
  case Op::InputGet:
  case Op::SharedHandle:
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::IDiv:
  case Op::Rem:
  case Op::Neg:
  case Op::Concat:
  case Op::Eq:
  case Op::Ne:
  case Op::Lt:
  case Op::Le:
  case Op::Gt:
  case Op::Ge:
  case Op::Truth:
  case Op::Not:
  case Op::KeyCheck:
  case Op::GetName:
  case Op::GetIndex:
  case Op::GetKey:
  case Op::PathRoot:
  case Op::PathCheck:
  case Op::PathLeaf:
  case Op::AppendList:
  case Op::InitCheck:
  case Op::OrNull:
  case Op::IsBound:
  case Op::RequireBound:
  case Op::LibTruth:
  case Op::ListCheck:
  case Op::SumStep:
  case Op::CalleeCheck:
  case Op::AbortCheck:
    return true;
  case Op::CallLib:
    return isRepeatableCall(static_cast<Builtin>(inst.operands[0].index), inst, fn);
  default:
    return false;
  }
}

std::optional<ValueId> passedThrough(const Inst &inst) {
  const Op op = inst.op;
  if (op == Op::OrNull || // unless it is unbound; then nothing here says so
      op == Op::RequireBound || op == Op::AppendList || op == Op::CalleeCheck)
    return inst.operands[0].index;
  if (op == Op::PathRoot || op == Op::ListCheck)
    return inst.operands[1].index;
  return std::nullopt;
}

KindSet kindOf(const Constant &constant) {
  switch (constant.kind) {
  case Constant::Kind::Null:
    return kinds::Null;
  case Constant::Kind::Bool:
    return kinds::Bool;
  case Constant::Kind::Int:
    return kinds::Int;
  case Constant::Kind::Float:
    return kinds::Float;
  case Constant::Kind::BigInt:
    return kinds::BigInt;
  case Constant::Kind::Decimal:
    return kinds::Decimal;
  case Constant::Kind::String:
    return kinds::String;
  }
  BL_UNREACHABLE("constant kind");
}

KindSet resultKinds(Builtin builtin) {
  switch (builtin) {
  case Builtin::KEYS:
  case Builtin::VALUES:
  case Builtin::ENTRIES:
  case Builtin::APPEND:
  case Builtin::PREPEND:
  case Builtin::DISTINCT:
  case Builtin::FLATTEN:
  case Builtin::SORT:
  case Builtin::RANGE:
  case Builtin::ZIP:
  case Builtin::REVERSE:
  case Builtin::MAP:
  case Builtin::FILTER:
  case Builtin::SPLIT:
    return kinds::List;
  case Builtin::LENGTH:
  case Builtin::COUNT:
    return kinds::Int;
  case Builtin::SUM:
    return kinds::Number;
  case Builtin::IS_OBJECT:
  case Builtin::IS_FUNCTION:
  case Builtin::SOME:
  case Builtin::EVERY:
  case Builtin::CONTAINS:
  case Builtin::BOOLEAN:
    return kinds::Bool;
  case Builtin::JOIN:
  case Builtin::NOW:
    return kinds::String;
  case Builtin::STRING:
    return kinds::String | kinds::Null;
  case Builtin::RANDOM:
    return kinds::Float;
  default:
    return kinds::Any;
  }
}

} // namespace branchline::opt
