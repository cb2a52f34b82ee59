// Big integers on GMP: construction, conversion, and arithmetic with size checks. Leaves text
// grammars to NumberText.cpp and scaled values to Decimal.cpp.
#include "branchline/Numeric/BigInt.h"

#include "BigIntAccess.h"
#include "BinaryRounding.h"
#include "PowersOf10.h"
#include "branchline/Support/Assert.h"

#include <cmath>
#include <limits>
#include <utility>

namespace branchline {

static_assert(GMP_NUMB_BITS == 64, "limbs are 64 bits without padding");

namespace {

constexpr std::uint64_t kInt64MinMagnitude = std::uint64_t{1} << 63;

constexpr std::uint64_t magnitudeOf(std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}

std::optional<BigInt> withinLimit(BigInt &&value) noexcept {
  if (value.bitLength() > kMaxBigBits)
    return std::nullopt;
  return std::move(value);
}

} // namespace

BigInt::BigInt(std::int64_t value) noexcept { mpz_init_set_si(value_, value); }

BigInt BigInt::view(const mp_limb_t *limbs, std::size_t count, bool negative) noexcept {
  BL_ASSERT(count <= kMaxBigBits / GMP_NUMB_BITS, "view beyond the size limit");
  const auto size = static_cast<mp_size_t>(count);
  BigInt result;
  mpz_roinit_n(result.value_, limbs, negative ? -size : size);
  return result;
}

BigInt BigInt::viewInt64(std::int64_t value, mp_limb_t &storage) noexcept {
  storage = magnitudeOf(value);
  return view(&storage, 1, value < 0);
}

std::optional<BigInt> BigInt::fromDouble(double value) noexcept {
  if (!std::isfinite(value))
    return std::nullopt;
  BigInt result;
  mpz_set_d(result.value_, value);
  return result;
}

std::optional<BigInt> BigInt::fromDigits(std::string_view digits, bool negative) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos)
    return BigInt();
  digits.remove_prefix(first);
  if (digits.size() > kMaxBigDigits)
    return std::nullopt;
  if (digits.size() <= 18) {
    std::int64_t value = 0;
    for (const char c : digits)
      value = value * 10 + (c - '0');
    return BigInt(negative ? -value : value);
  }
  BigInt result;
  const std::string terminated(digits);
  [[maybe_unused]] const int status = mpz_set_str(result.value_, terminated.c_str(), 10);
  BL_ASSERT(status == 0, "digits only");
  if (negative)
    mpz_neg(result.value_, result.value_);
  return result;
}

std::size_t BigInt::digitCount() const noexcept {
  if (limbCount() <= 1) {
    const std::uint64_t magnitude = isZero() ? 0 : limbs()[0];
    std::size_t count = 1;
    while (count < kIntPowersOf10.size() && magnitude >= kIntPowersOf10[count])
      ++count;
    return count;
  }
  long exponent = 0;
  const double mantissa = std::fabs(mpz_get_d_2exp(&exponent, value_));
  const double estimate =
      std::log10(mantissa) + static_cast<double>(exponent) * 0.30102999566398119521;
  const double nearest = std::nearbyint(estimate);
  // The estimate is within 1e-8 of the true logarithm for every value in range.
  if (std::fabs(estimate - nearest) > 1e-6)
    return static_cast<std::size_t>(std::floor(estimate)) + 1;
  BigInt power;
  mpz_ui_pow_ui(power.value_, 10, static_cast<unsigned long>(nearest));
  return static_cast<std::size_t>(nearest) + (mpz_cmpabs(value_, power.value_) >= 0 ? 1 : 0);
}

bool BigInt::fitsInt64() const noexcept {
  if (limbCount() > 1)
    return false;
  return isZero() || limbs()[0] < kInt64MinMagnitude ||
         (isNegative() && limbs()[0] == kInt64MinMagnitude);
}

std::optional<std::int64_t> BigInt::toInt64() const noexcept {
  if (!fitsInt64())
    return std::nullopt;
  if (isZero())
    return 0;
  const std::uint64_t magnitude = limbs()[0];
  return static_cast<std::int64_t>(isNegative() ? 0 - magnitude : magnitude);
}

double BigInt::toDouble() const noexcept {
  const std::size_t count = limbCount();
  if (count == 0)
    return 0.0;
  const mp_limb_t *limb = limbs();
  if (count == 1)
    return roundToDouble(limb[0], 0, false, isNegative());
  // The top limb may hold few bits, so the leading 64 bits are taken across two limbs.
  const int leading = std::countl_zero(limb[count - 1]);
  std::uint64_t top = limb[count - 1] << leading;
  std::uint64_t rest = limb[count - 2];
  if (leading != 0) {
    top |= rest >> (64 - leading);
    rest <<= leading;
  }
  bool sticky = rest != 0;
  for (std::size_t i = 0; !sticky && i + 2 < count; ++i)
    sticky = limb[i] != 0;
  const auto exponent = static_cast<std::int64_t>((count - 1) * 64) - leading;
  return roundToDouble(top, exponent, sticky, isNegative());
}

