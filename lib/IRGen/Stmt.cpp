// Statements without paths and handlers, and the frames of whole functions.
#include "FunctionGen.h"

namespace branchline::irgen {

using namespace syntax;

FunctionGen::FunctionGen(ModuleGen &context, ir::FunctionId id, const sema::FunctionScope &scope,
                         FunctionGen *parent)
    : context_(context), b_(context.module, id), scope_(scope), parent_(parent) {}

void FunctionGen::genTransform(const Transform &transform,
                               const std::vector<std::string_view> &sharedNames) {
  outputAllowed_ = true;
  BlockId entry = b_.newBlock("entry");
  BlockId body = b_.newBlock("body");
  b_.setBlock(body);
  genBlock(*transform.body);
  at(transform.body->range);
  if (!b_.terminated())
    b_.ret(b_.constNull());
  // Only now is it known which names the body mentions.
  b_.setBlock(entry);
  at(transform.token);
  bindInputNames(sharedNames);
  b_.br(body);
  ir::dropUnreachable(b_.fn());
}

void FunctionGen::genBody(std::span<const Name> params, const Expr *body, const Block *block) {
  for (const Name &param : params)
    b_.fn().params.push_back(slotOf(param.text));
  // Every name the body may bind has a slot, also when only closures inside it read the name.
  b_.setBlock(b_.newBlock("entry"));
  if (body) {
    ValueId value = genExpr(*body);
    b_.ret(value);
  } else {
    genBlock(*block);
    if (!b_.terminated())
      b_.ret(b_.constNull());
  }
  ir::dropUnreachable(b_.fn());
}

void FunctionGen::raise(TrapId id, std::initializer_list<std::string_view> texts) {
  std::vector<Operand> operands{ir::trap(id)};
  for (std::string_view text : texts)
    operands.push_back(b_.name(text));
  b_.emit(Op::Raise, std::move(operands));
}

void FunctionGen::genBlock(const Block &block) {
  for (const Stmt *stmt : block.statements)
    genStmt(*stmt);
}

void FunctionGen::genStmt(const Stmt &stmt) {
  at(stmt.token);
  switch (stmt.kind) {
  case StmtKind::Let: {
    const auto &let = cast<Let>(stmt);
    ValueId value = genExpr(*let.value);
    at(stmt.token);
    emitOnChain(Op::VarLet, resolve(let.name.text), {ir::use(value)});
    if (context_.options.trace)
      b_.emit(Op::TracePoint, {b_.name(let.name.text), ir::use(value)});
    return;
  }
  case StmtKind::SetVar:
    return genSetVar(cast<SetVar>(stmt));
  case StmtKind::SetPath:
    return genSetPath(cast<SetPath>(stmt));
  case StmtKind::AppendVar:
    return genAppendVar(cast<AppendVar>(stmt));
  case StmtKind::AppendPath:
    return genAppendPath(cast<AppendPath>(stmt));
  case StmtKind::Modify:
    return genModify(cast<Modify>(stmt));
  case StmtKind::Output:
    return genOutput(cast<Output>(stmt));
  case StmtKind::If:
    return genIf(cast<If>(stmt));
  case StmtKind::ForEach:
    return genForEach(cast<ForEach>(stmt));
  case StmtKind::TryExpr:
    return genTryExpr(cast<TryExpr>(stmt));
  case StmtKind::TryBlock:
    return genTryBlock(cast<TryBlock>(stmt));
  case StmtKind::Return:
    return genReturn(cast<Return>(stmt));
  case StmtKind::Abort:
    return genAbort(cast<Abort>(stmt));
  case StmtKind::Throw: {
    ValueId value = genExpr(*cast<Throw>(stmt).value);
    at(stmt.token);
    b_.emit(Op::Throw, {ir::use(value)});
    return;
  }
  case StmtKind::SharedWrite: {
    const auto &write = cast<SharedWrite>(stmt);
    ValueId key = write.key ? genExpr(*write.key) : b_.constString("value");
    ValueId value = genExpr(*write.value);
    at(stmt.token);
    b_.emit(Op::SharedWrite, {b_.name(write.resource.text), ir::use(key), ir::use(value)});
    return;
  }
  case StmtKind::ExprStmt:
    genExpr(*cast<ExprStmt>(stmt).expr);
    return;
  }
}

void FunctionGen::genSetVar(const SetVar &set) {
  Chain chain = resolve(set.name.text);
  if (chain.empty())
    return raise(TrapId::SetUnbound, {set.name.text});
  ValueId position =
      emitOnChain(Op::VarRequire, chain, {ir::trap(TrapId::SetUnbound), b_.name(set.name.text)});
  ValueId value = genExpr(*set.value);
  at(set.token);
  emitOnChain(Op::VarWrite, chain, {ir::use(position), ir::use(value)});
}

void FunctionGen::genOutput(const Output &output) {
  // The check comes before the template is evaluated (R2.1.8).
  if (!outputAllowed_)
    return raise(TrapId::OutputNotAllowed);
  const auto *object = dynCast<ObjectLiteral>(output.value);
  ValueId value = object ? genFields(object->fields, ir::KeyRule::Object, output.token)
                         : genExpr(*output.value);
  at(output.token);
  if (context_.options.trace)
    b_.emit(Op::TracePoint, {b_.name("OUTPUT"), ir::use(value)});
  b_.emit(object ? Op::OutputAdd : Op::OutputEmit, {ir::use(value)});
}

void FunctionGen::genIf(const If &stmt) {
  ValueId condition = genExpr(*stmt.condition);
  at(stmt.token);
  BlockId thenBlock = b_.newBlock("then");
  BlockId elseBlock = stmt.elseBlock ? b_.newBlock("else") : ir::kNone;
  BlockId done = b_.newBlock("endif");
  b_.brIf(condition, thenBlock, stmt.elseBlock ? elseBlock : done);
  b_.setBlock(thenBlock);
  genBlock(*stmt.thenBlock);
  if (!b_.terminated())
    b_.br(done);
  if (stmt.elseBlock) {
    b_.setBlock(elseBlock);
    genBlock(*stmt.elseBlock);
    if (!b_.terminated())
      b_.br(done);
  }
  b_.setBlock(done);
}

void FunctionGen::genForEach(const ForEach &loop) {
  Borrowed variable = borrow(loop.variable.text); // before the iterable (R2.11.9)
  ValueId iterable = genExpr(*loop.iterable);
  at(loop.token);
  ValueId iterator = b_.emit(Op::IterNew, {ir::iterKind(ir::IterKind::ForEach), ir::use(iterable)});
  BlockId head = b_.newBlock("loop");
  BlockId body = b_.newBlock("item", 1);
  BlockId done = b_.newBlock("endloop");
  b_.br(head);
  b_.setBlock(head);
  b_.emit(Op::IterNext, {ir::use(iterator), ir::block(body), ir::block(done)});
  b_.setBlock(body);
  assign(variable, b_.param(body, 0));
  borrowed_.push_back(variable);
  if (loop.where) {
    ValueId condition = genExpr(*loop.where);
    at(loop.token);
    BlockId run = b_.newBlock("run");
    b_.brIf(condition, run, head);
    b_.setBlock(run);
  }
  genBlock(*loop.body);
  at(loop.token);
  if (!b_.terminated())
    b_.br(head);
  borrowed_.pop_back();
  b_.setBlock(done);
  restore(variable);
}

void FunctionGen::leave(ValueId result) {
  for (size_t i = borrowed_.size(); i-- > 0;)
    restore(borrowed_[i]);
  b_.ret(result);
}

void FunctionGen::genReturn(const Return &stmt) {
  ValueId value = stmt.value ? genExpr(*stmt.value) : b_.constNull();
  at(stmt.token);
  leave(value);
}

void FunctionGen::genAbort(const Abort &abort) {
  if (!abort.value)
    return raise(TrapId::Aborted);
  ValueId value = genExpr(*abort.value);
  at(abort.token);
  b_.emit(Op::AbortCheck, {ir::use(value)});
  // In a function body the object goes to a list that is thrown away (R2.11.14).
  if (outputAllowed_)
    b_.emit(Op::OutputAdd, {ir::use(value)});
  leave(b_.constNull());
}

} // namespace branchline::irgen
