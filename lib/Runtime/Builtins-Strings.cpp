// The functions on texts (section 3.7). Texts are UTF-8, but the language counts and searches
// UTF-16 units. FORMAT is in Builtins-Format.cpp, MATCH and REPLACE are in Builtins-Regex.cpp,
// conversions in Builtins-Convert.cpp.
#include "BuiltinSupport.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Text.h"
#include "branchline/Runtime/TextCase.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace branchline::runtime::library {

namespace {

constexpr size_t npos = std::string_view::npos;

// Every character on its own in a form in which each UTF-16 unit is a character.
std::string separateUnits(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (size_t at = 0; at < text.size();) {
    const uint32_t c = utf8::decode(text, at);
    if (c < 0x10000) {
      utf8::append(out, c);
      continue;
    }
    utf8::append(out, 0xD800 + ((c - 0x10000) >> 10));
    utf8::append(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
  }
  return out;
}

std::string joinUnits(std::string_view units) {
  std::string out;
  out.reserve(units.size());
  for (size_t at = 0; at < units.size();)
    utf8::appendUnit(out, static_cast<uint16_t>(utf8::decode(units, at)));
  return out;
}

// Finds a literal text by UTF-16 units. Half a surrogate pair at an end of the needle may stand for
// half of a character, so then both texts are searched with their units apart.
class LiteralSearch {
public:
  LiteralSearch(const Value &subject, const Value &needle)
      : subject_(subject), text_(subject.text()), needle_(needle.text()),
        apart_(utf8::startsWithLowSurrogate(needle_) || utf8::endsWithHighSurrogate(needle_)) {
    if (!apart_)
      return;
    textUnits_ = separateUnits(text_);
    needleUnits_ = separateUnits(needle_);
    text_ = textUnits_;
    needle_ = needleUnits_;
  }
  LiteralSearch(const LiteralSearch &) = delete;
  LiteralSearch &operator=(const LiteralSearch &) = delete;

  size_t size() const { return text_.size(); }
  size_t needleSize() const { return needle_.size(); }

  /// Where the needle is at or after `from`. \complexity O(n), which string_view::find is not
  size_t find(size_t from) const {
    if (needle_.empty())
      return from;
    const void *found =
        ::memmem(text_.data() + from, text_.size() - from, needle_.data(), needle_.size());
    return found == nullptr ? npos
                            : static_cast<size_t>(static_cast<const char *>(found) - text_.data());
  }

  Result<Value> part(Heap &heap, size_t begin, size_t end) const {
    if (apart_)
      return makeString(heap, joinUnits(text_.substr(begin, end - begin)));
    return slice(heap, subject_, begin, end);
  }

private:
  const Value &subject_;
  std::string_view text_;
  std::string_view needle_;
  bool apart_;
  std::string textUnits_;
  std::string needleUnits_;
};

// One string for each ASCII character, so that splitting into characters allocates nothing.
constexpr auto kAsciiChars = [] {
  std::array<char, 128> chars{};
  for (size_t i = 0; i < chars.size(); ++i)
    chars[i] = static_cast<char>(i);
  return chars;
}();

// SPLIT by the empty text: an empty part, every unit, an empty part. \rule R3.7.9
Result<Value> splitUnits(Context &context, const Value &subject) {
  Heap &heap = context.heap;
  const std::string_view text = subject.text();
  const Value empty = Value::borrowed("", Ascii::Yes);
  BL_TRY(Value result, newList(heap, uint64_t{unitLength(heap, subject)} + 2));
  push(result, empty);
  Pulse pulse;
  for (size_t at = 0; at < text.size();) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const size_t begin = at;
    const uint32_t c = utf8::decode(text, at);
    if (c < kAsciiChars.size()) {
      push(result, Value::borrowed({&kAsciiChars[c], 1}, Ascii::Yes));
    } else if (c < 0x10000) {
      BL_TRY(Value unit, slice(heap, subject, begin, at));
      push(result, std::move(unit));
    } else {
      const std::string units = separateUnits(text.substr(begin, at - begin));
      push(result, heap.string(std::string_view(units).substr(0, 3), Ascii::No));
      push(result, heap.string(std::string_view(units).substr(3), Ascii::No));
    }
  }
  push(result, empty);
  return result;
}

// The first `units` of endless copies of `pad`, of which there is at least one unit.
Result<std::string> repeatUnits(Heap &heap, const Value &pad, uint64_t units) {
  const uint64_t padUnits = unitLength(heap, pad);
  const uint64_t copies = units / padUnits;
  const uint64_t bytes = pad.text().size();
  // Each unit takes at least one byte, so neither factor can overflow once `units` is checked.
  BL_CHECK(checkStringBytes(units));
  BL_CHECK(checkStringBytes((copies + 1) * bytes));
  BL_CHECK(reserve(heap, (copies + 1) * bytes));
  std::string out;
  out.reserve((copies + 1) * bytes);
  for (uint64_t i = 0; i < copies; ++i)
    utf8::appendText(out, pad.text());
  utf8::appendText(out, utf8::substringByUnits(pad.text(), 0, units % padUnits));
  return out;
}

// The width of PAD: the integer part, clamped to 64 bits. \rule R3.7.14, D1
std::optional<int64_t> padWidth(const Value &width) {
  const auto clamp = [](const BigInt &big) {
    return big.toInt64().value_or(big.isNegative() ? kMinInt64 : kMaxInt64);
  };
  if (width.isInt())
    return width.asInt();
  if (width.isFloat())
    return toInt64Saturating(width.asFloat());
  if (width.is(Tag::BigInt))
    return clamp(viewBigInt(width));
  if (!width.is(Tag::Decimal))
    return std::nullopt;
  const Decimal decimal = viewDecimal(width);
  // Beyond 20 digits only the sign matters; this keeps the power of ten small.
  if (!decimal.isZero() && decimal.adjustedExponent() > 20)
    return decimal.sign() < 0 ? kMinInt64 : kMaxInt64;
  const std::optional<BigInt> whole = toBigInt(decimal, RoundingMode::Down);
  return whole ? clamp(*whole) : kMaxInt64;
}

// What JOIN is going to need at least: items that are not strings yet may add to it.
uint64_t leastJoined(std::span<const Value> items, const Value &separator) {
  if (items.empty())
    return 0;
  uint64_t bytes = (items.size() - 1) * separator.text().size();
  for (const Value &item : items)
    if (item.isString())
      bytes += item.text().size();
  return bytes;
}

// ASCII text in another case, written where it stays.
Value asciiInCase(Heap &heap, std::string_view text,
                  void (*change)(char *to, std::string_view text)) {
  if (text.empty())
    return heap.string(text);
  char *chars = nullptr;
  Value made = heap.newString(text.size(), chars, Ascii::Yes);
  change(chars, text);
  return made;
}

Result<void> checkTwoStrings(std::string_view name, Args args) {
  if (!args[0].isString())
    return failState(fmt::format("{}: first arg must be string", name));
  if (!args[1].isString())
    return failState(fmt::format("{}: second arg must be string", name));
  return {};
}

} // namespace

