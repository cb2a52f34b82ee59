// Library functions that convert to numbers and calculate with them. Big integers are shown with
// `n`, decimals with `m`.
#include "BuiltinsFixture.h"

#include <limits>

namespace branchline::runtime {
namespace {

class BuiltinsNumbersTest : public BuiltinsFixture {
protected:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
};

TEST_F(BuiltinsNumbersTest, StringAndBoolean) {
  EXPECT_EQ(call("STRING", {null}), "null");
  EXPECT_EQ(call("STRING", {list({i(1), s("a"), null})}), "\"[1, a, null]\"");
  EXPECT_EQ(call("STRING", {dec("1e3")}), "\"1E+3\"");
  EXPECT_EQ(call("BOOLEAN", {s("false")}), "true");
  EXPECT_EQ(call("BOOLEAN", {s("")}), "false");
  EXPECT_EQ(call("BOOLEAN", {f(-0.0)}), "false");
}

TEST_F(BuiltinsNumbersTest, Number) {
  EXPECT_EQ(call("NUMBER", {s("\u00a042\u3000")}), "42");
  EXPECT_EQ(call("NUMBER", {s("-.5e1")}), "-5.0");
  EXPECT_EQ(call("NUMBER", {s("0x1.8p1")}), "3.0");
  EXPECT_EQ(call("NUMBER", {s("9223372036854775807")}), "9223372036854775807");
  EXPECT_EQ(call("NUMBER", {dec("1.50")}), "1.50m");
  EXPECT_EQ(call("NUMBER", {yes}), "1");
  EXPECT_EQ(call("NUMBER", {null}), "null");
  EXPECT_EQ(call("NUMBER", {s("abc")}),
            "IllegalStateException: NUMBER: integer out of range; use DEC(\"abc\") for BigInt");
  EXPECT_EQ(call("NUMBER", {s(" 1e ")}), "IllegalStateException: NUMBER: cannot parse ' 1e '");
  EXPECT_EQ(call("NUMBER", {s("  ")}), "IllegalStateException: NUMBER: cannot parse '  '");
  EXPECT_EQ(call("NUMBER", {list({})}),
            "IllegalStateException: NUMBER: unsupported type ArrayList");
}

TEST_F(BuiltinsNumbersTest, Int) {
  EXPECT_EQ(call("INT", {s("+0012")}), "12");
  EXPECT_EQ(call("INT", {f(-0.0)}), "0");
  EXPECT_EQ(call("INT", {no}), "0");
  EXPECT_EQ(call("INT", {dec("2.00")}), "2");
  EXPECT_EQ(call("INT", {dec("7")}), "7");
  EXPECT_EQ(call("INT", {f(1e20)}), "100000000000000000000n");
  EXPECT_EQ(call("INT", {s("99999999999999999999")}), "99999999999999999999n");
  // Doubles count as the decimals that their texts denote.
  EXPECT_EQ(call("INT", {f(0x1p60)}), "1152921504606847000");
  EXPECT_EQ(call("INT", {null}), "null");
  EXPECT_EQ(call("INT", {f(0.00001)}),
            "IllegalArgumentException: INT: expected integer, got 0.000010");
  EXPECT_EQ(call("INT", {dec("2.50")}),
            "IllegalArgumentException: INT: expected integer, got 2.50");
  EXPECT_EQ(call("INT", {s(" 12 ")}), "IllegalStateException: INT: cannot parse ' 12 ' as int");
  EXPECT_EQ(call("INT", {f(kInfinity)}),
            "NumberFormatException: INT: expected integer, got Infinity");
  EXPECT_EQ(call("INT", {heap.object()}),
            "IllegalStateException: INT: unsupported type LinkedHashMap");
}

TEST_F(BuiltinsNumbersTest, ParseInt) {
  EXPECT_EQ(call("PARSE_INT", {s("-1.5b")}), "15");
  EXPECT_EQ(call("PARSE_INT", {s("none")}), "0");
  EXPECT_EQ(call("PARSE_INT", {s("none"), s("d")}), "\"d\"");
  EXPECT_EQ(call("PARSE_INT", {null, null}), "null");
  EXPECT_EQ(call("PARSE_INT", {s("0000")}), "0");
  EXPECT_EQ(call("PARSE_INT", {s("00100")}), "100");
  EXPECT_EQ(call("PARSE_INT", {s("9,223,372,036,854,775,808")}), "9223372036854775808n");
  EXPECT_EQ(call("PARSE_INT", {yes, i(9)}), "1");
  EXPECT_EQ(call("PARSE_INT", {f(2.75), i(9)}),
            "IllegalArgumentException: PARSE_INT: expected integer, got 2.75");
  EXPECT_EQ(call("PARSE_INT", {heap.object(), i(3)}),
            "IllegalStateException: PARSE_INT: unsupported type LinkedHashMap");
}

TEST_F(BuiltinsNumbersTest, Dec) {
  EXPECT_EQ(call("DEC", {s(" 1.50 ")}), "1.50m");
  EXPECT_EQ(call("DEC", {s("15")}), "15n");
  EXPECT_EQ(call("DEC", {i(1)}), "1n");
  EXPECT_EQ(call("DEC", {f(100)}), "100.0m");
  EXPECT_EQ(call("DEC", {f(0.00001)}), "0.000010m");
  EXPECT_EQ(call("DEC", {null}), "null");
  EXPECT_EQ(call("DEC", {s(" ")}), "IllegalStateException: DEC: cannot parse ' '");
  EXPECT_EQ(call("DEC", {yes}), "IllegalStateException: DEC: unsupported type Boolean");
  EXPECT_EQ(call("DEC", {s("1e999999999")}).substr(0, 15), "LimitExceeded: ");
  for (const std::string bad : {"abc", "-", "1.2.3", "1e", "--1", "1.x", "e5"}) {
    const std::string start = "NumberFormatException: DEC: cannot parse '" + bad + "': ";
    const std::string error = call("DEC", {s(bad)});
    EXPECT_EQ(error.substr(0, start.size()), start);
    EXPECT_GT(error.size(), start.size());
  }
  EXPECT_EQ(call("DEC", {f(kInfinity)}).substr(0, 23), "NumberFormatException: ");
}

TEST_F(BuiltinsNumbersTest, Abs) {
  EXPECT_EQ(call("ABS", {i(-5)}), "5");
  EXPECT_EQ(call("ABS", {i(INT64_MIN)}), "9223372036854775808n");
  EXPECT_EQ(call("ABS", {f(-0.0)}), "0.0");
  EXPECT_EQ(call("ABS", {dec("-5")}), "5n");
  EXPECT_EQ(call("ABS", {dec("-5.50")}), "5.50m");
  EXPECT_EQ(call("ABS", {null}), "null");
  EXPECT_EQ(call("ABS", {s("5")}), "IllegalStateException: ABS: arg must be numeric");
}

TEST_F(BuiltinsNumbersTest, FloorAndCeil) {
  EXPECT_EQ(call("FLOOR", {f(-1.5)}), "-2.0");
  EXPECT_EQ(call("CEIL", {f(-0.2)}), "-0.0");
  EXPECT_EQ(call("FLOOR", {dec("-1.5")}), "-2n");
  EXPECT_EQ(call("CEIL", {dec("1.2")}), "2n");
  EXPECT_EQ(call("CEIL", {dec("-0.9")}), "0n");
  EXPECT_EQ(call("FLOOR", {i(7)}), "7");
  EXPECT_EQ(call("CEIL", {dec("7")}), "7n");
  EXPECT_EQ(call("FLOOR", {null}), "null");
  EXPECT_EQ(call("FLOOR", {yes}), "IllegalStateException: FLOOR: arg must be numeric");
  EXPECT_EQ(call("CEIL", {s("1")}), "IllegalStateException: CEIL: arg must be numeric");
}

TEST_F(BuiltinsNumbersTest, RoundByKind) {
  EXPECT_EQ(call("ROUND", {f(2.5)}), "2");
  EXPECT_EQ(call("ROUND", {f(-0.4)}), "0");
  EXPECT_EQ(call("ROUND", {f(1.005), i(2)}), "1.0");
  EXPECT_EQ(call("ROUND", {f(125), i(-1)}), "120");
  EXPECT_EQ(call("ROUND", {i(5), i(2)}), "5.0");
  EXPECT_EQ(call("ROUND", {i(-1250), i(-2)}), "-1200");
  EXPECT_EQ(call("ROUND", {i(INT64_MAX), i(-1)}), "9223372036854775810n");
  EXPECT_EQ(call("ROUND", {dec("7")}), "7");
  EXPECT_EQ(call("ROUND", {dec("15"), i(-1)}), "20");
  EXPECT_EQ(call("ROUND", {dec("1.2"), i(3)}), "1.200m");
  EXPECT_EQ(call("ROUND", {dec("2.5")}), "2");
  EXPECT_EQ(call("ROUND", {dec("1350.5"), i(-2)}), "1400");
  EXPECT_EQ(call("ROUND", {f(1e20)}), "100000000000000000000n");
  EXPECT_EQ(call("ROUND", {f(kInfinity)}), "IllegalArgumentException: ROUND: value must be finite");
  EXPECT_EQ(call("ROUND", {s("1.5")}), "IllegalStateException: ROUND: arg must be numeric");
  EXPECT_EQ(call("ROUND", {dec("1.5"), i(2'000'000)}).substr(0, 15), "LimitExceeded: ");
}

TEST_F(BuiltinsNumbersTest, RoundPrecision) {
  EXPECT_EQ(call("ROUND", {f(1.55), f(1)}), "1.6");
  EXPECT_EQ(call("ROUND", {f(1.55), dec("1.0")}), "1.6");
  EXPECT_EQ(call("ROUND", {null, s("x")}), "null");
  const std::string notInteger = "ROUND: precision must be integer";
  EXPECT_EQ(call("ROUND", {f(1.55), f(1.5)}), "IllegalArgumentException: " + notInteger);
  EXPECT_EQ(call("ROUND", {f(1.55), dec("1.5")}), "IllegalArgumentException: " + notInteger);
  EXPECT_EQ(call("ROUND", {i(5), i(-2147483648)}), "IllegalArgumentException: " + notInteger);
  EXPECT_EQ(call("ROUND", {f(1.55), s("1")}), "IllegalStateException: " + notInteger);
  EXPECT_EQ(call("ROUND", {f(1.55), f(kInfinity)}),
            "IllegalArgumentException: ROUND: precision must be finite");
  for (const Value &large : {i(99999999999), dec("99999999999"), f(1e300), dec("1e900000")})
    EXPECT_EQ(call("ROUND", {f(1.55), large}),
              "IllegalArgumentException: ROUND: precision out of bounds")
        << show(large);
}

TEST_F(BuiltinsNumbersTest, Power) {
  EXPECT_EQ(call("POWER", {i(2), i(10)}), "1024");
  EXPECT_EQ(call("POWER", {i(2), i(64)}), "18446744073709551616n");
  EXPECT_EQ(call("POWER", {i(-2), i(63)}), "-9223372036854775808");
  EXPECT_EQ(call("POWER", {dec("2"), i(3)}), "8n");
  EXPECT_EQ(call("POWER", {i(0), i(0)}), "1");
  EXPECT_EQ(call("POWER", {i(-1), i(INT64_MAX)}), "-1");
  EXPECT_EQ(call("POWER", {i(2), i(-1)}), "0.5");
  EXPECT_EQ(call("POWER", {i(4), f(0.5)}), "2.0");
  EXPECT_EQ(call("POWER", {dec("1.5"), i(2)}), "2.25m");
  EXPECT_EQ(call("POWER", {dec("2.0"), i(-1)}), "0.5m");
  EXPECT_EQ(call("POWER", {dec("2.25"), f(0.5)}), "1.5");
  EXPECT_EQ(call("POWER", {null, s("x")}), "null");
  EXPECT_EQ(call("POWER", {i(2), null}), "null");
}

TEST_F(BuiltinsNumbersTest, PowerErrors) {
  EXPECT_EQ(call("POWER", {s("2"), i(2)}), "IllegalStateException: POWER: base must be numeric");
  EXPECT_EQ(call("POWER", {i(2), yes}), "IllegalStateException: POWER: exponent must be numeric");
  const std::string zero = "ArithmeticException: POWER: zero cannot be raised to a negative power";
  EXPECT_EQ(call("POWER", {i(0), i(-1)}), zero);
  EXPECT_EQ(call("POWER", {f(0), f(-0.5)}), zero);
  EXPECT_EQ(call("POWER", {dec("0.0"), i(-2)}), zero);
  EXPECT_EQ(call("POWER", {i(-8), f(0.5)}),
            "ArithmeticException: POWER: negative base with a fractional exponent");
  EXPECT_EQ(call("POWER", {i(10), i(1'000'000'000)}).substr(0, 15), "LimitExceeded: ");
  EXPECT_EQ(call("POWER", {dec("1.1"), i(1'000'000'000)}).substr(0, 15), "LimitExceeded: ");
}

TEST_F(BuiltinsNumbersTest, Sqrt) {
  EXPECT_EQ(call("SQRT", {i(9)}), "3.0");
  EXPECT_EQ(call("SQRT", {f(2)}), "1.4142135623730951");
  EXPECT_EQ(call("SQRT", {f(-0.0)}), "-0.0");
  EXPECT_EQ(call("SQRT", {dec("2.0")}), "1.414213562373095048801688724209698m");
  EXPECT_EQ(call("SQRT", {valueOf("POWER", {i(10), i(400)})}), "1.0E200");
  EXPECT_EQ(call("SQRT", {null}), "null");
  EXPECT_EQ(call("SQRT", {s("4")}), "IllegalStateException: SQRT: arg must be numeric");
  for (const Value &negative : {i(-1), f(-0.5), dec("-1.0"), dec("-4")})
    EXPECT_EQ(call("SQRT", {negative}), "ArithmeticException: SQRT: arg must not be negative")
        << show(negative);
}

TEST_F(BuiltinsNumbersTest, RandomIsSpreadOverTheUnitInterval) {
  double sum = 0;
  for (int n = 0; n < 1000; ++n) {
    const double x = valueOf("RANDOM", {}).asFloat();
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x;
  }
  // Thirteen standard deviations: this fails by mistake, not by chance.
  EXPECT_NEAR(sum / 1000, 0.5, 0.12);
  EXPECT_NE(call("RANDOM", {}), call("RANDOM", {}));
}

} // namespace
} // namespace branchline::runtime
