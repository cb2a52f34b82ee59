// Decimals: scales of results, 34-digit rounding, remainders, roots and powers, text forms, exact
// conversion to doubles, and quick answers for extreme exponents.
#include "branchline/Numeric/Decimal.h"
#include "branchline/Numeric/NumberText.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace branchline {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

Decimal dec(std::string_view source) {
  const ParsedDecimal parsed = parseDecimal(source);
  EXPECT_EQ(parsed.error, NumberError::None) << source;
  return parsed.value;
}

std::string show(const DecimalResult &result) {
  switch (result.status) {
  case DecimalStatus::Ok:
    return result.value.toText();
  case DecimalStatus::DivisionByZero:
    return "by zero";
  case DecimalStatus::DivisionUndefined:
    return "undefined";
  case DecimalStatus::DivisionImpossible:
    return "impossible";
  case DecimalStatus::Domain:
    return "domain";
  case DecimalStatus::Limit:
    return "limit";
  }
  return "?";
}

std::string sum(std::string_view a, std::string_view b) { return show(add(dec(a), dec(b))); }
std::string difference(std::string_view a, std::string_view b) { return show(sub(dec(a), dec(b))); }
std::string product(std::string_view a, std::string_view b) { return show(mul(dec(a), dec(b))); }
std::string quotient(std::string_view a, std::string_view b) { return show(div(dec(a), dec(b))); }
std::string remainder(std::string_view a, std::string_view b) { return show(rem(dec(a), dec(b))); }
std::string root(std::string_view a) { return show(sqrt(dec(a))); }
std::string power(std::string_view a, std::int64_t n) { return show(pow(dec(a), BigInt(n))); }

TEST(Decimal, TextForms) {
  EXPECT_EQ(dec("0.00").toText(), "0.00");
  EXPECT_EQ(dec("0.000001").toText(), "0.000001");
  EXPECT_EQ(dec("-123.4500").toText(), "-123.4500");
  EXPECT_EQ(dec("12e3").toText(), "1.2E+4");
  EXPECT_EQ(dec("1e-7").toText(), "1E-7");
  EXPECT_EQ(dec("0e-8").toText(), "0E-8");
  EXPECT_EQ(dec("0e5").toText(), "0E+5");
  EXPECT_EQ(dec("-1.5e-10").toText(), "-1.5E-10");
}

TEST(Decimal, PlainText) {
  EXPECT_EQ(dec("1e3").toPlain(), "1000");
  EXPECT_EQ(dec("-12e2").toPlain(), "-1200");
  EXPECT_EQ(dec("0e3").toPlain(), "0");
  EXPECT_EQ(dec("1e-7").toPlain(), "0.0000001");
  EXPECT_EQ(dec("-1.500").toPlain(), "-1.500");
  EXPECT_EQ(dec("0.00").toPlain(), "0.00");
  EXPECT_EQ(dec("-123e-3").toPlain(), "-0.123");
  EXPECT_EQ(dec("7e1000000").toPlain().size(), 1'000'001u);
}

TEST(Decimal, FromDouble) {
  EXPECT_EQ(Decimal::fromDouble(1.0)->toText(), "1.0");
  EXPECT_EQ(Decimal::fromDouble(1e-5)->toText(), "0.000010");
  EXPECT_EQ(Decimal::fromDouble(100.0)->toText(), "100.0");
  EXPECT_EQ(Decimal::fromDouble(-0.0)->toText(), "0.0");
  EXPECT_EQ(Decimal::fromDouble(4.9e-324)->toText(), "4.9E-324");
  EXPECT_FALSE(Decimal::fromDouble(kInf).has_value());
  EXPECT_FALSE(Decimal::fromDouble(std::nan("")).has_value());
}

TEST(Decimal, SumsAndProductsKeepScale) {
  EXPECT_EQ(sum("1.10", "2.2"), "3.30");
  EXPECT_EQ(sum("1e3", "1"), "1001");
  EXPECT_EQ(difference("1.00", "1.0"), "0.00");
  EXPECT_EQ(product("1.5", "2.00"), "3.000");
  EXPECT_EQ(product("1e3", "1e3"), "1E+6");
  EXPECT_EQ(neg(dec("-1.50")).toText(), "1.50");
  EXPECT_EQ(abs(dec("-1.50")).toText(), "1.50");
}

