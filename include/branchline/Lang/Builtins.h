// The library's functions as an enum with arity, usage and effect; the table is Builtins.def.
// The implementations are in Runtime.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace branchline {

enum class Builtin : uint8_t {
#define BL_BUILTIN(Name, Min, Max, Usage, Module, Effect, Result, Rule, Doc) Name,
#include "branchline/Lang/Builtins.def"
};

/// Upper bound of functions that take any number of arguments.
inline constexpr uint8_t kAnyCount = 255;

enum class BuiltinEffect : uint8_t { Pure, Calls, World };

struct BuiltinInfo {
  std::string_view name;
  uint8_t minArgs;
  uint8_t maxArgs;
  std::string_view usage;
  std::string_view module;
  BuiltinEffect effect;
  std::string_view result;
  std::string_view rule;
  std::string_view doc;
};

inline constexpr auto kBuiltins = std::to_array<BuiltinInfo>({
#define BL_BUILTIN(Name, Min, Max, Usage, Module, Effect, Result, Rule, Doc)                       \
  {#Name, Min, Max, Usage, Module, BuiltinEffect::Effect, Result, Rule, Doc},
#include "branchline/Lang/Builtins.def"
});

constexpr const BuiltinInfo &info(Builtin builtin) {
  return kBuiltins[static_cast<size_t>(builtin)];
}

/// The function of exactly that name, if there is one. \rule R3.1.4
std::optional<Builtin> findBuiltin(std::string_view name);

} // namespace branchline
