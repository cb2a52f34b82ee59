// Numbers from text: the integer, decimal and floating grammars of the library and of JSON. Only
// ASCII digits count (D11). Scanning text for where a number ends is the readers' business.
#include "branchline/Numeric/NumberText.h"

#include "BinaryRounding.h"
#include "PowersOf10.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace branchline {

namespace {

constexpr bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

/// \returns         0…15, or -1.
constexpr int hexValue(char c) noexcept {
  if (isDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Exponents are cut off here: far beyond every limit, and sums of two stay in range.
constexpr std::int64_t kExponentCap = 1'000'000'000'000;

/// Skips `[+-]?`. \returns true for '-'.
bool takeSign(const char *&p, const char *end) noexcept {
  if (p == end || (*p != '+' && *p != '-'))
    return false;
  return *p++ == '-';
}

const char *skipDigits(const char *p, const char *end) noexcept {
  return std::find_if_not(p, end, isDigit);
}

/// Reads `[+-]? digit+` as an exponent, clamped to ±kExponentCap.
/// \returns         false when there is no digit; `p` is then at the place of the missing digit.
bool takeExponent(const char *&p, const char *end, std::int64_t &exponent) noexcept {
  const bool negative = takeSign(p, end);
  const char *const first = p;
  for (; p != end && isDigit(*p); ++p)
    exponent = std::min(exponent * 10 + (*p - '0'), kExponentCap);
  if (negative)
    exponent = -exponent;
  return p != first;
}

/// The parts of `digit* (. digit*)? ([eE] [+-]? digit+)?`.
struct DecimalParts {
  const char *digits;        ///< first character after the sign
  const char *mantissaEnd;   ///< the exponent mark or the end
  std::int64_t fraction = 0; ///< digits after the point
  std::int64_t exponent = 0;
  bool hasPoint = false;
};

/// The double that a validated decimal denotes, by std::from_chars.
double roundDecimal(const char *begin, const char *end) noexcept {
  double value = 0;
  const auto status = std::from_chars(begin, end, value);
  if (status.ec == std::errc())
    return value;
  // Out of range: the exponent of the first significant digit tells on which side.
  const bool negative = *begin == '-';
  const char *p = begin + (negative ? 1 : 0);
  std::int64_t exponent = 0;
  bool significant = false;
  bool afterPoint = false;
  for (; p != end && (isDigit(*p) || *p == '.'); ++p) {
    if (*p == '.') {
      afterPoint = true;
      continue;
    }
    significant = significant || *p != '0';
    if (significant && !afterPoint)
      ++exponent;
    else if (!significant && afterPoint)
      --exponent;
  }
  std::int64_t power = 0;
  if (p != end)
    takeExponent(++p, end, power);
  const double magnitude = exponent + power > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

/// Accumulates the bits of a hexadecimal mantissa: the leading ones exactly, the rest as sticky.
class HexMantissa {
public:
  /// \param digit     0…15
  void push(int digit, bool fraction) noexcept {
    if (bits_ >> 60 == 0) {
      bits_ = bits_ << 4 | static_cast<std::uint64_t>(digit);
      exponent_ -= fraction ? 4 : 0;
    } else {
      sticky_ = sticky_ || digit != 0;
      exponent_ += fraction ? 0 : 4;
    }
  }
  [[nodiscard]] double scaled(std::int64_t exponent, bool negative) const noexcept {
    return roundToDouble(bits_, exponent_ + exponent, sticky_, negative);
  }

private:
  std::uint64_t bits_ = 0;
  std::int64_t exponent_ = 0;
  bool sticky_ = false;
};

/// Whether [p, end) is empty or one of the suffixes f, F, d, D.
bool isSuffix(const char *p, const char *end) noexcept {
  return p == end || (end - p == 1 && (*p == 'f' || *p == 'F' || *p == 'd' || *p == 'D'));
}

/// Reads what follows `0x`.
std::optional<double> parseHexDouble(const char *p, const char *end, bool negative) noexcept {
  HexMantissa mantissa;
  bool point = false;
  bool any = false;
  for (; p != end; ++p) {
    if (*p == '.' && !point) {
      point = true;
      continue;
    }
    const int digit = hexValue(*p);
    if (digit < 0)
      break;
    any = true;
    mantissa.push(digit, point);
  }
  if (!any || p == end || (*p != 'p' && *p != 'P'))
    return std::nullopt;
  std::int64_t exponent = 0;
  ++p;
  if (!takeExponent(p, end, exponent) || !isSuffix(p, end))
    return std::nullopt;
  return mantissa.scaled(exponent, negative);
}

ParsedDecimal failed(NumberError error) { return {error, {}}; }

/// Checks the decimal grammar after the sign.
NumberError scanDecimal(const char *p, const char *end, DecimalParts &parts) noexcept {
  parts.digits = p;
  p = skipDigits(p, end);
  std::int64_t count = p - parts.digits;
  if (p != end && *p == '.') {
    parts.hasPoint = true;
    const char *const fraction = ++p;
    p = skipDigits(p, end);
    parts.fraction = p - fraction;
    count += parts.fraction;
  }
  parts.mantissaEnd = p;
  if (p != end && *p != 'e' && *p != 'E') {
    if (*p == '.')
      return NumberError::SecondPoint;
    return *p == '+' || *p == '-' ? NumberError::MisplacedSign : NumberError::BadCharacter;
  }
  if (count == 0)
    return NumberError::NoDigits;
  if (p == end)
    return NumberError::None;
  ++p;
  if (!takeExponent(p, end, parts.exponent))
    return p == end ? NumberError::NoExponentDigits : NumberError::BadCharacter;
  return p == end ? NumberError::None : NumberError::BadCharacter;
}

} // namespace

std::string_view message(NumberError error) noexcept {
  switch (error) {
  case NumberError::None:
    return "";
  case NumberError::NoDigits:
    return "number has no digits";
  case NumberError::MisplacedSign:
    return "number has a misplaced sign";
  case NumberError::BadCharacter:
    return "number has a character that is not part of a number";
  case NumberError::SecondPoint:
    return "number has more than one decimal point";
  case NumberError::NoExponentDigits:
    return "number has an exponent without digits";
  case NumberError::TooLarge:
    return "number is beyond the supported range";
  }
  return "";
}

std::optional<std::int64_t> parseInt64(std::string_view text) noexcept {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-'))
      return std::nullopt;
  }
  std::int64_t value = 0;
  const char *const end = text.data() + text.size();
  const auto status = std::from_chars(text.data(), end, value);
  if (status.ec != std::errc() || status.ptr != end)
    return std::nullopt;
  return value;
}

ParsedBigInt parseBigInt(std::string_view text) {
  const char *p = text.data();
  const char *const end = p + text.size();
  const bool negative = takeSign(p, end);
  if (p == end)
    return {NumberError::NoDigits, {}};
  if (const char *bad = skipDigits(p, end); bad != end)
    return {*bad == '+' || *bad == '-' ? NumberError::MisplacedSign : NumberError::BadCharacter,
            {}};
  auto value = BigInt::fromDigits({p, static_cast<std::size_t>(end - p)}, negative);
  if (!value)
    return {NumberError::TooLarge, {}};
  return {NumberError::None, std::move(*value)};
}

ParsedDecimal parseDecimal(std::string_view text) {
  const char *p = text.data();
  const char *const end = p + text.size();
  const bool negative = takeSign(p, end);
  DecimalParts parts;
  if (const NumberError error = scanDecimal(p, end, parts); error != NumberError::None)
    return failed(error);
  const std::int64_t scale = parts.fraction - parts.exponent;
  if (scale < -kMaxDecimalScale || scale > kMaxDecimalScale)
    return failed(NumberError::TooLarge);
  const auto length = static_cast<std::size_t>(parts.mantissaEnd - parts.digits);
  std::optional<BigInt> unscaled;
  if (!parts.hasPoint) {
    unscaled = BigInt::fromDigits({parts.digits, length}, negative);
  } else {
    const auto fraction = static_cast<std::size_t>(parts.fraction);
    std::string digits;
    digits.reserve(length);
    digits.append(parts.digits, length - fraction - 1);
    digits.append(parts.mantissaEnd - fraction, fraction);
    unscaled = BigInt::fromDigits(digits, negative);
  }
  if (!unscaled)
    return failed(NumberError::TooLarge);
  return {NumberError::None, Decimal(std::move(*unscaled), static_cast<std::int32_t>(scale))};
}

std::optional<double> parseDoubleJava(std::string_view text) noexcept {
  const auto isBlank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && isBlank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back()))
    text.remove_suffix(1);
  const char *p = text.data();
  const char *end = p + text.size();
  const bool negative = takeSign(p, end);
  const std::string_view body(p, static_cast<std::size_t>(end - p));
  if (body == "NaN")
    return std::numeric_limits<double>::quiet_NaN();
  if (body == "Infinity")
    return negative ? -std::numeric_limits<double>::infinity()
                    : std::numeric_limits<double>::infinity();
  if (body.starts_with("0x") || body.starts_with("0X"))
    return parseHexDouble(p + 2, end, negative);
  if (!body.empty() && !isDigit(body.back()) && isSuffix(end - 1, end))
    --end;
  DecimalParts parts;
  if (scanDecimal(p, end, parts) != NumberError::None)
    return std::nullopt;
  const double magnitude = roundDecimal(p, end);
  return negative ? -magnitude : magnitude;
}

