// Big integers: conversions at the edges of 64 bits and of doubles, arithmetic, views, and the size
// limit, which must be noticed before anything is computed.
#include "branchline/Numeric/BigInt.h"
#include "branchline/Numeric/IntOps.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <utility>

namespace branchline {
namespace {

BigInt big(std::string_view text) {
  const bool negative = text.starts_with('-');
  return *BigInt::fromDigits(text.substr(negative ? 1 : 0), negative);
}

TEST(BigInt, MachineIntegersRoundTrip) {
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                   std::int64_t{42}, kMaxInt64, kMinInt64}) {
    const BigInt number(value);
    EXPECT_TRUE(number.fitsInt64());
    EXPECT_EQ(number.toInt64(), value);
    EXPECT_EQ(number.toString(), std::to_string(value));
    EXPECT_EQ(number.hash(), hashInt64(value));
    EXPECT_EQ(number.sign(), compareInts(value, 0));
  }
}

TEST(BigInt, SixtyFourBitBoundary) {
  EXPECT_TRUE(big("9223372036854775807").fitsInt64());
  EXPECT_FALSE(big("9223372036854775808").fitsInt64());
  EXPECT_TRUE(big("-9223372036854775808").fitsInt64());
  EXPECT_EQ(big("-9223372036854775808").toInt64(), kMinInt64);
  EXPECT_FALSE(big("-9223372036854775809").fitsInt64());
  EXPECT_FALSE(big("18446744073709551616").fitsInt64());
  EXPECT_EQ(big("18446744073709551616").toInt64(), std::nullopt);
}

TEST(BigInt, DigitsAllowLeadingZeros) {
  EXPECT_EQ(big("000").toString(), "0");
  EXPECT_EQ(big("-0000000000000000000000000000000").toString(), "0");
  EXPECT_FALSE(big("-0").isNegative());
  EXPECT_EQ(big("000000000000000000000000000000123").toString(), "123");
  EXPECT_EQ(big("-123456789012345678901234567890").toString(), "-123456789012345678901234567890");
}

TEST(BigInt, ViewBorrowsAndCopyOwns) {
  std::array<mp_limb_t, 3> limbs = {5, 1, 0}; // 2^64 + 5, with a leading zero limb
  BigInt view = BigInt::view(limbs.data(), limbs.size(), true);
  EXPECT_EQ(view.toString(), "-18446744073709551621");
  EXPECT_EQ(view.limbCount(), 2u);
  EXPECT_EQ(view.limbs(), limbs.data());
  const BigInt copy = view;
  EXPECT_NE(copy.limbs(), limbs.data());
  BigInt moved = std::move(view);
  EXPECT_EQ(moved.limbs(), limbs.data());
  const auto sum = add(moved, moved);
  EXPECT_EQ(sum->toString(), "-36893488147419103242");
  limbs[0] = 6;
  EXPECT_EQ(moved.toString(), "-18446744073709551622");
  EXPECT_EQ(copy.toString(), "-18446744073709551621");
  moved = BigInt(7); // dropping a view must not free what it borrowed
  EXPECT_EQ(moved.toString(), "7");
}

TEST(BigInt, ViewOfMachineInteger) {
  mp_limb_t limb = 0;
  EXPECT_EQ(BigInt::viewInt64(kMinInt64, limb).toString(), "-9223372036854775808");
  EXPECT_EQ(BigInt::viewInt64(kMaxInt64, limb).toInt64(), kMaxInt64);
  EXPECT_TRUE(BigInt::viewInt64(0, limb).isZero());
}

TEST(BigInt, AssignmentReplaces) {
  BigInt a = big("123456789012345678901234567890");
  const BigInt b = a;
  a = big("5");
  EXPECT_EQ(a.toString(), "5");
  EXPECT_EQ(b.toString(), "123456789012345678901234567890");
  a = b;
  EXPECT_TRUE(a == b);
}

