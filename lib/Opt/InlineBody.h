// The body of a function put in the place of a call. Shared by inline and library-loops, which say
// when that is right; private to them.
#pragma once

#include "Clone.h"
#include "branchline/IR/Builder.h"

#include <vector>

namespace branchline::opt {

/// Whether copies of the body can stand in other functions. It must not have
///   - handlers: call stacks of traps rely on every handler being the outermost function's own;
///   - variables that closures share: each activation needs fresh ones, a function has one set;
///   - suspend: what a suspended run stores names the function that was suspended.
bool isCopyable(const ir::Function &callee);

/// Instructions of a function.
size_t sizeOf(const ir::Function &fn);

/// A call whose callee is known.
struct BodyCopy {
  ir::FunctionId callee;
  std::vector<ir::Operand> captures; // what the callee's captured variables are in the caller
  std::vector<ValueId> arguments;    // by position; those without parameter are dropped
  ir::Loc at;                        // of the call
  BlockId handler = ir::kNone;       // of the call
  BlockId next = ir::kNone;          // receives the result as its first parameter
};

/// The captured variables of a closure.new, for BodyCopy.
std::vector<ir::Operand> capturesOf(const ir::Inst &closure);

/// Whether a copy would name each variable once in a chain.
bool areDistinct(const std::vector<ir::Operand> &captures);

/// Appends a copy of the callee's body to the caller. Its variables are variables of the caller
/// that are bound anew each time the copy is entered: parameters to the arguments, all others, and
/// parameters without argument, to nothing. \returns the block to jump to
BlockId copyBody(ir::Module &module, ir::FunctionId caller, const BodyCopy &copy);

/// Cuts a block behind the instructions before `at`; the instruction there goes, the rest moves to
/// a new block with the same handler. \returns the new block; the old one has no terminator yet
BlockId splitBlock(ir::Builder &builder, BlockId block, size_t at, std::string_view label);

/// Removes what calls leave behind that are gone: function values that nobody reads any more, whose
/// variables then need not be shared, and the code behind a copy that never returns.
void dropLeftovers(ir::Module &module, ir::FunctionId caller);

} // namespace branchline::opt
