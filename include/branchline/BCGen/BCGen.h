// Lowers BIR to bytecode: block order, register assignment, superinstructions, tables.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/IR/Module.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// Where the bytecode of a function keeps a value; nowhere: a position in a chain with one place.
struct ValuePlace {
  std::optional<uint32_t> reg;
  bool inCell = false; // the content of the cell in the register
};

/// The start of a block, for other engines to go on from.
struct BlockStart {
  ir::BlockId block;
  /// The variables by slot (the cell, when closures share the variable), then ir::liveOnEntry.
  std::vector<ValuePlace> values;
};

/// What starts at a word of a function that `generate` made of the same module.
/// \returns nothing when no block does. \complexity that of generating the function
std::optional<BlockStart> blockAt(const ir::Module &module, ir::FunctionId function, uint32_t word);

} // namespace branchline::bcgen
