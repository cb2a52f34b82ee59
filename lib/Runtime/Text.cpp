// Strings as values: ASCII knowledge, positions in UTF-16 units, and concatenation.
#include "branchline/Runtime/Text.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Runtime/Ops.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cstring>

namespace branchline::runtime {

bool textIsAscii(const Value &string) {
  switch (string.ascii()) {
  case Ascii::Yes:
    return true;
  case Ascii::No:
    return false;
  case Ascii::Unknown:
    break;
  }
  const bool ascii = utf8::isAscii(string.text());
  string.noteAscii(ascii ? Ascii::Yes : Ascii::No);
  return ascii;
}

size_t utf16Length(const Value &string) {
  if (string.isCounted())
    return unitLength(*string.header()->heap, string);
  return textIsAscii(string) ? string.text().size() : utf8::utf16Length(string.text());
}

size_t unitLength(Heap &heap, const Value &string) {
  const std::string_view text = string.text();
  if (textIsAscii(string))
    return text.size();
  if (text.size() <= TextIndex::kMinBytes)
    return utf8::utf16Length(text);
  return heap.impl().textIndex.length(string);
}

size_t unitOffset(Heap &heap, const Value &string, size_t unit, bool &splitPair) {
  const std::string_view text = string.text();
  splitPair = false;
  if (textIsAscii(string))
    return std::min(unit, text.size());
  if (text.size() <= TextIndex::kMinBytes)
    return utf8::offsetOfUnit(text, unit, splitPair);
  return heap.impl().textIndex.offset(string, unit, splitPair);
}

Value unitSubstring(Heap &heap, const Value &string, size_t begin, size_t end) {
  if (begin >= end)
    return Value::borrowed("", Ascii::Yes);
  const std::string_view text = string.text();
  bool cutFront = false;
  bool cutBack = false;
  const size_t from = unitOffset(heap, string, begin, cutFront);
  const size_t to = unitOffset(heap, string, end, cutBack);
  if (!cutFront && !cutBack) {
    const std::string_view part = text.substr(from, to - from);
    if (part.size() == text.size())
      return string;
    const Ascii ascii = string.ascii() == Ascii::Yes ? Ascii::Yes : Ascii::Unknown;
    return string.isCounted() ? heap.string(part, ascii) : Value::borrowed(part, ascii);
  }
  // Half a pair at an end becomes an unpaired surrogate.
  std::string out;
  size_t at = from;
  if (cutFront) {
    const uint32_t point = utf8::decode(text, at);
    utf8::append(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
  }
  if (at < to)
    out.append(text.substr(at, to - at));
  if (cutBack) {
    size_t last = to;
    const uint32_t point = utf8::decode(text, last);
    utf8::append(out, 0xD800 + ((point - 0x10000) >> 10));
  }
  return heap.string(out, Ascii::No);
}

namespace {

/// Results shorter than this are not worth spare room.
constexpr size_t kMinAccumulated = 256;

Ascii joinedAscii(const Value &a, const Value &b) {
  if (a.ascii() == Ascii::Yes && b.ascii() == Ascii::Yes)
    return Ascii::Yes;
  return a.ascii() == Ascii::No || b.ascii() == Ascii::No ? Ascii::No : Ascii::Unknown;
}

} // namespace

Result<Value> concatText(Heap &heap, const Value &a, const Value &b) {
  const std::string_view left = a.text();
  const std::string_view right = b.text();
  if (left.empty())
    return b;
  if (right.empty())
    return a;
  const size_t length = left.size() + right.size();
  if (length > kMaxStringBytes)
    return stringSizeTrap();
  if (length >= kUncheckedBytes && !heap.mayAllocate(length))
    return memoryTrap(heap);
  if (utf8::startsWithLowSurrogate(right) && utf8::endsWithHighSurrogate(left)) {
    std::string joined(left);
    utf8::appendText(joined, right);
    return heap.string(joined, Ascii::No);
  }
  const Ascii ascii = joinedAscii(a, b);
  size_t capacity = length;
  if (a.isCounted() && length >= kMinAccumulated) {
    // A value sees a prefix of its string object. When it sees all that is used, nobody minds if
    // the bytes behind it are filled: `s = s + t` in a loop copies each byte once, amortised.
    StringObject *object = StringObject::fromChars(left.data());
    if (object->length == left.size()) {
      if (object->capacity >= length) {
        std::memcpy(object->chars() + left.size(), right.data(), right.size());
        object->length = static_cast<uint32_t>(length);
        ++object->refs;
        return Value::adoptString(object->chars(), static_cast<uint32_t>(length), ascii);
      }
      const size_t roomy = std::min<size_t>(length + length / 2, kMaxStringBytes);
      capacity = roomy < kUncheckedBytes || heap.mayAllocate(roomy) ? roomy : length;
    }
  }
  auto *object = makeObject<StringObject>(heap, Tag::String, sizeof(StringObject) + capacity);
  object->capacity = static_cast<uint32_t>(capacity);
  object->length = static_cast<uint32_t>(length);
  std::memcpy(object->chars(), left.data(), left.size());
  std::memcpy(object->chars() + left.size(), right.data(), right.size());
  return Value::adoptString(object->chars(), static_cast<uint32_t>(length), ascii);
}

} // namespace branchline::runtime
