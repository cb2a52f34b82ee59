// Kernels on machine numbers: 64-bit integers with overflow reports, comparison of doubles in total
// order, and conversions between the two. Everything is inline because the engines call it per
// operation; what happens on overflow (promotion, D4) is up to the caller.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace branchline {

/// The smallest machine integer, the one whose magnitude does not fit.
inline constexpr std::int64_t kMinInt64 = std::numeric_limits<std::int64_t>::min();
/// The largest machine integer.
inline constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

/// \name Checked arithmetic
/// Each function stores the exact result and returns false, or returns true on 64-bit overflow,
/// when `out` holds nothing useful.
/// \rule R2.7.3, D4
/// @{

/// a + b.
[[nodiscard]] inline bool addOverflows(std::int64_t a, std::int64_t b, std::int64_t &out) noexcept {
  return __builtin_add_overflow(a, b, &out);
}
/// a - b.
[[nodiscard]] inline bool subOverflows(std::int64_t a, std::int64_t b, std::int64_t &out) noexcept {
  return __builtin_sub_overflow(a, b, &out);
}
/// a * b.
[[nodiscard]] inline bool mulOverflows(std::int64_t a, std::int64_t b, std::int64_t &out) noexcept {
  return __builtin_mul_overflow(a, b, &out);
}
/// -a; only the minimum overflows.
[[nodiscard]] inline bool negOverflows(std::int64_t a, std::int64_t &out) noexcept {
  return __builtin_sub_overflow(std::int64_t{0}, a, &out);
}
/// |a|; only the minimum overflows.
[[nodiscard]] inline bool absOverflows(std::int64_t a, std::int64_t &out) noexcept {
  out = a;
  return a < 0 && negOverflows(a, out);
}
/// a / b rounded toward zero. \param b not zero. \rule R2.7.6
[[nodiscard]] inline bool divOverflows(std::int64_t a, std::int64_t b, std::int64_t &out) noexcept {
  if (b == -1)
    return negOverflows(a, out);
  out = a / b;
  return false;
}
/// `base` to the power `exponent`; anything to the power zero is one. \rule D24
[[nodiscard]] inline bool powOverflows(std::int64_t base, std::uint64_t exponent,
                                       std::int64_t &out) noexcept {
  std::int64_t result = 1;
  for (;;) {
    if ((exponent & 1) != 0 && mulOverflows(result, base, result))
      return true;
    exponent >>= 1;
    if (exponent == 0)
      break;
    // A square that overflows is a factor of the result, which then overflows too: its magnitude
    // is beyond 64 bits and later factors are at least one, except for base 0, which cannot get
    // here.
    if (mulOverflows(base, base, base))
      return true;
  }
  out = result;
  return false;
}
/// @}

/// The remainder of division toward zero, with the sign of `a`; never overflows.
/// \param b         not zero.
/// \rule R2.7.6
[[nodiscard]] inline std::int64_t remTrunc(std::int64_t a, std::int64_t b) noexcept {
  return b == -1 ? 0 : a % b;
}

/// -1, 0 or 1 for machine integers.
[[nodiscard]] constexpr int compareInts(std::int64_t a, std::int64_t b) noexcept {
  return (a > b) - (a < b);
}

/// -1, 0 or 1 in the order -inf < … < -0.0 < 0.0 < … < inf < NaN; all NaNs are equal.
/// \rule R2.5.3
[[nodiscard]] inline int compareTotal(double a, double b) noexcept {
  if (a < b)
    return -1;
  if (a > b)
    return 1;
  const bool aNan = a != a;
  const bool bNan = b != b;
  if (aNan || bNan)
    return static_cast<int>(aNan) - static_cast<int>(bNan);
  // Equal values differ only as the two zeros do.
  return static_cast<int>(std::signbit(b)) - static_cast<int>(std::signbit(a));
}

/// Same bits, with all NaNs equal: strict equality of doubles. \rule R2.5.2
[[nodiscard]] inline bool identical(double a, double b) noexcept {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (a != a && b != b);
}

/// The nearest double, ties to even. \rule R2.7.5
[[nodiscard]] constexpr double toDouble(std::int64_t value) noexcept {
  return static_cast<double>(value);
}

/// The integer part, clamped to 64 bits; NaN gives 0. \rule R3.9.6 (L of W)
[[nodiscard]] inline std::int64_t toInt64Saturating(double value) noexcept {
  if (value >= 0x1p63)
    return kMaxInt64;
  if (value < -0x1p63)
    return kMinInt64;
  return value != value ? 0 : static_cast<std::int64_t>(value);
}

/// The value as a machine integer when it is whole and in range; -0.0 gives 0.
[[nodiscard]] inline std::optional<std::int64_t> toInt64Exact(double value) noexcept {
  if (!(value >= -0x1p63 && value < 0x1p63))
    return std::nullopt;
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value)
    return std::nullopt;
  return whole;
}

} // namespace branchline