TEST(Decimal, QuotientOfSpecExamples) {
  EXPECT_EQ(quotient("1", "3.0"), "0.3333333333333333333333333333333333");
  EXPECT_EQ(quotient("1.00", "2"), "0.50");
  EXPECT_EQ(div(dec("100"), dec("5.0")).value.toPlain(), "20");
  EXPECT_EQ(quotient("10", "4.00"), "2.5");
  EXPECT_EQ(quotient("1e5", "2"), "5E+4");
  EXPECT_EQ(quotient("100.0", "1e-2"), "1.000E+4");
  EXPECT_EQ(quotient("6.000", "2.0"), "3.00");
  EXPECT_EQ(quotient("0.0", "1.000"), "0E+2");
  EXPECT_EQ(quotient("1e30", "7.0"), "142857142857142857142857142857.1429");
  EXPECT_EQ(quotient("3.00", "2"), "1.50");
  EXPECT_EQ(quotient("30.00", "2"), "15.00");
  EXPECT_EQ(quotient("2.0", "3"), "0.6666666666666666666666666666666667");
}

TEST(Decimal, QuotientRoundsHalfUpTo34Digits) {
  // 35 digits that end in five: half goes away from zero, also below zero.
  EXPECT_EQ(quotient("10000000000000000000000000000000005", "1"),
            "1.000000000000000000000000000000001E+34");
  EXPECT_EQ(quotient("-10000000000000000000000000000000005", "1"),
            "-1.000000000000000000000000000000001E+34");
  EXPECT_EQ(quotient("100000000000000000000000000000000049", "1"),
            "1.000000000000000000000000000000000E+35");
  // All nines carry into a new digit; the zeros stay because the digits were not exact.
  EXPECT_EQ(quotient("99999999999999999999999999999999999", "1"),
            "1.000000000000000000000000000000000E+35");
  EXPECT_EQ(quotient("0.99999999999999999999999999999999999", "1"),
            "1.000000000000000000000000000000000");
  // An exact quotient that the preferred scale would make too long keeps 34 digits.
  EXPECT_EQ(quotient("10000000000000000000000000000000000000000", "1"),
            "1.000000000000000000000000000000000E+40");
  EXPECT_EQ(quotient("12345678901234567890123456789012345678901", "1"),
            "1.234567890123456789012345678901235E+40");
}

TEST(Decimal, QuotientErrors) {
  EXPECT_EQ(quotient("1", "0.00"), "by zero");
  EXPECT_EQ(quotient("0.0", "0"), "undefined");
  EXPECT_EQ(remainder("1", "0.00"), "by zero");
  EXPECT_EQ(remainder("0e5", "0"), "undefined");
  EXPECT_EQ(quotient("1e1000000", "1e-1"), "limit");
  EXPECT_EQ(quotient("0e1000000", "1e-1"), "limit");
}

TEST(Decimal, RemainderOfSpecExamples) {
  EXPECT_EQ(remainder("7.50", "2"), "1.50");
  EXPECT_EQ(remainder("10", "0.33"), "0.1");
  EXPECT_EQ(remainder("10", "0.3"), "0.1");
  EXPECT_EQ(remainder("-7.5", "2"), "-1.5");
  EXPECT_EQ(remainder("7.5", "-2.00"), "1.50");
  EXPECT_EQ(remainder("1.00", "2"), "1.00");
  EXPECT_EQ(remainder("0.00", "3"), "0.00");
}

TEST(Decimal, RemainderLimitsTheQuotient) {
  EXPECT_EQ(remainder("9999999999999999999999999999999999", "7"), "3");
  EXPECT_EQ(remainder("1e34", "7"), "4");
  EXPECT_EQ(remainder("1e35", "7"), "impossible");
  EXPECT_EQ(remainder("1e60", "3"), "impossible");
  EXPECT_EQ(remainder("12345678901234567890123456789012345e10", "10"), "impossible");
}

TEST(Decimal, RemainderOfLongButRoundQuotient) {
  // The quotient is 5·10^59 and has scale -59.
  EXPECT_EQ(remainder("1e60", "2"), "0E+59");
  EXPECT_EQ(remainder("1e60", "2e-3"), "0E+59");
  EXPECT_EQ(remainder("7e100", "2e-100"), "0E+99");
  EXPECT_EQ(remainder("70000000000000000000000000000000000000000000000000000001", "7"), "1");
}

