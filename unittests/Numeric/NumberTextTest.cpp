// Numbers to text and back: the double layout of the language, integer text, canonical decimals,
// and every grammar that the library and JSON read.
#include "branchline/Numeric/NumberText.h"
#include "branchline/Numeric/IntOps.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace branchline {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::string text(double value) {
  std::string out;
  appendDouble(out, value);
  return out;
}

std::string text(std::int64_t value) {
  std::string out;
  appendInt(out, value);
  return out;
}

double json(std::string_view token) {
  return parseJsonDouble(token.data(), token.data() + token.size());
}

/// The text of a parsed decimal, or the error message in angle brackets.
std::string decimal(std::string_view source) {
  const ParsedDecimal parsed = parseDecimal(source);
  if (parsed.error != NumberError::None)
    return "<" + std::string(message(parsed.error)) + ">";
  return parsed.value.toText();
}

TEST(DoubleText, SpecialValues) {
  EXPECT_EQ(text(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(text(-std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(text(kInf), "Infinity");
  EXPECT_EQ(text(-kInf), "-Infinity");
  EXPECT_EQ(text(0.0), "0.0");
  EXPECT_EQ(text(-0.0), "-0.0");
}

TEST(DoubleText, PlainBetweenThousandthAndTenMillion) {
  EXPECT_EQ(text(1.0), "1.0");
  EXPECT_EQ(text(-100.0), "-100.0");
  EXPECT_EQ(text(0.001), "0.001");
  EXPECT_EQ(text(1234567.0), "1234567.0");
  EXPECT_EQ(text(9999999.0), "9999999.0");
  EXPECT_EQ(text(9999999.999999998), "9999999.999999998");
  EXPECT_EQ(text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(text(0.29), "0.29");
  EXPECT_EQ(text(1999.99), "1999.99");
  EXPECT_EQ(text(-0.00123), "-0.00123");
  EXPECT_EQ(text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(text(123456.12345678), "123456.12345678");
}

TEST(DoubleText, ScientificElsewhere) {
  EXPECT_EQ(text(1e7), "1.0E7");
  EXPECT_EQ(text(1e-4), "1.0E-4");
  EXPECT_EQ(text(0.00099999), "9.9999E-4");
  EXPECT_EQ(text(12345678.0), "1.2345678E7");
  EXPECT_EQ(text(123456789.25), "1.2345678925E8");
  EXPECT_EQ(text(1.2345e-5), "1.2345E-5");
  EXPECT_EQ(text(1e20 / 3), "3.333333333333333E19");
  EXPECT_EQ(text(2e23), "2.0E23");
  EXPECT_EQ(text(-1.7976931348623157e308), "-1.7976931348623157E308");
  EXPECT_EQ(text(2.2250738585072014E-308), "2.2250738585072014E-308");
  EXPECT_EQ(text(0x1p-44), "5.684341886080802E-14"); // a tie between two shortest texts
  EXPECT_EQ(text(9007199254740992.0), "9.007199254740992E15");
}

TEST(DoubleText, TwoDigitsForTheSmallest) {
  EXPECT_EQ(text(0x1p-1074), "4.9E-324");
  EXPECT_EQ(text(0x1p-1073), "9.9E-324");
  EXPECT_EQ(text(3 * 0x1p-1074), "1.5E-323");
  EXPECT_EQ(text(4 * 0x1p-1074), "2.0E-323");
  EXPECT_EQ(text(-0x1p-1074), "-4.9E-324");
}

TEST(DoubleText, LongestFitsBuffer) {
  char buffer[kNumberBufferSize];
  std::memset(buffer, '#', sizeof buffer);
  const std::size_t length = appendDouble(buffer, -2.2250738585072014E-308);
  EXPECT_EQ(std::string_view(buffer, length), "-2.2250738585072014E-308");
  EXPECT_EQ(buffer[length], '#');
}

TEST(DoubleText, ReadsBackToTheSameBits) {
  std::mt19937_64 random(20); // fixed seed: the same values in every run
  const auto check = [](double value) {
    const std::string written = text(value);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(json(written)), std::bit_cast<std::uint64_t>(value))
        << written;
  };
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value))
      check(value);
    const double decimals = static_cast<double>(random() % 1'000'000'000'000) /
                            std::pow(10.0, static_cast<double>(random() % 12));
    check(decimals);
    check(-decimals * 1e-9);
  }
}

TEST(IntText, AllLengths) {
  EXPECT_EQ(text(std::int64_t{0}), "0");
  EXPECT_EQ(text(kMaxInt64), "9223372036854775807");
  EXPECT_EQ(text(kMinInt64), "-9223372036854775808");
  std::int64_t power = 1;
  for (int digits = 1; digits <= 18; ++digits) {
    for (const std::int64_t value : {power, power - 1, power + 1, -power, power * 7}) {
      EXPECT_EQ(text(value), std::to_string(value));
    }
    power *= 10;
  }
}

TEST(CanonicalText, Layout) {
  EXPECT_EQ(canonicalDecimalText("0.00"), "0");
  EXPECT_EQ(canonicalDecimalText("-0.0"), "0");
  EXPECT_EQ(canonicalDecimalText("1.0E21"), "1e21");
  EXPECT_EQ(canonicalDecimalText("-1.5E-7"), "-1.5e-7");
  EXPECT_EQ(canonicalDecimalText("1.0E-6"), "0.000001");
  EXPECT_EQ(canonicalDecimalText("1.0E7"), "10000000");
  EXPECT_EQ(canonicalDecimalText("1.23456789E7"), "12345678.9");
  EXPECT_EQ(canonicalDecimalText("9.99E20"), "999000000000000000000");
  EXPECT_EQ(canonicalDecimalText("1234.5000"), "1234.5");
  EXPECT_EQ(canonicalDecimalText("0001234"), "1234");
  EXPECT_EQ(canonicalDecimalText("100"), "100");
  EXPECT_EQ(canonicalDecimalText("0.00000012"), "1.2e-7");
  EXPECT_EQ(canonicalDecimalText("1000000000000000000000"), "1e21");
  EXPECT_EQ(canonicalDecimalText("1234567890123456789012.5"), "1.2345678901234567890125e21");
  EXPECT_EQ(canonicalDecimalText("1.5e+2"), "150");
}

TEST(ParseInt64, Grammar) {
  EXPECT_EQ(parseInt64("+12"), 12);
  EXPECT_EQ(parseInt64("-0012"), -12);
  EXPECT_EQ(parseInt64("9223372036854775807"), kMaxInt64);
  EXPECT_EQ(parseInt64("-9223372036854775808"), kMinInt64);
  for (const std::string_view bad :
       {"", "+", "-", "+-1", "--1", "++1", " 1", "1 ", "1.0", "1e3", "0x10", "1_000",
        "9223372036854775808", "-9223372036854775809", "\xD9\xA1"})
    EXPECT_EQ(parseInt64(bad), std::nullopt) << bad;
}

TEST(ParseBigInt, Grammar) {
  EXPECT_EQ(parseBigInt("+000123").value.toString(), "123");
  EXPECT_EQ(parseBigInt("-123456789012345678901234567890").value.toString(),
            "-123456789012345678901234567890");
  EXPECT_EQ(parseBigInt("").error, NumberError::NoDigits);
  EXPECT_EQ(parseBigInt("-").error, NumberError::NoDigits);
  EXPECT_EQ(parseBigInt("--1").error, NumberError::MisplacedSign);
  EXPECT_EQ(parseBigInt("1-1").error, NumberError::MisplacedSign);
  EXPECT_EQ(parseBigInt("12345678901x").error, NumberError::BadCharacter);
  EXPECT_EQ(parseBigInt(" 1").error, NumberError::BadCharacter);
  EXPECT_EQ(parseBigInt("\xD9\xA1").error, NumberError::BadCharacter); // ASCII digits only
  EXPECT_EQ(parseBigInt(std::string(kMaxBigDigits + 1, '1')).error, NumberError::TooLarge);
}

TEST(ParseDecimal, Grammar) {
  EXPECT_EQ(decimal("1e3"), "1E+3");
  EXPECT_EQ(decimal("0.0000001"), "1E-7");
  EXPECT_EQ(decimal("12e-10"), "1.2E-9");
  EXPECT_EQ(decimal("0e3"), "0E+3");
  EXPECT_EQ(decimal("1."), "1");
  EXPECT_EQ(decimal(".5"), "0.5");
  EXPECT_EQ(decimal("+1.50"), "1.50");
  EXPECT_EQ(decimal("-0.0"), "0.0");
  EXPECT_EQ(decimal("1.E+2"), "1E+2");
  EXPECT_EQ(decimal("-1234567890123456789.0123456789"), "-1234567890123456789.0123456789");
}

TEST(ParseDecimal, Errors) {
  EXPECT_EQ(parseDecimal("").error, NumberError::NoDigits);
  EXPECT_EQ(parseDecimal(".").error, NumberError::NoDigits);
  EXPECT_EQ(parseDecimal("e5").error, NumberError::NoDigits);
  EXPECT_EQ(parseDecimal("1.2.3").error, NumberError::SecondPoint);
  EXPECT_EQ(parseDecimal("1.x").error, NumberError::BadCharacter);
  EXPECT_EQ(parseDecimal("Infinity").error, NumberError::BadCharacter);
  EXPECT_EQ(parseDecimal("--1").error, NumberError::MisplacedSign);
  EXPECT_EQ(parseDecimal("1e").error, NumberError::NoExponentDigits);
  EXPECT_EQ(parseDecimal("1e+").error, NumberError::NoExponentDigits);
  EXPECT_EQ(parseDecimal("1ex").error, NumberError::BadCharacter);
  EXPECT_EQ(parseDecimal("1e2.5").error, NumberError::BadCharacter);
  EXPECT_EQ(decimal("1e"), "<number has an exponent without digits>");
}

TEST(ParseDecimal, ScaleLimit) {
  EXPECT_EQ(decimal("1e1000000"), "1E+1000000");
  EXPECT_EQ(decimal("1e-1000000"), "1E-1000000");
  EXPECT_EQ(parseDecimal("1e1000001").error, NumberError::TooLarge);
  EXPECT_EQ(parseDecimal("1.0e-1000000").error, NumberError::TooLarge);
  EXPECT_EQ(parseDecimal("1e99999999999999999999999999").error, NumberError::TooLarge);
  EXPECT_EQ(parseDecimal("1e-99999999999999999999999999").error, NumberError::TooLarge);
}

TEST(ParseDouble, JavaLiterals) {
  EXPECT_EQ(parseDoubleJava("1."), 1.0);
  EXPECT_EQ(parseDoubleJava(".5"), 0.5);
  EXPECT_EQ(parseDoubleJava("1.5f"), 1.5);
  EXPECT_EQ(parseDoubleJava("0.1F"), 0.1);
  EXPECT_EQ(parseDoubleJava("1e3d"), 1000.0);
  EXPECT_EQ(parseDoubleJava("+2.5E-3D"), 0.0025);
  EXPECT_EQ(parseDoubleJava(" \t\n 7 \x01"), 7.0);
  EXPECT_EQ(parseDoubleJava("1e400"), kInf);
  EXPECT_EQ(parseDoubleJava("-1e400"), -kInf);
  EXPECT_EQ(parseDoubleJava("1e-400"), 0.0);
  EXPECT_TRUE(std::signbit(*parseDoubleJava("-1e-99999999999999999999")));
  EXPECT_EQ(parseDoubleJava("1e99999999999999999999"), kInf);
  EXPECT_EQ(parseDoubleJava("0e99999999999999999999"), 0.0);
  EXPECT_EQ(parseDoubleJava("-Infinity"), -kInf);
  EXPECT_TRUE(std::isnan(*parseDoubleJava("+NaN")));
  for (const std::string_view bad :
       {"", " ", "+", ".", "d", "e5", "1e", "1ef", "1.5ff", "nan", "inf", "Infinityf", "0x10",
        "1_0", "1 2", "--1", "1..2", "1e5.0",
        "\xC2\xA0"
        "1"})
    EXPECT_EQ(parseDoubleJava(bad), std::nullopt) << bad;
}

TEST(ParseDouble, Hexadecimal) {
  EXPECT_EQ(parseDoubleJava("0x1.8p1"), 3.0);
  EXPECT_EQ(parseDoubleJava("0X.8P+1f"), 1.0);
  EXPECT_EQ(parseDoubleJava("-0x1.p3"), -8.0);
  EXPECT_EQ(parseDoubleJava("0x1p-1074"), 0x1p-1074);
  EXPECT_EQ(parseDoubleJava("0x1p-1075"), 0.0); // a tie between zero and the smallest
  EXPECT_EQ(parseDoubleJava("0x1.0000000000000000001p-1075"), 0x1p-1074);
  EXPECT_EQ(parseDoubleJava("0x1p1024"), kInf);
  EXPECT_EQ(parseDoubleJava("0x1.fffffffffffff7ffffffp1023"), std::numeric_limits<double>::max());
  EXPECT_EQ(parseDoubleJava("0x1.fffffffffffff8p1023"), kInf);
  EXPECT_EQ(parseDoubleJava("0x1.00000000000008p0"), 1.0);
  EXPECT_EQ(parseDoubleJava("0x1.000000000000080000000000000000001p0"), 0x1.0000000000001p0);
  EXPECT_EQ(parseDoubleJava("0x10000000000000000000000000000p0"), 0x1p112);
  EXPECT_EQ(parseDoubleJava("0x0p99999999999999999999"), 0.0);
  for (const std::string_view bad : {"0x", "0xp1", "0x1", "0x1.8", "0x1p", "0x1.8.1p1", "0xgp1"})
    EXPECT_EQ(parseDoubleJava(bad), std::nullopt) << bad;
}

TEST(ParseDouble, JsonTokens) {
  EXPECT_EQ(json("0.1"), 0.1);
  EXPECT_EQ(json("1e2"), 100.0);
  EXPECT_TRUE(std::signbit(json("-0.0")));
  EXPECT_EQ(json("1E+22"), 1e22);
  EXPECT_EQ(json("123456789012345e-30"), 1.23456789012345e-16);
  EXPECT_EQ(json("1e23"), 1e23); // just beyond the exact powers
  EXPECT_EQ(json("9007199254740993.0"), 9007199254740992.0);
  EXPECT_EQ(json("9007199254740993.00000000000000000000001"), 9007199254740994.0);
  EXPECT_EQ(json("0.000000000000000000000000000000000000001"), 1e-39);
  EXPECT_EQ(json("1.7976931348623159e308"), kInf);
  EXPECT_EQ(json("-1e999"), -kInf);
  EXPECT_EQ(json("2.4703282292062327e-324"), 0.0);
  EXPECT_EQ(json("2.4703282292062328e-324"), 0x1p-1074);
  EXPECT_EQ(json("1e-99999999999"), 0.0);
  EXPECT_EQ(json("1" + std::string(400, '0') + ".0e-400"), 1.0);
}

} // namespace
} // namespace branchline
