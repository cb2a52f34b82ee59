// The choice by kind, and every kind of number in every mode.
#include "Escape.h"
#include "JsonEmitter.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Base64.h"

#include <cmath>
#include <limits>
#include <string>

namespace branchline::format {

using runtime::Tag;
using runtime::Value;

bool JsonEmitter::value(const Value &value, uint32_t depth) {
  switch (value.tag()) {
  case Tag::Null:
    sink_.put("null");
    return true;
  case Tag::Bool:
    sink_.put(value.asBool() ? std::string_view("true") : std::string_view("false"));
    return true;
  case Tag::Int:
    return integer(value.asInt());
  case Tag::Float:
    return real(value.asFloat());
  case Tag::String:
    writeQuoted(sink_, value.text(), options_.format);
    return true;
  case Tag::BigInt:
    return bigInteger(value);
  case Tag::Decimal:
    return decimal(value);
  case Tag::Bytes:
    digits(runtime::base64Encode(value.object<runtime::BytesObject>()->view()), true);
    return true;
  case Tag::List:
    return list(std::as_const(*value.list()).items(), depth);
  case Tag::Object:
    return object(*value.asObject(), depth);
  case Tag::Set:
    return set(value, depth);
  case Tag::Function:
    sink_.put("\"<function>\"");
    return true;
  case Tag::Sequence:
    return sequence(value, depth);
  case Tag::Handle: {
    std::string text = "SharedResourceHandle(name=";
    text += value.object<runtime::HandleObject>()->name.text();
    text += ')';
    writeQuoted(sink_, text, options_.format);
    return true;
  }
  case Tag::JsonText:
    return jsonText(value, depth);
  case Tag::Unbound:
  case Tag::Iterator:
  case Tag::Cell:
    break;
  }
  BL_UNREACHABLE("variables and iterators are no values");
}

/// Text that a reader found to be as this emitter would write it.
bool JsonEmitter::jsonText(const Value &value, uint32_t depth) {
  BL_ASSERT(options_.format == JsonFormat::Compact, "only compact text can be copied");
  if (depth + value.jsonDepth() > options_.maxDepth)
    return fail(error::make<error::Id::OutputDepth>(options_.maxDepth));
  sink_.put(value.text());
  return true;
}

void JsonEmitter::digits(std::string_view text, bool inQuotes) {
  if (inQuotes)
    sink_.put('"');
  sink_.put(text);
  if (inQuotes)
    sink_.put('"');
}

bool JsonEmitter::integer(int64_t value) {
  const bool safe = value >= -kMaxSafeInteger && value <= kMaxSafeInteger;
  if (!safe && options_.numbers == JsonNumbers::Strict)
    return fail(error::make<error::Id::OutputUnsafeInteger>());
  const bool inQuotes = !safe && options_.numbers == JsonNumbers::Safe;
  char *to = sink_.room(kNumberBufferSize + 2);
  if (inQuotes)
    *to++ = '"';
  to += appendInt(to, value);
  if (inQuotes)
    *to++ = '"';
  sink_.advanceTo(to);
  return true;
}

bool JsonEmitter::bigInteger(const Value &value) {
  if (options_.numbers == JsonNumbers::Strict)
    return fail(error::make<error::Id::OutputBigInteger>());
  digits(runtime::viewBigInt(value).toString(), options_.numbers == JsonNumbers::Safe);
  return !sink_.full();
}

bool JsonEmitter::decimal(const Value &value) {
  if (options_.numbers == JsonNumbers::Strict)
    return fail(error::make<error::Id::OutputDecimal>());
  const std::string plain = runtime::viewDecimal(value).toPlain();
  if (options_.numbers == JsonNumbers::Safe)
    digits(plain, true);
  else
    digits(canonical() ? canonicalDecimalText(plain) : plain, false);
  return !sink_.full();
}

bool JsonEmitter::real(double value) {
  if (canonical())
    return canonicalReal(value);
  if (!std::isfinite(value))
    return fail(error::make<error::Id::OutputNotFinite>());
  sink_.advance(appendDouble(sink_.room(kNumberBufferSize), value));
  return true;
}

/// Whole doubles of the 64-bit range are written as integers, saturating. \rule R5.5.4
bool JsonEmitter::canonicalReal(double value) {
  if (!std::isfinite(value))
    return fail(error::make<error::Id::CanonicalNotFinite>());
  constexpr double kTwo63 = 9223372036854775808.0;
  if (std::trunc(value) == value && std::fabs(value) <= kTwo63)
    return integer(value == kTwo63 ? std::numeric_limits<int64_t>::max()
                                   : static_cast<int64_t>(value));
  char text[kNumberBufferSize];
  sink_.put(canonicalDecimalText({text, appendDouble(text, value)}));
  return true;
}

} // namespace branchline::format
