// Arithmetic: which kinds an operator takes, what kind comes out, and what fails. The arithmetic
// itself is Numeric's. \rule R2.7, R2.8.1, R2.8.2, D4, D5
#include "branchline/Runtime/Ops.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Text.h"
#include <cmath>

#include <memory>

namespace branchline::runtime {
namespace {

// An Int or BigInt as a big integer that owns nothing.
class BigOperand {
public:
  explicit BigOperand(const Value &value)
      : big_(value.isInt() ? BigInt::viewInt64(value.asInt(), storage_) : viewBigInt(value)) {}
  BigOperand(const BigOperand &) = delete;
  BigOperand &operator=(const BigOperand &) = delete;
  const BigInt &operator*() const { return big_; }

private:
  mp_limb_t storage_ = 0;
  BigInt big_;
};

// An Int, BigInt or Decimal as a decimal that owns nothing.
class DecimalOperand {
public:
  explicit DecimalOperand(const Value &value)
      : decimal_(value.isInt() ? Decimal(BigInt::viewInt64(value.asInt(), storage_), 0)
                               : viewDecimal(value)) {}
  DecimalOperand(const DecimalOperand &) = delete;
  DecimalOperand &operator=(const DecimalOperand &) = delete;
  const Decimal &operator*() const { return decimal_; }

private:
  mp_limb_t storage_ = 0;
  Decimal decimal_;
};

double realOf(const Value &value) {
  if (value.isInt())
    return toDouble(value.asInt());
  if (value.isFloat())
    return value.asFloat();
  return value.is(Tag::BigInt) ? viewBigInt(value).toDouble() : viewDecimal(value).toDouble();
}

bool eitherIs(Tag tag, const Value &a, const Value &b) { return a.is(tag) || b.is(tag); }

std::string_view textOfOp(BinaryOp op) { return branchline::info(op).text; }

Result<Value> fromBig(Heap &heap, std::optional<BigInt> result) {
  if (!result)
    return integerSizeTrap();
  return heap.bigInt(*result);
}

Result<Value> fromDecimal(Heap &heap, const DecimalResult &result) {
  switch (result.status) {
  case DecimalStatus::Ok:
    return heap.decimal(result.value);
  case DecimalStatus::DivisionByZero:
    return trap<TrapId::DecimalDivisionByZero>();
  case DecimalStatus::DivisionUndefined:
    return trap<TrapId::DecimalDivisionUndefined>();
  case DecimalStatus::DivisionImpossible:
    return trap<TrapId::DecimalDivisionImpossible>();
  case DecimalStatus::Limit:
    return decimalSizeTrap();
  case DecimalStatus::Domain:
    break;
  }
  BL_UNREACHABLE("operators have no domain errors");
}

Result<void> checkNumbers(BinaryOp op, const Value &a, const Value &b) {
  if (!a.isNumber() || !b.isNumber())
    return trap<TrapId::OperandNotNumber>(textOfOp(op));
  return {};
}

Result<void> checkMix(BinaryOp op, const Value &a, const Value &b) {
  if (eitherIs(Tag::Decimal, a, b) && eitherIs(Tag::Float, a, b))
    return trap<TrapId::MixedPrecision>(textOfOp(op));
  return {};
}

// Sum, difference and product have the same table of kinds; an operation brings one function for
// each kind.
struct Sum {
  static constexpr BinaryOp op = BinaryOp::Add;
  static bool ints(int64_t a, int64_t b, int64_t &out) { return addOverflows(a, b, out); }
  static double reals(double a, double b) { return a + b; }
  static auto bigs(const BigInt &a, const BigInt &b) { return branchline::add(a, b); }
  static auto decimals(const Decimal &a, const Decimal &b) { return branchline::add(a, b); }
};
struct Difference {
  static constexpr BinaryOp op = BinaryOp::Sub;
  static bool ints(int64_t a, int64_t b, int64_t &out) { return subOverflows(a, b, out); }
  static double reals(double a, double b) { return a - b; }
  static auto bigs(const BigInt &a, const BigInt &b) { return branchline::sub(a, b); }
  static auto decimals(const Decimal &a, const Decimal &b) { return branchline::sub(a, b); }
};
struct Product {
  static constexpr BinaryOp op = BinaryOp::Mul;
  static bool ints(int64_t a, int64_t b, int64_t &out) { return mulOverflows(a, b, out); }
  static double reals(double a, double b) { return a * b; }
  static auto bigs(const BigInt &a, const BigInt &b) { return branchline::mul(a, b); }
  static auto decimals(const Decimal &a, const Decimal &b) { return branchline::mul(a, b); }
};

// \param a,b numbers
template <class Op> Result<Value> exact(Heap &heap, const Value &a, const Value &b) {
  if (a.isInt() && b.isInt()) {
    int64_t result = 0;
    if (!Op::ints(a.asInt(), b.asInt(), result))
      return Value::integer(result);
    return fromBig(heap, Op::bigs(*BigOperand(a), *BigOperand(b)));
  }
  if (a.isFloat() && b.isFloat())
    return Value::real(Op::reals(a.asFloat(), b.asFloat()));
  BL_CHECK(checkMix(Op::op, a, b));
  if (eitherIs(Tag::Decimal, a, b))
    return fromDecimal(heap, Op::decimals(*DecimalOperand(a), *DecimalOperand(b)));
  if (eitherIs(Tag::Float, a, b))
    return Value::real(Op::reals(realOf(a), realOf(b)));
  return fromBig(heap, Op::bigs(*BigOperand(a), *BigOperand(b)));
}

// The text of an operand of `+` whose other operand is `other`. Machine numbers are written into
// `digits`, for the concatenation only; next to an empty text they would be the result itself.
Result<Value> shortTextOf(Heap &heap, const Value &value, const Value &other, char *digits) {
  const bool otherIsText = other.isString() && !other.text().empty();
  if (otherIsText && value.isInt())
    return Value::borrowed({digits, appendInt(digits, value.asInt())}, Ascii::Yes);
  if (otherIsText && value.isFloat())
    return Value::borrowed({digits, appendDouble(digits, value.asFloat())}, Ascii::Yes);
  return textOf(heap, value);
}

} // namespace

Result<Value> add(Heap &heap, const Value &a, const Value &b) {
  if (a.isInt() && b.isInt()) {
    int64_t result = 0;
    if (!addOverflows(a.asInt(), b.asInt(), result))
      return Value::integer(result);
  }
  if (a.isString() || b.isString()) {
    if (a.isString() && b.isString())
      return concatText(heap, a, b);
    char digits[kNumberBufferSize];
    BL_TRY(const Value left, shortTextOf(heap, a, b, digits));
    BL_TRY(const Value right, shortTextOf(heap, b, a, digits));
    return concatText(heap, left, right);
  }
  if (!a.isNumber() || !b.isNumber())
    return trap<TrapId::PlusOperands>();
  return exact<Sum>(heap, a, b);
}

Result<Value> addNumbers(Heap &heap, const Value &a, const Value &b) {
  if (!a.isNumber() || !b.isNumber())
    return trap<TrapId::PlusOperands>();
  return exact<Sum>(heap, a, b);
}

Result<Value> subtract(Heap &heap, const Value &a, const Value &b) {
  BL_CHECK(checkNumbers(BinaryOp::Sub, a, b));
  return exact<Difference>(heap, a, b);
}

Result<Value> multiply(Heap &heap, const Value &a, const Value &b) {
  BL_CHECK(checkNumbers(BinaryOp::Mul, a, b));
  return exact<Product>(heap, a, b);
}

Result<Value> divide(Heap &heap, const Value &a, const Value &b) {
  BL_CHECK(checkNumbers(BinaryOp::Div, a, b));
  BL_CHECK(checkMix(BinaryOp::Div, a, b));
  if (eitherIs(Tag::Decimal, a, b))
    return fromDecimal(heap, div(*DecimalOperand(a), *DecimalOperand(b)));
  const double divisor = realOf(b);
  if (divisor == 0)
    return trap<TrapId::DivisionByZero>();
  return Value::real(realOf(a) / divisor);
}

Result<Value> integerDivide(Heap &heap, const Value &a, const Value &b) {
  if (a.isInt() && b.isInt()) {
    if (b.asInt() == 0)
      return trap<TrapId::DivisionByZero>();
    int64_t result = 0;
    if (!divOverflows(a.asInt(), b.asInt(), result))
      return Value::integer(result);
    return heap.bigInt(divTrunc(*BigOperand(a), *BigOperand(b)));
  }
  BL_CHECK(checkNumbers(BinaryOp::IDiv, a, b));
  if (eitherIs(Tag::Decimal, a, b))
    return trap<TrapId::IntegerDivisionOfDecimal>();
  if (eitherIs(Tag::Float, a, b))
    return trap<TrapId::IntegerDivisionOfFloat>();
  const BigOperand divisor(b);
  if ((*divisor).isZero())
    return trap<TrapId::BigIntegerDivisionByZero>();
  return heap.bigInt(divTrunc(*BigOperand(a), *divisor));
}

Result<Value> remainder(Heap &heap, const Value &a, const Value &b) {
  if (a.isInt() && b.isInt()) {
    if (b.asInt() == 0)
      return trap<TrapId::DivisionByZero>();
    return Value::integer(remTrunc(a.asInt(), b.asInt()));
  }
  BL_CHECK(checkNumbers(BinaryOp::Rem, a, b));
  // Unlike the other operators, `%` takes a decimal with a float (D5).
  if (eitherIs(Tag::Float, a, b)) {
    const double divisor = realOf(b);
    if (divisor == 0)
      return trap<TrapId::DivisionByZero>();
    return Value::real(std::fmod(realOf(a), divisor));
  }
  if (eitherIs(Tag::Decimal, a, b))
    return fromDecimal(heap, rem(*DecimalOperand(a), *DecimalOperand(b)));
  const BigOperand divisor(b);
  if ((*divisor).isZero())
    return trap<TrapId::BigIntegerDivisionByZero>();
  return heap.bigInt(remTrunc(*BigOperand(a), *divisor));
}

Result<Value> negate(Heap &heap, const Value &a) {
  if (a.isInt()) {
    int64_t result = 0;
    if (!negOverflows(a.asInt(), result))
      return Value::integer(result);
    return heap.bigInt(neg(*BigOperand(a)));
  }
  if (a.isFloat())
    return Value::real(-a.asFloat());
  if (a.is(Tag::BigInt))
    return heap.bigInt(neg(viewBigInt(a)));
  if (a.is(Tag::Decimal))
    return heap.decimal(neg(viewDecimal(a)));
  return trap<TrapId::NegateOperand>();
}

Result<Value> concatLists(Heap &heap, const Value &a, const Value &b) {
  if (!a.isList() || !b.isList())
    return trap<TrapId::ConcatOperands>();
  const ListObject &left = *a.list();
  const ListObject &right = *b.list();
  if (right.size == 0)
    return a;
  if (left.size == 0)
    return b;
  const uint64_t size = uint64_t(left.size) + right.size;
  if (size > kMaxListLength)
    return listSizeTrap();
  if (size * sizeof(Value) >= kUncheckedBytes && !heap.mayAllocate(size * sizeof(Value)))
    return memoryTrap(heap);
  Value joined = heap.list(size);
  ListObject &list = *joined.list();
  std::uninitialized_copy_n(left.data, left.size, list.data);
  std::uninitialized_copy_n(right.data, right.size, list.data + left.size);
  list.size = static_cast<uint32_t>(size);
  return joined;
}

namespace {
Result<Value> fromTruth(Result<bool> truth, bool wanted) {
  if (!truth)
    return Unexpected(std::move(truth).error());
  return Value::boolean(*truth == wanted);
}
} // namespace

Result<Value> binary(Heap &heap, BinaryOp op, const Value &a, const Value &b) {
  switch (op) {
  case BinaryOp::Eq:
    return fromTruth(equals(a, b), true);
  case BinaryOp::Ne:
    return fromTruth(equals(a, b), false);
  case BinaryOp::Lt:
  case BinaryOp::Le:
  case BinaryOp::Gt:
  case BinaryOp::Ge:
    return fromTruth(compare(op, a, b), true);
  case BinaryOp::Concat:
    return concatLists(heap, a, b);
  case BinaryOp::Add:
    return add(heap, a, b);
  case BinaryOp::Sub:
    return subtract(heap, a, b);
  case BinaryOp::Mul:
    return multiply(heap, a, b);
  case BinaryOp::Div:
    return divide(heap, a, b);
  case BinaryOp::IDiv:
    return integerDivide(heap, a, b);
  case BinaryOp::Rem:
    return remainder(heap, a, b);
  case BinaryOp::Coalesce:
  case BinaryOp::Or:
  case BinaryOp::And:
    break;
  }
  BL_UNREACHABLE("this operator is control flow");
}

} // namespace branchline::runtime
