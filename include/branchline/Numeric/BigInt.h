// Arbitrary-precision integers as plain values, on top of GMP.
//
// A BigInt either owns its limbs or borrows them (BigInt::view), so a caller that stores limbs in
// its own memory can compute without copying. Every operation whose result can grow is size-checked
// first, because GMP ends the process when it runs out of room. Text grammars live in NumberText.h;
// when an integer is big rather than a machine integer is for the runtime to decide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <gmp.h>
#include <optional>
#include <string>
#include <string_view>

namespace branchline {

/// The largest magnitude of a big integer, in bits: about five million decimal digits.
inline constexpr std::size_t kMaxBigBits = std::size_t{1} << 24;

/// The largest number of significant decimal digits that is certain to fit kMaxBigBits.
inline constexpr std::size_t kMaxBigDigits = 5'050'445;

/// A hash of a machine integer that equals BigInt::hash() of the same value.
/// \rule D2
[[nodiscard]] constexpr std::uint64_t hashInt64(std::int64_t value) noexcept {
  std::uint64_t x = static_cast<std::uint64_t>(value) + 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

/// An immutable integer of any size up to kMaxBigBits. Copies own their limbs; moves are cheap.
/// \threads distinct objects are independent; const use of one object is safe from any thread.
class BigInt {
public:
  /// Zero.
  BigInt() noexcept { mpz_init(value_); }
  /// The value of a machine integer.
  explicit BigInt(std::int64_t value) noexcept;
  /// A copy that owns its limbs, also when `other` is a view.
  BigInt(const BigInt &other) noexcept { mpz_init_set(value_, other.value_); }
  /// Takes over the limbs of `other`, which becomes zero; a moved view stays a view.
  BigInt(BigInt &&other) noexcept {
    *value_ = *other.value_;
    mpz_init(other.value_);
  }
  /// Replaces the value; see the copy and move constructors.
  BigInt &operator=(BigInt other) noexcept {
    mpz_swap(value_, other.value_);
    return *this;
  }
  /// Frees the limbs unless they are borrowed.
  ~BigInt() {
    if (value_->_mp_alloc != 0)
      mpz_clear(value_);
  }

  /// A value that reads limbs it does not own.
  /// \param limbs     borrowed until the view and everything moved from it is gone; least
  /// significant
  ///                  first. Leading zero limbs are allowed.
  /// \param count     number of limbs, at most kMaxBigBits / 64.
  /// \complexity      O(1), no allocation.
  [[nodiscard]] static BigInt view(const mp_limb_t *limbs, std::size_t count,
                                   bool negative) noexcept;

  /// A machine integer as a view over one caller-provided limb; saves the allocation of
  /// BigInt(int64_t) for a short-lived operand.
  /// \param storage   overwritten; must outlive the view.
  [[nodiscard]] static BigInt viewInt64(std::int64_t value, mp_limb_t &storage) noexcept;

  /// The integer part of a double, exactly.
  /// \returns         nullopt for NaN and the infinities.
  [[nodiscard]] static std::optional<BigInt> fromDouble(double value) noexcept;

  /// The value of a run of ASCII digits.
  /// \param digits    one or more characters '0'..'9' and nothing else; leading zeros are allowed.
  /// \returns         nullopt when the value needs more than kMaxBigDigits digits.
  [[nodiscard]] static std::optional<BigInt> fromDigits(std::string_view digits, bool negative);

  /// The limbs of the magnitude, least significant first, without leading zero limbs.
  [[nodiscard]] const mp_limb_t *limbs() const noexcept { return mpz_limbs_read(value_); }
  /// The number of limbs; 0 for zero.
  [[nodiscard]] std::size_t limbCount() const noexcept { return mpz_size(value_); }
  /// True below zero.
  [[nodiscard]] bool isNegative() const noexcept { return mpz_sgn(value_) < 0; }
  /// True for zero.
  [[nodiscard]] bool isZero() const noexcept { return mpz_sgn(value_) == 0; }
  /// True for odd values.
  [[nodiscard]] bool isOdd() const noexcept { return mpz_odd_p(value_); }
  /// -1, 0 or 1.
  [[nodiscard]] int sign() const noexcept { return mpz_sgn(value_); }
  /// Bits in the magnitude; 0 for zero.
  [[nodiscard]] std::size_t bitLength() const noexcept {
    return isZero() ? 0 : mpz_sizeinbase(value_, 2);
  }
  /// Decimal digits in the magnitude; 1 for zero.
  /// \complexity      O(1) except next to a power of ten, where it compares exactly.
  [[nodiscard]] std::size_t digitCount() const noexcept;

  /// True when the value fits a machine integer.
  [[nodiscard]] bool fitsInt64() const noexcept;
  /// The value as a machine integer, or nullopt when it does not fit.
  [[nodiscard]] std::optional<std::int64_t> toInt64() const noexcept;
  /// The nearest double, ties to even; out of range gives an infinity.
  /// \rule R2.7.5
  [[nodiscard]] double toDouble() const noexcept;
  /// Decimal digits with a leading '-' below zero.
  /// \rule R2.6.1
  [[nodiscard]] std::string toString() const;
  /// A hash that depends on the value only and agrees with hashInt64.
  /// \rule D2
  [[nodiscard]] std::uint64_t hash() const noexcept;

  /// The GMP number behind this value, borrowed.
  [[nodiscard]] mpz_srcptr gmp() const noexcept { return value_; }

private:
  friend struct BigIntAccess; // lib/Numeric writes results in place
  mpz_t value_;
};

/// A quotient rounded toward zero and the remainder with the sign of the dividend.
struct BigQuotient {
  BigInt quotient;
  BigInt remainder;
};

/// Exact sum. \returns nullopt when the result would exceed kMaxBigBits.
[[nodiscard]] std::optional<BigInt> add(const BigInt &a, const BigInt &b) noexcept;
/// Exact difference. \returns nullopt when the result would exceed kMaxBigBits.
[[nodiscard]] std::optional<BigInt> sub(const BigInt &a, const BigInt &b) noexcept;
/// Exact product. \returns nullopt when the result would exceed kMaxBigBits.
[[nodiscard]] std::optional<BigInt> mul(const BigInt &a, const BigInt &b) noexcept;
/// The negated value.
[[nodiscard]] BigInt neg(const BigInt &a) noexcept;
/// The magnitude.
[[nodiscard]] BigInt abs(const BigInt &a) noexcept;
/// Quotient rounded toward zero. \param b not zero. \rule R2.7.6
[[nodiscard]] BigInt divTrunc(const BigInt &a, const BigInt &b) noexcept;
/// Remainder with the sign of `a`. \param b not zero. \rule R2.7.6
[[nodiscard]] BigInt remTrunc(const BigInt &a, const BigInt &b) noexcept;
/// divTrunc and remTrunc in one step. \param b not zero.
[[nodiscard]] BigQuotient divRemTrunc(const BigInt &a, const BigInt &b) noexcept;
/// -1, 0 or 1 as `a` is less than, equal to or greater than `b`.
[[nodiscard]] int compare(const BigInt &a, const BigInt &b) noexcept;
/// compare() of the magnitudes.
[[nodiscard]] int compareMagnitude(const BigInt &a, const BigInt &b) noexcept;
/// Equal values.
[[nodiscard]] inline bool operator==(const BigInt &a, const BigInt &b) noexcept {
  return compare(a, b) == 0;
}

/// `base` to a non-negative power; anything to the power zero is one.
/// \param exponent  not negative.
/// \returns         nullopt when the result would exceed kMaxBigBits; found before computing.
/// \rule D24
[[nodiscard]] std::optional<BigInt> pow(const BigInt &base, const BigInt &exponent) noexcept;

/// Ten to the power `exponent`, or nullopt beyond kMaxBigBits.
[[nodiscard]] std::optional<BigInt> pow10(std::uint64_t exponent) noexcept;
/// `a` times ten to the power `exponent`, or nullopt beyond kMaxBigBits. Zero stays zero.
[[nodiscard]] std::optional<BigInt> mulPow10(const BigInt &a, std::uint64_t exponent) noexcept;
/// The largest integer whose square is not above `a`. \param a not negative.
[[nodiscard]] BigInt sqrtFloor(const BigInt &a) noexcept;

} // namespace branchline
