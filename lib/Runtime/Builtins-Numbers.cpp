// The functions on numbers: ABS, FLOOR, CEIL, ROUND, POWER, SQRT and RANDOM (section 3.9, D24).
// Conversions are in Builtins-Convert.cpp. Each is a choice by kind among operations of Numeric.
#include "BuiltinSupport.h"

#include "branchline/Numeric/Decimal.h"
#include "branchline/Numeric/IntOps.h"
#include "branchline/Numeric/Rounding.h"

#include <cmath>
#include <limits>
#include <random>

namespace branchline::runtime::library {

namespace {

Unexpected<Trap> failArithmetic(std::string text) {
  return fail(TrapId::LibraryArithmetic, std::move(text));
}

bool isInteger(const Value &value) { return value.isInt() || value.is(Tag::BigInt); }

// \param value Int or BigInt
BigInt toBig(const Value &value) {
  return value.isInt() ? BigInt(value.asInt()) : viewBigInt(value);
}

// \param value any number
double toDouble(const Value &value) {
  if (value.isInt())
    return static_cast<double>(value.asInt());
  if (value.isFloat())
    return value.asFloat();
  return value.is(Tag::BigInt) ? viewBigInt(value).toDouble() : viewDecimal(value).toDouble();
}

Result<Value> finish(Heap &heap, const DecimalResult &result) {
  if (!result.ok())
    return decimalSizeTrap();
  return heap.decimal(result.value);
}

Result<Value> finish(Heap &heap, const std::optional<NarrowInt> &result) {
  if (!result)
    return integerSizeTrap();
  return narrowed(heap, *result);
}

// FLOOR and CEIL; decimals give big integers. \rule R3.9.3, D24
Result<Value> wholeOf(Heap &heap, const Value &value, std::string_view name, RoundingMode mode) {
  if (value.isNull() || isInteger(value))
    return value;
  if (value.isFloat())
    return Value::real(mode == RoundingMode::Floor ? std::floor(value.asFloat())
                                                   : std::ceil(value.asFloat()));
  if (!value.is(Tag::Decimal))
    return failState(fmt::format("{}: arg must be numeric", name));
  const std::optional<BigInt> whole = toBigInt(viewDecimal(value), mode);
  if (!whole)
    return integerSizeTrap();
  return heap.bigInt(*whole);
}

constexpr int64_t kMinPrecision = std::numeric_limits<int32_t>::min();
constexpr int64_t kMaxPrecision = std::numeric_limits<int32_t>::max();

// The second argument of ROUND. \rule R3.9.5
Result<int64_t> precisionOf(const Value &value) {
  constexpr const char *kNotInteger = "ROUND: precision must be integer";
  std::optional<int64_t> precision;
  if (value.isInt()) {
    precision = value.asInt();
  } else if (value.is(Tag::BigInt)) {
    precision = viewBigInt(value).toInt64();
  } else if (value.isFloat()) {
    if (!std::isfinite(value.asFloat()))
      return failArgument("ROUND: precision must be finite");
    if (std::trunc(value.asFloat()) != value.asFloat())
      return failArgument(kNotInteger);
    precision = toInt64Exact(value.asFloat());
  } else if (value.is(Tag::Decimal)) {
    const Decimal decimal = viewDecimal(value);
    if (!decimal.isInteger())
      return failArgument(kNotInteger);
    // Out of range for certain; this keeps the power of ten small.
    if (decimal.isZero())
      precision = 0;
    else if (decimal.adjustedExponent() <= 20)
      if (auto whole = toBigInt(decimal, RoundingMode::Down))
        precision = whole->toInt64();
  } else {
    return failState(kNotInteger);
  }
  if (!precision || *precision < kMinPrecision || *precision > kMaxPrecision)
    return failArgument("ROUND: precision out of bounds");
  return *precision;
}

Result<Value> roundInteger(Heap &heap, const Value &value, int64_t precision) {
  if (precision > 0)
    return Value::real(roundDouble(toDouble(value), precision));
  if (precision == kMinPrecision)
    return failArgument("ROUND: precision must be integer");
  const auto power = static_cast<uint64_t>(-precision);
  if (value.isInt())
    return power == 0 ? value : narrowed(heap, roundToMultiple(value.asInt(), power));
  const BigInt big = viewBigInt(value);
  return finish(heap,
                power == 0 ? std::optional<NarrowInt>(narrow(big)) : roundToMultiple(big, power));
}

Result<Value> roundFloat(Heap &heap, double value, int64_t precision) {
  const double rounded = roundDouble(value, precision);
  if (precision > 0)
    return Value::real(rounded);
  const std::optional<NarrowInt> whole = wholeToInt(rounded);
  if (!whole)
    return failArgument("ROUND: value must be finite");
  return narrowed(heap, *whole);
}

Result<Value> roundDecimal(Heap &heap, const Decimal &value, int64_t precision) {
  if (precision > 0)
    return finish(heap, setScale(value, precision, RoundingMode::HalfEven));
  return finish(heap, roundToMultiple(value, static_cast<uint64_t>(-precision)));
}

Unexpected<Trap> failZeroPower() {
  return failArithmetic("POWER: zero cannot be raised to a negative power");
}

Result<Value> powerOfFloats(double base, double exponent) {
  if (base == 0 && exponent < 0)
    return failZeroPower();
  if (base < 0 && std::isfinite(exponent) && std::trunc(exponent) != exponent)
    return failArithmetic("POWER: negative base with a fractional exponent");
  return Value::real(std::pow(base, exponent));
}

// \param base Int or BigInt \param exponent not negative
Result<Value> powerOfIntegers(Heap &heap, const Value &base, const BigInt &exponent,
                              bool narrowly) {
  int64_t small = 0;
  if (narrowly && exponent.fitsInt64() &&
      !powOverflows(base.asInt(), static_cast<uint64_t>(*exponent.toInt64()), small))
    return Value::integer(small);
  std::optional<BigInt> big = pow(toBig(base), exponent);
  if (!big)
    return integerSizeTrap();
  return narrowly ? narrowed(heap, narrow(std::move(*big))) : heap.bigInt(*big);
}

// The exponent as an integer when it is one and exact arithmetic knows it. Floats are not.
std::optional<BigInt> integerExponent(const Value &exponent) {
  if (isInteger(exponent))
    return toBig(exponent);
  if (!exponent.is(Tag::Decimal))
    return std::nullopt;
  const Decimal decimal = viewDecimal(exponent);
  if (!decimal.isInteger())
    return std::nullopt;
  return toBigInt(decimal, RoundingMode::Down);
}

} // namespace

Result<Value> builtinABS(Context &context, Args args) {
  const Value &value = args[0];
  if (value.isNull())
    return value;
  if (value.isInt()) {
    int64_t magnitude = 0;
    if (absOverflows(value.asInt(), magnitude))
      return context.heap.bigInt(neg(BigInt(value.asInt()))); // D4
    return Value::integer(magnitude);
  }
  if (value.isFloat())
    return Value::real(std::fabs(value.asFloat()));
  if (value.is(Tag::BigInt))
    return context.heap.bigInt(abs(viewBigInt(value)));
  if (value.is(Tag::Decimal))
    return context.heap.decimal(abs(viewDecimal(value)));
  return failState("ABS: arg must be numeric");
}

Result<Value> builtinFLOOR(Context &context, Args args) {
  return wholeOf(context.heap, args[0], "FLOOR", RoundingMode::Floor);
}

Result<Value> builtinCEIL(Context &context, Args args) {
  return wholeOf(context.heap, args[0], "CEIL", RoundingMode::Ceiling);
}

Result<Value> builtinROUND(Context &context, Args args) {
  const Value &value = args[0];
  if (value.isNull())
    return value;
  int64_t precision = 0;
  if (args.size() == 2) {
    BL_TRY(precision, precisionOf(args[1]));
  }
  if (isInteger(value))
    return roundInteger(context.heap, value, precision);
  if (value.isFloat())
    return roundFloat(context.heap, value.asFloat(), precision);
  if (value.is(Tag::Decimal))
    return roundDecimal(context.heap, viewDecimal(value), precision);
  return failState("ROUND: arg must be numeric");
}

Result<Value> builtinPOWER(Context &context, Args args) {
  const Value &base = args[0];
  const Value &exponent = args[1];
  if (base.isNull() || exponent.isNull())
    return Value::null();
  if (!base.isNumber())
    return failState("POWER: base must be numeric");
  if (!exponent.isNumber())
    return failState("POWER: exponent must be numeric");
  const std::optional<BigInt> whole = integerExponent(exponent);
  if (whole && isInteger(base) && !whole->isNegative())
    return powerOfIntegers(context.heap, base, *whole, base.isInt() && exponent.isInt());
  if (whole && base.is(Tag::Decimal)) {
    const DecimalResult result = pow(viewDecimal(base), *whole);
    if (result.status == DecimalStatus::Domain)
      return failZeroPower();
    return finish(context.heap, result);
  }
  return powerOfFloats(toDouble(base), toDouble(exponent));
}

Result<Value> builtinSQRT(Context &context, Args args) {
  const Value &value = args[0];
  if (value.isNull())
    return value;
  if (!value.isNumber())
    return failState("SQRT: arg must be numeric");
  const auto negative = [] { return failArithmetic("SQRT: arg must not be negative"); };
  if (value.is(Tag::Decimal)) {
    const DecimalResult root = sqrt(viewDecimal(value));
    if (root.status == DecimalStatus::Domain)
      return negative();
    return finish(context.heap, root);
  }
  const double number = toDouble(value);
  if (number < 0)
    return negative();
  // A big integer beyond the range of doubles may still have a root within it.
  if (value.is(Tag::BigInt) && std::isinf(number))
    return Value::real(sqrtFloor(viewBigInt(value)).toDouble());
  return Value::real(std::sqrt(number));
}

Result<Value> builtinRANDOM(Context &context, Args) {
  RandomState &random = context.random;
  if (!random.seeded) {
    std::random_device device;
    random.state = uint64_t{device()} << 32 | device();
    random.seeded = true;
  }
  // A counter with an odd step, and a mixing function that is a permutation of 64 bits.
  const uint64_t bits = hashInt64(static_cast<int64_t>(random.state));
  random.state += 0x9E3779B97F4A7C15U;
  return Value::real(static_cast<double>(bits >> 11) * 0x1p-53);
}

} // namespace branchline::runtime::library
