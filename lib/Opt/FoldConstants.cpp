// Computes what is known before the program runs: operators on constants, by the kernels that
// engines use; truth and nullness by constants or kinds; checks that the kinds of their operands
// already pass; branches on all of these. What would trap stays, with its place.
// Precondition: none. Knows more after infer-kinds. Leaves out containers and library functions.
#include "Effects.h"
#include "Passes.h"
#include "branchline/IR/Builder.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Ops.h"

#include <cmath>

namespace branchline::opt {
namespace {

using ir::Constant;
using ir::Inst;
using ir::kNone;
using ir::Op;
using runtime::Value;

// Longer results would make the program longer than its text: "x" doubled twenty times.
constexpr size_t kLongestText = 1024;

/// Constants as values and back.
class Kernels {
public:
  Value value(const Constant &constant);
  /// \returns nothing when the value cannot be written as a constant, or would be too long
  std::optional<Constant> constant(const Value &value);
  std::optional<Constant> unary(Op op, const Constant &a);
  std::optional<Constant> binary(Op op, const Constant &a, const Constant &b);

private:
  std::optional<Constant> constant(const runtime::Result<Value> &result) {
    return result ? constant(*result) : std::nullopt;
  }
  runtime::Heap heap_;
};

Value Kernels::value(const Constant &constant) {
  switch (constant.kind) {
  case Constant::Kind::Null:
    return Value::null();
  case Constant::Kind::Bool:
    return Value::boolean(constant.integer != 0);
  case Constant::Kind::Int:
    return Value::integer(constant.integer);
  case Constant::Kind::Float:
    return Value::real(constant.real);
  case Constant::Kind::String:
    return Value::borrowed(constant.text);
  case Constant::Kind::BigInt:
    return heap_.bigInt(parseBigInt(constant.text).value);
  case Constant::Kind::Decimal:
    return heap_.decimal(
        Decimal(parseBigInt(constant.text).value, static_cast<int32_t>(constant.integer)));
  }
  BL_UNREACHABLE("constant kind");
}

std::optional<Constant> Kernels::constant(const Value &value) {
  using Kind = Constant::Kind;
  Constant made{Kind::Null, 0, 0, {}};
  if (value.isNull())
    return made;
  if (value.isBool())
    return Constant{Kind::Bool, value.asBool(), 0, {}};
  if (value.isInt())
    return Constant{Kind::Int, value.asInt(), 0, {}};
  if (value.isFloat() && std::isfinite(value.asFloat()))
    return Constant{Kind::Float, 0, value.asFloat(), {}};
  if (value.isString()) {
    made.kind = Kind::String;
    made.text = value.text();
  } else if (value.is(runtime::Tag::BigInt)) {
    made.kind = Kind::BigInt;
    made.text = runtime::viewBigInt(value).toString();
  } else if (value.is(runtime::Tag::Decimal)) {
    Decimal decimal = runtime::viewDecimal(value);
    made.kind = Kind::Decimal;
    made.integer = decimal.scale();
    made.text = decimal.unscaled().toString();
  } else {
    return std::nullopt;
  }
  return made.text.size() <= kLongestText ? std::optional(made) : std::nullopt;
}

std::optional<Constant> Kernels::unary(Op op, const Constant &a) {
  Value operand = value(a);
  if (op == Op::Neg)
    return constant(runtime::negate(heap_, operand));
  if (op == Op::Truth || op == Op::Not)
    return constant(Value::boolean(runtime::truthy(operand) == (op == Op::Truth)));
  if (op == Op::LibTruth)
    return constant(Value::boolean(runtime::libraryTruthy(operand)));
  return std::nullopt;
}

std::optional<Constant> Kernels::binary(Op op, const Constant &a, const Constant &b) {
  struct Row {
    Op op;
    BinaryOp kernel;
  };
  static constexpr Row kRows[] = {
      {Op::Add, BinaryOp::Add}, {Op::Sub, BinaryOp::Sub},   {Op::Mul, BinaryOp::Mul},
      {Op::Div, BinaryOp::Div}, {Op::IDiv, BinaryOp::IDiv}, {Op::Rem, BinaryOp::Rem},
      {Op::Eq, BinaryOp::Eq},   {Op::Ne, BinaryOp::Ne},     {Op::Lt, BinaryOp::Lt},
      {Op::Le, BinaryOp::Le},   {Op::Gt, BinaryOp::Gt},     {Op::Ge, BinaryOp::Ge}};
  for (const Row &row : kRows)
    if (row.op == op) {
      Value left = value(a), right = value(b);
      return constant(runtime::binary(heap_, row.kernel, left, right));
    }
  return std::nullopt;
}

/// The work on one function, in an order in which definitions come before their uses.
class Folding {
public:
  Folding(ir::Function &fn, ir::Module &module, Kernels &kernels)
      : fn_(fn), module_(module), kernels_(kernels), effects_(module, fn), map_(fn),
        constants_(fn.valueKinds.size(), kNone) {}

  void run() {
    std::vector<std::vector<bool>> gone(fn_.blocks.size());
    for (BlockId block : Graph(fn_).order)
      for (Inst &inst : fn_.blocks[block].insts)
        gone[block].push_back(visit(inst));
    if (folded == 0)
      return;
    for (BlockId block = 0; block < fn_.blocks.size(); ++block) {
      size_t at = 0;
      std::erase_if(fn_.blocks[block].insts, [&](const Inst &) { return gone[block][at++]; });
    }
    map_.apply(fn_);
    if (branches > 0)
      ir::dropUnreachable(fn_);
  }

