// The static rules about names (R1.15). Positions the language leaves unchecked (R1.15.8) are left
// out here on purpose: programs read document fields there.
#include "Checker.h"

#include "branchline/Lang/Builtins.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Spelling.h"
#include "branchline/Syntax/Parser.h"
#include "branchline/Syntax/Walk.h"

#include <algorithm>
#include <set>
#include <string>

namespace branchline::sema {

using namespace syntax;
using diag::Id;

Name declaredName(const Decl &decl) {
  switch (decl.kind) {
  case DeclKind::Transform:
    return cast<Transform>(decl).name;
  case DeclKind::Shared:
    return cast<Shared>(decl).name;
  case DeclKind::Func:
    return cast<Func>(decl).name;
  case DeclKind::TypeDecl:
    return cast<TypeDecl>(decl).name;
  }
  BL_UNREACHABLE("declaration kind");
}

namespace {

class NameChecker {
public:
  NameChecker(const Program &program, DiagnosticSink &sink, const Options &options)
      : program_(program), sink_(sink), options_(options) {}

  void run() {
    collectGlobals();
    for (const Decl *decl : program_.decls) {
      if (const auto *transform = dynCast<Transform>(decl))
        checkTransform(*transform);
      else if (const auto *func = dynCast<Func>(decl))
        checkFunc(*func);
    }
  }

private:
  // --- Scopes -----------------------------------------------------------------------------------

  /// Opens a static scope for the life of the object.
  class Scope {
  public:
    explicit Scope(NameChecker &checker) : checker_(checker) { checker_.scopes_.emplace_back(); }
    ~Scope() {
      for (std::string_view name : checker_.scopes_.back())
        checker_.open_[name].pop_back();
      checker_.scopes_.pop_back();
    }
    Scope(const Scope &) = delete;

  private:
    NameChecker &checker_;
  };

  void declare(std::string_view name) {
    scopes_.back().push_back(name);
    open_[name].push_back(scopes_.size());
  }
  bool inScope(std::string_view name) const {
    auto at = open_.find(name);
    return at != open_.end() && !at->second.empty();
  }
  bool inInnermostScope(std::string_view name) const {
    auto at = open_.find(name);
    return at != open_.end() && !at->second.empty() && at->second.back() == scopes_.size();
  }
  bool isSharedHere(std::string_view name) const {
    return transformShared_ && transformShared_->contains(name);
  }
  bool isHostFunction(std::string_view name) const {
    return findBuiltin(name) ||
           std::find(options_.hostFunctions.begin(), options_.hostFunctions.end(), name) !=
               options_.hostFunctions.end();
  }
  /// \rule R1.15.4, E3
  bool isVisible(std::string_view name) const {
    return name == "input" || name == "row" || name == "$" || name == "INPUT" || inScope(name) ||
           globals_.contains(name) || isSharedHere(name) || isHostFunction(name);
  }

  void checkVisible(std::string_view name, SourceRange range) {
    if (isVisible(name))
      return;
    Diagnostic &diagnostic = sink_.report(diag::make<Id::UndefinedIdentifier>(range, name));
    std::string_view closest;
    size_t best = typoLimit(name) + 1;
    // Of names equally near, variables win over declarations and those over the library; within
    // a group the first in the alphabet.
    int group = 0, closestGroup = 0;
    auto consider = [&](std::string_view candidate) {
      size_t distance = editDistance(name, candidate, std::min(best, typoLimit(name)));
      bool isNearer = distance < best;
      bool isFirstOfEqual = distance == best && best <= typoLimit(name) && group == closestGroup &&
                            candidate < closest;
      if (isNearer || isFirstOfEqual) {
        best = distance;
        closest = candidate;
        closestGroup = group;
      }
    };
    if (typoLimit(name) > 0) {
      for (const auto &[candidate, scopes] : open_)
        if (!scopes.empty())
          consider(candidate);
      ++group;
      for (const auto &[candidate, decl] : globals_)
        consider(candidate);
      ++group;
      for (const BuiltinInfo &builtin : kBuiltins)
        consider(builtin.name);
      consider("input");
    }
    // `5 // five` divides by `five`.
    auto division =
        options_.source ? findDivisionOnLine(*options_.source, range.begin) : std::nullopt;
    if (division) {
      diagnostic.note(diag::make<Id::DivisionLooksLikeComment>(range).message, *division);
      return;
    }
    if (!closest.empty())
      diagnostic.note(diag::make<Id::ClosestName>(range, closest).message);
  }

