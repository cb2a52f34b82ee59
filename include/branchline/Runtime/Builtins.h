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

/// What RANGE(first, last) goes through, one number after the other.
struct RangeBounds {
  int64_t first;
  uint32_t count; // at least 1
  bool down;
};

/// RANGE(first, last) for engines that run it as a loop without a list: its conversions and limits,
/// but for the memory a list would need.
/// \errors LibraryArgument, IndexNotInteger, ValueLimit. \rule R3.4.5, D23
Result<RangeBounds> rangeBounds(const Value &first, const Value &last);

/// The text of NOW for a time: UTC, with a fraction of 3, 6 or 9 digits when there is one.
/// \param time      from the year 0 to the year 9999.
/// \rule R3.10.1
std::string timeText(std::chrono::sys_time<std::chrono::nanoseconds> time);

} // namespace branchline::runtime
