// Machine-number kernels at the edges of 64 bits, and the total order of doubles.
#include "branchline/Numeric/IntOps.h"

#include <gtest/gtest.h>
#include <vector>

namespace branchline {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(IntOps, AddAndSubtractReportOverflow) {
  std::int64_t out = 0;
  EXPECT_FALSE(addOverflows(kMaxInt64, -1, out));
  EXPECT_EQ(out, kMaxInt64 - 1);
  EXPECT_TRUE(addOverflows(kMaxInt64, 1, out));
  EXPECT_TRUE(addOverflows(kMinInt64, -1, out));
  EXPECT_FALSE(subOverflows(-1, kMinInt64, out));
  EXPECT_EQ(out, kMaxInt64);
  EXPECT_TRUE(subOverflows(0, kMinInt64, out));
}

TEST(IntOps, MultiplyCatchesTheMinimumOnBothSides) {
  std::int64_t out = 0;
  EXPECT_TRUE(mulOverflows(-1, kMinInt64, out));
  EXPECT_TRUE(mulOverflows(kMinInt64, -1, out));
  EXPECT_FALSE(mulOverflows(kMinInt64, 1, out));
  EXPECT_EQ(out, kMinInt64);
  EXPECT_FALSE(mulOverflows(3037000499, 3037000499, out));
  EXPECT_EQ(out, 9223372030926249001);
  EXPECT_TRUE(mulOverflows(3037000500, 3037000500, out));
}

TEST(IntOps, NegateAndMagnitude) {
  std::int64_t out = 0;
  EXPECT_TRUE(negOverflows(kMinInt64, out));
  EXPECT_FALSE(negOverflows(kMaxInt64, out));
  EXPECT_EQ(out, -kMaxInt64);
  EXPECT_TRUE(absOverflows(kMinInt64, out));
  EXPECT_FALSE(absOverflows(-5, out));
  EXPECT_EQ(out, 5);
  EXPECT_FALSE(absOverflows(7, out));
  EXPECT_EQ(out, 7);
}

TEST(IntOps, DivisionTruncates) {
  std::int64_t out = 0;
  EXPECT_FALSE(divOverflows(-7, 2, out));
  EXPECT_EQ(out, -3);
  EXPECT_TRUE(divOverflows(kMinInt64, -1, out));
  EXPECT_FALSE(divOverflows(7, -1, out));
  EXPECT_EQ(out, -7);
  EXPECT_EQ(remTrunc(-7, 3), -1);
  EXPECT_EQ(remTrunc(7, -3), 1);
  EXPECT_EQ(remTrunc(kMinInt64, -1), 0);
}

TEST(IntOps, Power) {
  std::int64_t out = 0;
  const auto power = [&out](std::int64_t base, std::uint64_t exponent) {
    return powOverflows(base, exponent, out) ? std::nullopt : std::optional(out);
  };
  EXPECT_EQ(power(2, 10), 1024);
  EXPECT_EQ(power(-2, 3), -8);
  EXPECT_EQ(power(0, 0), 1);
  EXPECT_EQ(power(0, ~std::uint64_t{0}), 0);
  EXPECT_EQ(power(-1, ~std::uint64_t{0}), -1);
  EXPECT_EQ(power(2, 62), std::int64_t{1} << 62);
  EXPECT_EQ(power(2, 63), std::nullopt);
  EXPECT_EQ(power(-2, 63), kMinInt64);
  EXPECT_EQ(power(-2, 64), std::nullopt);
  EXPECT_EQ(power(10, 18), 1000000000000000000);
  EXPECT_EQ(power(10, 19), std::nullopt);
  EXPECT_EQ(power(kMinInt64, 1), kMinInt64);
  EXPECT_EQ(power(kMinInt64, 2), std::nullopt);
  EXPECT_EQ(power(3, ~std::uint64_t{0}), std::nullopt);
}

TEST(IntOps, TotalOrderOfDoubles) {
  const std::vector<double> order = {-kInf, -1.5, -5e-324, -0.0, 0.0, 5e-324, 1.5, kInf, kNan};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = 0; j < order.size(); ++j)
      EXPECT_EQ(compareTotal(order[i], order[j]), (i > j) - (i < j)) << i << " " << j;
  EXPECT_EQ(compareTotal(-kNan, kNan), 0);
  EXPECT_EQ(compareTotal(toDouble(9007199254740993), 9007199254740992.0), 0);
}

TEST(IntOps, StrictEqualityOfDoubles) {
  EXPECT_TRUE(identical(kNan, -kNan));
  EXPECT_FALSE(identical(0.0, -0.0));
  EXPECT_TRUE(identical(1.5, 1.5));
}

TEST(IntOps, IntegersToDoublesRoundToEven) {
  EXPECT_EQ(toDouble(9007199254740993), 9007199254740992.0);
  EXPECT_EQ(toDouble(9007199254740995), 9007199254740996.0);
  EXPECT_EQ(toDouble(kMaxInt64), 0x1p63);
  EXPECT_EQ(toDouble(kMinInt64), -0x1p63);
}

TEST(IntOps, DoublesToIntegers) {
  EXPECT_EQ(toInt64Saturating(-2.9), -2);
  EXPECT_EQ(toInt64Saturating(0x1p63), kMaxInt64);
  EXPECT_EQ(toInt64Saturating(-0x1p63), kMinInt64);
  EXPECT_EQ(toInt64Saturating(kInf), kMaxInt64);
  EXPECT_EQ(toInt64Saturating(-kInf), kMinInt64);
  EXPECT_EQ(toInt64Saturating(kNan), 0);
  EXPECT_EQ(toInt64Exact(3.0), 3);
  EXPECT_EQ(toInt64Exact(-0.0), 0);
  EXPECT_EQ(toInt64Exact(-0x1p63), kMinInt64);
  EXPECT_EQ(toInt64Exact(0x1p63), std::nullopt);
  EXPECT_EQ(toInt64Exact(2.5), std::nullopt);
  EXPECT_EQ(toInt64Exact(kNan), std::nullopt);
}

} // namespace
} // namespace branchline
