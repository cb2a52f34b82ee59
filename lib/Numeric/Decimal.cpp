// Decimals: construction, comparison, exact sums and products, rounding, and conversion to text and
// doubles. Division, remainder, root and power are in Decimal-Division.cpp.
#include "branchline/Numeric/Decimal.h"

#include "BigIntAccess.h"
#include "BinaryRounding.h"
#include "PowersOf10.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"

#include <array>
#include <limits>
#include <utility>

namespace branchline {

namespace {

DecimalResult limit() noexcept { return {DecimalStatus::Limit, {}}; }

/// u·10^exponent compared with v, by magnitude.
int compareScaled(const BigInt &u, std::uint64_t exponent, const BigInt &v) noexcept {
  const auto scaled = mulPow10(u, exponent);
  // Out of range is beyond anything that `v` can hold.
  return scaled ? compareMagnitude(*scaled, v) : 1;
}

/// Both operands at the larger of their scales.
struct Aligned {
  std::optional<BigInt> left, right;
  std::int32_t scale;
};

/// Only one operand needs a copy; the other one is read where it is.
Aligned align(const Decimal &a, const Decimal &b) noexcept {
  const auto gap = static_cast<std::int64_t>(a.scale()) - b.scale();
  const auto viewOf = [](const BigInt &x) {
    return BigInt::view(x.limbs(), x.limbCount(), x.isNegative());
  };
  if (gap >= 0)
    return {viewOf(a.unscaled()), mulPow10(b.unscaled(), static_cast<std::uint64_t>(gap)),
            a.scale()};
  return {mulPow10(a.unscaled(), static_cast<std::uint64_t>(-gap)), viewOf(b.unscaled()),
          b.scale()};
}

/// True when the magnitude of the truncated quotient must grow by one.
bool roundsAway(const BigInt &quotient, const BigInt &remainder, const BigInt &divisor,
                bool negative, RoundingMode mode) noexcept {
  if (remainder.isZero())
    return false;
  switch (mode) {
  case RoundingMode::Down:
    return false;
  case RoundingMode::Floor:
    return negative;
  case RoundingMode::Ceiling:
    return !negative;
  case RoundingMode::HalfEven: {
    BigInt doubled;
    mpz_mul_2exp(BigIntAccess::write(doubled), remainder.gmp(), 1);
    const int order = compareMagnitude(doubled, divisor);
    return order > 0 || (order == 0 && quotient.isOdd());
  }
  }
  BL_UNREACHABLE("rounding mode");
}

/// u / 10^count, rounded.
BigInt dropDigits(const BigInt &u, std::uint64_t count, RoundingMode mode) noexcept {
  const bool negative = u.isNegative();
  if (count > u.digitCount()) { // less than a tenth of a unit: no power of ten is needed
    const bool away = !u.isZero() && ((mode == RoundingMode::Floor && negative) ||
                                      (mode == RoundingMode::Ceiling && !negative));
    return BigInt(away ? (negative ? -1 : 1) : 0);
  }
  const auto divisor = pow10(count);
  BL_ASSERT(divisor.has_value(), "a number of that many digits exists");
  BigQuotient parts = divRemTrunc(u, *divisor);
  if (roundsAway(parts.quotient, parts.remainder, *divisor, negative, mode)) {
    const mpz_ptr q = BigIntAccess::write(parts.quotient);
    if (negative)
      mpz_sub_ui(q, q, 1);
    else
      mpz_add_ui(q, q, 1);
  }
  return std::move(parts.quotient);
}

} // namespace

Decimal::Decimal(BigInt unscaled, std::int32_t scale) noexcept
    : unscaled_(std::move(unscaled)), scale_(scale) {
  BL_ASSERT(scale >= -kMaxDecimalScale && scale <= kMaxDecimalScale, "scale out of range");
}

std::optional<Decimal> Decimal::fromDouble(double value) noexcept {
  if (!std::isfinite(value))
    return std::nullopt;
  std::array<char, kNumberBufferSize> buffer{};
  const std::size_t length = appendDouble(buffer.data(), value);
  return parseDecimal({buffer.data(), length}).value;
}

bool Decimal::isInteger() const noexcept {
  if (scale_ <= 0 || isZero())
    return true;
  const auto count = static_cast<std::size_t>(scale_);
  // 10^n divides only what 2^n divides, which costs nothing to test.
  if (mpz_scan1(unscaled_.gmp(), 0) < count || unscaled_.digitCount() <= count)
    return false;
  const auto power = pow10(count);
  return power && mpz_divisible_p(unscaled_.gmp(), power->gmp()) != 0;
}

std::string Decimal::toText() const {
  std::string text = unscaled_.toString();
  if (scale_ == 0)
    return text;
  const std::size_t first = sign() < 0 ? 1 : 0;
  const std::size_t count = text.size() - first;
  const std::int64_t adjusted = static_cast<std::int64_t>(count) - 1 - scale_;
  if (scale_ > 0 && adjusted >= -6)
    return toPlain();
  if (count > 1)
    text.insert(first + 1, 1, '.');
  if (adjusted != 0) {
    text += adjusted > 0 ? "E+" : "E";
    appendInt(text, adjusted);
  }
  return text;
}

std::string Decimal::toPlain() const {
  std::string text = unscaled_.toString();
  if (scale_ <= 0) {
    if (!isZero())
      text.append(static_cast<std::size_t>(-scale_), '0');
    return text;
  }
  const std::size_t first = sign() < 0 ? 1 : 0;
  const std::size_t count = text.size() - first;
  const auto fraction = static_cast<std::size_t>(scale_);
  if (count <= fraction)
    text.insert(first, fraction + 1 - count, '0');
  text.insert(text.size() - fraction, 1, '.');
  return text;
}

double Decimal::toDouble() const noexcept {
  if (isZero())
    return 0.0;
  const bool negative = sign() < 0;
  const std::size_t digits = unscaled_.digitCount();
  // Both factors are exact, so the one rounding of the operation is the rounding wanted.
  if (digits <= 15 && scale_ >= -22 && scale_ <= 22) {
    const double value = unscaled_.toDouble();
    return scale_ >= 0 ? value / kExactPowersOf10[static_cast<std::size_t>(scale_)]
                       : value * kExactPowersOf10[static_cast<std::size_t>(-scale_)];
  }
  const std::int64_t adjusted = static_cast<std::int64_t>(digits) - 1 - scale_;
  if (adjusted > 309)
    return negative ? -std::numeric_limits<double>::infinity()
                    : std::numeric_limits<double>::infinity();
  if (adjusted < -324) // below 10^-324, hence below half of the smallest double
    return negative ? -0.0 : 0.0;
  if (scale_ <= 0) {
    const auto whole = mulPow10(unscaled_, static_cast<std::uint64_t>(-scale_));
    BL_ASSERT(whole.has_value(), "below 10^310");
    return whole->toDouble();
  }
  const auto divisor = pow10(static_cast<std::uint64_t>(scale_));
  BL_ASSERT(divisor.has_value(), "scale out of range");
  // Shifts the dividend or the divisor so that the quotient has 64 or 65 bits.
  const std::int64_t shift = 64 + static_cast<std::int64_t>(divisor->bitLength()) -
                             static_cast<std::int64_t>(unscaled_.bitLength());
  BigInt dividend, scaledDivisor, quotient, remainder;
  mpz_mul_2exp(BigIntAccess::write(dividend), unscaled_.gmp(),
               static_cast<mp_bitcnt_t>(shift > 0 ? shift : 0));
  mpz_mul_2exp(BigIntAccess::write(scaledDivisor), divisor->gmp(),
               static_cast<mp_bitcnt_t>(shift < 0 ? -shift : 0));
  mpz_tdiv_qr(BigIntAccess::write(quotient), BigIntAccess::write(remainder), dividend.gmp(),
              scaledDivisor.gmp());
  const mp_limb_t *limb = quotient.limbs();
  bool sticky = !remainder.isZero();
  if (quotient.limbCount() == 1)
    return roundToDouble(limb[0], -shift, sticky, negative);
  sticky = sticky || (limb[0] & 1) != 0;
  return roundToDouble((limb[0] >> 1) | (limb[1] << 63), 1 - shift, sticky, negative);
}

std::uint64_t Decimal::hash() const noexcept {
  return hashInt64(static_cast<std::int64_t>(unscaled_.hash()) ^ scale_);
}

DecimalResult makeDecimal(BigInt unscaled, std::int64_t scale) noexcept {
  if (scale < -kMaxDecimalScale || scale > kMaxDecimalScale || unscaled.bitLength() > kMaxBigBits)
    return limit();
  return {DecimalStatus::Ok, Decimal(std::move(unscaled), static_cast<std::int32_t>(scale))};
}

DecimalResult add(const Decimal &a, const Decimal &b) noexcept {
  const Aligned both = align(a, b);
  if (!both.left || !both.right)
    return limit();
  auto sum = add(*both.left, *both.right);
  return sum ? makeDecimal(std::move(*sum), both.scale) : limit();
}

DecimalResult sub(const Decimal &a, const Decimal &b) noexcept {
  const Aligned both = align(a, b);
  if (!both.left || !both.right)
    return limit();
  auto difference = sub(*both.left, *both.right);
  return difference ? makeDecimal(std::move(*difference), both.scale) : limit();
}

DecimalResult mul(const Decimal &a, const Decimal &b) noexcept {
  auto product = mul(a.unscaled(), b.unscaled());
  return product
             ? makeDecimal(std::move(*product), static_cast<std::int64_t>(a.scale()) + b.scale())
             : limit();
}

Decimal neg(const Decimal &a) noexcept { return Decimal(neg(a.unscaled()), a.scale()); }

Decimal abs(const Decimal &a) noexcept { return Decimal(abs(a.unscaled()), a.scale()); }

int compareMagnitude(const Decimal &a, const Decimal &b) noexcept {
  if (a.isZero() || b.isZero())
    return static_cast<int>(b.isZero()) - static_cast<int>(a.isZero());
  if (a.scale() == b.scale())
    return compareMagnitude(a.unscaled(), b.unscaled());
  const std::int64_t aExponent = a.adjustedExponent();
  const std::int64_t bExponent = b.adjustedExponent();
  if (aExponent != bExponent)
    return aExponent < bExponent ? -1 : 1;
  // With equal first-digit exponents the scales differ exactly as the digit counts do, so the
  // aligned operand grows no longer than the other one is.
  const auto gap = static_cast<std::int64_t>(a.scale()) - b.scale();
  if (gap > 0)
    return -compareScaled(b.unscaled(), static_cast<std::uint64_t>(gap), a.unscaled());
  return compareScaled(a.unscaled(), static_cast<std::uint64_t>(-gap), b.unscaled());
}

int compare(const Decimal &a, const Decimal &b) noexcept {
  if (a.sign() != b.sign())
    return a.sign() < b.sign() ? -1 : 1;
  const int order = compareMagnitude(a, b);
  return a.sign() < 0 ? -order : order;
}

bool identical(const Decimal &a, const Decimal &b) noexcept {
  return a.scale() == b.scale() && a.unscaled() == b.unscaled();
}

DecimalResult setScale(const Decimal &a, std::int64_t scale, RoundingMode mode) noexcept {
  if (scale < -kMaxDecimalScale || scale > kMaxDecimalScale)
    return limit();
  const std::int64_t gap = scale - a.scale();
  if (gap < 0)
    return makeDecimal(dropDigits(a.unscaled(), static_cast<std::uint64_t>(-gap), mode), scale);
  auto scaled = mulPow10(a.unscaled(), static_cast<std::uint64_t>(gap));
  return scaled ? makeDecimal(std::move(*scaled), scale) : limit();
}

std::optional<BigInt> toBigInt(const Decimal &a, RoundingMode mode) noexcept {
  if (a.scale() > 0)
    return dropDigits(a.unscaled(), static_cast<std::uint64_t>(a.scale()), mode);
  return mulPow10(a.unscaled(), static_cast<std::uint64_t>(-a.scale()));
}

} // namespace branchline