  // --- Declarations -----------------------------------------------------------------------------

  void collectGlobals() {
    for (const Decl *decl : program_.decls) {
      Name name = declaredName(*decl);
      if (name.text.empty())
        continue;
      auto [at, isNew] = globals_.emplace(name.text, decl);
      if (!isNew)
        sink_.report(diag::make<Id::DuplicateSymbol>(name.range, name.text))
            .note("the first declaration is here", at->second->token);
    }
  }

  void checkTransform(const Transform &transform) {
    std::set<std::string_view> shared;
    for (const Decl *decl : program_.decls)
      if (const auto *resource = dynCast<Shared>(decl))
        shared.insert(resource->name.text);
    if (transform.options)
      for (const SharedEntry &entry : transform.options->shared)
        shared.insert(entry.name.text);
    transformShared_ = &shared;
    {
      Scope scope(*this);
      checkStatements(*transform.body);
    }
    transformShared_ = nullptr;
  }

  void checkFunc(const Func &func) {
    Scope scope(*this);
    for (const Name &param : func.params)
      declare(param.text);
    if (func.body)
      checkExpr(*func.body);
    else
      checkStatements(*func.block);
  }

  // --- Statements -------------------------------------------------------------------------------

  void checkStatements(const Block &block) {
    for (const Stmt *stmt : block.statements)
      checkStmt(*stmt);
  }
  void checkBlock(const Block &block) {
    Scope scope(*this);
    checkStatements(block);
  }

  void checkStmt(const Stmt &stmt) {
    switch (stmt.kind) {
    case StmtKind::Let:
      return checkLet(cast<Let>(stmt));
    case StmtKind::SetVar:
    case StmtKind::AppendVar:
    case StmtKind::ExprStmt:
      return; // unchecked (R1.15.8)
    case StmtKind::SetPath:
      checkWriteBase<Id::SetTargetNotIdentifier, Id::SetTargetUnknown>(*cast<SetPath>(stmt).target,
                                                                       true);
      return checkExpr(*cast<SetPath>(stmt).value);
    case StmtKind::AppendPath:
      checkWriteBase<Id::AppendTargetNotIdentifier, Id::AppendTargetUnknown>(
          *cast<AppendPath>(stmt).target, true);
      checkExpr(*cast<AppendPath>(stmt).value);
      if (cast<AppendPath>(stmt).init)
        checkExpr(*cast<AppendPath>(stmt).init);
      return;
    case StmtKind::Modify:
      checkWriteBase<Id::ModifyTargetNotIdentifier, Id::ModifyTargetUnknown>(
          *cast<Modify>(stmt).target, false);
      return checkModifyKeys(cast<Modify>(stmt));
    case StmtKind::SharedWrite:
      return checkSharedWrite(cast<SharedWrite>(stmt));
    case StmtKind::Output:
      return checkExpr(*cast<Output>(stmt).value);
    case StmtKind::If:
      checkExpr(*cast<If>(stmt).condition);
      checkBlock(*cast<If>(stmt).thenBlock);
      if (cast<If>(stmt).elseBlock)
        checkBlock(*cast<If>(stmt).elseBlock);
      return;
    case StmtKind::ForEach: {
      const auto &loop = cast<ForEach>(stmt);
      checkExpr(*loop.iterable);
      Scope scope(*this);
      declare(loop.variable.text);
      if (loop.where)
        checkExpr(*loop.where);
      return checkBlock(*loop.body);
    }
    case StmtKind::TryExpr: {
      const auto &tried = cast<TryExpr>(stmt);
      checkExpr(*tried.tried);
      Scope scope(*this);
      declare(tried.handler.variable.text);
      if (tried.fallback)
        checkExpr(*tried.fallback);
      return;
    }
    case StmtKind::TryBlock: {
      checkBlock(*cast<TryBlock>(stmt).tried);
      Scope scope(*this);
      declare(cast<TryBlock>(stmt).handler.variable.text);
      return checkBlock(*cast<TryBlock>(stmt).fallback);
    }
    case StmtKind::Return:
      if (cast<Return>(stmt).value)
        checkExpr(*cast<Return>(stmt).value);
      return;
    case StmtKind::Abort:
      if (cast<Abort>(stmt).value)
        checkExpr(*cast<Abort>(stmt).value);
      return;
    case StmtKind::Throw:
      return checkExpr(*cast<Throw>(stmt).value);
    }
  }

