// The pieces of ROUND and of other functions that turn a number into an integer: rounding half to
// even of each kind of number, and results that shrink to a machine integer when they fit. Checking
// arguments and choosing the piece by kind is the library function's business.
#pragma once

#include "branchline/Numeric/BigInt.h"
#include "branchline/Numeric/Decimal.h"

#include <cstdint>
#include <optional>

namespace branchline {

/// An integer as small as it can be: `big` is set exactly when the value does not fit 64 bits.
struct NarrowInt {
  std::int64_t small = 0;    ///< the value unless `big` is set
  std::optional<BigInt> big; ///< a value beyond 64 bits
};

/// Shrinks an integer to a machine integer when it fits. \rule R3.7.4, R3.9.6
[[nodiscard]] NarrowInt narrow(BigInt value) noexcept;

/// H(y): the nearest whole double, ties to even; small negative numbers give +0.0.
/// \rule R3.9.6
[[nodiscard]] double roundHalfEven(double value) noexcept;

/// RD(x, p): rounds to p digits after the point, or to a multiple of 10^-p, in double arithmetic.
/// \rule R3.9.6
[[nodiscard]] double roundDouble(double value, std::int64_t precision) noexcept;

/// W(x): a whole double as an integer; beyond 64 bits the integer that its text denotes.
/// \param value     whole, or not finite.
/// \returns         nullopt when `value` is not finite.
/// \rule R3.9.6
[[nodiscard]] std::optional<NarrowInt> wholeToInt(double value) noexcept;

/// RI(v, k): the nearest multiple of 10^k, ties to the even multiple.
/// \rule R3.9.6
[[nodiscard]] NarrowInt roundToMultiple(std::int64_t value, std::uint64_t k) noexcept;
/// RI(v, k) of a big integer. \returns nullopt when the result would exceed kMaxBigBits.
/// \rule R3.9.6
[[nodiscard]] std::optional<NarrowInt> roundToMultiple(const BigInt &value,
                                                       std::uint64_t k) noexcept;
/// The nearest multiple of 10^k to a decimal, ties to the even multiple.
/// \returns         nullopt when the result would exceed kMaxBigBits.
/// \rule R3.9.6
[[nodiscard]] std::optional<NarrowInt> roundToMultiple(const Decimal &value,
                                                       std::uint64_t k) noexcept;

} // namespace branchline
