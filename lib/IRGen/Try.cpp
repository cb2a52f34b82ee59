// TRY in its three forms. The guarded blocks name a handler block; retries and back-off are
// ordinary control flow around it. Variables are not rolled back (R2.12.3).
#include "FunctionGen.h"

namespace branchline::irgen {

using namespace syntax;

/// Opens the guarded region. `start` has a parameter that counts the attempts made so far.
FunctionGen::Attempt FunctionGen::beginAttempt() {
  Attempt attempt;
  attempt.outerHandler = b_.handler();
  attempt.start = b_.newBlock("attempt", 1);
  attempt.count = b_.param(attempt.start, 0);
  attempt.handler = b_.newBlock("catch");
  branchTo(attempt.start, b_.constInt(0));
  b_.setBlock(attempt.start);
  b_.setHandler(attempt.handler);
  BlockId tried = b_.newBlock("tried");
  b_.br(tried);
  b_.setBlock(tried);
  return attempt;
}

void FunctionGen::endAttempt(const Attempt &attempt) { b_.setHandler(attempt.outerHandler); }

/// The handler block up to the point where no attempt is left. \param mark outputs after it are
/// dropped first (E5); kNone: none are. \returns the error object
ValueId FunctionGen::genRetries(const Attempt &attempt, const CatchClause &clause, ValueId mark) {
  b_.setBlock(attempt.handler);
  ValueId error = b_.emit(Op::ErrorCatch);
  if (mark != ir::kNone)
    b_.emit(Op::OutputRewind, {ir::use(mark)});
  if (clause.retries == 0)
    return error;
  BlockId again = b_.newBlock("again");
  BlockId failed = b_.newBlock("failed");
  ValueId more = b_.emit(Op::Lt, {ir::use(attempt.count), ir::use(b_.constInt(clause.retries))});
  b_.brIf(more, again, failed);
  b_.setBlock(again);
  if (clause.backoffMs > 0)
    b_.emit(Op::Wait,
            {ir::konst(context_.module.internInt(static_cast<int64_t>(clause.backoffMs)))});
  ValueId next = b_.emit(Op::Add, {ir::use(attempt.count), ir::use(b_.constInt(1))});
  branchTo(attempt.start, next);
  b_.setBlock(failed);
  return error;
}

/// Runs `body` with the CATCH variable bound to the error, then puts the variable back, also when
/// the body raises an error of its own (R2.11.12).
template <class Body>
void FunctionGen::genFallback(std::string_view name, ValueId error, Body &&body) {
  Borrowed variable = borrow(name);
  assign(variable, error);
  BlockId outer = b_.handler();
  BlockId cleanup = b_.newBlock("cleanup");
  b_.setHandler(cleanup);
  BlockId fallback = b_.newBlock("fallback");
  b_.br(fallback);
  b_.setBlock(fallback);
  borrowed_.push_back(variable);
  body();
  borrowed_.pop_back();
  b_.setHandler(outer);
  BlockId done = b_.newBlock("caught");
  if (!b_.terminated())
    b_.br(done);
  b_.setBlock(cleanup);
  restore(variable);
  b_.emit(Op::Rethrow);
  b_.setBlock(done);
  restore(variable);
}

ValueId FunctionGen::genTryCatch(const TryCatch &expr) {
  BlockId done = b_.newBlock("endtry", 1);
  Attempt attempt = beginAttempt();
  ValueId value = genExpr(*expr.tried);
  branchTo(done, value);
  endAttempt(attempt);
  at(expr.token);
  ValueId error = genRetries(attempt, expr.handler);
  ValueId fallback = ir::kNone;
  genFallback(expr.handler.variable.text, error, [&] { fallback = genExpr(*expr.fallback); });
  branchTo(done, fallback);
  b_.setBlock(done);
  at(expr.token);
  return b_.param(done, 0);
}

void FunctionGen::genTryExpr(const TryExpr &stmt) {
  BlockId done = b_.newBlock("endtry");
  Attempt attempt = beginAttempt();
  genExpr(*stmt.tried);
  b_.br(done);
  endAttempt(attempt);
  at(stmt.token);
  ValueId error = genRetries(attempt, stmt.handler);
  if (stmt.abort && !stmt.fallback) { // swallows the error (R2.11.13)
    b_.br(done);
    b_.setBlock(done);
    return;
  }
  genFallback(stmt.handler.variable.text, error, [&] {
    ValueId value = genExpr(*stmt.fallback);
    at(stmt.abort ? stmt.abortToken : stmt.token);
    if (stmt.abort)
      b_.emit(Op::AbortCheck, {ir::use(value)});
    if (outputAllowed_)
      b_.emit(stmt.abort ? Op::OutputAdd : Op::OutputEmit, {ir::use(value)});
    if (stmt.abort)
      leave(b_.constNull());
  });
  b_.br(done);
  b_.setBlock(done);
}

void FunctionGen::genTryBlock(const TryBlock &stmt) {
  BlockId done = b_.newBlock("endtry");
  // Only a transform has outputs to drop.
  ValueId mark = outputAllowed_ ? b_.emit(Op::OutputMark) : ir::kNone;
  Attempt attempt = beginAttempt();
  genBlock(*stmt.tried);
  if (!b_.terminated())
    b_.br(done);
  endAttempt(attempt);
  at(stmt.token);
  ValueId error = genRetries(attempt, stmt.handler, mark);
  genFallback(stmt.handler.variable.text, error, [&] { genBlock(*stmt.fallback); });
  if (!b_.terminated())
    b_.br(done);
  b_.setBlock(done);
}

} // namespace branchline::irgen
