// From a JSON number token to the kind of number it stands for. The reader takes its own short cut
// for common tokens; this is the complete rule, which the diagnosing parser uses as well.
#pragma once

#include "branchline/Format/JsonOptions.h"
#include "branchline/Numeric/BigInt.h"
#include "branchline/Numeric/Decimal.h"

#include <cstdint>
#include <string_view>

namespace branchline::format {

/// What a number token is, or why it is refused.
enum class NumberKind : uint8_t {
  Int,
  Float,
  Big,
  Decimal,
  UnsafeInteger, // strict mode: beyond 2^53 - 1
  HugeInteger,   // strict mode: beyond 64 bits
  UnsafeDecimal, // strict mode: more than 15 digits
  HugeDecimal,   // strict mode: beyond the doubles
  Limit,         // beyond the limits of numbers (D8)
};

/// A number token's value; the member that `kind` names is set.
struct JsonNumber {
  NumberKind kind = NumberKind::Int;
  int64_t integer = 0;
  double real = 0;
  BigInt big;
  Decimal decimal;
};

/// The end of the number token that starts at `begin`, or null when there is none.
const char *scanNumber(const char *begin, const char *end);

/// The value of a number token. \param token matches the JSON grammar. \rule R5.2.7-R5.2.9, D1, D8
JsonNumber convertNumber(std::string_view token, JsonNumbers mode);

inline bool isDigit(char c) { return c >= '0' && c <= '9'; }

} // namespace branchline::format
