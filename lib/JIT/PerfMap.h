// Tells perf the names of functions in memory. Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/ObjectLoader.h"

#include <map>
#include <string>

namespace branchline::jit {

/// What perf shows of the functions of a program, by symbol.
std::map<std::string, std::string, std::less<>> shownNames(const ir::Module &module);

/// Appends the functions of a program to the map file of this process. Failures are no failures of
/// the run.
void writePerfMap(const MachineCode &code, const ir::Module &module);

} // namespace branchline::jit
