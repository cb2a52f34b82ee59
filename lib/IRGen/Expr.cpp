// Expressions. Each ends with its value in the current block; control flow joins through block
// parameters. The place of an instruction is the token of R2.15.5.
#include "FunctionGen.h"

namespace branchline::irgen {

using namespace syntax;

ValueId FunctionGen::genExpr(const Expr &expr) {
  at(expr.token);
  switch (expr.kind) {
  case ExprKind::Identifier:
    return readName(cast<Identifier>(expr).name);
  case ExprKind::InputDocument:
    return b_.emit(Op::InputDoc);
  case ExprKind::StringLiteral:
    return b_.constString(cast<StringLiteral>(expr).value);
  case ExprKind::NumberLiteral:
    return b_.emit(Op::Const, {ir::konst(numberConstant(cast<NumberLiteral>(expr)))});
  case ExprKind::BoolLiteral:
    return b_.constBool(cast<BoolLiteral>(expr).value);
  case ExprKind::NullLiteral:
    return b_.constNull();
  case ExprKind::Access:
    return genAccess(cast<Access>(expr));
  case ExprKind::ObjectLiteral:
    return genFields(cast<ObjectLiteral>(expr).fields, ir::KeyRule::Computed, expr.token);
  case ExprKind::ArrayLiteral: {
    std::vector<Operand> elements = genArgs(cast<ArrayLiteral>(expr).elements);
    at(expr.token);
    return b_.emit(Op::ListNew, std::move(elements));
  }
  case ExprKind::Comprehension:
    return genComprehension(cast<Comprehension>(expr));
  case ExprKind::Call:
    return genCall(cast<Call>(expr));
  case ExprKind::Invoke:
    return genInvoke(cast<Invoke>(expr));
  case ExprKind::Binary:
    return genBinary(cast<Binary>(expr));
  case ExprKind::Unary:
    return genUnary(cast<Unary>(expr));
  case ExprKind::SharedAwait: {
    const auto &await = cast<SharedAwait>(expr);
    return b_.emit(Op::SharedAwait, {b_.name(await.resource.text), b_.name(await.key.text)});
  }
  case ExprKind::Lambda:
    return genLambda(cast<Lambda>(expr));
  case ExprKind::IfElse:
    return genIfElse(cast<IfElse>(expr));
  case ExprKind::Case:
    return genCase(cast<Case>(expr));
  case ExprKind::TryCatch:
    return genTryCatch(cast<TryCatch>(expr));
  }
  BL_UNREACHABLE("expression kind");
}

ir::ConstId FunctionGen::numberConstant(const NumberLiteral &number) {
  using Kind = ir::Constant::Kind;
  switch (number.numberKind) {
  case NumberKind::Int:
    return context_.module.internInt(number.intValue);
  case NumberKind::Float:
    return context_.module.intern({Kind::Float, 0, number.floatValue, {}});
  case NumberKind::Big:
    return context_.module.intern({Kind::BigInt, 0, 0, std::string(number.text)});
  }
  BL_UNREACHABLE("number kind");
}

std::vector<Operand> FunctionGen::genArgs(ExprList args) {
  std::vector<Operand> operands;
  operands.reserve(args.size());
  for (const Expr *arg : args)
    operands.push_back(ir::use(genExpr(*arg)));
  return operands;
}

// --- Members -------------------------------------------------------------------------------------

ValueId FunctionGen::genAccess(const Access &access) {
  ValueId value = genExpr(*access.base);
  for (const Segment &segment : access.segments) {
    // A dynamic key is evaluated before the container is looked at (R2.10).
    ValueId key = segment.key ? genExpr(*segment.key) : ir::kNone;
    at(segment.token);
    if (!segment.safe) {
      value = genStep(value, segment, key);
      continue;
    }
    BlockId absent = b_.newBlock("absent");
    BlockId present = b_.newBlock("present");
    BlockId done = b_.newBlock("member", 1);
    b_.brNull(value, absent, present);
    b_.setBlock(absent);
    branchTo(done, b_.constNull());
    b_.setBlock(present);
    branchTo(done, genStep(value, segment, key));
    b_.setBlock(done);
    value = b_.param(done, 0);
  }
  return value;
}

ValueId FunctionGen::genStep(ValueId base, const Segment &segment, ValueId key) {
  switch (segment.kind) {
  case SegmentKind::Name:
    return b_.emit(Op::GetName, {ir::use(base), b_.name(segment.name)});
  case SegmentKind::Index:
    return b_.emit(Op::GetIndex, {ir::use(base), ir::konst(numberConstant(*segment.index))});
  case SegmentKind::Key:
  case SegmentKind::DottedPath:
    return b_.emit(Op::GetKey, {ir::use(base), ir::use(key)});
  }
  BL_UNREACHABLE("segment kind");
}

ValueId FunctionGen::genFields(std::span<const Field> fields, ir::KeyRule rule, SourceRange token) {
  std::vector<Operand> operands;
  for (const Field &field : fields) {
    switch (field.keyKind) {
    case Field::KeyKind::Name:
      operands.push_back(ir::keyConst(context_.module.internString(field.name)));
      break;
    case Field::KeyKind::Index:
      operands.push_back(ir::keyConst(numberConstant(*field.index)));
      break;
    case Field::KeyKind::Computed: {
      ValueId key = genExpr(*field.computed);
      at(field.keyRange);
      b_.emit(Op::KeyCheck, {ir::keyRule(rule), ir::use(key)});
      operands.push_back(ir::use(key));
      break;
    }
    }
    operands.push_back(ir::use(genExpr(*field.value)));
  }
  at(token);
  return b_.emit(Op::ObjectNew, std::move(operands));
}

ValueId FunctionGen::genComprehension(const Comprehension &expr) {
  ValueId iterable = genExpr(*expr.iterable);
  at(expr.token);
  ValueId iterator =
      b_.emit(Op::IterNew, {ir::iterKind(ir::IterKind::Comprehension), ir::use(iterable)});
  Borrowed variable = borrow(expr.variable.text); // after the iterable (R2.9.6)
  ValueId list = b_.emit(Op::ListNew);
  BlockId head = b_.newBlock("loop");
  BlockId body = b_.newBlock("item", 1);
  BlockId done = b_.newBlock("endloop");
  b_.br(head);
  b_.setBlock(head);
  b_.emit(Op::IterNext, {ir::use(iterator), ir::block(body), ir::block(done)});
  b_.setBlock(body);
  assign(variable, b_.param(body, 0));
  if (expr.where) {
    ValueId condition = genExpr(*expr.where);
    at(expr.token);
    BlockId run = b_.newBlock("run");
    b_.brIf(condition, run, head);
    b_.setBlock(run);
  }
  ValueId item = genExpr(*expr.map);
  at(expr.token);
  b_.emit(Op::ListPush, {ir::use(list), ir::use(item)});
  b_.br(head);
  b_.setBlock(done);
  restore(variable);
  return list;
}

// --- Calls ---------------------------------------------------------------------------------------

/// Library, host, variable, FUNC: the order of R2.13.1; the callee is looked up after the
/// arguments were evaluated. Input values are never functions, so only names the program itself
/// binds count as variables.
ValueId FunctionGen::genCall(const Call &call) {
  std::string_view name = call.callee.text;
  std::vector<Operand> args = genArgs(call.args);
  at(call.token);
  if (std::optional<Builtin> builtin = findBuiltin(name)) {
    args.insert(args.begin(), ir::builtin(*builtin));
    return b_.emit(Op::CallLib, std::move(args));
  }
  if (context_.isHostFunction(name)) {
    args.insert(args.begin(), b_.name(name));
    return b_.emit(Op::CallHost, std::move(args));
  }
  auto func = context_.funcs.find(name);
  bool hasFunc = func != context_.funcs.end();
  Chain chain = resolve(name, false);
  if (!chain.empty()) {
    ValueId variable = emitOnChain(Op::VarGet, chain, {});
    ValueId callee =
        b_.emit(Op::CalleeFind, {ir::use(variable),
                                 ir::function(hasFunc ? func->second : ir::kNone), b_.name(name)});
    args.insert(args.begin(), ir::use(callee));
    return b_.emit(Op::Call, std::move(args));
  }
  if (hasFunc) {
    args.insert(args.begin(), ir::function(func->second));
    return b_.emit(Op::CallFunc, std::move(args));
  }
  raise(TrapId::FunctionUndefined, {name});
  return b_.constNull(); // in the unreachable block behind the raise
}

ValueId FunctionGen::genInvoke(const Invoke &invoke) {
  ValueId target = genExpr(*invoke.target);
  at(invoke.token);
  ValueId callee = b_.emit(Op::CalleeCheck, {ir::use(target)});
  std::vector<Operand> args = genArgs(invoke.args);
  at(invoke.token);
  args.insert(args.begin(), ir::use(callee));
  return b_.emit(Op::Call, std::move(args));
}

ValueId FunctionGen::genLambda(const Lambda &lambda) {
  ir::Function fn;
  fn.kind = ir::FunctionKind::Lambda;
  fn.name = context_.uniqueName(b_.fn().name + ".lambda" + std::to_string(lambdas_++));
  fn.loc = context_.place(lambda.token.begin);
  context_.module.functions.push_back(std::move(fn));
  auto id = static_cast<ir::FunctionId>(context_.module.functions.size() - 1);
  FunctionGen child(context_, id, context_.scopes.of(&lambda), this);
  child.genBody(lambda.params, lambda.body, lambda.block);
  at(lambda.token);
  std::vector<Operand> operands{ir::function(id)};
  for (auto [owner, slot] : child.captureOrder_)
    operands.push_back(variableOf(*owner, slot));
  return b_.emit(Op::ClosureNew, std::move(operands));
}

// --- Operators -----------------------------------------------------------------------------------

static Op opOf(BinaryOp op) {
  switch (op) {
  case BinaryOp::Eq:
    return Op::Eq;
  case BinaryOp::Ne:
    return Op::Ne;
  case BinaryOp::Lt:
    return Op::Lt;
  case BinaryOp::Le:
    return Op::Le;
  case BinaryOp::Gt:
    return Op::Gt;
  case BinaryOp::Ge:
    return Op::Ge;
  case BinaryOp::Concat:
    return Op::Concat;
  case BinaryOp::Add:
    return Op::Add;
  case BinaryOp::Sub:
    return Op::Sub;
  case BinaryOp::Mul:
    return Op::Mul;
  case BinaryOp::Div:
    return Op::Div;
  case BinaryOp::IDiv:
    return Op::IDiv;
  case BinaryOp::Rem:
    return Op::Rem;
  case BinaryOp::Coalesce:
  case BinaryOp::Or:
  case BinaryOp::And:
    break; // control flow
  }
  BL_UNREACHABLE("operator without an instruction");
}

ValueId FunctionGen::genBinary(const Binary &binary) {
  if (binary.op == BinaryOp::Coalesce)
    return genCoalesce(binary);
  if (binary.op == BinaryOp::And || binary.op == BinaryOp::Or)
    return genLogical(binary);
  ValueId left = genExpr(*binary.left);
  ValueId right = genExpr(*binary.right);
  at(binary.token);
  return b_.emit(opOf(binary.op), {ir::use(left), ir::use(right)});
}

/// The result is a boolean whatever the operands are (R2.8.3).
ValueId FunctionGen::genLogical(const Binary &binary) {
  bool isAnd = binary.op == BinaryOp::And;
  ValueId left = genExpr(*binary.left);
  at(binary.token);
  BlockId right = b_.newBlock(isAnd ? "and" : "or");
  BlockId decided = b_.newBlock("decided");
  BlockId done = b_.newBlock(isAnd ? "endand" : "endor", 1);
  b_.brIf(left, isAnd ? right : decided, isAnd ? decided : right);
  b_.setBlock(decided);
  branchTo(done, b_.constBool(!isAnd));
  b_.setBlock(right);
  ValueId value = genExpr(*binary.right);
  at(binary.token);
  branchTo(done, b_.emit(Op::Truth, {ir::use(value)}));
  b_.setBlock(done);
  return b_.param(done, 0);
}

ValueId FunctionGen::genCoalesce(const Binary &binary) {
  ValueId left = genExpr(*binary.left);
  at(binary.token);
  BlockId absent = b_.newBlock("absent");
  BlockId present = b_.newBlock("present");
  BlockId done = b_.newBlock("coalesced", 1);
  b_.brNull(left, absent, present);
  b_.setBlock(present);
  branchTo(done, left);
  b_.setBlock(absent);
  branchTo(done, genExpr(*binary.right));
  b_.setBlock(done);
  return b_.param(done, 0);
}

ValueId FunctionGen::genUnary(const Unary &unary) {
  switch (unary.op) {
  case UnaryOp::Suspend:
    return genSuspend();
  case UnaryOp::Await:
    return genExpr(*unary.operand); // waits for nothing (R2.8.6)
  case UnaryOp::Neg:
  case UnaryOp::Not: {
    ValueId operand = genExpr(*unary.operand);
    at(unary.token);
    return b_.emit(unary.op == UnaryOp::Neg ? Op::Neg : Op::Not, {ir::use(operand)});
  }
  }
  BL_UNREACHABLE("unary operator");
}

/// A plain run raises an error without looking at the operand (R2.8.7).
ValueId FunctionGen::genSuspend() {
  BlockId resumed = b_.newBlock("resumed", 1);
  b_.emit(Op::Suspend, {ir::block(resumed)});
  b_.setBlock(resumed);
  return b_.param(resumed, 0);
}

// --- Choices -------------------------------------------------------------------------------------

ValueId FunctionGen::genIfElse(const IfElse &expr) {
  ValueId condition = genExpr(*expr.condition);
  at(expr.token);
  BlockId thenBlock = b_.newBlock("then");
  BlockId elseBlock = b_.newBlock("else");
  BlockId done = b_.newBlock("endif", 1);
  b_.brIf(condition, thenBlock, elseBlock);
  b_.setBlock(thenBlock);
  branchTo(done, genExpr(*expr.thenExpr));
  b_.setBlock(elseBlock);
  branchTo(done, genExpr(*expr.elseExpr));
  b_.setBlock(done);
  return b_.param(done, 0);
}

ValueId FunctionGen::genCase(const Case &expr) {
  BlockId done = b_.newBlock("endcase", 1);
  for (const WhenArm &arm : expr.arms) {
    ValueId condition = genExpr(*arm.condition);
    at(expr.token);
    BlockId when = b_.newBlock("when");
    BlockId next = b_.newBlock("next");
    b_.brIf(condition, when, next);
    b_.setBlock(when);
    branchTo(done, genExpr(*arm.result));
    b_.setBlock(next);
  }
  branchTo(done, genExpr(*expr.elseExpr));
  b_.setBlock(done);
  return b_.param(done, 0);
}

} // namespace branchline::irgen