TEST(Decimal, SquareRoot) {
  EXPECT_EQ(root("2.0"), "1.414213562373095048801688724209698");
  EXPECT_EQ(root("4"), "2");
  EXPECT_EQ(root("4.0000"), "2.00");
  EXPECT_EQ(root("2.25"), "1.5");
  EXPECT_EQ(root("0.00"), "0.0");
  EXPECT_EQ(root("1e4"), "1E+2");
  EXPECT_EQ(root("1e3"), "31.62277660168379331998893544432719");
  EXPECT_EQ(root("1e-1000000"), "1E-500000");
  EXPECT_EQ(root("1e1000000"), "1E+500000");
  EXPECT_EQ(root("100"), "10");
  EXPECT_EQ(root("-1"), "domain");
  // The root is 34 nines and then some: rounding carries, and the zeros are dropped.
  EXPECT_EQ(root("0.99999999999999999999999999999999999999999999"), "1.0000000000000000000000");
}

TEST(Decimal, Power) {
  EXPECT_EQ(power("1.5", 2), "2.25");
  EXPECT_EQ(power("0.1", 3), "0.001");
  EXPECT_EQ(power("-1.1", 3), "-1.331");
  EXPECT_EQ(power("2.50", 0), "1");
  EXPECT_EQ(power("0.0", 0), "1");
  EXPECT_EQ(power("2.0", -2), "0.25");
  EXPECT_EQ(power("3", -1), "0.3333333333333333333333333333333333");
  EXPECT_EQ(power("0.0", -1), "domain");
  EXPECT_EQ(power("1.0", 1'000'001), "limit");
  EXPECT_EQ(power("10", 1'000'000'000), "limit");
  EXPECT_EQ(power("1e1", 1'000'000), "1E+1000000");
  EXPECT_EQ(power("1e1", 1'000'001), "limit");
  EXPECT_EQ(show(pow(dec("-1"), parseBigInt("100000000000000000000001").value)), "-1");
}

TEST(Decimal, CompareIgnoresScale) {
  EXPECT_EQ(compare(dec("1.0"), dec("1.00")), 0);
  EXPECT_EQ(compare(dec("1e3"), dec("1000.000")), 0);
  EXPECT_EQ(compare(dec("-1.01"), dec("-1.0")), -1);
  EXPECT_EQ(compare(dec("0e10"), dec("0.000")), 0);
  EXPECT_EQ(compare(dec("0"), dec("-1e-1000000")), 1);
  EXPECT_EQ(compare(dec("9.99"), dec("10")), -1);
  EXPECT_EQ(compare(dec("1e1000000"), dec("1e-1000000")), 1);
  EXPECT_EQ(compare(dec("-1e1000000"), dec("-1.1e1000000")), 1);
}

TEST(Decimal, IdenticalNeedsTheScale) {
  EXPECT_TRUE(identical(dec("1.0"), dec("1.0")));
  EXPECT_FALSE(identical(dec("1.0"), dec("1.00")));
  EXPECT_FALSE(identical(dec("1.0"), dec("1.1")));
  EXPECT_EQ(dec("1.0").hash(), dec("10e-1").hash());
}

TEST(Decimal, SetScale) {
  const auto at = [](std::string_view a, std::int64_t scale, RoundingMode mode) {
    return show(setScale(dec(a), scale, mode));
  };
  EXPECT_EQ(at("1.2", 3, RoundingMode::HalfEven), "1.200");
  EXPECT_EQ(at("1.25", 1, RoundingMode::HalfEven), "1.2");
  EXPECT_EQ(at("1.35", 1, RoundingMode::HalfEven), "1.4");
  EXPECT_EQ(at("1.2500001", 1, RoundingMode::HalfEven), "1.3");
  EXPECT_EQ(at("-0.5", 0, RoundingMode::HalfEven), "0");
  EXPECT_EQ(at("-1.5", 0, RoundingMode::HalfEven), "-2");
  EXPECT_EQ(at("-1.5", 0, RoundingMode::Down), "-1");
  EXPECT_EQ(at("-1.1", 0, RoundingMode::Floor), "-2");
  EXPECT_EQ(at("-1.9", 0, RoundingMode::Ceiling), "-1");
  EXPECT_EQ(at("1e-1000000", 0, RoundingMode::Ceiling), "1");
  EXPECT_EQ(at("-1e-1000000", 0, RoundingMode::Floor), "-1");
  EXPECT_EQ(at("1e-1000000", 0, RoundingMode::HalfEven), "0");
  EXPECT_EQ(at("1", 1'000'001, RoundingMode::HalfEven), "limit");
  EXPECT_EQ(at("155", -1, RoundingMode::HalfEven), "1.6E+2");
}

TEST(Decimal, IntegerPart) {
  EXPECT_EQ(toBigInt(dec("-1.5"), RoundingMode::Floor)->toString(), "-2");
  EXPECT_EQ(toBigInt(dec("1.2"), RoundingMode::Ceiling)->toString(), "2");
  EXPECT_EQ(toBigInt(dec("-1.9"), RoundingMode::Down)->toString(), "-1");
  EXPECT_EQ(toBigInt(dec("12e3"), RoundingMode::Floor)->toString(), "12000");
  EXPECT_EQ(toBigInt(dec("3.000"), RoundingMode::Ceiling)->toString(), "3");
  EXPECT_TRUE(dec("3.000").isInteger());
  EXPECT_TRUE(dec("1e5").isInteger());
  EXPECT_TRUE(dec("0.000").isInteger());
  EXPECT_FALSE(dec("3.001").isInteger());
  EXPECT_FALSE(dec("1e-1000000").isInteger());
  EXPECT_FALSE(dec("0.8").isInteger());
  EXPECT_FALSE(dec("1.28").isInteger());
}

TEST(Decimal, ToDoubleIsCorrectlyRounded) {
  EXPECT_EQ(dec("0.1").toDouble(), 0.1);
  EXPECT_EQ(dec("-123.456").toDouble(), -123.456);
  EXPECT_EQ(dec("9007199254740993").toDouble(), 9007199254740992.0);
  EXPECT_EQ(dec("9007199254740993.0000000000000000001").toDouble(), 9007199254740994.0);
  EXPECT_EQ(dec("1e309").toDouble(), kInf);
  EXPECT_EQ(dec("-1e1000000").toDouble(), -kInf);
  EXPECT_EQ(dec("1e-1000000").toDouble(), 0.0);
  EXPECT_EQ(dec("1e-400").toDouble(), 0.0);
  EXPECT_EQ(dec("4.9e-324").toDouble(), 0x1p-1074);
  EXPECT_EQ(dec("2.4703282292062327e-324").toDouble(), 0.0);
  EXPECT_EQ(dec("2.4703282292062328e-324").toDouble(), 0x1p-1074);
  EXPECT_EQ(dec("1.7976931348623158e308").toDouble(), std::numeric_limits<double>::max());
  EXPECT_EQ(dec("1.7976931348623159e308").toDouble(), kInf);
}

TEST(Decimal, ToDoubleReadsBackEveryDoubleText) {
  std::mt19937_64 random(7); // fixed seed: the same values in every run
  for (int i = 0; i < 5000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value)) {
      EXPECT_EQ(Decimal::fromDouble(value)->toDouble(), value);
    }
  }
}

