// Checks of texts, by looking at digits: converting a long number would take more than linear time.
#include "TextRules.h"

#include "branchline/Numeric/Decimal.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace branchline::bytecode {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Length of the character at `i`, 0 when it is malformed. Surrogates are characters here.
size_t characterLength(std::string_view text, size_t i) {
  auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
  auto continues = [&](size_t count) {
    for (size_t k = 1; k <= count; ++k)
      if (i + k >= text.size() || (byte(i + k) & 0xC0) != 0x80)
        return false;
    return true;
  };
  const unsigned char b = byte(i);
  if (b < 0x80)
    return 1;
  if (b >= 0xC2 && b <= 0xDF)
    return continues(1) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF)
    return continues(2) && (b != 0xE0 || byte(i + 1) >= 0xA0) ? 3 : 0;
  if (b >= 0xF0 && b <= 0xF4)
    return continues(3) && (b != 0xF0 || byte(i + 1) >= 0x90) && (b != 0xF4 || byte(i + 1) <= 0x8F)
               ? 4
               : 0;
  return 0;
}

/// Digits and scale of a decimal: `digits × 10^-scale`.
struct DecimalParts {
  bool negative = false;
  std::string digits;
  int64_t scale = 0;
};

/// `-? digits (. digits)? (E [+-] digits)?`
bool splitDecimal(std::string_view text, DecimalParts &parts) {
  size_t i = 0;
  auto takeDigits = [&](std::string &out) {
    const size_t begin = i;
    while (i < text.size() && isDigit(text[i]))
      out.push_back(text[i++]);
    return i - begin;
  };
  if (i < text.size() && text[i] == '-') {
    parts.negative = true;
    ++i;
  }
  if (takeDigits(parts.digits) == 0)
    return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    parts.scale = static_cast<int64_t>(takeDigits(parts.digits));
    if (parts.scale == 0)
      return false;
  }
  if (i < text.size() && text[i] == 'E') {
    ++i;
    if (i == text.size() || (text[i] != '+' && text[i] != '-'))
      return false;
    const bool minus = text[i++] == '-';
    std::string exponent;
    takeDigits(exponent);
    if (exponent.empty() || exponent.size() > 9)
      return false;
    const int64_t value = std::strtoll(exponent.c_str(), nullptr, 10);
    parts.scale += minus ? value : -value;
  }
  // Leading zeros belong to the notation, not to the digits.
  const size_t first = parts.digits.find_first_not_of('0');
  parts.digits.erase(0, first == std::string::npos ? parts.digits.size() - 1 : first);
  return i == text.size();
}

/// The text of a decimal as `Decimal::toText` makes it.
std::string joinDecimal(const DecimalParts &parts) {
  const auto count = static_cast<int64_t>(parts.digits.size());
  const int64_t exponent = count - 1 - parts.scale;
  std::string out = parts.negative ? "-" : "";
  if (parts.scale >= 0 && exponent >= -6) {
    if (parts.scale == 0)
      return out + parts.digits;
    if (parts.scale >= count)
      return out + "0." + std::string(static_cast<size_t>(parts.scale - count), '0') + parts.digits;
    const auto point = static_cast<size_t>(count - parts.scale);
    return out + parts.digits.substr(0, point) + "." + parts.digits.substr(point);
  }
  out += parts.digits.front();
  if (count > 1)
    out += "." + parts.digits.substr(1);
  if (exponent != 0)
    out += (exponent < 0 ? "E" : "E+") + std::to_string(exponent);
  return out;
}

} // namespace

bool isWellFormedText(std::string_view text) {
  bool afterHigh = false;
  for (size_t i = 0; i < text.size();) {
    const size_t length = characterLength(text, i);
    if (length == 0)
      return false;
    const auto second = length == 3 ? static_cast<unsigned char>(text[i + 1]) : 0u;
    const bool surrogate =
        length == 3 && static_cast<unsigned char>(text[i]) == 0xED && second >= 0xA0;
    if (surrogate && afterHigh && second >= 0xB0)
      return false;
    afterHigh = surrogate && second < 0xB0;
    i += length;
  }
  return true;
}

bool isCanonicalBigInt(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  // Big integers never narrow (R2.2.6), so small ones are as good as any.
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), isDigit))
    return false;
  return digits.front() != '0' || text == "0";
}

bool isCanonicalDecimal(std::string_view text) {
  DecimalParts parts;
  if (!splitDecimal(text, parts) || std::abs(parts.scale) > kMaxDecimalScale)
    return false;
  if (parts.digits == "0" && parts.negative)
    return false;
  return joinDecimal(parts) == text;
}

} // namespace branchline::bytecode
