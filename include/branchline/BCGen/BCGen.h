// Lowers BIR to bytecode: block order, register assignment, superinstructions, tables.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/IR/Module.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <string>

namespace branchline::bcgen {

struct Options {
  std::string sourceName;
  std::string source; // kept in the program for error messages
};

/// \param module  verified; optimised or not. \returns a program that verifies
/// \errors BL5302 when a function has inlined calls; BL5301 when a function needs more registers,
/// constants or words than the encoding has
Expected<std::unique_ptr<bytecode::Program>, Error> generate(const ir::Module &module,
                                                             const Options &options = {});

} // namespace branchline::bcgen
