// The pieces of ROUND: halves go to even, binary artefacts of doubles stay visible, and results
// shrink to a machine integer exactly when they fit.
#include "branchline/Numeric/Rounding.h"
#include "branchline/Numeric/IntOps.h"
#include "branchline/Numeric/NumberText.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace branchline {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::string text(const NarrowInt &value) {
  return value.big ? value.big->toString() + " big" : std::to_string(value.small);
}

Decimal dec(std::string_view digits) { return parseDecimal(digits).value; }

TEST(Rounding, HalvesGoToEven) {
  EXPECT_EQ(roundHalfEven(0.5), 0.0);
  EXPECT_EQ(roundHalfEven(1.5), 2.0);
  EXPECT_EQ(roundHalfEven(2.5), 2.0);
  EXPECT_EQ(roundHalfEven(-1.5), -2.0);
  EXPECT_EQ(roundHalfEven(-2.5), -2.0);
  EXPECT_EQ(roundHalfEven(0.49999999999999994), 0.0);
  EXPECT_EQ(roundHalfEven(4503599627370497.5), 4503599627370498.0);
  EXPECT_EQ(roundHalfEven(kInf), kInf);
}

TEST(Rounding, SmallNegativesBecomePlusZero) {
  EXPECT_FALSE(std::signbit(roundHalfEven(-0.3)));
  EXPECT_FALSE(std::signbit(roundHalfEven(-0.5)));
  EXPECT_TRUE(std::signbit(roundHalfEven(-0.0)));
}

TEST(Rounding, DoubleArtefactsShow) {
  EXPECT_EQ(roundDouble(1.005, 2), 1.0);
  EXPECT_EQ(roundDouble(2.675, 2), 2.68);
  EXPECT_EQ(roundDouble(0.285, 2), 0.28);
  EXPECT_EQ(roundDouble(5, 2), 5.0);
}

TEST(Rounding, DoubleWithExtremePrecision) {
  EXPECT_EQ(roundDouble(1.5, 309), 1.5);
  EXPECT_EQ(roundDouble(1.5, 2147483647), 1.5);
  EXPECT_EQ(roundDouble(1.5e300, 30), 1.5e300); // the scaled value is infinite
  EXPECT_TRUE(std::signbit(roundDouble(-1.5, -400)));
  EXPECT_EQ(roundDouble(-1.5, kMinInt64), 0.0);
  EXPECT_EQ(roundDouble(1234.0, -2), 1200.0);
  EXPECT_EQ(roundDouble(1.25e-300, 301), 1.2e-300);
  EXPECT_EQ(roundDouble(-kInf, -400), -kInf);
}

TEST(Rounding, WholeDoubles) {
  EXPECT_EQ(text(*wholeToInt(3.0)), "3");
  EXPECT_EQ(text(*wholeToInt(-0.0)), "0");
  EXPECT_EQ(text(*wholeToInt(1e20)), "100000000000000000000 big");
  EXPECT_EQ(text(*wholeToInt(1e23)), "100000000000000000000000 big");
  EXPECT_EQ(text(*wholeToInt(0x1p63)), "9223372036854775807");
  EXPECT_EQ(text(*wholeToInt(-0x1p63)), "-9223372036854775808");
  EXPECT_FALSE(wholeToInt(kInf).has_value());
  EXPECT_FALSE(wholeToInt(std::numeric_limits<double>::quiet_NaN()).has_value());
}

TEST(Rounding, IntegersToMultiples) {
  EXPECT_EQ(text(roundToMultiple(15, 1)), "20");
  EXPECT_EQ(text(roundToMultiple(25, 1)), "20");
  EXPECT_EQ(text(roundToMultiple(-25, 1)), "-20");
  EXPECT_EQ(text(roundToMultiple(-26, 1)), "-30");
  EXPECT_EQ(text(roundToMultiple(5, 1)), "0");
  EXPECT_EQ(text(roundToMultiple(6, 1)), "10");
  EXPECT_EQ(text(roundToMultiple(7, 0)), "7");
  EXPECT_EQ(text(roundToMultiple(kMaxInt64, 1)), "9223372036854775810 big");
  EXPECT_EQ(text(roundToMultiple(kMaxInt64, 19)), "10000000000000000000 big");
  EXPECT_EQ(text(roundToMultiple(kMinInt64, 19)), "-10000000000000000000 big");
  EXPECT_EQ(text(roundToMultiple(5000000000000000000, 19)), "0");
  EXPECT_EQ(text(roundToMultiple(kMaxInt64, 20)), "0");
  EXPECT_EQ(text(roundToMultiple(kMaxInt64, 2147483648)), "0");
}

TEST(Rounding, BigIntegersToMultiples) {
  const BigInt value = parseBigInt("123456789012345678901234567895").value;
  EXPECT_EQ(text(*roundToMultiple(value, 1)), "123456789012345678901234567900 big");
  EXPECT_EQ(text(*roundToMultiple(value, 29)), "100000000000000000000000000000 big");
  EXPECT_EQ(text(*roundToMultiple(value, 30)), "0");
  EXPECT_EQ(text(*roundToMultiple(value, 1'000'000'000'000)), "0");
  EXPECT_EQ(text(*roundToMultiple(BigInt(5), 0)), "5");
}

TEST(Rounding, DecimalsToMultiples) {
  EXPECT_EQ(text(*roundToMultiple(dec("2.5"), 0)), "2");
  EXPECT_EQ(text(*roundToMultiple(dec("2.500000001"), 0)), "3");
  EXPECT_EQ(text(*roundToMultiple(dec("-3.5"), 0)), "-4");
  EXPECT_EQ(text(*roundToMultiple(dec("250.0"), 2)), "200");
  EXPECT_EQ(text(*roundToMultiple(dec("5"), 2000000000)), "0");
  EXPECT_EQ(text(*roundToMultiple(dec("6"), 1)), "10");
  EXPECT_EQ(text(*roundToMultiple(dec("0.9"), 1)), "0");
  EXPECT_EQ(text(*roundToMultiple(dec("1e30"), 2)), "1000000000000000000000000000000 big");
  EXPECT_EQ(text(*roundToMultiple(dec("0e-1000000"), 3)), "0");
}

TEST(Rounding, NarrowKeepsBigOnlyWhenNeeded) {
  EXPECT_EQ(text(narrow(BigInt(kMinInt64))), "-9223372036854775808");
  EXPECT_EQ(text(narrow(parseBigInt("9223372036854775808").value)), "9223372036854775808 big");
}

} // namespace
} // namespace branchline
