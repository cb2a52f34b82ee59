// Static analysis of a parsed program: the static rules (R1.15, R1.16), warnings, and the scope
// tree that says which names each activation may bind. Run-time name resolution (chains of slots)
// is derived from that tree by IRGen.
#pragma once

#include "branchline/Support/Diagnostic.h"
#include "branchline/Syntax/AST.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace branchline::sema {

/// The names one activation may bind: parameters, LETs, loop, comprehension and CATCH variables of
/// its body, but not of functions inside it. There is one scope per activation (R2.3.3).
struct FunctionScope {
  enum class Kind : uint8_t { Transform, Func, Lambda } kind;
  const FunctionScope *parent = nullptr; // of a lambda: where it was written
  std::unordered_set<std::string_view> bound;
  bool binds(std::string_view name) const { return bound.contains(name); }
};

/// Scopes by node (Transform, Func or Lambda).
class ScopeTree {
public:
  const FunctionScope &of(const void *node) const { return *scopes_.at(node); }
  FunctionScope &add(const void *node, FunctionScope::Kind kind, const FunctionScope *parent);

private:
  std::unordered_map<const void *, std::unique_ptr<FunctionScope>> scopes_;
};

/// Collects the scopes of all functions of a program.
ScopeTree buildScopes(const syntax::Program &program);

struct Options {
  /// Functions the host adds to the library (visible names, called before variables).
  std::span<const std::string> hostFunctions;
  /// The program's text, for hints that look at it; may be null.
  const SourceText *source = nullptr;
};

/// Checks a program and reports to `sink`; warnings never change what a program does.
/// \errors every BL2xxx row of Lang/Diagnostics.def
void check(const syntax::Program &program, DiagnosticSink &sink, const Options &options = {});

} // namespace branchline::sema
