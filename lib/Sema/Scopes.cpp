// Collects which names each activation may bind. Blocks open no scopes at run time (R2.3.3), so
// one set of names per transform, FUNC and lambda says all.
#include "branchline/Sema/Sema.h"
#include "branchline/Syntax/Walk.h"

namespace branchline::sema {

using namespace syntax;

FunctionScope &ScopeTree::add(const void *node, FunctionScope::Kind kind,
                              const FunctionScope *parent) {
  auto scope = std::make_unique<FunctionScope>();
  scope->kind = kind;
  scope->parent = parent;
  return *(scopes_[node] = std::move(scope));
}

namespace {

class Collector {
public:
  explicit Collector(ScopeTree &tree) : tree_(tree) {}

  void collect(const Decl &decl) {
    if (const auto *transform = dynCast<Transform>(&decl)) {
      scope_ = &tree_.add(&decl, FunctionScope::Kind::Transform, nullptr);
      (*this)(*transform->body);
    } else if (const auto *func = dynCast<Func>(&decl)) {
      scope_ = &tree_.add(&decl, FunctionScope::Kind::Func, nullptr);
      for (const Name &param : func->params)
        scope_->bound.insert(param.text);
      if (func->body)
        (*this)(*func->body);
      else
        (*this)(*func->block);
    }
  }

  void operator()(const Block &block) { forEachChild(block, *this); }

  void operator()(const Expr &expr) {
    if (const auto *lambda = dynCast<Lambda>(&expr)) {
      FunctionScope *outer = scope_;
      scope_ = &tree_.add(lambda, FunctionScope::Kind::Lambda, outer);
      for (const Name &param : lambda->params)
        scope_->bound.insert(param.text);
      forEachChild(expr, *this);
      scope_ = outer;
      return;
    }
    if (const auto *comprehension = dynCast<Comprehension>(&expr))
      scope_->bound.insert(comprehension->variable.text);
    if (const auto *tried = dynCast<TryCatch>(&expr))
      scope_->bound.insert(tried->handler.variable.text);
    forEachChild(expr, *this);
  }

  void operator()(const Stmt &stmt) {
    if (const auto *let = dynCast<Let>(&stmt))
      scope_->bound.insert(let->name.text);
    if (const auto *loop = dynCast<ForEach>(&stmt))
      scope_->bound.insert(loop->variable.text);
    if (const auto *tried = dynCast<TryExpr>(&stmt))
      scope_->bound.insert(tried->handler.variable.text);
    if (const auto *tried = dynCast<TryBlock>(&stmt))
      scope_->bound.insert(tried->handler.variable.text);
    forEachChild(stmt, *this);
  }

private:
  ScopeTree &tree_;
  FunctionScope *scope_ = nullptr;
};

} // namespace

ScopeTree buildScopes(const Program &program) {
  ScopeTree tree;
  Collector collector(tree);
  for (const Decl *decl : program.decls)
    collector.collect(*decl);
  return tree;
}

} // namespace branchline::sema
