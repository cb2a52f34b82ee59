// Strings, numbers and literals of the walker.
#include "ByteScan.h"
#include "DigitScan.h"
#include "JsonNumber.h"
#include "JsonText.h"
#include "JsonWalker.h"

#include <fmt/format.h>

namespace branchline::format {

using runtime::Ascii;
using runtime::Value;

namespace {

constexpr uint64_t kFirst16Digits = 1'000'000'000'000'000; // the smallest of 16 digits

} // namespace

bool JsonWalker::stringBytes(std::string_view &raw, bool &hasEscape, bool &isAscii) {
  const char *quote = text_ + index_[at_];
  const char *close = closingQuote(at_++);
  if (close == quote)
    return fail();
  raw = std::string_view(quote + 1, static_cast<size_t>(close - quote - 1));
  const StringFacts facts = inspectString(raw.data(), raw.size(), end_);
  hasEscape = facts.hasBackslash;
  isAscii = facts.isAscii;
  return true;
}

bool JsonWalker::string() {
  std::string_view raw;
  bool hasEscape = false, isAscii = false;
  if (!stringBytes(raw, hasEscape, isAscii))
    return false;
  if (raw.size() > runtime::kMaxStringBytes)
    return limit(fmt::format("string length limit of {} bytes exceeded", runtime::kMaxStringBytes));
  if (!hasEscape) {
    values_.push(Value::borrowed(raw, isAscii ? Ascii::Yes : Ascii::No));
    return true;
  }
  scratch_.clear();
  if (!unescape(scratch_, raw))
    return fail();
  if (!mayTake(scratch_.size() / sizeof(Value)))
    return false;
  values_.push(heap_.string(scratch_));
  return true;
}

/// \param value  of the one literal that begins as the text does
bool JsonWalker::literal(Value value) {
  const char *begin = text_ + index_[at_++];
  const auto left = static_cast<size_t>(end_ - begin);
  const size_t length = literalLength(begin, left);
  if (length == 0 || (left != length && !endsScalar(begin[length])))
    return fail();
  values_.push(std::move(value));
  return true;
}

bool JsonWalker::longNumber() {
  const char *begin = text_ + index_[at_++];
  if (openTail_)
    return slowNumber(begin);
  const char *at = begin;
  const bool negative = *at == '-';
  at += negative;
  const char *digits = at;
  uint64_t whole = 0; // meaningless past 18 digits, when it is not used
  for (; isDigit(*at); ++at)
    whole = whole * 10 + static_cast<uint64_t>(*at - '0');
  size_t count = static_cast<size_t>(at - digits);
  if (count == 0 || (*digits == '0' && count != 1))
    return fail();
  if (endsScalar(*at)) {
    if (count > 18)
      return slowNumber(begin);
    const auto value = static_cast<int64_t>(whole);
    if (options_.numbers == JsonNumbers::Strict && value > kMaxSafeInteger)
      return fail();
    values_.push(Value::integer(negative ? -value : value));
    return true;
  }
  if (*at != '.')
    return slowNumber(begin);
  const char *fraction = ++at;
  for (; isDigit(*at); ++at)
    whole = whole * 10 + static_cast<uint64_t>(*at - '0');
  const size_t scale = static_cast<size_t>(at - fraction);
  count += scale;
  if (scale == 0 || count > 18 || !endsScalar(*at))
    return slowNumber(begin);
  if (whole < kFirst16Digits) {
    const double real = static_cast<double>(whole) / kExactPowersOf10[scale];
    values_.push(Value::real(negative ? -real : real));
    return true;
  }
  if (options_.numbers == JsonNumbers::Strict)
    return fail();
  mp_limb_t storage;
  const auto unscaled = static_cast<int64_t>(whole);
  values_.push(heap_.decimal(Decimal(BigInt::viewInt64(negative ? -unscaled : unscaled, storage),
                                     static_cast<int32_t>(scale))));
  return true;
}

bool JsonWalker::slowNumber(const char *begin) {
  const char *stop = scanNumber(begin, end_);
  if (stop == nullptr || (stop != end_ && !endsScalar(*stop)))
    return fail();
  JsonNumber number = convertNumber({begin, static_cast<size_t>(stop - begin)}, options_.numbers);
  switch (number.kind) {
  case NumberKind::Int:
    values_.push(Value::integer(number.integer));
    return true;
  case NumberKind::Float:
    values_.push(Value::real(number.real));
    return true;
  case NumberKind::Big:
    values_.push(heap_.bigInt(number.big));
    return true;
  case NumberKind::Decimal:
    values_.push(heap_.decimal(number.decimal));
    return true;
  case NumberKind::UnsafeInteger:
  case NumberKind::HugeInteger:
  case NumberKind::UnsafeDecimal:
  case NumberKind::HugeDecimal:
  case NumberKind::Limit:
    break;
  }
  return fail();
}

} // namespace branchline::format
