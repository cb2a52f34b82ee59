// Warnings about code that is legal but hardly meant. They never change what a program does.
#include "Checker.h"

#include "branchline/Lang/Builtins.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Syntax/Walk.h"

#include <unordered_set>

namespace branchline::sema {

using namespace syntax;
using diag::Id;

namespace {

/// Whether evaluating an expression can matter although its value is dropped: it may call
/// something, wait, or fail.
class EffectFinder {
public:
  bool found = false;
  void operator()(const Expr &expr) {
    switch (expr.kind) {
    case ExprKind::Call:
    case ExprKind::Invoke:
    case ExprKind::SharedAwait:
    case ExprKind::Unary:
    case ExprKind::Binary:
    case ExprKind::Access:
    case ExprKind::TryCatch:
    case ExprKind::Comprehension:
      found = true;
      return;
    case ExprKind::Identifier:
    case ExprKind::InputDocument:
    case ExprKind::StringLiteral:
    case ExprKind::NumberLiteral:
    case ExprKind::BoolLiteral:
    case ExprKind::NullLiteral:
    case ExprKind::Lambda:
      return;
    case ExprKind::ObjectLiteral:
    case ExprKind::ArrayLiteral:
    case ExprKind::IfElse:
    case ExprKind::Case:
      return forEachChild(expr, *this);
    }
  }
  void operator()(const Block &) {}
};

/// Goes over one transform or FUNC with everything inside it.
class Linter {
public:
  explicit Linter(DiagnosticSink &sink) : sink_(sink) {}

  void operator()(const Block &block) {
    bool ended = false;
    for (const Stmt *stmt : block.statements) {
      if (ended) {
        sink_.report(diag::make<Id::UnreachableCode>(stmt->token));
        break;
      }
      ended = stmt->kind == StmtKind::Return || stmt->kind == StmtKind::Abort ||
              stmt->kind == StmtKind::Throw;
    }
    forEachChild(block, *this);
  }

  void operator()(const Stmt &stmt) {
    if (const auto *let = dynCast<Let>(&stmt))
      lets_.push_back(let);
    if (const auto *dropped = dynCast<ExprStmt>(&stmt)) {
      EffectFinder effects;
      effects(*dropped->expr);
      if (!effects.found)
        sink_.report(diag::make<Id::StatementWithoutEffect>(dropped->range));
    }
    // The target of a write is not a read of the variable; its keys are.
    if (const auto *set = dynCast<SetPath>(&stmt)) {
      forEachChild(set->target->segments, *this);
      return (*this)(*set->value);
    }
    if (const auto *append = dynCast<AppendPath>(&stmt)) {
      forEachChild(append->target->segments, *this);
      (*this)(*append->value);
      if (append->init)
        (*this)(*append->init);
      return;
    }
    if (const auto *modify = dynCast<Modify>(&stmt))
      return forEachChild(modify->updates, *this);
    forEachChild(stmt, *this);
  }

  void operator()(const Expr &expr) {
    if (const auto *identifier = dynCast<Identifier>(&expr))
      read_.insert(identifier->name);
    if (const auto *call = dynCast<Call>(&expr)) {
      read_.insert(call->callee.text);
      explains_ = explains_ || call->callee.text == info(Builtin::EXPLAIN).name;
      calls_.push_back(call);
    }
    forEachChild(expr, *this);
  }

  void finish() {
    std::unordered_set<std::string_view> bound;
    for (const Let *let : lets_) {
      bound.insert(let->name.text);
      bool ignored = let->name.text.starts_with("_");
      if (!ignored && !explains_ && !read_.contains(let->name.text))
        sink_.report(diag::make<Id::UnusedLet>(let->name.range, let->name.text));
    }
    for (const Call *call : calls_)
      if (findBuiltin(call->callee.text) && bound.contains(call->callee.text))
        sink_.report(diag::make<Id::HiddenByLibrary>(call->callee.range, call->callee.text));
  }

private:
  DiagnosticSink &sink_;
  std::vector<const Let *> lets_;
  std::vector<const Call *> calls_;
  std::unordered_set<std::string_view> read_;
  bool explains_ = false;
};

} // namespace

void checkLint(const Program &program, DiagnosticSink &sink) {
  for (const Decl *decl : program.decls) {
    Linter linter(sink);
    if (const auto *transform = dynCast<Transform>(decl)) {
      linter(*transform->body);
    } else if (const auto *func = dynCast<Func>(decl)) {
      if (findBuiltin(func->name.text))
        sink.report(diag::make<Id::HiddenByLibrary>(func->name.range, func->name.text));
      if (func->body)
        linter(*func->body);
      else
        linter(*func->block);
    }
    linter.finish();
  }
}

} // namespace branchline::sema
