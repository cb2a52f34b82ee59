// Functions that an embedding program adds to the language. They are called by name like library
// functions and are found after those.
#pragma once

#include "branchline/Runtime/Trap.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::runtime {

struct Context;

/// \param args borrowed for the call. \returns a value of the context's heap, or a trap.
using HostCallback = std::function<Result<Value>(Context &context, std::span<Value> args)>;

struct HostFunction {
  std::string name;
  uint8_t minArgs;
  uint8_t maxArgs; // kAnyCount: no bound
  HostCallback callback;
};

/// The functions of one host. Filled before programs are compiled, then only read.
class HostRegistry {
public:
  /// \errors LibraryArgument: `Std fn 'NAME' already defined`, `Std fn name must be non-blank`
  /// (R3.1.3); library names count as defined.
  Result<void> add(HostFunction function);
  const HostFunction *find(std::string_view name) const;
  const std::vector<HostFunction> &all() const { return functions_; }

private:
  std::vector<HostFunction> functions_;
  std::vector<uint32_t> byName_; // indices, ordered by name
};

/// Calls a host function after checking the number of arguments. \errors LibraryUsage
/// (`NAME expects MIN to MAX arguments, got N`), else what the function raises
Result<Value> callHost(Context &context, const HostFunction &function, std::span<Value> args);

} // namespace branchline::runtime
