// The pieces of static analysis behind `sema::check`; private to Sema.
#pragma once

#include "branchline/Sema/Sema.h"

#include <unordered_map>

namespace branchline::sema {

/// The names declared at top level, by name; the first declaration wins.
using Globals = std::unordered_map<std::string_view, const syntax::Decl *>;

/// The declared name of a declaration; empty for an anonymous transform.
syntax::Name declaredName(const syntax::Decl &decl);

/// The type declarations of a program and what signatures make of them. \rule R1.16
class TypeChecker {
public:
  TypeChecker(const syntax::Program &program, DiagnosticSink &sink);

  /// Resolves the types of a signature, then compares input accesses and outputs of the transform
  /// with them.
  void check(const syntax::Transform &transform);

private:
  bool resolve(const syntax::TypeExpr &type, const syntax::TypeDecl *inside);
  bool resolveNamed(const syntax::NamedType &named, const syntax::TypeDecl *inside);

  std::unordered_map<std::string_view, const syntax::TypeDecl *> decls_;
  enum class State : uint8_t { Resolving, Good, Bad };
  std::unordered_map<const syntax::TypeDecl *, State> states_;
  DiagnosticSink &sink_;
};

/// The type a reference stands for, through any number of names; null for an unresolved one.
using TypeDecls = std::unordered_map<std::string_view, const syntax::TypeDecl *>;
const syntax::TypeExpr *underlying(const syntax::TypeExpr *type, const TypeDecls &decls);

/// Warnings about accesses to the input and about outputs that contradict a signature whose types
/// are resolved. \rule R1.16.5-R1.16.7
void checkContracts(const syntax::Transform &transform, const TypeDecls &decls,
                    DiagnosticSink &sink);

/// Warnings that need no types: unreachable statements, LETs never read, statements without effect,
/// names hidden by the library (D29).
void checkLint(const syntax::Program &program, DiagnosticSink &sink);

} // namespace branchline::sema
