// Entry points of the library functions; names, arities and docs are in Lang/Builtins.def.
#pragma once

#include "branchline/Lang/Builtins.h"
#include "branchline/Runtime/Context.h"

#include <span>

namespace branchline::runtime {

/// Calls a library function: checks the count first (R3.1.7), then runs it.
/// \param args  borrowed for the call; the function may move from them.
/// \errors LibraryUsage for a wrong count, else what the function's rule says.
Result<Value> callBuiltin(Context &context, Builtin builtin, std::span<Value> args);

} // namespace branchline::runtime
