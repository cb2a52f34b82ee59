// Decimal operations whose result may not be exact or may not exist: quotient, remainder, square
// root and power. Their scales follow the rules R2.7.8, R2.7.9 and D24; sums, products and text
// forms are in Decimal.cpp.
#include "branchline/Numeric/Decimal.h"

#include "BigIntAccess.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <utility>

namespace branchline {

namespace {

DecimalResult failed(DecimalStatus status) noexcept { return {status, {}}; }

/// u·10^exponent for a power that is known to be within the limits.
BigInt scaleUp(const BigInt &u, std::int64_t exponent) noexcept {
  auto scaled = mulPow10(u, static_cast<std::uint64_t>(std::max<std::int64_t>(exponent, 0)));
  BL_ASSERT(scaled.has_value(), "the caller has checked the size");
  return scaled ? std::move(*scaled) : BigInt();
}

/// True when u·10^exponent is within the limits.
bool fitsScaled(const BigInt &u, std::int64_t exponent) noexcept {
  return exponent <= 0 || u.digitCount() + static_cast<std::uint64_t>(exponent) < kMaxBigDigits;
}

/// Divides by ten while that is exact, at most `limit` times. \returns how often.
std::int64_t stripZeros(BigInt &u, std::int64_t limit) noexcept {
  const mpz_ptr number = BigIntAccess::write(u);
  std::int64_t count = 0;
  while (count < limit && mpz_sgn(number) != 0 && mpz_divisible_ui_p(number, 10) != 0) {
    mpz_divexact_ui(number, number, 10);
    ++count;
  }
  return count;
}

/// Cuts a positive number down to `keep` digits, half up.
struct Shortened {
  std::int64_t dropped; ///< digits lost, one more when the rounding carried into a new digit
  bool exact;           ///< only zeros were lost
};
Shortened shortenHalfUp(BigInt &u, std::size_t keep) noexcept {
  const std::size_t digits = u.digitCount();
  if (digits <= keep)
    return {0, true};
  const auto count = static_cast<std::int64_t>(digits - keep);
  BL_ASSERT(count <= 9, "only guard digits are cut");
  unsigned long divisor = 1;
  for (std::int64_t i = 0; i < count; ++i)
    divisor *= 10;
  const mpz_ptr number = BigIntAccess::write(u);
  const unsigned long rest = mpz_tdiv_q_ui(number, number, divisor);
  if (rest * 2 < divisor)
    return {count, rest == 0};
  mpz_add_ui(number, number, 1);
  if (u.digitCount() <= keep)
    return {count, false};
  mpz_divexact_ui(number, number, 10); // 99…9 became 100…0
  return {count + 1, false};
}

/// The remainder when the quotient is so long that its digits must not be written out: at least 40.
DecimalResult remOfLongQuotient(const Decimal &a, const Decimal &b) noexcept {
  const std::int64_t p = static_cast<std::int64_t>(a.scale()) - b.scale();
  const std::int64_t x = kDecimalPrecision + static_cast<std::int64_t>(b.unscaled().digitCount()) -
                         static_cast<std::int64_t>(a.unscaled().digitCount());
  if (!fitsScaled(a.unscaled(), x) || !fitsScaled(b.unscaled(), -x))
    return failed(DecimalStatus::Limit);
  // The quotient is head·10^e plus what its further digits give, with e = -x - p and 34 or 35
  // digits in the head.
  BigQuotient parts = divRemTrunc(scaleUp(a.unscaled(), x), scaleUp(b.unscaled(), -x));
  const std::int64_t zeros = stripZeros(parts.quotient, kDecimalPrecision);
  if (parts.quotient.digitCount() > kDecimalPrecision)
    return failed(DecimalStatus::DivisionImpossible);
  // The remainder of the head is that of the whole if and only if all further digits are zeros.
  const std::int64_t scale = a.scale() + std::max<std::int64_t>(x, 0);
  if (!parts.remainder.isZero()) {
    const std::int64_t adjusted =
        static_cast<std::int64_t>(parts.remainder.digitCount()) - 1 - scale;
    const std::int64_t limitExponent = b.adjustedExponent();
    if (adjusted > limitExponent)
      return failed(DecimalStatus::DivisionImpossible);
    if (adjusted == limitExponent) {
      const std::int64_t gap = scale - b.scale();
      const bool smaller = gap >= 0
                               ? compareMagnitude(parts.remainder, scaleUp(b.unscaled(), gap)) < 0
                               : compareMagnitude(scaleUp(parts.remainder, -gap), b.unscaled()) < 0;
      if (!smaller)
        return failed(DecimalStatus::DivisionImpossible);
    }
  }
  if (x <= 0 || p >= 0)
    return makeDecimal(std::move(parts.remainder), scale);
  // R2.7.9: the quotient has scale -min(t, -p) with t = e + zeros trailing zeros; what it has less
  // than e + x brings the scale of the remainder down to that of the dividend, digit by digit.
  const std::int64_t drop = std::min(zeros, x);
  stripZeros(parts.remainder, drop);
  return makeDecimal(std::move(parts.remainder), scale - drop);
}

} // namespace

DecimalResult div(const Decimal &a, const Decimal &b) noexcept {
  if (b.isZero())
    return failed(a.isZero() ? DecimalStatus::DivisionUndefined : DecimalStatus::DivisionByZero);
  const std::int64_t preferred = static_cast<std::int64_t>(a.scale()) - b.scale();
  if (a.isZero())
    return makeDecimal(BigInt(), preferred);
  // One guard digit: the quotient has 35 or 36 digits, and half up needs no more to decide.
  const std::int64_t x = kDecimalPrecision + 1 +
                         static_cast<std::int64_t>(b.unscaled().digitCount()) -
                         static_cast<std::int64_t>(a.unscaled().digitCount());
  if (!fitsScaled(a.unscaled(), x) || !fitsScaled(b.unscaled(), -x))
    return failed(DecimalStatus::Limit);
  BigQuotient parts = divRemTrunc(scaleUp(a.unscaled(), x), scaleUp(b.unscaled(), -x));
  BigInt quotient = abs(parts.quotient);
  const Shortened cut = shortenHalfUp(quotient, kDecimalPrecision);
  std::int64_t scale = preferred + x - cut.dropped;
  if (cut.exact && parts.remainder.isZero())
    scale -= stripZeros(quotient, scale - preferred);
  if (a.sign() != b.sign())
    quotient = neg(quotient);
  return makeDecimal(std::move(quotient), scale);
}

DecimalResult rem(const Decimal &a, const Decimal &b) noexcept {
  if (b.isZero())
    return failed(a.isZero() ? DecimalStatus::DivisionUndefined : DecimalStatus::DivisionByZero);
  if (compareMagnitude(a, b) < 0)
    return {DecimalStatus::Ok, a};
  if (a.adjustedExponent() - b.adjustedExponent() > kDecimalPrecision + 6)
    return remOfLongQuotient(a, b);
  // The first-digit exponents are close, so aligning the scales makes neither operand much longer
  // than the other one is.
  const std::int64_t p = static_cast<std::int64_t>(a.scale()) - b.scale();
  if (!fitsScaled(a.unscaled(), -p) || !fitsScaled(b.unscaled(), p))
    return failed(DecimalStatus::Limit);
  BigQuotient parts = divRemTrunc(scaleUp(a.unscaled(), -p), scaleUp(b.unscaled(), p));
  const std::int64_t zeros = stripZeros(parts.quotient, kDecimalPrecision + 8);
  if (parts.quotient.digitCount() > kDecimalPrecision)
    return failed(DecimalStatus::DivisionImpossible);
  if (p >= 0)
    return makeDecimal(std::move(parts.remainder), a.scale());
  // R2.7.9: the quotient has scale -min(zeros, -p), so the remainder has scale b minus that.
  const std::int64_t drop = std::min(zeros, -p);
  stripZeros(parts.remainder, drop);
  return makeDecimal(std::move(parts.remainder), b.scale() - drop);
}

DecimalResult sqrt(const Decimal &a) noexcept {
  if (a.sign() < 0)
    return failed(DecimalStatus::Domain);
  const std::int64_t preferred = a.scale() / 2;
  if (a.isZero())
    return makeDecimal(BigInt(), preferred);
  // A radicand of 69 or 70 digits with an even scale has a root of 35 digits, one more than wanted.
  // Cutting a longer one is harmless: the integer part of a root needs only the integer part below.
  std::int64_t scale =
      2 * kDecimalPrecision + 1 - static_cast<std::int64_t>(a.unscaled().digitCount()) + a.scale();
  if (scale % 2 != 0)
    ++scale;
  const std::int64_t gap = scale - a.scale();
  BigInt radicand;
  if (gap >= 0) {
    radicand = scaleUp(a.unscaled(), gap);
  } else {
    const auto power = pow10(static_cast<std::uint64_t>(-gap));
    if (!power)
      return failed(DecimalStatus::Limit);
    radicand = divTrunc(a.unscaled(), *power);
  }
  BigInt root = sqrtFloor(radicand);
  const Shortened cut = shortenHalfUp(root, kDecimalPrecision);
  std::int64_t rootScale = scale / 2 - cut.dropped;
  rootScale -= stripZeros(root, rootScale - preferred);
  return makeDecimal(std::move(root), rootScale);
}

DecimalResult pow(const Decimal &base, const BigInt &exponent) noexcept {
  if (exponent.isNegative()) {
    if (base.isZero())
      return failed(DecimalStatus::Domain);
    const DecimalResult power = pow(base, neg(exponent));
    return power.ok() ? div(Decimal::fromInt(1), power.value) : failed(power.status);
  }
  std::int64_t scale = 0;
  if (base.scale() != 0 && !exponent.isZero()) {
    const auto count = exponent.toInt64();
    if (!count || *count > kMaxDecimalScale)
      return failed(DecimalStatus::Limit);
    scale = base.scale() * *count;
    if (scale < -kMaxDecimalScale || scale > kMaxDecimalScale)
      return failed(DecimalStatus::Limit);
  }
  auto power = pow(base.unscaled(), exponent);
  return power ? makeDecimal(std::move(*power), scale) : failed(DecimalStatus::Limit);
}

} // namespace branchline