  /// The name is visible in its own initialiser. \rule R1.15.6
  void checkLet(const Let &let) {
    std::string_view name = let.name.text;
    if (inInnermostScope(name))
      sink_.report(diag::make<Id::DuplicateLet>(let.name.range, name));
    else if (inScope(name))
      sink_.report(diag::make<Id::ShadowingVariable>(let.name.range, name));
    else
      declare(name);
    checkExpr(*let.value);
  }

  template <Id kNotIdentifier, Id kUnknown>
  void checkWriteBase(const Access &target, bool sharedCounts) {
    const auto *base = dynCast<Identifier>(target.base);
    if (!base) {
      sink_.report(diag::make<kNotIdentifier>(target.base->range));
      return;
    }
    if (!inScope(base->name) && !(sharedCounts && isSharedHere(base->name)))
      sink_.report(diag::make<kUnknown>(base->range, base->name));
  }

  void checkModifyKeys(const Modify &modify) {
    std::set<std::string> seen;
    for (const Field &field : modify.updates) {
      if (field.keyKind == Field::KeyKind::Computed)
        continue;
      std::string key, shown;
      if (field.keyKind == Field::KeyKind::Name) {
        key = "n" + std::string(field.name);
        shown = field.name;
      } else {
        shown = field.index->numberKind == NumberKind::Int ? std::to_string(field.index->intValue)
                                                           : std::string(field.index->text);
        key = "i" + shown;
      }
      if (!seen.insert(key).second)
        sink_.report(diag::make<Id::DuplicateModifyKey>(field.keyRange, shown));
    }
  }

  void checkSharedWrite(const SharedWrite &write) {
    auto at = globals_.find(write.resource.text);
    const Shared *resource = at == globals_.end() ? nullptr : dynCast<Shared>(at->second);
    if (!resource) {
      sink_.report(diag::make<Id::UnknownSharedResource>(write.resource.range, write.resource.text))
          .note("to change a variable, write `SET` before its name");
      return;
    }
    if (!write.key && resource->sharedKind == SharedKind::Many)
      sink_.report(diag::make<Id::SharedWriteNeedsKey>(write.resource.range));
    if (write.key)
      checkExpr(*write.key);
    checkExpr(*write.value);
  }

  // --- Expressions ------------------------------------------------------------------------------

  void checkExpr(const Expr &expr) {
    if (const auto *identifier = dynCast<Identifier>(&expr))
      return checkVisible(identifier->name, identifier->range);
    if (const auto *call = dynCast<Call>(&expr))
      checkVisible(call->callee.text, call->callee.range);
    if (const auto *comprehension = dynCast<Comprehension>(&expr)) {
      checkExpr(*comprehension->iterable);
      Scope scope(*this);
      declare(comprehension->variable.text);
      if (comprehension->where)
        checkExpr(*comprehension->where);
      return checkExpr(*comprehension->map);
    }
    if (const auto *tried = dynCast<TryCatch>(&expr)) {
      checkExpr(*tried->tried);
      Scope scope(*this);
      declare(tried->handler.variable.text);
      return checkExpr(*tried->fallback);
    }
    if (const auto *lambda = dynCast<Lambda>(&expr)) {
      Scope scope(*this);
      for (const Name &param : lambda->params)
        declare(param.text);
      if (lambda->body)
        return checkExpr(*lambda->body);
      return checkStatements(*lambda->block);
    }
    forEachChild(expr, [this](const auto &child) { checkChild(child); });
  }
  void checkChild(const Expr &expr) { checkExpr(expr); }
  void checkChild(const Block &block) { checkBlock(block); }

  const Program &program_;
  DiagnosticSink &sink_;
  const Options &options_;
  Globals globals_;
  const std::set<std::string_view> *transformShared_ = nullptr;
  std::vector<std::vector<std::string_view>> scopes_;
  std::unordered_map<std::string_view, std::vector<size_t>> open_; // name → depths of its scopes
};

} // namespace

void check(const Program &program, DiagnosticSink &sink, const Options &options) {
  NameChecker(program, sink, options).run();
  TypeChecker types(program, sink);
  bool hasTransform = false;
  for (const Decl *decl : program.decls)
    if (const auto *transform = dynCast<Transform>(decl)) {
      hasTransform = true;
      types.check(*transform);
    }
  if (!hasTransform)
    sink.report(diag::make<Id::NoTransform>(SourceRange{}));
  // A misspelt name makes its LET look unread; such remarks wait until the errors are gone.
  if (!sink.hasErrors())
    checkLint(program, sink);
}

} // namespace branchline::sema
