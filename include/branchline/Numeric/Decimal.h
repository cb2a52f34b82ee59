// Decimal numbers: an unscaled big integer and a power of ten, with the exact arithmetic, division
// to 34 digits, rounding and text forms of the language. Reading decimals from text is in
// NumberText.h; which operands may be mixed with decimals is for the runtime to decide.
#pragma once

#include "branchline/Numeric/BigInt.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace branchline {

/// Bound of |scale| of every decimal. \rule D8
inline constexpr std::int32_t kMaxDecimalScale = 1'000'000;

/// Significant digits of an inexact quotient or square root. \rule R2.7.8
inline constexpr int kDecimalPrecision = 34;

/// How an operation on decimals ended.
enum class DecimalStatus : std::uint8_t {
  Ok,
  DivisionByZero,     ///< a number other than zero divided by zero
  DivisionUndefined,  ///< zero divided by zero
  DivisionImpossible, ///< the integer quotient of a remainder has more than 34 significant digits
  Domain,             ///< square root of a negative number, or zero to a negative power
  Limit,              ///< the result has a scale or size beyond the limits (D8)
};

/// Which neighbour a number becomes when digits are dropped.
enum class RoundingMode : std::uint8_t { HalfEven, Floor, Ceiling, Down };

/// The value `unscaled()`·10^-`scale()`. There is no negative zero, no NaN and no infinity.
class Decimal {
public:
  /// Zero with scale 0.
  Decimal() noexcept = default;
  /// \param unscaled  may be a view; then the decimal borrows its limbs in the same way.
  /// \param scale     within ±kMaxDecimalScale.
  Decimal(BigInt unscaled, std::int32_t scale) noexcept;

  /// The integer with scale 0.
  [[nodiscard]] static Decimal fromInt(std::int64_t value) noexcept {
    return Decimal(BigInt(value), 0);
  }
  /// The decimal that the text of a double denotes: 1.0E-5 becomes 0.000010.
  /// \returns         nullopt for NaN and the infinities.
  /// \rule R3.9.2
  [[nodiscard]] static std::optional<Decimal> fromDouble(double value) noexcept;

  /// The integer that the scale applies to.
  [[nodiscard]] const BigInt &unscaled() const noexcept { return unscaled_; }
  /// Digits after the point; negative for multiples of a power of ten.
  [[nodiscard]] std::int32_t scale() const noexcept { return scale_; }
  /// -1, 0 or 1.
  [[nodiscard]] int sign() const noexcept { return unscaled_.sign(); }
  /// True for zero of any scale.
  [[nodiscard]] bool isZero() const noexcept { return unscaled_.isZero(); }
  /// The exponent of the first digit: 2 for 123.45. Meaningless for zero.
  [[nodiscard]] std::int64_t adjustedExponent() const noexcept {
    return static_cast<std::int64_t>(unscaled_.digitCount()) - 1 - scale_;
  }
  /// True when there is no fraction; the scale does not matter.
  [[nodiscard]] bool isInteger() const noexcept;

  /// The text of string conversion: `123.4500`, `1E+3`, `0E-8`.
  /// \rule R2.6.3, R3.2.8, R5.9.9
  [[nodiscard]] std::string toText() const;
  /// The text without exponent: `1000`, `0.0000001`, `0.00`.
  /// \complexity      O(digits + |scale|)
  /// \rule R5.4.6
  [[nodiscard]] std::string toPlain() const;
  /// The nearest double, ties to even; out of range gives an infinity or zero.
  /// \rule R2.7.5
  [[nodiscard]] double toDouble() const noexcept;
  /// A hash that agrees with identical().
  [[nodiscard]] std::uint64_t hash() const noexcept;

private:
  BigInt unscaled_;
  std::int32_t scale_ = 0;
};

/// A decimal, or the reason why there is none.
struct [[nodiscard]] DecimalResult {
  DecimalStatus status = DecimalStatus::Ok;
  Decimal value; ///< zero unless `status` is Ok

  /// True when `value` is the result.
  [[nodiscard]] bool ok() const noexcept { return status == DecimalStatus::Ok; }
};

/// A decimal from its parts. \errors Limit: the scale or the size is out of range.
DecimalResult makeDecimal(BigInt unscaled, std::int64_t scale) noexcept;

/// Exact sum with the larger scale. \errors Limit. \rule R2.7.8
DecimalResult add(const Decimal &a, const Decimal &b) noexcept;
/// Exact difference with the larger scale. \errors Limit. \rule R2.7.8
DecimalResult sub(const Decimal &a, const Decimal &b) noexcept;
/// Exact product; the scales add. \errors Limit. \rule R2.7.8
DecimalResult mul(const Decimal &a, const Decimal &b) noexcept;
/// Quotient to 34 digits, half up; an exact one comes as near to scale a - b as it can.
/// \errors          DivisionByZero, DivisionUndefined, Limit.
/// \rule R2.7.8, R3.5.4, R2.7.7
DecimalResult div(const Decimal &a, const Decimal &b) noexcept;
/// Exact remainder of the division rounded toward zero; the sign is that of `a`.
/// \errors          DivisionByZero, DivisionUndefined, DivisionImpossible, Limit.
/// \complexity      never expands the gap between very different magnitudes.
/// \rule R2.7.9, R2.7.7
DecimalResult rem(const Decimal &a, const Decimal &b) noexcept;
/// The negated value with the same scale. \rule R2.7.11
[[nodiscard]] Decimal neg(const Decimal &a) noexcept;
/// The magnitude with the same scale. \rule R3.9.1
[[nodiscard]] Decimal abs(const Decimal &a) noexcept;

/// Square root to 34 digits, half up, with trailing zeros dropped down to half the operand's scale.
/// \errors          Domain: `a` is negative.
/// \rule D24
DecimalResult sqrt(const Decimal &a) noexcept;
/// `base` to an integer power: exact for exponents >= 0, else 1 divided by the positive power.
/// \errors          Domain: zero to a negative power. Limit.
/// \rule D24
DecimalResult pow(const Decimal &base, const BigInt &exponent) noexcept;

/// -1, 0 or 1 by value; the scale does not matter.
/// \complexity      O(1) when signs or first-digit exponents differ; else one multiplication.
/// \rule R2.5.3
[[nodiscard]] int compare(const Decimal &a, const Decimal &b) noexcept;
/// compare() of the magnitudes.
[[nodiscard]] int compareMagnitude(const Decimal &a, const Decimal &b) noexcept;
/// Same unscaled value and same scale: `1.0` and `1.00` differ. \rule R2.5.2
[[nodiscard]] bool identical(const Decimal &a, const Decimal &b) noexcept;

/// The same value with exactly `scale` fraction digits, rounded if digits are dropped.
/// \errors          Limit.
/// \rule R3.9.6
DecimalResult setScale(const Decimal &a, std::int64_t scale, RoundingMode mode) noexcept;
/// The integer next to `a` in the direction of `mode`.
/// \returns         nullopt beyond kMaxBigBits.
/// \rule D24
[[nodiscard]] std::optional<BigInt> toBigInt(const Decimal &a, RoundingMode mode) noexcept;

} // namespace branchline