  size_t folded = 0;
  size_t branches = 0;

private:
  const Constant *constant(ValueId value) const {
    return value < constants_.size() && constants_[value] != kNone
               ? &module_.constants[constants_[value]]
               : nullptr;
  }

  /// \returns whether the instruction is not needed any more
  bool visit(Inst &inst) {
    map_.apply(inst);
    if (inst.op == Op::Const) {
      constants_[inst.result] = inst.operands[0].index;
    } else if (ir::info(inst.op).isTerminator()) {
      visitTerminator(inst);
    } else if (std::optional<Constant> known = evaluate(inst)) {
      become(inst, std::move(*known));
    } else if (isIdentity(inst)) {
      map_.set(inst.result, passedValue(inst));
      ++folded;
      return true;
    } else if (isPassedCheck(inst)) {
      ++folded;
      return true;
    }
    return false;
  }

  void become(Inst &inst, Constant known) {
    fn_.valueKinds[inst.result] = kindOf(known);
    ir::ConstId id = module_.intern(std::move(known));
    inst.op = Op::Const;
    inst.operands = {ir::konst(id)};
    constants_[inst.result] = id;
    ++folded;
  }

  /// The value of an instruction, if it is known and running it would not trap.
  std::optional<Constant> evaluate(const Inst &inst) {
    const ir::RoleList &roles = ir::info(inst.op).operands;
    bool isUnary = roles.count == 1 && inst.operands.size() == 1 &&
                   inst.operands[0].kind == ir::OperandKind::Value;
    bool isBinary =
        roles.count == 2 && roles.roles[0] == ir::Role::Use && roles.roles[1] == ir::Role::Use;
    if (isUnary)
      return evaluateUnary(inst.op, inst.operands[0].index);
    if (!isBinary)
      return std::nullopt;
    const Constant *a = constant(inst.operands[0].index);
    const Constant *b = constant(inst.operands[1].index);
    return a && b ? kernels_.binary(inst.op, *a, *b) : std::nullopt;
  }

  std::optional<Constant> evaluateUnary(Op op, ValueId operand) {
    KindSet kinds = kindsOf(fn_, operand);
    auto boolean = [](bool b) { return Constant{Constant::Kind::Bool, b, 0, {}}; };
    if (op == Op::IsBound && (isBound(fn_, operand) || kinds == ir::kinds::Unbound))
      return boolean(isBound(fn_, operand));
    if (op == Op::OrNull && kinds == ir::kinds::Unbound)
      return Constant{Constant::Kind::Null, 0, 0, {}};
    if (const Constant *known = constant(operand))
      return kernels_.unary(op, *known);
    if (op == Op::Truth || op == Op::Not)
      if (std::optional<bool> truth = truthOf(kinds))
        return boolean(*truth == (op == Op::Truth));
    return std::nullopt;
  }

  bool isIdentity(const Inst &inst) const {
    if (inst.op == Op::OrNull)
      return isBound(fn_, inst.operands[0].index);
    if (inst.op == Op::Truth)
      return kindsOf(fn_, inst.operands[0].index) == ir::kinds::Bool;
    return passedThrough(inst) && !effects_.mayTrap(inst);
  }
  static ValueId passedValue(const Inst &inst) {
    return inst.op == Op::Truth ? inst.operands[0].index : *passedThrough(inst);
  }

  /// Whether the instruction only checks, and the check holds.
  bool isPassedCheck(const Inst &inst) const {
    if (inst.op == Op::KeyCheck) {
      const Constant *key = constant(inst.operands[1].index);
      return !effects_.mayTrap(inst) ||
             (key && (key->kind == Constant::Kind::String ||
                      (key->kind == Constant::Kind::Int && key->integer >= 0)));
    }
    return (inst.op == Op::InitCheck || inst.op == Op::AbortCheck) && !effects_.mayTrap(inst);
  }

  void visitTerminator(Inst &inst) {
    if (inst.op != Op::BrIf && inst.op != Op::BrNull)
      return;
    ValueId condition = inst.operands[0].index;
    std::optional<bool> known = inst.op == Op::BrIf ? truth(condition) : isNull(condition);
    if (!known)
      return;
    makeJump(inst, *known ? 0 : 1);
    ++branches;
    ++folded;
  }

  std::optional<bool> truth(ValueId value) {
    if (const Constant *known = constant(value))
      return runtime::truthy(kernels_.value(*known));
    return truthOf(kindsOf(fn_, value));
  }
  std::optional<bool> isNull(ValueId value) const {
    if (const Constant *known = constant(value))
      return known->kind == Constant::Kind::Null;
    KindSet kinds = kindsOf(fn_, value);
    if (kinds == ir::kinds::Null)
      return true;
    return (kinds & ir::kinds::Null).empty() ? std::optional(false) : std::nullopt;
  }

  ir::Function &fn_;
  ir::Module &module_;
  Kernels &kernels_;
  EffectInfo effects_;
  ValueMap map_;
  std::vector<ir::ConstId> constants_; // by value; kNone: not known
};

class FoldConstants final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    Folding folding(fn, context.module(), kernels_);
    folding.run();
    context.count("fold-constants.folded", folding.folded - folding.branches);
    context.count("fold-constants.branches", folding.branches);
    return folding.folded != 0 ? Changed::Yes : Changed::No;
  }

private:
  Kernels kernels_;
};

} // namespace

std::unique_ptr<FunctionPass> createFoldConstants() { return std::make_unique<FoldConstants>(); }

} // namespace branchline::opt
