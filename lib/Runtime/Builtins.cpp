// The table of library functions and the one way to call them. The table is printed from
// Lang/Builtins.def, so a function without an implementation does not link.
#include "branchline/Runtime/Builtins.h"

#include "BuiltinSupport.h"

namespace branchline::runtime {

namespace {

using Function = Result<Value> (*)(Context &context, library::Args args);

constexpr auto kFunctions = std::to_array<Function>({
#define BL_BUILTIN(Name, Min, Max, Usage, Module, Effect, Res, Rule, Doc) library::builtin##Name,
#include "branchline/Lang/Builtins.def"
});

} // namespace

Result<Value> callBuiltin(Context &context, Builtin builtin, std::span<Value> args) {
  const BuiltinInfo &row = info(builtin);
  if (args.size() < row.minArgs || (row.maxArgs != kAnyCount && args.size() > row.maxArgs))
    return trap<TrapId::LibraryUsage>(row.usage);
  return kFunctions[static_cast<size_t>(builtin)](context, args);
}

} // namespace branchline::runtime
