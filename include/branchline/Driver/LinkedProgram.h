// A compiled program as a process: its code is in the running program. The command line is that of
// `blc exec` without the file. Leaves out: the C interface of shared libraries (branchline-c).
#pragma once

#include "branchline/Driver/Report.h"
#include "branchline/Driver/System.h"
#include "branchline/Runtime/Native.h"

#include <span>
#include <string_view>

namespace branchline::driver {

/// Does what a command line asks of a compiled program. Runs on a thread with a large stack.
/// Without
/// --input it reads standard input.
/// \param path       `argv[0]`; reports name the program by its last part
/// \param arguments  the rest of `argv`, borrowed for the call
/// \param object     the program; lives as long as the process
ExitStatus runLinkedProgram(std::string_view path, std::span<const std::string_view> arguments,
                            const runtime::NativeObject &object, System &system);

} // namespace branchline::driver
