// Lowers one activation (transform, FUNC or lambda) to a BIR function; private to IRGen.
#pragma once

#include "branchline/IR/Builder.h"
#include "branchline/IRGen/IRGen.h"
#include "branchline/Sema/Sema.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace branchline::irgen {

using ir::BlockId;
using ir::Op;
using ir::Operand;
using ir::ValueId;

/// What all functions of one module share while it is made.
struct ModuleGen {
  ModuleGen(ir::Module &made, const SourceText &text, const Options &given, sema::ScopeTree tree)
      : module(made), source(text), options(given), scopes(std::move(tree)) {}

  ir::Module &module;
  const SourceText &source;
  const Options &options;
  sema::ScopeTree scopes;
  std::unordered_map<std::string_view, ir::FunctionId> funcs; // by source name
  std::unordered_set<std::string> functionNames;              // taken names of the module

  /// A name no other function of the module has, as close to `wanted` as possible.
  std::string uniqueName(std::string wanted);
  bool isHostFunction(std::string_view name) const;

  ir::Loc place(uint32_t offset) const { return source.lineColumn(offset); }
};

/// A chain of variables that a name may mean, innermost first (R2.3.4-R2.3.5).
using Chain = std::vector<Operand>;

/// Generates one function. Lambdas are generated while their parent is.
class FunctionGen {
public:
  FunctionGen(ModuleGen &context, ir::FunctionId id, const sema::FunctionScope &scope,
              FunctionGen *parent);

  void genTransform(const syntax::Transform &transform,
                    const std::vector<std::string_view> &sharedNames);
  void genBody(std::span<const syntax::Name> params, const syntax::Expr *body,
               const syntax::Block *block);

private:
  // --- Names (Names.cpp) ---
  /// Every variable the name may mean here. With `fromInput`, the transform's slot takes part even
  /// if only an input key can bind it.
  Chain resolve(std::string_view name, bool fromInput = true);
  uint32_t slotOf(std::string_view name);
  Operand variableOf(FunctionGen &owner, uint32_t slot);
  ValueId readName(std::string_view name);
  void bindInputNames(const std::vector<std::string_view> &sharedNames);

  /// A variable that is bound for a while and then put back as it was (loops, CATCH).
  struct Borrowed {
    Chain chain;
    ValueId position;
    ValueId old;
  };
  Borrowed borrow(std::string_view name);
  void assign(const Borrowed &variable, ValueId value);
  void restore(const Borrowed &variable) { assign(variable, variable.old); }

  // --- Statements (Stmt.cpp) ---
  void genBlock(const syntax::Block &block);
  void genStmt(const syntax::Stmt &stmt);
  void genSetVar(const syntax::SetVar &set);
  void genOutput(const syntax::Output &output);
  void genIf(const syntax::If &stmt);
  void genForEach(const syntax::ForEach &loop);
  void genAbort(const syntax::Abort &abort);
  void genReturn(const syntax::Return &stmt);
  /// Leaves the activation from inside loops and handlers: puts back all borrowed variables.
  void leave(ValueId result);

  // --- Path writes (Paths.cpp) ---
  struct WritePath {
    Chain chain;
    ValueId position;
    ValueId root;
    std::vector<Operand> segments;
  };
  std::optional<WritePath> genPathInner(ir::PathOpKind op, const syntax::Access &target);
  void genPathKey(WritePath &path, const syntax::Segment &segment);
  static bool isPlainKey(const syntax::Segment &segment);
  Operand staticSegment(const syntax::Segment &segment);
  std::vector<Operand> writeOperands(const WritePath &path);
  void genSetPath(const syntax::SetPath &set);
  void genAppendVar(const syntax::AppendVar &append);
  void genAppendPath(const syntax::AppendPath &append);
  void genModify(const syntax::Modify &modify);

  // --- Error handling (Try.cpp) ---
  struct Attempt {
    BlockId handler;
    BlockId start = ir::kNone; // where a retry goes
    ValueId count = ir::kNone; // attempts made before this one
    BlockId outerHandler;
  };
  Attempt beginAttempt();
  void endAttempt(const Attempt &attempt);
  ValueId genRetries(const Attempt &attempt, const syntax::CatchClause &clause,
                     ValueId mark = ir::kNone);
  ValueId genTryCatch(const syntax::TryCatch &expr);
  void genTryExpr(const syntax::TryExpr &stmt);
  void genTryBlock(const syntax::TryBlock &stmt);
  template <class Body> void genFallback(std::string_view name, ValueId error, Body &&body);

  // --- Expressions (Expr.cpp) ---
  ValueId genExpr(const syntax::Expr &expr);
  ir::ConstId numberConstant(const syntax::NumberLiteral &number);
  ValueId genAccess(const syntax::Access &access);
  ValueId genStep(ValueId base, const syntax::Segment &segment, ValueId key);
  ValueId genFields(std::span<const syntax::Field> fields, ir::KeyRule rule, SourceRange token);
  ValueId genComprehension(const syntax::Comprehension &expr);
  ValueId genCall(const syntax::Call &call);
  ValueId genInvoke(const syntax::Invoke &invoke);
  ValueId genBinary(const syntax::Binary &binary);
  ValueId genLogical(const syntax::Binary &binary);
  ValueId genCoalesce(const syntax::Binary &binary);
  ValueId genUnary(const syntax::Unary &unary);
  ValueId genSuspend();
  ValueId genLambda(const syntax::Lambda &lambda);
  ValueId genIfElse(const syntax::IfElse &expr);
  ValueId genCase(const syntax::Case &expr);
  std::vector<Operand> genArgs(syntax::ExprList args);

  // --- Small things ---
  void at(SourceRange token) { b_.setLoc(context_.place(token.begin)); }
  bool isTransform() const { return scope_.kind == sema::FunctionScope::Kind::Transform; }
  /// Emits with the chain's variables first.
  ValueId emitOnChain(Op op, const Chain &chain, std::initializer_list<Operand> rest);
  void raise(TrapId id, std::initializer_list<std::string_view> texts = {});
  void branchTo(BlockId target, ValueId value) { b_.br(target, std::span(&value, 1)); }

  ModuleGen &context_;
  ir::Builder b_;
  const sema::FunctionScope &scope_;
  FunctionGen *parent_;
  std::unordered_map<std::string_view, uint32_t> slots_;
  std::map<std::pair<FunctionGen *, uint32_t>, uint32_t> captures_;
  std::vector<std::pair<FunctionGen *, uint32_t>> captureOrder_;
  std::vector<Borrowed> borrowed_; // active ones, outermost first
  bool outputAllowed_ = false;
  unsigned lambdas_ = 0;
};

} // namespace branchline::irgen
