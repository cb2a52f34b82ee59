// Tells perf the names of functions in memory. Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/ObjectLoader.h"

namespace branchline::jit {

/// Appends the functions of a program to the map file of this process. Failures are no failures of
/// the run.
void writePerfMap(const MachineCode &code, const ir::Module &module);

} // namespace branchline::jit
