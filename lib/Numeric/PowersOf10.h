// Powers of ten that machine numbers hold exactly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace branchline {

/// 10^0 … 10^19 as integers: all that fit 64 bits.
inline constexpr auto kIntPowersOf10 = [] {
  std::array<std::uint64_t, 20> table{};
  std::uint64_t power = 1;
  for (std::uint64_t &entry : table) {
    entry = power;
    power *= 10;
  }
  return table;
}();

/// 10^0 … 10^22 as doubles: all that are exact.
inline constexpr std::array<double, 23> kExactPowersOf10 = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

} // namespace branchline
