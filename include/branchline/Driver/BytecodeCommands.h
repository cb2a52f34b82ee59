// The commands on bytecode files that do not run them: `disasm`, `as` and `verify`.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Driver/Report.h"

namespace branchline::driver {

/// Prints a bytecode file as text.
ExitStatus runDisasm(const CommandLine &line, Reporter &reporter);

/// Makes a bytecode file from its text.
ExitStatus runAs(const CommandLine &line, Reporter &reporter);

/// Checks bytecode files. \returns the worst status of all of them
ExitStatus runVerify(const CommandLine &line, Reporter &reporter);

/// Writes a program to the file of --output or to standard output, stripped when --strip is given;
/// to a terminal as text.
ExitStatus writeProgram(const CommandLine &line, const bytecode::Program &program,
                        Reporter &reporter);

} // namespace branchline::driver