Result<Value> builtinSUBSTRING(Context &context, Args args) {
  if (!args[0].isString())
    return failState("SUBSTRING: first arg must be string");
  Heap &heap = context.heap;
  BL_TRY(const int64_t from, toIndex(args[1]));
  const auto start = static_cast<uint64_t>(std::max<int64_t>(0, from));
  uint64_t length = UINT64_MAX;
  if (args.size() == 3) {
    BL_TRY(const int64_t wanted, toIndex(args[2]));
    length = static_cast<uint64_t>(std::max<int64_t>(0, wanted));
  }
  const uint64_t total = unitLength(heap, args[0]);
  if (start > total)
    return failArgument("SUBSTRING: start > length");
  const uint64_t end = start + std::min(length, total - start);
  if (end - start > kUncheckedBytes)
    BL_CHECK(reserve(heap, end - start));
  return unitSubstring(heap, args[0], start, end);
}

Result<Value> builtinSUBSTRING_BEFORE(Context &context, Args args) {
  BL_CHECK(checkTwoStrings("SUBSTRING_BEFORE", args));
  const LiteralSearch search(args[0], args[1]);
  const size_t found = search.find(0);
  if (found == npos)
    return std::move(args[0]);
  return search.part(context.heap, 0, found);
}

Result<Value> builtinSUBSTRING_AFTER(Context &context, Args args) {
  BL_CHECK(checkTwoStrings("SUBSTRING_AFTER", args));
  const LiteralSearch search(args[0], args[1]);
  const size_t found = search.find(0);
  if (found == npos)
    return std::move(args[0]);
  return search.part(context.heap, found + search.needleSize(), search.size());
}