TEST(Decimal, DivisionUndoesMultiplication) {
  std::mt19937_64 random(11);
  const auto sample = [&random] {
    return Decimal(BigInt(static_cast<std::int64_t>(random() % 1'000'000'000) + 1),
                   static_cast<std::int32_t>(random() % 20) - 10);
  };
  for (int i = 0; i < 2000; ++i) {
    const Decimal a = sample(), b = sample(), c = sample();
    const Decimal ab = mul(a, b).value;
    EXPECT_EQ(compare(div(ab, b).value, a), 0);
    EXPECT_TRUE(rem(mul(b, Decimal::fromInt(i)).value, b).value.isZero());
    // a = q·c + r with |r| < |c| and the sign of a.
    const DecimalResult r = rem(neg(a), c);
    ASSERT_TRUE(r.ok());
    EXPECT_LT(compareMagnitude(r.value, c), 0);
    EXPECT_LE(r.value.sign(), 0);
    EXPECT_TRUE(div(sub(neg(a), r.value).value, c).value.isInteger());
  }
}

TEST(Decimal, ScaleLimits) {
  EXPECT_EQ(product("1e-600000", "1e-600000"), "limit");
  EXPECT_EQ(product("1e600000", "1e600000"), "limit");
  EXPECT_EQ(product("1e-500000", "1e-500000"), "1E-1000000");
  EXPECT_EQ(makeDecimal(BigInt(1), std::int64_t{1} << 40).status, DecimalStatus::Limit);
}

// Each of these would take minutes or gigabytes if the power of ten were written out carelessly.
TEST(Decimal, ExtremeExponentsAnswerQuickly) {
  const Decimal huge = dec("1e1000000"), tiny = dec("3e-1000000");
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(compare(huge, tiny), 1);
    EXPECT_EQ(show(rem(huge, tiny)), "impossible");
    EXPECT_EQ(show(rem(tiny, huge)), "3E-1000000");
    EXPECT_EQ(show(div(huge, tiny)), "limit");
    EXPECT_EQ(huge.toDouble(), kInf);
    EXPECT_EQ(tiny.toDouble(), 0.0);
  }
  EXPECT_EQ(add(huge, tiny).value.unscaled().digitCount(), 2'000'001u);
}

} // namespace
} // namespace branchline
