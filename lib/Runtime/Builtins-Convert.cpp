// The functions that turn a value into one of another kind: STRING, NUMBER, BOOLEAN, INT,
// PARSE_INT, DEC, BASE64_ENCODE and BASE64_DECODE (sections 3.7 and 3.9).
#include "BuiltinSupport.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Numeric/Rounding.h"
#include "branchline/Runtime/Base64.h"

#include <cmath>

namespace branchline::runtime::library {

namespace {

// Doubles up to here are the integers that their texts denote.
constexpr double kMaxExactDouble = 0x1p53;

Unexpected<Trap> failUnsupported(std::string_view name, const Value &value) {
  return failState(fmt::format("{}: unsupported type {}", name, className(value)));
}

// The error of a text that is no number of the wanted kind. \rule R3.2.9, D20
Unexpected<Trap> failNumberText(NumberError error, std::string_view text) {
  if (error == NumberError::TooLarge)
    return decimalSizeTrap();
  return failNumberFormat(fmt::format("DEC: cannot parse '{}': {}", text, message(error)));
}

Result<Value> decimalToInt(Heap &heap, const Decimal &value, std::string_view name) {
  if (!value.isInteger())
    return failArgument(fmt::format("{}: expected integer, got {}", name, value.toPlain()));
  std::optional<BigInt> whole = toBigInt(value, RoundingMode::Down);
  if (!whole)
    return integerSizeTrap();
  return narrowed(heap, narrow(std::move(*whole)));
}

Result<Value> floatToInt(Heap &heap, double value, std::string_view name) {
  if (std::fabs(value) <= kMaxExactDouble) {
    if (auto whole = toInt64Exact(value))
      return Value::integer(*whole);
  }
  // Beyond, and for the text of a fraction, the decimal that the double's text denotes counts.
  const std::optional<Decimal> decimal = Decimal::fromDouble(value);
  if (!decimal) {
    std::string text;
    appendDouble(text, value);
    return failNumberFormat(fmt::format("{}: expected integer, got {}", name, text));
  }
  return decimalToInt(heap, *decimal, name);
}

// INT of anything but strings and null, which PARSE_INT treats differently. \rule R3.7.4
Result<Value> numberToInt(Heap &heap, const Value &value, std::string_view name) {
  switch (value.tag()) {
  case Tag::Bool:
    return Value::integer(value.asBool() ? 1 : 0);
  case Tag::Int:
    return value;
  case Tag::BigInt:
    return narrowed(heap, narrow(viewBigInt(value)));
  case Tag::Float:
    return floatToInt(heap, value.asFloat(), name);
  case Tag::Decimal:
    return decimalToInt(heap, viewDecimal(value), name);
  case Tag::Null:
  case Tag::Unbound:
  case Tag::String:
  case Tag::Bytes:
  case Tag::List:
  case Tag::Object:
  case Tag::Set:
  case Tag::Function:
  case Tag::Sequence:
  case Tag::Handle:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  return failUnsupported(name, value);
}

} // namespace

Result<Value> builtinSTRING(Context &context, Args args) {
  if (args[0].isNull())
    return Value::null();
  return textOf(context.heap, args[0]);
}

Result<Value> builtinBOOLEAN(Context &, Args args) {
  return Value::boolean(libraryTruthy(args[0]));
}

Result<Value> builtinNUMBER(Context &, Args args) {
  const Value &value = args[0];
  if (value.isNull() || value.isNumber())
    return value;
  if (value.isBool())
    return Value::integer(value.asBool() ? 1 : 0);
  if (!value.isString())
    return failUnsupported("NUMBER", value);
  const std::string_view text = trimSpace(value.text());
  if (text.find_first_of(".eE") != std::string_view::npos) {
    if (auto number = parseDoubleJava(text))
      return Value::real(*number);
  } else if (!text.empty()) {
    if (auto number = parseInt64(text))
      return Value::integer(*number);
    return failState(
        fmt::format("NUMBER: integer out of range; use DEC(\"{}\") for BigInt", value.text()));
  }
  return failState(fmt::format("NUMBER: cannot parse '{}'", value.text()));
}

Result<Value> builtinINT(Context &context, Args args) {
  const Value &value = args[0];
  if (value.isNull())
    return Value::null();
  if (!value.isString())
    return numberToInt(context.heap, value, "INT");
  if (auto number = parseInt64(value.text()))
    return Value::integer(*number);
  ParsedBigInt parsed = parseBigInt(value.text());
  if (parsed.error == NumberError::TooLarge)
    return integerSizeTrap();
  if (parsed.error != NumberError::None)
    return failState(fmt::format("INT: cannot parse '{}' as int", value.text()));
  return narrowed(context.heap, narrow(std::move(parsed.value)));
}

Result<Value> builtinPARSE_INT(Context &context, Args args) {
  const Value &value = args[0];
  if (!value.isNull() && !value.isString())
    return numberToInt(context.heap, value, "PARSE_INT");
  std::string digits;
  if (value.isString()) {
    BL_CHECK(reserve(context.heap, value.text().size()));
    for (const char c : value.text())
      if (c >= '0' && c <= '9' && !(c == '0' && digits == "0"))
        digits.push_back(c);
  }
  if (digits.empty())
    return args.size() == 2 ? std::move(args[1]) : Value::integer(0);
  if (auto number = parseInt64(digits))
    return Value::integer(*number);
  std::optional<BigInt> big = BigInt::fromDigits(digits, false);
  if (!big)
    return integerSizeTrap();
  return narrowed(context.heap, narrow(std::move(*big)));
}

Result<Value> builtinDEC(Context &context, Args args) {
  const Value &value = args[0];
  if (value.isNull() || value.is(Tag::BigInt) || value.is(Tag::Decimal))
    return value;
  if (value.isInt())
    return context.heap.bigInt(BigInt(value.asInt()));
  if (value.isFloat()) {
    if (const std::optional<Decimal> decimal = Decimal::fromDouble(value.asFloat()))
      return context.heap.decimal(*decimal);
    std::string text;
    appendDouble(text, value.asFloat());
    return failNumberText(NumberError::BadCharacter, text);
  }
  if (!value.isString())
    return failUnsupported("DEC", value);
  const std::string_view text = trimSpace(value.text());
  if (text.empty())
    return failState(fmt::format("DEC: cannot parse '{}'", value.text()));
  if (text.find_first_of(".eE") == std::string_view::npos) {
    const ParsedBigInt parsed = parseBigInt(text);
    if (parsed.error != NumberError::None)
      return failNumberText(parsed.error, text);
    return context.heap.bigInt(parsed.value);
  }
  const ParsedDecimal parsed = parseDecimal(text);
  if (parsed.error != NumberError::None)
    return failNumberText(parsed.error, text);
  return context.heap.decimal(parsed.value);
}

Result<Value> builtinBASE64_ENCODE(Context &context, Args args) {
  if (!args[0].is(Tag::Bytes))
    return failState("BASE64_ENCODE: arg must be bytes");
  const std::string_view bytes = args[0].object<BytesObject>()->view();
  const uint64_t length = (uint64_t{bytes.size()} + 2) / 3 * 4;
  BL_CHECK(checkStringBytes(length));
  BL_CHECK(reserve(context.heap, length));
  return makeString(context.heap, base64Encode(bytes), Ascii::Yes);
}

Result<Value> builtinBASE64_DECODE(Context &context, Args args) {
  if (!args[0].isString())
    return failState("BASE64_DECODE: arg must be string");
  BL_CHECK(reserve(context.heap, args[0].text().size()));
  auto decoded = base64Decode(args[0].text());
  if (!decoded)
    return failArgument(std::move(decoded).error().message);
  return context.heap.bytes(*decoded);
}

} // namespace branchline::runtime::library
