// The kinds of JSON numbers (R5.2.7-R5.2.9, with D1: an integer that fits 64 bits is an Int).
#include "JsonNumber.h"

#include "branchline/Numeric/NumberText.h"

#include <cmath>
#include <optional>
#include <utility>

namespace branchline::format {
namespace {

/// Decimal tokens with more significant digits than this are not doubles. \rule R5.2.8
constexpr size_t kDoubleDigits = 15;

JsonNumber refused(NumberKind kind) {
  JsonNumber number;
  number.kind = kind;
  return number;
}

JsonNumber convertInteger(std::string_view token, JsonNumbers mode) {
  JsonNumber number;
  if (const std::optional<int64_t> small = parseInt64(token)) {
    const bool safe = *small >= -kMaxSafeInteger && *small <= kMaxSafeInteger;
    if (mode == JsonNumbers::Strict && !safe)
      return refused(NumberKind::UnsafeInteger);
    number.integer = *small;
    return number;
  }
  if (mode == JsonNumbers::Strict)
    return refused(NumberKind::HugeInteger);
  const bool negative = token.front() == '-';
  std::optional<BigInt> big = BigInt::fromDigits(token.substr(negative), negative);
  if (!big)
    return refused(NumberKind::Limit);
  number.kind = NumberKind::Big;
  number.big = std::move(*big);
  return number;
}

JsonNumber convertToDecimal(std::string_view token) {
  ParsedDecimal parsed = parseDecimal(token);
  if (parsed.error != NumberError::None)
    return refused(NumberKind::Limit);
  JsonNumber number;
  number.kind = NumberKind::Decimal;
  number.decimal = std::move(parsed.value);
  return number;
}

/// Digits of the mantissa without leading zeros; trailing zeros count.
size_t significantDigits(std::string_view token) {
  size_t digits = 0;
  for (const char c : token) {
    if (c == 'e' || c == 'E')
      break;
    digits += isDigit(c) && (digits != 0 || c != '0');
  }
  return digits;
}

} // namespace

const char *scanNumber(const char *at, const char *end) {
  auto digits = [&] {
    const char *start = at;
    while (at != end && isDigit(*at))
      ++at;
    return at != start;
  };
  if (at != end && *at == '-')
    ++at;
  if (at != end && *at == '0')
    ++at;
  else if (!digits())
    return nullptr;
  if (at != end && *at == '.') {
    ++at;
    if (!digits())
      return nullptr;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-'))
      ++at;
    if (!digits())
      return nullptr;
  }
  return at;
}

JsonNumber convertNumber(std::string_view token, JsonNumbers mode) {
  if (token.find_first_of(".eE") == std::string_view::npos)
    return convertInteger(token, mode);
  const bool strict = mode == JsonNumbers::Strict;
  if (significantDigits(token) > kDoubleDigits)
    return strict ? refused(NumberKind::UnsafeDecimal) : convertToDecimal(token);
  JsonNumber number;
  number.kind = NumberKind::Float;
  number.real = parseJsonDouble(token.data(), token.data() + token.size());
  if (std::isfinite(number.real))
    return number;
  return strict ? refused(NumberKind::HugeDecimal) : convertToDecimal(token);
}

} // namespace branchline::format