std::string BigInt::toString() const {
  // GMP may overestimate by one digit, and writes a sign and a terminator.
  std::string text(mpz_sizeinbase(value_, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, value_);
  text.resize(text.find('\0', text.size() - 3));
  return text;
}

std::uint64_t BigInt::hash() const noexcept {
  if (const auto small = toInt64())
    return hashInt64(*small);
  std::uint64_t result = isNegative() ? 0x6E656761U : 0x706F7369U;
  const mp_limb_t *limb = limbs();
  for (std::size_t i = 0, n = limbCount(); i < n; ++i)
    result = hashInt64(static_cast<std::int64_t>(result ^ limb[i]));
  return result;
}

std::optional<BigInt> add(const BigInt &a, const BigInt &b) noexcept {
  // Both operands are within the limit, so the sum needs at most one limb more.
  BigInt result;
  mpz_add(BigIntAccess::write(result), a.gmp(), b.gmp());
  return withinLimit(std::move(result));
}

std::optional<BigInt> sub(const BigInt &a, const BigInt &b) noexcept {
  BigInt result;
  mpz_sub(BigIntAccess::write(result), a.gmp(), b.gmp());
  return withinLimit(std::move(result));
}

std::optional<BigInt> mul(const BigInt &a, const BigInt &b) noexcept {
  // A product has the summed bit length or one bit less.
  if (!a.isZero() && !b.isZero() && a.bitLength() + b.bitLength() > kMaxBigBits + 1)
    return std::nullopt;
  BigInt result;
  mpz_mul(BigIntAccess::write(result), a.gmp(), b.gmp());
  return withinLimit(std::move(result));
}

BigInt neg(const BigInt &a) noexcept {
  BigInt result;
  mpz_neg(BigIntAccess::write(result), a.gmp());
  return result;
}

BigInt abs(const BigInt &a) noexcept {
  BigInt result;
  mpz_abs(BigIntAccess::write(result), a.gmp());
  return result;
}

BigInt divTrunc(const BigInt &a, const BigInt &b) noexcept {
  BL_ASSERT(!b.isZero(), "division by zero is the caller's to report");
  BigInt result;
  mpz_tdiv_q(BigIntAccess::write(result), a.gmp(), b.gmp());
  return result;
}

BigInt remTrunc(const BigInt &a, const BigInt &b) noexcept {
  BL_ASSERT(!b.isZero(), "division by zero is the caller's to report");
  BigInt result;
  mpz_tdiv_r(BigIntAccess::write(result), a.gmp(), b.gmp());
  return result;
}

BigQuotient divRemTrunc(const BigInt &a, const BigInt &b) noexcept {
  BL_ASSERT(!b.isZero(), "division by zero is the caller's to report");
  BigQuotient result;
  mpz_tdiv_qr(BigIntAccess::write(result.quotient), BigIntAccess::write(result.remainder), a.gmp(),
              b.gmp());
  return result;
}

int compare(const BigInt &a, const BigInt &b) noexcept {
  const int order = mpz_cmp(a.gmp(), b.gmp());
  return (order > 0) - (order < 0);
}

int compareMagnitude(const BigInt &a, const BigInt &b) noexcept {
  const int order = mpz_cmpabs(a.gmp(), b.gmp());
  return (order > 0) - (order < 0);
}

std::optional<BigInt> pow(const BigInt &base, const BigInt &exponent) noexcept {
  BL_ASSERT(!exponent.isNegative(), "negative power of an integer");
  if (exponent.isZero())
    return BigInt(1);
  if (base.bitLength() <= 1) // 0, 1 and -1 have powers of every size
    return base.isNegative() && !exponent.isOdd() ? BigInt(1) : base;
  const auto count = exponent.toInt64();
  if (!count || static_cast<std::uint64_t>(*count) > kMaxBigBits)
    return std::nullopt;
  // The result has more than (bits - 1) * count bits; GMP needs at most about twice that.
  if ((base.bitLength() - 1) * static_cast<std::uint64_t>(*count) >= kMaxBigBits)
    return std::nullopt;
  BigInt result;
  mpz_pow_ui(BigIntAccess::write(result), base.gmp(), static_cast<unsigned long>(*count));
  return withinLimit(std::move(result));
}

std::optional<BigInt> pow10(std::uint64_t exponent) noexcept {
  if (exponent >= kMaxBigDigits)
    return std::nullopt;
  BigInt result;
  if (exponent < kIntPowersOf10.size())
    mpz_set_ui(BigIntAccess::write(result), kIntPowersOf10[exponent]);
  else
    mpz_ui_pow_ui(BigIntAccess::write(result), 10, exponent);
  return result;
}

std::optional<BigInt> mulPow10(const BigInt &a, std::uint64_t exponent) noexcept {
  if (a.isZero() || exponent == 0)
    return a;
  if (exponent < kIntPowersOf10.size()) {
    BigInt result;
    mpz_mul_ui(BigIntAccess::write(result), a.gmp(), kIntPowersOf10[exponent]);
    return withinLimit(std::move(result));
  }
  const auto power = pow10(exponent);
  if (!power)
    return std::nullopt;
  return mul(a, *power);
}

BigInt sqrtFloor(const BigInt &a) noexcept {
  BL_ASSERT(!a.isNegative(), "square root of a negative number");
  BigInt result;
  mpz_sqrt(BigIntAccess::write(result), a.gmp());
  return result;
}

} // namespace branchline
