// The reference page of the instruction set, printed from its table.
#pragma once

#include <string>

namespace branchline::bytecode {

/// Markdown: every instruction with its operands, effects and rule; kept as
/// docs/reference/bytecode.md.
std::string printOpcodeReference();

} // namespace branchline::bytecode
