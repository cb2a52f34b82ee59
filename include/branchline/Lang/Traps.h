// The catalogue of run-time errors as an enum with code, type and message; table: Traps.def.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace branchline {

enum class TrapId : uint8_t {
#define BL_TRAP(Name, Code, Type, Catchable, Format, Rule) Name,
#include "branchline/Lang/Traps.def"
};

struct TrapRow {
  std::string_view name;
  uint16_t code;
  std::string_view type; // what CATCH sees
  bool catchable;
  std::string_view format;
  std::string_view rule;
};

inline constexpr auto kTraps = [] {
  constexpr bool Yes = true, No = false;
  (void)Yes;
  (void)No;
  return std::to_array<TrapRow>({
#define BL_TRAP(Name, Code, Type, Catchable, Format, Rule)                                         \
  {#Name, Code, Type, Catchable, Format, Rule},
#include "branchline/Lang/Traps.def"
  });
}();

constexpr const TrapRow &info(TrapId id) { return kTraps[static_cast<size_t>(id)]; }

} // namespace branchline
