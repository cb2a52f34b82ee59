// The entry point of the command line: arguments in, exit status out.
#pragma once

#include "branchline/Driver/Report.h"

#include <span>
#include <string_view>

namespace branchline::driver {

/// Does what a command line asks. Runs on a thread with a large stack, so that nesting ends at
/// counted limits.
/// \param program    the name the process was called by, `argv[0]`
/// \param arguments  the rest of `argv`, borrowed for the call
ExitStatus runCommandLine(std::string_view program, std::span<const std::string_view> arguments,
                          System &system);

} // namespace branchline::driver
