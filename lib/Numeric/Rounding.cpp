// Rounding to whole numbers and to multiples of powers of ten, for each kind of number.
#include "branchline/Numeric/Rounding.h"

#include "BigIntAccess.h"
#include "PowersOf10.h"
#include "branchline/Numeric/IntOps.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace branchline {

namespace {

/// 10^n as the nearest double, infinite beyond 308.
double powerOf10(std::uint64_t n) noexcept {
  if (n < kExactPowersOf10.size())
    return kExactPowersOf10[n];
  if (n > 308)
    return std::numeric_limits<double>::infinity();
  std::array<char, 8> text{'1', 'e'};
  const auto written = std::to_chars(text.data() + 2, text.data() + text.size(), n);
  double power = 0;
  std::from_chars(text.data(), written.ptr, power);
  return power;
}

} // namespace

NarrowInt narrow(BigInt value) noexcept {
  if (const auto small = value.toInt64())
    return {*small, std::nullopt};
  return {0, std::move(value)};
}

double roundHalfEven(double value) noexcept {
  if (!std::isfinite(value))
    return value;
  const double floor = std::floor(value);
  const double rest = value - floor;
  if (rest < 0.5)
    return floor;
  if (rest > 0.5)
    return floor + 1;
  return std::fmod(floor, 2) == 0 ? floor : floor + 1;
}

double roundDouble(double value, std::int64_t precision) noexcept {
  if (!std::isfinite(value))
    return value;
  if (precision == 0)
    return roundHalfEven(value);
  const auto bits = static_cast<std::uint64_t>(precision);
  const double factor = powerOf10(precision < 0 ? 0 - bits : bits);
  if (precision > 0) {
    const double scaled = value * factor; // also infinite when the factor is
    return std::isinf(scaled) || std::isinf(factor) ? value : roundHalfEven(scaled) / factor;
  }
  if (std::isinf(factor))
    return std::copysign(0.0, value);
  return roundHalfEven(value / factor) * factor;
}

std::optional<NarrowInt> wholeToInt(double value) noexcept {
  if (!std::isfinite(value))
    return std::nullopt;
  const std::int64_t small = toInt64Saturating(value);
  // The saturated maximum counts as equal to 2^63, as in the reference.
  if (toDouble(small) == value)
    return NarrowInt{small, std::nullopt};
  const auto decimal = Decimal::fromDouble(value);
  auto whole = toBigInt(*decimal, RoundingMode::Down);
  if (!whole)
    return std::nullopt;
  return narrow(std::move(*whole));
}

NarrowInt roundToMultiple(std::int64_t value, std::uint64_t k) noexcept {
  mp_limb_t limb = 0;
  auto rounded = roundToMultiple(BigInt::viewInt64(value, limb), k);
  return rounded ? std::move(*rounded) : NarrowInt{}; // never beyond 10^19
}

std::optional<NarrowInt> roundToMultiple(const BigInt &value, std::uint64_t k) noexcept {
  // Below a tenth of a unit the result is zero, however large k is.
  if (k > value.digitCount())
    return NarrowInt{};
  const auto unit = pow10(k);
  if (!unit)
    return std::nullopt;
  BigQuotient parts = divRemTrunc(value, *unit);
  BigInt doubled;
  mpz_mul_2exp(BigIntAccess::write(doubled), parts.remainder.gmp(), 1);
  const int order = compareMagnitude(doubled, *unit);
  if (order > 0 || (order == 0 && parts.quotient.isOdd())) {
    const mpz_ptr q = BigIntAccess::write(parts.quotient);
    if (value.isNegative())
      mpz_sub_ui(q, q, 1);
    else
      mpz_add_ui(q, q, 1);
  }
  auto result = mul(parts.quotient, *unit);
  if (!result)
    return std::nullopt;
  return narrow(std::move(*result));
}

std::optional<NarrowInt> roundToMultiple(const Decimal &value, std::uint64_t k) noexcept {
  // A multiple of 10^k is a decimal of scale -k. Below a tenth of a unit the result is zero, and no
  // power of ten is needed to see it, however large k is.
  if (value.isZero() || static_cast<std::int64_t>(std::min<std::uint64_t>(k, 1U << 30)) >
                            value.adjustedExponent() + 1)
    return NarrowInt{};
  const auto rounded = setScale(value, -static_cast<std::int64_t>(k), RoundingMode::HalfEven);
  if (!rounded.ok())
    return std::nullopt;
  auto whole = toBigInt(rounded.value, RoundingMode::Down);
  if (!whole)
    return std::nullopt;
  return narrow(std::move(*whole));
}

} // namespace branchline
