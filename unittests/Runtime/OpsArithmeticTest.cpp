// Arithmetic by the tables of R2.7, with the texts of every error.
#include "RuntimeFixture.h"

#include "branchline/Runtime/OpsInline.h"

#include <limits>

namespace branchline::runtime {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr double kInf = std::numeric_limits<double>::infinity();

class OpsArithmeticTest : public RuntimeFixture {
protected:
  std::string op(BinaryOp which, const Value &a, const Value &b) {
    return show(binary(heap, which, a, b));
  }
  std::string sum(const Value &a, const Value &b) { return op(BinaryOp::Add, a, b); }
  std::string sub(const Value &a, const Value &b) { return op(BinaryOp::Sub, a, b); }
  std::string mul(const Value &a, const Value &b) { return op(BinaryOp::Mul, a, b); }
  std::string div(const Value &a, const Value &b) { return op(BinaryOp::Div, a, b); }
  std::string idiv(const Value &a, const Value &b) { return op(BinaryOp::IDiv, a, b); }
  std::string rem(const Value &a, const Value &b) { return op(BinaryOp::Rem, a, b); }
};

TEST_F(OpsArithmeticTest, IntegersPromoteOnOverflow) { // R2.7.3, D4
  EXPECT_EQ(sum(i(2), i(3)), "Int 5");
  EXPECT_EQ(sum(i(kMax), i(1)), "BigInteger 9223372036854775808");
  EXPECT_EQ(sub(i(kMin), i(1)), "BigInteger -9223372036854775809");
  EXPECT_EQ(mul(i(-1), i(kMin)), "BigInteger 9223372036854775808");
  EXPECT_EQ(mul(i(kMin), i(-1)), "BigInteger 9223372036854775808");
  EXPECT_EQ(mul(i(3037000499), i(3037000499)), "Int 9223372030926249001");
  EXPECT_EQ(mul(i(4294967296), i(-2147483648)), "Int -9223372036854775808");
  EXPECT_EQ(idiv(i(kMin), i(-1)), "BigInteger 9223372036854775808");
  EXPECT_EQ(rem(i(kMin), i(-1)), "Int 0");
}

TEST_F(OpsArithmeticTest, BigIntegersNeverNarrow) { // R2.2.6
  EXPECT_EQ(sub(big("9223372036854775808"), i(kMax)), "BigInteger 1");
  EXPECT_EQ(sum(i(1), big("-1")), "BigInteger 0");
  EXPECT_EQ(mul(big("3"), big("4")), "BigInteger 12");
  EXPECT_EQ(idiv(big("-7"), i(2)), "BigInteger -3");
  EXPECT_EQ(rem(i(-7), big("3")), "BigInteger -1");
  EXPECT_EQ(rem(i(7), big("-3")), "BigInteger 1");
}

TEST_F(OpsArithmeticTest, FloatsTakeOver) {
  EXPECT_EQ(sum(i(1), f(0.5)), "Double 1.5");
  EXPECT_EQ(sub(f(0.5), big("1")), "Double -0.5");
  EXPECT_EQ(mul(f(0.1), f(3)), "Double 0.30000000000000004");
  EXPECT_EQ(div(i(9007199254740993), i(3)), "Double 3.0023997515803305E15");
  EXPECT_EQ(div(i(1), i(4)), "Double 0.25");
  EXPECT_EQ(div(big("10"), big("4")), "Double 2.5");
  EXPECT_EQ(rem(f(-7.5), i(2)), "Double -1.5");
  EXPECT_EQ(rem(f(5), f(kInf)), "Double 5.0");
  EXPECT_EQ(rem(f(kInf), f(5)), "Double NaN");
  EXPECT_EQ(rem(f(7.5), big("2")), "Double 1.5");
}

TEST_F(OpsArithmeticTest, DecimalsAreExact) { // R2.7.8, R2.7.9
  EXPECT_EQ(sum(dec("1.10"), dec("2.2")), "BigDecimal 3.30");
  EXPECT_EQ(sum(dec("1.10"), i(1)), "BigDecimal 2.10");
  EXPECT_EQ(sub(big("1"), dec("0.5")), "BigDecimal 0.5");
  EXPECT_EQ(mul(dec("1.5"), dec("1.50")), "BigDecimal 2.250");
  EXPECT_EQ(div(i(1), dec("3.0")), "BigDecimal 0.3333333333333333333333333333333333");
  EXPECT_EQ(div(dec("1.00"), dec("2")), "BigDecimal 0.50");
  EXPECT_EQ(rem(dec("7.50"), i(2)), "BigDecimal 1.50");
  EXPECT_EQ(rem(dec("-7.5"), f(2)), "Double -1.5"); // D5
  EXPECT_EQ(rem(f(2), dec("7.5")), "Double 2.0");
}

TEST_F(OpsArithmeticTest, MixingDecimalAndFloatFails) {
  const std::string tail = "' does not allow mixing decimal and float; wrap floats with DEC()";
  EXPECT_EQ(sum(dec("1"), f(1)), "IllegalArgumentException: Operator '+" + tail);
  EXPECT_EQ(sub(f(1), dec("1")), "IllegalArgumentException: Operator '-" + tail);
  EXPECT_EQ(mul(dec("1"), f(1)), "IllegalArgumentException: Operator '*" + tail);
  EXPECT_EQ(div(f(0), dec("0")), "IllegalArgumentException: Operator '/" + tail);
  EXPECT_EQ(show(addNumbers(heap, dec("1"), f(1))), "IllegalArgumentException: Operator '+" + tail);
}

TEST_F(OpsArithmeticTest, IntegerDivisionTakesIntegersOnly) {
  const std::string decimal =
      "IllegalArgumentException: Operator '//' does not support decimal values";
  EXPECT_EQ(idiv(dec("1"), i(1)), decimal);
  EXPECT_EQ(idiv(f(1), dec("1")), decimal);
  EXPECT_EQ(idiv(f(1), i(0)), "IllegalArgumentException: Operator '//' expects integer values; "
                              "wrap floats with INT()");
}

TEST_F(OpsArithmeticTest, DivisionByZero) { // R2.7.7
  const std::string plain = "IllegalArgumentException: Division by zero";
  EXPECT_EQ(div(i(1), i(0)), plain);
  EXPECT_EQ(div(f(1), f(-0.0)), plain);
  EXPECT_EQ(div(big("1"), big("0")), plain);
  EXPECT_EQ(idiv(i(1), i(0)), plain);
  EXPECT_EQ(rem(i(1), i(0)), plain);
  EXPECT_EQ(rem(f(1), i(0)), plain);
  EXPECT_EQ(rem(dec("7.5"), f(0)), plain);
  const std::string bigZero = "ArithmeticException: BigInteger divide by zero";
  EXPECT_EQ(idiv(big("1"), i(0)), bigZero);
  EXPECT_EQ(rem(i(1), big("0")), bigZero);
  EXPECT_EQ(div(dec("1"), i(0)), "ArithmeticException: Division by zero");
  EXPECT_EQ(rem(dec("1"), i(0)), "ArithmeticException: Division by zero");
  EXPECT_EQ(div(dec("0"), dec("0.0")), "ArithmeticException: Division undefined");
  EXPECT_EQ(rem(i(0), dec("0")), "ArithmeticException: Division undefined");
  EXPECT_EQ(rem(dec("1e40"), dec("3")), "ArithmeticException: Division impossible");
}

TEST_F(OpsArithmeticTest, OtherKindsFail) {
  for (const Value &bad : {null(), yes(), s("1"), list({}), heap.object()}) {
    EXPECT_EQ(sub(bad, i(1)), "IllegalArgumentException: Operator '-' expects numbers");
    EXPECT_EQ(mul(i(1), bad), "IllegalArgumentException: Operator '*' expects numbers");
    EXPECT_EQ(div(bad, i(0)), "IllegalArgumentException: Operator '/' expects numbers");
    EXPECT_EQ(idiv(i(1), bad), "IllegalArgumentException: Operator '//' expects numbers");
    EXPECT_EQ(rem(bad, f(1)), "IllegalArgumentException: Operator '%' expects numbers");
    EXPECT_EQ(show(negate(heap, bad)),
              "IllegalStateException: Operator '-' expects numeric operands");
  }
  EXPECT_EQ(sum(null(), i(1)), "IllegalArgumentException: Operator '+' expects numbers or strings");
  EXPECT_EQ(sum(list({}), list({})),
            "IllegalArgumentException: Operator '+' expects numbers or strings");
}

TEST_F(OpsArithmeticTest, PlusConcatenatesText) { // R2.8.1
  EXPECT_EQ(sum(s("a"), s("b")), "String ab");
  EXPECT_EQ(sum(s("a"), i(-12)), "String a-12");
  EXPECT_EQ(sum(f(1), s("b")), "String 1.0b");
  EXPECT_EQ(sum(s(""), i(7)), "String 7");
  EXPECT_EQ(sum(f(2.5), s("")), "String 2.5");
  EXPECT_EQ(sum(null(), s("x")), "String nullx");
  EXPECT_EQ(sum(s("="), dec("1.50")), "String =1.50");
  EXPECT_EQ(sum(s(""), object({{s("a"), list({i(1), s("x"), null()})}, {i(2), yes()}})),
            "String {a=[1, x, null], 2=true}");
  EXPECT_EQ(show(addNumbers(heap, s("a"), i(1))),
            "IllegalArgumentException: Operator '+' expects numbers or strings");
}

TEST_F(OpsArithmeticTest, ConcatenatesLists) { // R2.8.2
  EXPECT_EQ(op(BinaryOp::Concat, list({i(1)}), list({i(2), null()})), "ArrayList [1, 2, null]");
  Value a = list({i(1)});
  EXPECT_TRUE(concatLists(heap, a, list({}))->sameObject(a));
  for (const auto &[x, y] : {std::pair(list({}), i(2)), std::pair(s("a"), s("b")),
                             std::pair(null(), list({})), std::pair(set({}), list({}))})
    EXPECT_EQ(op(BinaryOp::Concat, x, y),
              "IllegalArgumentException: Operator '++' expects two lists");
}

TEST_F(OpsArithmeticTest, Negates) { // R2.7.11
  EXPECT_EQ(show(negate(heap, i(5))), "Int -5");
  EXPECT_EQ(show(negate(heap, i(kMin))), "BigInteger 9223372036854775808");
  EXPECT_EQ(show(negate(heap, big("9223372036854775808"))), "BigInteger -9223372036854775808");
  EXPECT_EQ(show(negate(heap, f(0.0))), "Double -0.0");
  EXPECT_EQ(show(negate(heap, dec("1.50"))), "BigDecimal -1.50");
}

TEST_F(OpsArithmeticTest, SizeLimitsAreErrors) { // D8
  const std::string scale =
      "LimitExceeded: decimal limit of scale 1000000 or 16777216 bits exceeded";
  EXPECT_EQ(mul(dec("1e600000"), dec("1e600000")), scale);
  EXPECT_EQ(sum(dec("1e1000000"), dec("1e-1000000")).substr(0, 10), "BigDecimal");
  Value huge = big("1" + std::string(4'000'000, '0'));
  EXPECT_EQ(mul(huge, huge), "LimitExceeded: integer size limit of 16777216 bits exceeded");
}

TEST_F(OpsArithmeticTest, MachineFastPathsMeanTheSame) {
  const Value values[] = {i(0),    i(7),   i(-2),   i(kMax), i(kMin),         f(0.0),
                          f(-0.0), f(2.5), f(-7.5), f(kInf), f(std::nan("")), s("x")};
  auto agree = [&]<BinaryOp kOp>() {
    for (const Value &a : values)
      for (const Value &b : values) {
        Value fast;
        if (tryMachine<kOp>(a, b, fast))
          EXPECT_EQ(op(kOp, a, b), kindText(fast)) << kindText(a) << " " << kindText(b);
        else
          EXPECT_FALSE(a.isInt() && b.isInt() && a.asInt() == 7 && b.asInt() == -2);
      }
  };
  agree.operator()<BinaryOp::Add>();
  agree.operator()<BinaryOp::Sub>();
  agree.operator()<BinaryOp::Mul>();
  agree.operator()<BinaryOp::Div>();
  agree.operator()<BinaryOp::IDiv>();
  agree.operator()<BinaryOp::Rem>();
  agree.operator()<BinaryOp::Eq>();
  agree.operator()<BinaryOp::Ne>();
  agree.operator()<BinaryOp::Lt>();
  agree.operator()<BinaryOp::Le>();
  agree.operator()<BinaryOp::Gt>();
  agree.operator()<BinaryOp::Ge>();
}

} // namespace
} // namespace branchline::runtime
