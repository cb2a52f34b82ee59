// Rounding of an exact binary fraction to the nearest double. Shared by big integers, decimals and
// hexadecimal floating literals, so that ties and subnormals are decided in one place.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace branchline {

/// The double nearest to `top`·2^`exponent`, ties to even.
/// \param top       leading bits of the magnitude; at least 55 of them when `sticky` is set and the
///                  result is normal.
/// \param exponent  power of two of the lowest bit of `top`.
/// \param sticky    true when non-zero bits below `top` were cut off.
inline double roundToDouble(std::uint64_t top, std::int64_t exponent, bool sticky,
                            bool negative) noexcept {
  const double sign = negative ? -1.0 : 1.0;
  if (top == 0)
    return sign * 0.0;
  const int leading = std::countl_zero(top);
  top <<= leading;
  exponent -= leading;
  const std::int64_t topExponent = exponent + 63;
  if (topExponent > 1023)
    return sign * std::numeric_limits<double>::infinity();
  // 53 bits stay for a normal result; a subnormal one keeps what lies above 2^-1074.
  std::int64_t drop = 11;
  if (topExponent < -1022)
    drop += -1022 - topExponent;
  if (drop > 64)
    return sign * 0.0;
  const std::uint64_t kept = drop == 64 ? 0 : top >> drop;
  const std::uint64_t half = std::uint64_t{1} << (drop - 1);
  const std::uint64_t rest = drop == 64 ? top : top & ((half << 1) - 1);
  const bool up = rest > half || (rest == half && (sticky || (kept & 1) != 0));
  return sign *
         std::ldexp(static_cast<double>(kept + (up ? 1 : 0)), static_cast<int>(exponent + drop));
}

} // namespace branchline
