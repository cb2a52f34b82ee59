// How deep calls can nest, as far as the program text tells: inlining takes a call away that counts
// against the call depth limit (D21), which is only invisible where the limit is far. Private to
// inline and library-loops.
#pragma once

#include "Edits.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Opt/PassManager.h"

#include <optional>
#include <span>
#include <vector>

namespace branchline::opt {

/// The closure.new whose function value this value certainly is; null when that is not known. Looks
/// through checks of callees.
const ir::Inst *closureOf(const ir::Function &fn, const std::vector<Definition> &definitions,
                          ValueId value);

/// Whether an instruction occurs in a function.
bool hasOp(const ir::Function &fn, ir::Op op);

/// The operand with the function that a library call calls back; nothing when it calls none back.
std::optional<size_t> callbackOperand(const ir::Inst &libraryCall);

/// The call depths of all functions of a module, as it was when this was made. Inlining what
/// `mayInline` allows keeps all of them right as upper bounds.
class CallDepths {
public:
  explicit CallDepths(const ir::Module &module);

  /// Whether no activation of the caller, of the callee below it, or of anything the callee calls
  /// can meet the limit, with the call or without it.
  bool mayInline(ir::FunctionId caller, ir::FunctionId callee) const {
    return above_[caller] != ir::kNone && below_[callee] != ir::kNone &&
           above_[caller] + 1 + below_[callee] <= kInlinedCallDepth;
  }
  /// All functions, callees before callers where they do not call each other in a circle.
  const std::vector<ir::FunctionId> &calleesFirst() const { return calleesFirst_; }

private:
  using Edges = std::vector<std::vector<uint32_t>>;
  void collect(const ir::Module &module, ir::FunctionId id);
  void collectEscapes(const ir::Function &fn, const std::vector<Definition> &definitions);
  std::vector<bool> keepReached(const ir::Module &module);
  static std::vector<uint32_t> longestFrom(const Edges &out, const Edges &in, uint32_t unknown,
                                           std::vector<uint32_t> &order);

  // By function; the node behind the last function stands for calls of values that are not known.
  Edges calls_;
  std::vector<bool> escapes_;   // whether such a call may reach the function
  std::vector<uint32_t> above_; // most activations around one of the function; kNone: no bound, or
                                // no way there
  std::vector<uint32_t> below_; // most activations nested in one of the function; kNone: no bound
  std::vector<ir::FunctionId> calleesFirst_;
};

} // namespace branchline::opt