TEST(BigInt, FromDoubleTruncatesExactly) {
  EXPECT_EQ(BigInt::fromDouble(-2.75)->toString(), "-2");
  EXPECT_EQ(BigInt::fromDouble(0x1p63)->toString(), "9223372036854775808");
  EXPECT_EQ(BigInt::fromDouble(1e23)->toString(), "99999999999999991611392");
  EXPECT_EQ(BigInt::fromDouble(-0.0)->toString(), "0");
  EXPECT_EQ(BigInt::fromDouble(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
  EXPECT_EQ(BigInt::fromDouble(-std::numeric_limits<double>::infinity()), std::nullopt);
}

TEST(BigInt, ToDoubleRoundsToNearestEven) {
  EXPECT_EQ(big("9007199254740993").toDouble(), 9007199254740992.0);
  EXPECT_EQ(big("9007199254740995").toDouble(), 9007199254740996.0);
  EXPECT_EQ(big("-9007199254740993").toDouble(), -9007199254740992.0);
  // 2^80 + 2^27 is a tie; one more decides it, far below the leading 64 bits in the second pair.
  EXPECT_EQ(big("1208925819614629308923904").toDouble(), 0x1p80);
  EXPECT_EQ(big("1208925819614629308923905").toDouble(), 0x1.0000000000001p80);
  const auto wide = mul(big("1208925819614629308923904"), *pow(BigInt(2), BigInt(200)));
  EXPECT_EQ(wide->toDouble(), 0x1p280);
  EXPECT_EQ(add(*wide, BigInt(1))->toDouble(), 0x1.0000000000001p280);
  EXPECT_EQ(sub(*wide, BigInt(1))->toDouble(), 0x1p280);
}

TEST(BigInt, ToDoubleOverflowsToInfinity) {
  const BigInt top = *pow(BigInt(2), BigInt(1024));
  EXPECT_EQ(top.toDouble(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(neg(top).toDouble(), -std::numeric_limits<double>::infinity());
  // The largest double is 2^1024 - 2^971; half a unit above it is already infinity.
  const BigInt half = *pow(BigInt(2), BigInt(970));
  EXPECT_EQ(sub(top, half)->toDouble(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(sub(*sub(top, half), BigInt(1))->toDouble(), std::numeric_limits<double>::max());
}

TEST(BigInt, DigitCountNextToPowersOfTen) {
  EXPECT_EQ(BigInt().digitCount(), 1u);
  for (unsigned n = 1; n < 400; ++n) {
    const BigInt power = *pow10(n);
    EXPECT_EQ(power.digitCount(), n + 1) << n;
    EXPECT_EQ(sub(power, BigInt(1))->digitCount(), n) << n;
    EXPECT_EQ(neg(power).digitCount(), n + 1) << n;
  }
  const BigInt large = *pow10(1'000'000);
  EXPECT_EQ(large.digitCount(), 1'000'001u);
  EXPECT_EQ(sub(large, BigInt(1))->digitCount(), 1'000'000u);
  EXPECT_EQ(mul(large, BigInt(7))->digitCount(), 1'000'001u);
}

TEST(BigInt, DivisionTruncates) {
  EXPECT_EQ(divTrunc(BigInt(-7), BigInt(2)).toString(), "-3");
  EXPECT_EQ(remTrunc(BigInt(-7), BigInt(3)).toString(), "-1");
  EXPECT_EQ(remTrunc(BigInt(7), BigInt(-3)).toString(), "1");
  EXPECT_EQ(divTrunc(BigInt(kMinInt64), BigInt(-1)).toString(), "9223372036854775808");
  EXPECT_TRUE(remTrunc(BigInt(kMinInt64), BigInt(-1)).isZero());
  const BigQuotient both = divRemTrunc(big("-100000000000000000000007"), big("10000000000000"));
  EXPECT_EQ(both.quotient.toString(), "-10000000000");
  EXPECT_EQ(both.remainder.toString(), "-7");
}

TEST(BigInt, Comparison) {
  EXPECT_EQ(compare(big("-99999999999999999999"), BigInt(0)), -1);
  EXPECT_EQ(compare(big("99999999999999999999"), big("99999999999999999998")), 1);
  EXPECT_EQ(compareMagnitude(BigInt(-5), BigInt(4)), 1);
  EXPECT_TRUE(*sub(big("9223372036854775808"), big("9223372036854775807")) == BigInt(1));
}

TEST(BigInt, HashDependsOnValueOnly) {
  const BigInt one = *sub(big("9223372036854775808"), big("9223372036854775807"));
  EXPECT_EQ(one.hash(), hashInt64(1));
  EXPECT_EQ(big("36893488147419103232").hash(), pow(BigInt(2), BigInt(65))->hash());
  EXPECT_NE(big("36893488147419103232").hash(), big("-36893488147419103232").hash());
}

TEST(BigInt, Power) {
  EXPECT_EQ(pow(BigInt(2), BigInt(100))->toString(), "1267650600228229401496703205376");
  EXPECT_EQ(pow(BigInt(-3), BigInt(3))->toString(), "-27");
  EXPECT_EQ(pow(BigInt(0), BigInt(0))->toString(), "1");
  EXPECT_EQ(pow(BigInt(0), BigInt(9))->toString(), "0");
  // Bases without growth have powers of every size.
  EXPECT_EQ(pow(BigInt(1), big("100000000000000000000000"))->toString(), "1");
  EXPECT_EQ(pow(BigInt(-1), big("100000000000000000000001"))->toString(), "-1");
  EXPECT_EQ(pow(BigInt(-1), big("100000000000000000000000"))->toString(), "1");
}

TEST(BigInt, LimitIsCheckedBeforeComputing) {
  EXPECT_TRUE(pow(BigInt(2), BigInt(kMaxBigBits - 1)).has_value());
  EXPECT_FALSE(pow(BigInt(2), BigInt(kMaxBigBits)).has_value());
  EXPECT_FALSE(pow(BigInt(3), BigInt(kMaxInt64)).has_value());
  EXPECT_FALSE(pow(BigInt(2), big("100000000000000000000000")).has_value());
  EXPECT_FALSE(pow10(kMaxInt64).has_value());
  EXPECT_FALSE(mulPow10(BigInt(3), kMaxInt64).has_value());
  EXPECT_TRUE(mulPow10(BigInt(0), kMaxInt64)->isZero());
  const BigInt half = *pow(BigInt(2), BigInt(kMaxBigBits / 2));
  EXPECT_FALSE(mul(half, half).has_value());
  const BigInt top = *pow(BigInt(2), BigInt(kMaxBigBits - 1));
  EXPECT_FALSE(add(top, top).has_value());
  EXPECT_FALSE(sub(neg(top), top).has_value());
  EXPECT_TRUE(sub(top, top)->isZero());
  EXPECT_EQ(BigInt::fromDigits(std::string(kMaxBigDigits + 1, '9'), false), std::nullopt);
}

TEST(BigInt, SquareRootRoundsDown) {
  EXPECT_EQ(sqrtFloor(BigInt(99)).toString(), "9");
  EXPECT_EQ(sqrtFloor(*pow10(40)).toString(), "100000000000000000000");
  EXPECT_TRUE(sqrtFloor(BigInt(0)).isZero());
}

} // namespace
} // namespace branchline
