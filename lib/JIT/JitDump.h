// Tells perf everything about functions in memory: names, code and lines, from which `perf inject
// --jit` makes object files. Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/ObjectLoader.h"

#include <string>

namespace branchline::jit {

/// Appends the functions of a program to the dump of this process. Failures are no failures of the
/// run.
/// \param folder  where the dump is, for the first program of the process
/// \param source  the path of the program text, for lines
void writeJitDump(const MachineCode &code, const ir::Module &module, const std::string &folder,
                  const std::string &source);

} // namespace branchline::jit
