// The commands that compile without running: `check`, `compile` and `opt`.
#pragma once

#include "branchline/Driver/Report.h"

namespace branchline::driver {

/// Reports the findings about each operand. \returns the worst status of all files
ExitStatus runCheck(const CommandLine &line, Reporter &reporter);

/// Prints what the stage named by --emit makes of the operand.
ExitStatus runCompile(const CommandLine &line, Reporter &reporter);

/// Reads, verifies and prints IR.
ExitStatus runOpt(const CommandLine &line, Reporter &reporter);

} // namespace branchline::driver
