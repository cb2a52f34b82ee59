// Operators, comparisons and the loads that feed them, on both sides of every fast path.
#include "VMFixture.h"

#include <cmath>
#include <limits>

namespace branchline::vm {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

class Operators : public VMFixture {
protected:
  /// `constant left op constant right`, in registers, then with a constant where there is such a
  /// form.
  std::string binary(Op op, uint16_t left, uint16_t right) {
    Fn t = transform(3);
    t.wide(Op::LoadConst, 0, left);
    t.wide(Op::LoadConst, 1, right);
    t.op(op, 2, 0, 1);
    t.op(Op::OutputAdd, 2);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
  std::string withConst(Op op, uint16_t left, uint16_t right) {
    Fn t = transform(2);
    t.wide(Op::LoadConst, 0, left);
    t.op(op, 1, 0, right);
    t.op(Op::OutputAdd, 1);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
  std::string unary(Op op, uint16_t operand) {
    Fn t = transform(2);
    t.wide(Op::LoadConst, 0, operand);
    t.op(op, 1, 0);
    t.op(Op::OutputAdd, 1);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
  uint16_t nan() { return kf(std::nan("")); }
};

TEST_F(Operators, Loads) {
  uint16_t text = ks("x");
  Fn t = transform(6);
  t.wide(Op::LoadConst, 0, text);
  t.wide(Op::LoadInt, 1, -7);
  t.op(Op::LoadNull, 2);
  t.op(Op::LoadBool, 3, 0, 0, 1);
  t.op(Op::LoadBool, 4, 0, 0, 0);
  for (unsigned r = 0; r < 5; ++r)
    t.op(Op::OutputAdd, r);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "String x; Int -7; Null null; Boolean true; Boolean false");
}

TEST_F(Operators, MovesAndTakes) {
  Fn t = transform(3);
  t.wide(Op::LoadConst, 0, kbig("123456789012345678901234567890"));
  t.op(Op::Move, 1, 0);
  t.op(Op::Take, 2, 1);
  t.op(Op::Move, 0, 0); // onto itself
  t.op(Op::OutputEmit, 1);
  t.op(Op::OutputAdd, 2);
  t.op(Op::OutputAdd, 0);
  t.op(Op::LoadInt, 0, 5);
  t.op(Op::Drop, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "BigInteger 123456789012345678901234567890; BigInteger "
                                  "123456789012345678901234567890; Null null");
}

TEST_F(Operators, AddsIntegers) {
  EXPECT_EQ(binary(Op::Add, k(2), k(3)), "Int 5");
  EXPECT_EQ(binary(Op::Add, k(kMax), k(1)), "BigInteger 9223372036854775808");
  EXPECT_EQ(withConst(Op::AddConst, k(kMin), k(-1)), "BigInteger -9223372036854775809");
  EXPECT_EQ(withConst(Op::AddConst, k(2), k(3)), "Int 5");
}

TEST_F(Operators, AddsOtherKinds) {
  EXPECT_EQ(binary(Op::Add, kf(0.5), kf(0.25)), "Double 0.75");
  EXPECT_EQ(binary(Op::Add, kf(0.5), k(1)), "Double 1.5");
  EXPECT_EQ(binary(Op::Add, k(1), kf(0.5)), "Double 1.5");
  EXPECT_EQ(binary(Op::Add, ks("a"), ks("b")), "String ab");
  EXPECT_EQ(withConst(Op::AddConst, ks("n="), k(1)), "String n=1");
  EXPECT_EQ(binary(Op::Add, k(1), constant({Constant::Kind::Null, 0, 0, {}})),
            "IllegalArgumentException: Operator '+' expects numbers or strings");
}

TEST_F(Operators, Subtracts) {
  EXPECT_EQ(binary(Op::Sub, k(2), k(3)), "Int -1");
  EXPECT_EQ(binary(Op::Sub, k(kMin), k(1)), "BigInteger -9223372036854775809");
  EXPECT_EQ(withConst(Op::SubConst, kf(1), kf(0.25)), "Double 0.75");
  EXPECT_EQ(withConst(Op::SubConst, kf(1), k(3)), "Double -2.0");
  EXPECT_EQ(binary(Op::Sub, ks("a"), k(1)),
            "IllegalArgumentException: Operator '-' expects numbers");
  Fn t = transform(2);
  uint16_t one = kf(1.0);
  t.wide(Op::LoadConst, 0, kf(0.25));
  t.op(Op::ConstSub, 1, one, 0);
  t.op(Op::OutputAdd, 1);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Double 0.75");
}

TEST_F(Operators, Multiplies) {
  EXPECT_EQ(binary(Op::Mul, k(6), k(-7)), "Int -42");
  EXPECT_EQ(binary(Op::Mul, k(kMax), k(2)), "BigInteger 18446744073709551614");
  EXPECT_EQ(withConst(Op::MulConst, kf(1.5), kf(2)), "Double 3.0");
  EXPECT_EQ(withConst(Op::MulConst, k(3), kf(0.5)), "Double 1.5");
}

TEST_F(Operators, Divides) {
  EXPECT_EQ(binary(Op::Div, k(1), k(4)), "Double 0.25");
  EXPECT_EQ(withConst(Op::DivConst, kf(1), k(4)), "Double 0.25");
  EXPECT_EQ(binary(Op::Div, kf(1), kf(4)), "Double 0.25");
  EXPECT_EQ(binary(Op::Div, k(1), k(0)), "IllegalArgumentException: Division by zero");
  EXPECT_EQ(binary(Op::Div, kf(1), kf(0)), "IllegalArgumentException: Division by zero");
  EXPECT_EQ(binary(Op::Div, kf(1), k(0)), "IllegalArgumentException: Division by zero");
}

TEST_F(Operators, QuotientsAndRemainders) {
  EXPECT_EQ(binary(Op::IDiv, k(7), k(2)), "Int 3");
  EXPECT_EQ(binary(Op::IDiv, k(-7), k(2)), "Int -3");
  EXPECT_EQ(binary(Op::IDiv, k(kMin), k(-1)), "BigInteger 9223372036854775808");
  EXPECT_EQ(withConst(Op::IDivConst, k(kMax), k(1) /* beyond 32 bits */),
            "Int 9223372036854775807");
  EXPECT_EQ(binary(Op::IDiv, k(1), k(0)), "IllegalArgumentException: Division by zero");
  EXPECT_EQ(binary(Op::Rem, k(7), k(4)), "Int 3");
  EXPECT_EQ(binary(Op::Rem, k(-7), k(4)), "Int -3");
  EXPECT_EQ(binary(Op::Rem, k(7), k(-4)), "Int 3");
  EXPECT_EQ(binary(Op::Rem, k(kMin), k(-1)), "Int 0");
  EXPECT_EQ(withConst(Op::RemConst, k(int64_t(1) << 40), k(1000)), "Int 776");
  EXPECT_EQ(withConst(Op::RemConst, k((int64_t(1) << 31) - 1), k(10)), "Int 7");
  EXPECT_EQ(binary(Op::Rem, k(1), k(0)), "IllegalArgumentException: Division by zero");
  EXPECT_EQ(binary(Op::Rem, kf(7.5), kf(2)), "Double 1.5");
}

TEST_F(Operators, Negates) {
  EXPECT_EQ(unary(Op::Neg, k(5)), "Int -5");
  EXPECT_EQ(unary(Op::Neg, k(kMin)), "BigInteger 9223372036854775808");
  EXPECT_EQ(unary(Op::Neg, ks("a")),
            "IllegalStateException: Operator '-' expects numeric operands");
}

TEST_F(Operators, Truths) {
  EXPECT_EQ(unary(Op::Truth, k(0)), "Boolean false");
  EXPECT_EQ(unary(Op::Truth, constant({Constant::Kind::Bool, 1, 0, {}})), "Boolean true");
  EXPECT_EQ(unary(Op::Not, ks("")), "Boolean false");
  EXPECT_EQ(unary(Op::LibTruth, ks("")), "Boolean false");
  EXPECT_EQ(unary(Op::LibTruth, ks("x")), "Boolean true");
}

TEST_F(Operators, Compares) {
  hostile = true; // NaN as a constant
  struct Row {
    Op op;
    const char *less, *equal, *greater;
  };
  for (const Row &row :
       {Row{Op::Eq, "false", "true", "false"}, Row{Op::Ne, "true", "false", "true"},
        Row{Op::Lt, "true", "false", "false"}, Row{Op::Le, "true", "true", "false"},
        Row{Op::Gt, "false", "false", "true"}, Row{Op::Ge, "false", "true", "true"}}) {
    SCOPED_TRACE(bytecode::info(row.op).mnemonic);
    auto is = [&](uint16_t a, uint16_t b, const char *text) {
      EXPECT_EQ(binary(row.op, a, b), std::string("Boolean ") + text);
    };
    is(k(1), k(2), row.less);
    is(k(2), k(2), row.equal);
    is(k(3), k(2), row.greater);
    is(kf(1), kf(2), row.less);
    is(kf(2), kf(2), row.equal);
    is(kf(3), kf(2), row.greater);
    is(kf(-0.0), kf(0.0), row.less); // the order of floats is total
    is(kf(1), nan(), row.less);
    is(nan(), nan(), row.equal);
    is(k(1), kf(1.5), row.less);
    is(ks("a"), ks("b"), row.less);
    is(ks("b"), ks("b"), row.equal);
  }
}

TEST_F(Operators, ComparesAndBranches) {
  struct Row {
    Op op;
    bool constantForm;
    bool less, equal, greater;
  };
  for (const Row &row :
       {Row{Op::BrEq, false, false, true, false}, Row{Op::BrLt, false, true, false, false},
        Row{Op::BrLe, false, true, true, false}, Row{Op::BrEqConst, true, false, true, false},
        Row{Op::BrLtConst, true, true, false, false}, Row{Op::BrLeConst, true, true, true, false},
        Row{Op::BrGtConst, true, false, false, true},
        Row{Op::BrGeConst, true, false, true, true}}) {
    for (bool negate : {false, true}) {
      auto jumps = [&](uint16_t a, uint16_t b) {
        Fn t = transform(3);
        t.wide(Op::LoadConst, 0, a);
        t.wide(Op::LoadConst, 1, b);
        t.op(Op::LoadBool, 2, 0, 0, 1);
        auto to = t.label();
        t.compare(row.op, 0, row.constantForm ? b : 1, to, negate);
        t.op(Op::LoadBool, 2, 0, 0, 0);
        t.bind(to);
        t.op(Op::OutputAdd, 2);
        t.op(Op::RetNull);
        return runAll(std::move(t)) == "Boolean true";
      };
      SCOPED_TRACE(bytecode::info(row.op).mnemonic);
      EXPECT_EQ(jumps(k(1), k(2)), row.less != negate);
      EXPECT_EQ(jumps(k(2), k(2)), row.equal != negate);
      EXPECT_EQ(jumps(k(3), k(2)), row.greater != negate);
      EXPECT_EQ(jumps(kf(1), kf(2)), row.less != negate);
      EXPECT_EQ(jumps(kf(2), kf(2)), row.equal != negate);
      EXPECT_EQ(jumps(kf(3), k(2)), row.greater != negate);
    }
  }
}

TEST_F(Operators, FailedComparisonsRaise) {
  uint16_t decimal = constant({Constant::Kind::Decimal, 0, 0, "1.5"});
  EXPECT_EQ(binary(Op::Lt, decimal, kf(1)),
            "IllegalArgumentException: compare does not allow mixing decimal and float; wrap "
            "floats with DEC()");
  Fn t = transform(2);
  t.wide(Op::LoadConst, 0, decimal);
  auto to = t.label();
  t.compare(Op::BrEqConst, 0, kf(1), to);
  t.bind(to);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)),
            "IllegalArgumentException: compare does not allow mixing decimal and float; wrap "
            "floats with DEC()");
}

