// Which line each piece of code comes from, out of the debug information of an object file. Knows
// the one form that DebugInfo.cpp makes: DWARF 4, one source. Private to JIT.
#pragma once

#include "branchline/JIT/ObjectLoader.h"

#include <string_view>
#include <vector>

namespace branchline::jit {

/// \param section  `.debug_line` with addresses in place; any bytes
/// \returns rows in order of their places in the section, as far as it makes sense
/// \complexity O(bytes)
std::vector<MachineCode::Line> readLineTable(std::string_view section);

} // namespace branchline::jit
