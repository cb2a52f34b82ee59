// The registry of host functions. \rule R3.1.3
#include "branchline/Runtime/HostFunctions.h"

#include "branchline/Lang/Builtins.h"

#include <algorithm>

namespace branchline::runtime {

Result<void> HostRegistry::add(HostFunction function) {
  const bool blank = std::all_of(function.name.begin(), function.name.end(),
                                 [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  if (blank)
    return trap<TrapId::LibraryArgument>("Std fn name must be non-blank");
  if (find(function.name) || findBuiltin(function.name))
    return trap<TrapId::LibraryArgument>(fmt::format("Std fn '{}' already defined", function.name));
  const auto index = static_cast<uint32_t>(functions_.size());
  const auto at = std::lower_bound(
      byName_.begin(), byName_.end(), std::string_view(function.name),
      [this](uint32_t i, std::string_view name) { return functions_[i].name < name; });
  byName_.insert(at, index);
  functions_.push_back(std::move(function));
  return {};
}

const HostFunction *HostRegistry::find(std::string_view name) const {
  const auto at =
      std::lower_bound(byName_.begin(), byName_.end(), name,
                       [this](uint32_t i, std::string_view n) { return functions_[i].name < n; });
  return at != byName_.end() && functions_[*at].name == name ? &functions_[*at] : nullptr;
}

Result<Value> callHost(Context &context, const HostFunction &function, std::span<Value> args) {
  bool bounded = function.maxArgs != kAnyCount;
  if (args.size() < function.minArgs || (bounded && args.size() > function.maxArgs))
    return trap<TrapId::LibraryUsage>(
        bounded ? fmt::format("{} expects {} to {} arguments, got {}", function.name,
                              function.minArgs, function.maxArgs, args.size())
                : fmt::format("{} expects at least {} arguments, got {}", function.name,
                              function.minArgs, args.size()));
  return function.callback(context, args);
}

} // namespace branchline::runtime