Result<Value> builtinCONTAINS(Context &context, Args args) {
  if (!args[0].isString())
    return failState("CONTAINS: first arg must be string");
  if (args[1].isNull())
    return Value::boolean(false);
  BL_TRY(const Value needle, textOf(context.heap, args[1]));
  return Value::boolean(LiteralSearch(args[0], needle).find(0) != npos);
}

Result<Value> builtinSPLIT(Context &context, Args args) {
  if (!args[0].isString())
    return failState("SPLIT: first arg must be string");
  BL_TRY(const Value separator, textOrEmpty(context.heap, args[1]));
  if (separator.text().empty())
    return splitUnits(context, args[0]);
  const LiteralSearch search(args[0], separator);
  uint64_t parts = 1;
  for (size_t at = search.find(0); at != npos; at = search.find(at + search.needleSize()))
    ++parts;
  BL_TRY(Value result, newList(context.heap, parts));
  Pulse pulse;
  size_t begin = 0;
  for (;;) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const size_t found = search.find(begin);
    BL_TRY(Value part, search.part(context.heap, begin, found == npos ? search.size() : found));
    push(result, std::move(part));
    if (found == npos)
      return result;
    begin = found + search.needleSize();
  }
}

Result<Value> builtinJOIN(Context &context, Args args) {
  if (!args[0].isList())
    return failState("JOIN: first arg must be list");
  Value separator = Value::borrowed("", Ascii::Yes);
  if (args.size() == 2) {
    BL_TRY(separator, textOrEmpty(context.heap, args[1]));
  }
  const std::span<const Value> items = args[0].list()->items();
  TextBuilder out(context.heap);
  BL_CHECK(out.expect(leastJoined(items, separator)));
  bool first = true;
  Pulse pulse;
  for (const Value &item : items) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    if (!first)
      BL_CHECK(out.add(separator.text()));
    first = false;
    if (!item.isNull())
      BL_CHECK(out.addForm(item));
  }
  return out.finish();
}

Result<Value> builtinUPPER(Context &context, Args args) {
  if (!args[0].isString())
    return failState("UPPER: arg must be string");
  BL_CHECK(reserve(context.heap, args[0].text().size()));
  if (args[0].ascii() == Ascii::Yes)
    return asciiInCase(context.heap, args[0].text(), upperCaseAscii);
  return makeString(context.heap, upperCase(args[0].text()));
}

Result<Value> builtinLOWER(Context &context, Args args) {
  if (!args[0].isString())
    return failState("LOWER: arg must be string");
  BL_CHECK(reserve(context.heap, args[0].text().size()));
  if (args[0].ascii() == Ascii::Yes)
    return asciiInCase(context.heap, args[0].text(), lowerCaseAscii);
  return makeString(context.heap, lowerCase(args[0].text()));
}

Result<Value> builtinTRIM(Context &context, Args args) {
  if (!args[0].isString())
    return failState("TRIM: arg must be string");
  const std::string_view text = args[0].text();
  const std::string_view trimmed = trimSpace(text);
  const auto begin = static_cast<size_t>(trimmed.data() - text.data());
  return slice(context.heap, args[0], begin, begin + trimmed.size());
}

Result<Value> builtinPAD(Context &context, Args args) {
  Heap &heap = context.heap;
  if (!args[0].isString())
    return failState("PAD: first arg must be string");
  const std::optional<int64_t> width = padWidth(args[1]);
  if (!width)
    return failState("PAD: width must be numeric");
  Value pad = Value::borrowed(" ", Ascii::Yes);
  if (args.size() == 3 && !args[2].isNull()) {
    BL_TRY(pad, textOf(heap, args[2]));
  }
  if (pad.text().empty())
    return failArgument("PAD: padChars must not be empty");
  const uint64_t length = unitLength(heap, args[0]);
  const auto bits = static_cast<uint64_t>(*width);
  const uint64_t target = *width < 0 ? 0 - bits : bits;
  if (length >= target)
    return std::move(args[0]);
  BL_TRY(const std::string filling, repeatUnits(heap, pad, target - length));
  TextBuilder out(heap);
  BL_CHECK(out.add(*width < 0 ? std::string_view(filling) : args[0].text()));
  BL_CHECK(out.add(*width < 0 ? args[0].text() : std::string_view(filling)));
  return out.finish();
}

} // namespace branchline::runtime::library
