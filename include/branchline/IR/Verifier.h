// Checks the invariants of BIR. Always built; runs after IRGen, after the IR parser and, on
// request, after every pass.
#pragma once

#include "branchline/IR/Module.h"

#include <string>
#include <vector>

namespace branchline::ir {

/// One broken invariant.
struct VerifierError {
  std::string function;
  std::string block;   // label; empty: the function itself
  std::string message; // lower case, no final period
};

/// All broken invariants, in order of functions and blocks; empty when the module is valid.
std::vector<VerifierError> verify(const Module &module);

/// One line per error: `@fn, block: message`.
std::string renderVerifierErrors(const std::vector<VerifierError> &errors);

} // namespace branchline::ir
