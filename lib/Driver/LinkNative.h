// `blc compile --emit=exe|shared`: native code with its image, linked with the runtime. Private to
// Driver.
#pragma once

#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/Report.h"
#include "branchline/JIT/JIT.h"

namespace branchline::driver {

/// What --debug-info asks for.
jit::DebugOptions debugOptionsOf(const CommandLine &line, const Compilation &compilation,
                                 const System &system);

/// Writes a program or a shared library to the file of --output.
/// \param compilation  its module is as it is to run
ExitStatus linkNative(const CommandLine &line, const Compilation &compilation, Reporter &reporter);

} // namespace branchline::driver
