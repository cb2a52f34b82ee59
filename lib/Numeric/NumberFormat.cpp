// Text of integers and doubles. Both run once per number of the output, so common values take short
// paths: integers two digits at a time, and doubles with few decimals without a shortest-digits
// search.
#include "branchline/Numeric/NumberText.h"

#include "PowersOf10.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>

namespace branchline {

namespace {

constexpr auto kDigitPairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

/// \param value     not zero, unless one digit is wanted for it.
std::size_t countDigits(std::uint64_t value) noexcept {
  // 1233/4096 is just above log10(2); the table settles the last step.
  const auto bits = static_cast<std::size_t>(std::bit_width(value | 1));
  const std::size_t guess = (bits * 1233) >> 12;
  return guess + (value >= kIntPowersOf10[guess] ? 1 : 0) + (value == 0 ? 1 : 0);
}

/// Writes exactly `count` digits, which is what `value` has.
void writeDigits(char *out, std::uint64_t value, std::size_t count) noexcept {
  char *end = out + count;
  while (value >= 100) {
    const std::uint64_t rest = value / 100;
    end -= 2;
    std::memcpy(end, &kDigitPairs[(value - rest * 100) * 2], 2);
    value = rest;
  }
  if (value >= 10)
    std::memcpy(end - 2, &kDigitPairs[value * 2], 2);
  else
    *(end - 1) = static_cast<char>('0' + value);
}

std::size_t writeUnsigned(char *out, std::uint64_t value) noexcept {
  const std::size_t count = countDigits(value);
  writeDigits(out, value, count);
  return count;
}

std::size_t writeLiteral(char *out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

/// Significant digits of a positive double: d1.d2d3…·10^exponent.
struct Digits {
  std::array<char, 24> text;
  std::size_t count;
  int exponent;
};

/// Reads what std::to_chars wrote in scientific notation.
Digits readScientific(const char *begin, const char *end) noexcept {
  Digits digits{};
  const char *p = begin;
  for (; p != end && *p != 'e'; ++p)
    if (*p != '.')
      digits.text[digits.count++] = *p;
  ++p;
  const bool negative = *p == '-';
  for (++p; p < end; ++p)
    digits.exponent = digits.exponent * 10 + (*p - '0');
  if (negative)
    digits.exponent = -digits.exponent;
  return digits;
}

/// The digits that R2.6.2 chooses: shortest, or the nearest of two digits where one would do.
Digits shortestDigits(double magnitude) noexcept {
  std::array<char, 48> buffer{};
  char *const begin = buffer.data();
  char *const limit = begin + buffer.size();
  const auto shortest = std::to_chars(begin, limit, magnitude, std::chars_format::scientific);
  const Digits digits = readScientific(begin, shortest.ptr);
  // Elsewhere a decimal of at most two digits is alone in the interval that rounds to the double.
  if (digits.count != 1 || magnitude > 1e-320)
    return digits;
  const auto two = std::to_chars(begin, limit, magnitude, std::chars_format::scientific, 1);
  double readBack = 0;
  const auto status = std::from_chars(begin, two.ptr, readBack);
  if (status.ec != std::errc() || readBack != magnitude)
    return digits;
  Digits pair = readScientific(begin, two.ptr);
  if (pair.text[1] == '0')
    pair.count = 1;
  return pair;
}

std::size_t writeScientific(char *out, const char *digits, std::size_t count,
                            int exponent) noexcept {
  char *p = out;
  *p++ = digits[0];
  *p++ = '.';
  if (count == 1) {
    *p++ = '0';
  } else {
    std::memcpy(p, digits + 1, count - 1);
    p += count - 1;
  }
  *p++ = 'E';
  if (exponent < 0)
    *p++ = '-';
  p += writeUnsigned(p, static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
  return static_cast<std::size_t>(p - out);
}

std::size_t writePlain(char *out, const char *digits, std::size_t count, int exponent) noexcept {
  char *p = out;
  if (exponent < 0) {
    p += writeLiteral(p, "0.");
    for (int i = -1; i > exponent; --i)
      *p++ = '0';
    std::memcpy(p, digits, count);
    return static_cast<std::size_t>(p - out) + count;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  for (std::size_t i = 0; i < whole; ++i)
    *p++ = i < count ? digits[i] : '0';
  *p++ = '.';
  if (count <= whole) {
    *p++ = '0';
  } else {
    std::memcpy(p, digits + whole, count - whole);
    p += count - whole;
  }
  return static_cast<std::size_t>(p - out);
}

/// Writes `mantissa`·10^-`places` with a point; the value is in 10^-3 … 10^7 and places > 0.
std::size_t writeFixed(char *out, std::uint64_t mantissa, std::size_t places) noexcept {
  const std::size_t count = countDigits(mantissa);
  if (count <= places) {
    const std::size_t start = places + 2 - count;
    std::memcpy(out, "0.00000000", 10);
    writeDigits(out + start, mantissa, count);
    return places + 2;
  }
  const std::size_t whole = count - places;
  writeDigits(out + 1, mantissa, count);
  for (std::size_t i = 0; i < whole; ++i)
    out[i] = out[i + 1];
  out[whole] = '.';
  return count + 1;
}

/// An integer and a power of ten that make a double.
struct FewDecimals {
  std::uint64_t mantissa;
  std::size_t places;
};

/// Divides by 10^`zeros` when that leaves no rest.
void dropZeros(FewDecimals &value, std::size_t zeros) noexcept {
  const std::uint64_t rest = value.mantissa / kIntPowersOf10[zeros];
  if (rest * kIntPowersOf10[zeros] != value.mantissa)
    return;
  value.mantissa = rest;
  value.places -= zeros;
}

/// Finds numbers such as 12.5 or 1999.99 by trial. A decimal of at most 15 digits that rounds to a
/// double is the only one of that length, hence, without the zeros at its end, the shortest text of
/// it.
/// \param magnitude in 10^-3 … 10^13
/// \returns         false when the double has more decimals.
bool findFewDecimals(double magnitude, FewDecimals &found) noexcept {
  const auto whole = static_cast<std::uint64_t>(magnitude);
  found = {whole, 0};
  if (static_cast<double>(whole) == magnitude)
    return true;
  // Each number of places keeps the mantissa below 10^15. What is rounded on the way to it is less
  // than half a unit, and the division is the proof, being exact but for its one rounding.
  found.places = magnitude < 1e7 ? 8 : magnitude < 1e9 ? 6 : magnitude < 1e11 ? 4 : 2;
  const double power = kExactPowersOf10[found.places];
  found.mantissa = static_cast<std::uint64_t>(magnitude * power + 0.5);
  if (static_cast<double>(found.mantissa) / power != magnitude)
    return false;
  // There is a decimal, so that seven zeros are the most.
  for (const std::size_t zeros : {4, 2, 1})
    if (zeros < found.places)
      dropZeros(found, zeros);
  return true;
}

std::size_t writeFewDecimals(char *out, const FewDecimals &value, bool plain) noexcept {
  if (!plain) {
    std::array<char, 20> digits;
    const std::size_t all = writeUnsigned(digits.data(), value.mantissa);
    std::size_t count = all;
    while (digits[count - 1] == '0')
      --count;
    return writeScientific(out, digits.data(), count, static_cast<int>(all - 1 - value.places));
  }
  if (value.places != 0)
    return writeFixed(out, value.mantissa, value.places);
  const std::size_t count = writeUnsigned(out, value.mantissa);
  return count + writeLiteral(out + count, ".0");
}

} // namespace

std::size_t appendInt(char *out, std::int64_t value) noexcept {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value >= 0)
    return writeUnsigned(out, magnitude);
  *out = '-';
  magnitude = 0 - magnitude;
  return writeUnsigned(out + 1, magnitude) + 1;
}

void appendInt(std::string &out, std::int64_t value) {
  std::array<char, kNumberBufferSize> buffer;
  out.append(buffer.data(), appendInt(buffer.data(), value));
}

std::size_t appendDouble(char *out, double value) noexcept {
  if (std::isnan(value))
    return writeLiteral(out, "NaN");
  const std::size_t sign = std::signbit(value) ? 1 : 0;
  const double magnitude = std::fabs(value);
  *out = '-'; // overwritten when there is no sign
  char *const body = out + sign;
  if (magnitude == 0)
    return sign + writeLiteral(body, "0.0");
  const bool plain = magnitude >= 1e-3 && magnitude < 1e7;
  if (magnitude >= 1e-3 && magnitude < 1e13) {
    FewDecimals few{};
    if (findFewDecimals(magnitude, few))
      return sign + writeFewDecimals(body, few, plain);
  } else if (std::isinf(value)) {
    return sign + writeLiteral(body, "Infinity");
  }
  const Digits digits = shortestDigits(magnitude);
  return sign + (plain ? writePlain(body, digits.text.data(), digits.count, digits.exponent)
                       : writeScientific(body, digits.text.data(), digits.count, digits.exponent));
}

void appendDouble(std::string &out, double value) {
  std::array<char, kNumberBufferSize> buffer;
  out.append(buffer.data(), appendDouble(buffer.data(), value));
}

std::string canonicalDecimalText(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative)
    text.remove_prefix(1);
  std::int64_t power = 0;
  if (const std::size_t mark = text.find_first_of("eE"); mark != std::string_view::npos) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+'))
      exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
    text = text.substr(0, mark);
  }
  std::string digits;
  digits.reserve(text.size());
  const std::size_t point = text.find('.');
  digits.append(text.substr(0, point));
  if (point != std::string_view::npos) {
    digits.append(text.substr(point + 1));
    power -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  const std::size_t last = digits.find_last_not_of('0');
  if (last == std::string::npos)
    return "0";
  power += static_cast<std::int64_t>(digits.size() - last - 1);
  digits.resize(last + 1);
  digits.erase(0, digits.find_first_not_of('0'));

  const auto count = static_cast<std::int64_t>(digits.size());
  const std::int64_t exponent = count - 1 + power;
  std::string result = negative ? "-" : "";
  if (exponent >= 21 || exponent <= -7) {
    result += digits[0];
    if (count > 1)
      result.append(1, '.').append(digits, 1);
    result += 'e';
    appendInt(result, exponent);
  } else if (exponent < 0) {
    result.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else if (power >= 0) {
    result.append(digits).append(static_cast<std::size_t>(power), '0');
  } else {
    const auto whole = static_cast<std::size_t>(exponent + 1);
    result.append(digits, 0, whole).append(1, '.').append(digits, whole);
  }
  return result;
}

} // namespace branchline