double parseJsonDouble(const char *begin, const char *end) noexcept {
  const char *p = begin;
  const bool negative = p != end && *p == '-';
  if (negative)
    ++p;
  const char *const first = p;
  std::uint64_t mantissa = 0;
  for (; p != end && isDigit(*p); ++p)
    mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
  std::int64_t power = 0;
  if (p != end && *p == '.') {
    const char *const fraction = ++p;
    for (; p != end && isDigit(*p); ++p)
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
    power = fraction - p;
  }
  // Up to 19 characters cannot overflow the mantissa; leading zeros make longer tokens slow, not
  // wrong.
  const bool fits = p - first <= 19;
  if (p != end) {
    std::int64_t exponent = 0;
    takeExponent(++p, end, exponent);
    power += exponent;
  }
  // Both operands are exact, so the one rounding of the operation is the rounding wanted.
  if (fits && mantissa <= std::uint64_t{1} << 53 && power >= -22 && power <= 22) {
    const auto value = static_cast<double>(mantissa);
    const double magnitude = power < 0 ? value / kExactPowersOf10[static_cast<std::size_t>(-power)]
                                       : value * kExactPowersOf10[static_cast<std::size_t>(power)];
    return negative ? -magnitude : magnitude;
  }
  return roundDecimal(begin, end);
}

} // namespace branchline
