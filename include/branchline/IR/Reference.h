// The reference page of the instructions, printed from Instrs.def.
#pragma once

#include <string>

namespace branchline::ir {

/// The whole of docs/reference/ir.md: one table of instructions per group, and the roles and
/// effects they name.
std::string printInstructionReference();

} // namespace branchline::ir
