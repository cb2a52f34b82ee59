// Entry points of the library functions; names, arities and docs are in Lang/Builtins.def.
#pragma once

#include "branchline/Lang/Builtins.h"
#include "branchline/Runtime/Context.h"

#include <chrono>
#include <span>
#include <string>

namespace branchline::runtime {

/// Calls a library function: checks the count first (R3.1.7), then runs it.
/// \param args  borrowed for the call; the function may move from them.
/// \errors LibraryUsage for a wrong count, else what the function's rule says.
Result<Value> callBuiltin(Context &context, Builtin builtin, std::span<Value> args);

/// The check of a library function's list argument, for functions that engines run as loops.
/// \param builtin  MAP, FILTER, FIND, SOME, EVERY, REDUCE, SUM or AVG. \errors LibraryState
Result<void> checkListArgument(Builtin builtin, const Value &list);

/// One step of SUM or AVG. \param sum  so far, starting with the integer 0.
/// \errors LibraryArgument when `item` is no number, MixedPrecision
Result<Value> sumStep(Heap &heap, Builtin builtin, const Value &sum, const Value &item);

/// The text of NOW for a time: UTC, with a fraction of 3, 6 or 9 digits when there is one.
/// \param time      from the year 0 to the year 9999.
/// \rule R3.10.1
std::string timeText(std::chrono::sys_time<std::chrono::nanoseconds> time);

} // namespace branchline::runtime
