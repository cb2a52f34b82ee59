// Numbers to text and text to numbers, for every kind of number and every grammar the language and
// its formats have. The text of decimals is in Decimal.h, of big integers in BigInt.h. What an
// input error is called and where it is reported is for the caller to decide.
#pragma once

#include "branchline/Numeric/Decimal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace branchline {

/// Room that appendDouble and appendInt may use, in bytes.
inline constexpr std::size_t kNumberBufferSize = 32;

/// Writes the text of a double: `1.0`, `1.0E7`, `4.9E-324`, `NaN`.
/// \param out       at least kNumberBufferSize bytes; no terminator is written.
/// \returns         the length of the text.
/// \rule R2.6.2, R3.2.7, R5.4.3
std::size_t appendDouble(char *out, double value) noexcept;
/// Appends the text of a double to a string.
void appendDouble(std::string &out, double value);

/// Writes the decimal digits of an integer, with '-' below zero.
/// \param out       at least kNumberBufferSize bytes; no terminator is written.
/// \returns         the length of the text.
/// \rule R2.6.1
std::size_t appendInt(char *out, std::int64_t value) noexcept;
/// Appends the text of an integer to a string.
void appendInt(std::string &out, std::int64_t value);

/// The text of canonical JSON for a decimal text: `1e21`, `1.5e-7`, `0.000001`, `12345678.9`.
/// \param text      `-? digits (. digits)? ([eE] [+-]? digits)?`, as our own writers produce it; an
///                  exponent beyond 18 digits is not meaningful.
/// \rule R5.5.5
[[nodiscard]] std::string canonicalDecimalText(std::string_view text);

/// What is wrong with a number text.
enum class NumberError : std::uint8_t {
  None,
  NoDigits,         ///< nothing that could be a number
  MisplacedSign,    ///< a second sign
  BadCharacter,     ///< a character that no number has there
  SecondPoint,      ///< two decimal points
  NoExponentDigits, ///< an exponent mark without exponent
  TooLarge,         ///< a well-formed number beyond the limits of D8
};

/// A plain description of an error; empty for None. \rule D20
[[nodiscard]] std::string_view message(NumberError error) noexcept;

/// The result of parseBigInt; `value` is zero on error.
struct ParsedBigInt {
  NumberError error = NumberError::None;
  BigInt value;
};

/// The result of parseDecimal; `value` is zero on error.
struct ParsedDecimal {
  NumberError error = NumberError::None;
  Decimal value;
};

/// Reads `[+-]? digit+` with ASCII digits.
/// \returns         nullopt when the text is anything else or does not fit 64 bits.
/// \rule R3.2.9 (INT64), D11
[[nodiscard]] std::optional<std::int64_t> parseInt64(std::string_view text) noexcept;

/// Reads `[+-]? digit+` of any length.
/// \errors          NoDigits, MisplacedSign, BadCharacter, TooLarge.
/// \rule R3.2.9 (BIGINT), D11
[[nodiscard]] ParsedBigInt parseBigInt(std::string_view text);

/// Reads `[+-]? (digit+ (. digit*)? | . digit+) ([eE] [+-]? digit+)?`; the scale is the number of
/// fraction digits minus the exponent. JSON number tokens are a subset (R5.2.8).
/// \errors          every NumberError.
/// \rule R3.2.9 (BIGDEC), R5.2.9, D8, D11
[[nodiscard]] ParsedDecimal parseDecimal(std::string_view text);

/// Reads a JVM floating literal: surrounding characters up to U+0020 are skipped; NaN, Infinity,
/// decimal with an optional suffix f, F, d, D, and hexadecimal with a mandatory binary exponent.
/// \returns         the nearest double (overflow gives an infinity), or nullopt for other text.
/// \rule R3.2.9 (DOUBLE)
[[nodiscard]] std::optional<double> parseDoubleJava(std::string_view text) noexcept;

/// The nearest double to a JSON number token, ties to even; overflow gives an infinity.
/// \param begin,end a token that matches the JSON number grammar.
/// \rule R5.2.8
[[nodiscard]] double parseJsonDouble(const char *begin, const char *end) noexcept;

} // namespace branchline