TEST_F(Operators, BranchesOnOneValue) {
  auto jumps = [&](Op op, auto &&load) {
    Fn t = transform(2);
    load(t);
    t.op(Op::LoadBool, 1, 0, 0, 1);
    auto to = t.label();
    t.jump(op, 0, to);
    t.op(Op::LoadBool, 1, 0, 0, 0);
    t.bind(to);
    t.op(Op::OutputAdd, 1);
    t.op(Op::RetNull);
    return runAll(std::move(t)) == "Boolean true";
  };
  auto null = [](Fn &t) { t.op(Op::LoadNull, 0); };
  auto unbound = [](Fn &t) { t.op(Op::LoadUnbound, 0); };
  auto yes = [](Fn &t) { t.op(Op::LoadBool, 0, 0, 0, 1); };
  auto no = [](Fn &t) { t.op(Op::LoadBool, 0, 0, 0, 0); };
  auto one = [](Fn &t) { t.wide(Op::LoadInt, 0, 1); };
  EXPECT_TRUE(jumps(Op::BrTrue, yes));
  EXPECT_FALSE(jumps(Op::BrTrue, no));
  EXPECT_TRUE(jumps(Op::BrTrue, one));
  EXPECT_FALSE(jumps(Op::BrTrue, unbound));
  EXPECT_FALSE(jumps(Op::BrFalse, yes));
  EXPECT_TRUE(jumps(Op::BrFalse, null));
  EXPECT_TRUE(jumps(Op::BrFalse, unbound));
  EXPECT_TRUE(jumps(Op::BrNull, null));
  EXPECT_TRUE(jumps(Op::BrNull, unbound));
  EXPECT_FALSE(jumps(Op::BrNull, one));
  EXPECT_FALSE(jumps(Op::BrNotNull, null));
  EXPECT_TRUE(jumps(Op::BrNotNull, no));
  EXPECT_TRUE(jumps(Op::BrBound, null));
  EXPECT_FALSE(jumps(Op::BrBound, unbound));
}

