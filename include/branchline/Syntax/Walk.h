// The children of each node, once, for all analyses that go over a whole tree.
// Children come in evaluation order. A visitor is called with `const Expr &`, `const Block &` or
// `const Stmt &`; bodies of lambdas count as children of the lambda.
#pragma once

#include "branchline/Syntax/AST.h"

namespace branchline::syntax {

template <class Visitor> void forEachChild(std::span<const Segment> segments, Visitor &&visit) {
  for (const Segment &segment : segments)
    if (segment.key)
      visit(*segment.key);
}

template <class Visitor> void forEachChild(std::span<const Field> fields, Visitor &&visit) {
  for (const Field &field : fields) {
    if (field.computed)
      visit(*field.computed);
    visit(*field.value);
  }
}

template <class Visitor> void forEachChild(const Block &block, Visitor &&visit) {
  for (const Stmt *stmt : block.statements)
    visit(*stmt);
}

template <class Visitor> void forEachChild(const Expr &expr, Visitor &&visit) {
  switch (expr.kind) {
  case ExprKind::Identifier:
  case ExprKind::InputDocument:
  case ExprKind::StringLiteral:
  case ExprKind::NumberLiteral:
  case ExprKind::BoolLiteral:
  case ExprKind::NullLiteral:
  case ExprKind::SharedAwait:
    return;
  case ExprKind::Access:
    visit(*cast<Access>(expr).base);
    return forEachChild(cast<Access>(expr).segments, visit);
  case ExprKind::ObjectLiteral:
    return forEachChild(cast<ObjectLiteral>(expr).fields, visit);
  case ExprKind::ArrayLiteral:
    for (const Expr *element : cast<ArrayLiteral>(expr).elements)
      visit(*element);
    return;
  case ExprKind::Comprehension: {
    const auto &node = cast<Comprehension>(expr);
    visit(*node.iterable);
    if (node.where)
      visit(*node.where);
    return visit(*node.map);
  }
  case ExprKind::Call:
    for (const Expr *arg : cast<Call>(expr).args)
      visit(*arg);
    return;
  case ExprKind::Invoke:
    visit(*cast<Invoke>(expr).target);
    for (const Expr *arg : cast<Invoke>(expr).args)
      visit(*arg);
    return;
  case ExprKind::Binary:
    visit(*cast<Binary>(expr).left);
    return visit(*cast<Binary>(expr).right);
  case ExprKind::Unary:
    return visit(*cast<Unary>(expr).operand);
  case ExprKind::Lambda:
    if (cast<Lambda>(expr).body)
      return visit(*cast<Lambda>(expr).body);
    return visit(*cast<Lambda>(expr).block);
  case ExprKind::IfElse:
    visit(*cast<IfElse>(expr).condition);
    visit(*cast<IfElse>(expr).thenExpr);
    return visit(*cast<IfElse>(expr).elseExpr);
  case ExprKind::Case:
    for (const WhenArm &arm : cast<Case>(expr).arms) {
      visit(*arm.condition);
      visit(*arm.result);
    }
    return visit(*cast<Case>(expr).elseExpr);
  case ExprKind::TryCatch:
    visit(*cast<TryCatch>(expr).tried);
    return visit(*cast<TryCatch>(expr).fallback);
  }
}

template <class Visitor> void forEachChild(const Stmt &stmt, Visitor &&visit) {
  switch (stmt.kind) {
  case StmtKind::Let:
    return visit(*cast<Let>(stmt).value);
  case StmtKind::SetVar:
    return visit(*cast<SetVar>(stmt).value);
  case StmtKind::SetPath:
    visit(static_cast<const Expr &>(*cast<SetPath>(stmt).target));
    return visit(*cast<SetPath>(stmt).value);
  case StmtKind::AppendVar:
    visit(*cast<AppendVar>(stmt).value);
    if (cast<AppendVar>(stmt).init)
      visit(*cast<AppendVar>(stmt).init);
    return;
  case StmtKind::AppendPath:
    visit(static_cast<const Expr &>(*cast<AppendPath>(stmt).target));
    visit(*cast<AppendPath>(stmt).value);
    if (cast<AppendPath>(stmt).init)
      visit(*cast<AppendPath>(stmt).init);
    return;
  case StmtKind::Modify:
    forEachChild(cast<Modify>(stmt).updates, visit);
    return visit(static_cast<const Expr &>(*cast<Modify>(stmt).target));
  case StmtKind::Output:
    return visit(*cast<Output>(stmt).value);
  case StmtKind::If:
    visit(*cast<If>(stmt).condition);
    visit(*cast<If>(stmt).thenBlock);
    if (cast<If>(stmt).elseBlock)
      visit(*cast<If>(stmt).elseBlock);
    return;
  case StmtKind::ForEach:
    visit(*cast<ForEach>(stmt).iterable);
    if (cast<ForEach>(stmt).where)
      visit(*cast<ForEach>(stmt).where);
    return visit(*cast<ForEach>(stmt).body);
  case StmtKind::TryExpr:
    visit(*cast<TryExpr>(stmt).tried);
    if (cast<TryExpr>(stmt).fallback)
      visit(*cast<TryExpr>(stmt).fallback);
    return;
  case StmtKind::TryBlock:
    visit(*cast<TryBlock>(stmt).tried);
    return visit(*cast<TryBlock>(stmt).fallback);
  case StmtKind::Return:
    if (cast<Return>(stmt).value)
      visit(*cast<Return>(stmt).value);
    return;
  case StmtKind::Abort:
    if (cast<Abort>(stmt).value)
      visit(*cast<Abort>(stmt).value);
    return;
  case StmtKind::Throw:
    return visit(*cast<Throw>(stmt).value);
  case StmtKind::SharedWrite:
    if (cast<SharedWrite>(stmt).key)
      visit(*cast<SharedWrite>(stmt).key);
    return visit(*cast<SharedWrite>(stmt).value);
  case StmtKind::ExprStmt:
    return visit(*cast<ExprStmt>(stmt).expr);
  }
}

} // namespace branchline::syntax