TEST_F(Operators, ConcatenatesLists) {
  Fn t = transform(4);
  t.wide(Op::LoadInt, 0, 1);
  t.op(Op::ListNew, 1, 0, 1);
  t.op(Op::Concat, 2, 1, 1);
  t.op(Op::OutputAdd, 2);
  t.op(Op::Concat, 2, 1, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalArgumentException: Operator '++' expects two lists");
  EXPECT_EQ(show(context.outputs.at(0)), "ArrayList [1, 1]");
}

TEST_F(Operators, SumStepsAndListChecks) {
  uint16_t sum = import("SUM"), average = import("AVG");
  Fn t = transform(4);
  t.wide(Op::LoadInt, 0, 0);
  t.wide(Op::LoadInt, 1, 2);
  t.op(Op::SumStep, 0, 1, sum);
  t.wide(Op::LoadConst, 1, kf(0.5));
  t.op(Op::SumStep, 0, 1, sum);
  t.op(Op::SumStep, 0, 1, sum);
  t.op(Op::OutputEmit, 0);
  t.wide(Op::LoadConst, 1, ks("x"));
  t.op(Op::SumStep, 0, 1, average);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalArgumentException: AVG: all elements must be numbers");
  EXPECT_EQ(show(context.outputs.at(0)), "Double 3.0");
  Fn u = transform(2);
  u.op(Op::ListNew, 0, 1, 0);
  u.op(Op::ListCheck, 0, sum);
  u.op(Op::ListCheck, 1, sum);
  u.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(u)), "IllegalStateException: SUM: arg must be list");
}

TEST_F(Operators, UnboundOperandsReadAsNull) {
  for (Op op : {Op::Add, Op::Sub, Op::Mul, Op::Div, Op::IDiv, Op::Rem, Op::Concat, Op::GetKey}) {
    SCOPED_TRACE(bytecode::info(op).mnemonic);
    Fn t = transform(3);
    t.op(op, 2, 0, 1);
    t.op(Op::RetNull);
    EXPECT_NE(runAll(std::move(t)), "");
  }
  Fn t = transform(3);
  t.op(Op::Eq, 2, 0, 1);
  t.op(Op::OutputAdd, 2);
  t.op(Op::OrNull, 2, 0);
  t.op(Op::OutputAdd, 2);
  t.op(Op::OutputAdd, 1);
  t.op(Op::OutputEmit, 0);
  t.op(Op::Ret, 0);
  EXPECT_EQ(runAll(std::move(t)), "Boolean true; Null null; Null null");
}

} // namespace
} // namespace branchline::vm
