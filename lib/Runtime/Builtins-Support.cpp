// Argument conversions and builders that all files of the library use.
#include "BuiltinSupport.h"

#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::runtime::library {

Unexpected<Trap> fail(TrapId id, std::string text) {
  // Messages quote arguments and become strings of the program.
  if (text.size() > kMaxStringBytes) {
    size_t end = kMaxStringBytes;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      --end;
    text.resize(end);
  }
  return Unexpected<Trap>(makeTrapText(id, std::move(text)));
}

Result<int64_t> toIndex(const Value &value) {
  if (value.isInt())
    return value.asInt();
  if (value.is(Tag::BigInt)) {
    const BigInt big = viewBigInt(value);
    if (auto index = big.toInt64())
      return *index;
    return failArgument(fmt::format("Index {} out of bounds", big.toString()));
  }
  if (value.isString()) {
    if (auto index = parseInt64(value.text()))
      return *index;
    return failArgument(fmt::format("Index {} out of bounds", value.text()));
  }
  return trap<TrapId::IndexNotInteger>();
}

Result<Value> textOrEmpty(Heap &heap, const Value &value) {
  if (value.isNull())
    return Value::borrowed("", Ascii::Yes);
  return textOf(heap, value);
}
namespace {

bool isSpace(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

} // namespace

std::string_view trimSpace(std::string_view text) {
  size_t begin = 0;
  while (begin < text.size()) {
    size_t next = begin;
    if (!isSpace(utf8::decode(text, next)))
      break;
    begin = next;
  }
  size_t end = text.size();
  while (end > begin) {
    size_t start = end - 1;
    while (start > begin && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
      --start;
    size_t next = start;
    if (!isSpace(utf8::decode(text, next)))
      break;
    end = start;
  }
  return text.substr(begin, end - begin);
}

Result<Value> newList(Heap &heap, uint64_t count) {
  if (count > kMaxListLength)
    return listSizeTrap();
  BL_CHECK(reserve(heap, count * sizeof(Value)));
  return heap.list(count);
}

void pushAll(const Value &list, std::span<const Value> items) {
  ListObject &object = *list.list();
  BL_ASSERT(items.size() <= object.capacity - object.size, "pushAll needs room");
  std::uninitialized_copy(items.begin(), items.end(), object.data + object.size);
  object.size += static_cast<uint32_t>(items.size());
}

Result<Value> takeList(Heap &heap, Value &list, size_t extra) {
  if (list.isUnique())
    return std::move(list);
  const uint64_t size = list.list()->size;
  BL_CHECK(reserve(heap, (size + extra) * sizeof(Value)));
  return copyList(heap, *list.list(), extra);
}

Result<Value> takeObject(Heap &heap, Value &object, size_t extra) {
  if (object.isUnique())
    return std::move(object);
  const uint64_t size = object.asObject()->size;
  BL_CHECK(reserve(heap, (size + extra) * 3 * sizeof(Value)));
  return copyObject(heap, *object.asObject(), extra);
}

Result<Value> slice(Heap &heap, const Value &string, size_t begin, size_t end) {
  const std::string_view text = string.text();
  if (begin == 0 && end == text.size())
    return string;
  const Ascii ascii = string.ascii() == Ascii::Yes ? Ascii::Yes : Ascii::Unknown;
  if (!string.isCounted())
    return Value::borrowed(text.substr(begin, end - begin), ascii);
  return makeString(heap, text.substr(begin, end - begin), ascii);
}

Result<void> checkStringBytes(uint64_t bytes) {
  if (bytes > kMaxStringBytes)
    return stringSizeTrap();
  return {};
}

Result<Value> makeString(Heap &heap, std::string_view text, Ascii ascii) {
  BL_CHECK(checkStringBytes(text.size()));
  if (text.size() > kUncheckedBytes)
    BL_CHECK(reserve(heap, text.size()));
  return heap.string(text, ascii);
}

Result<void> TextBuilder::grow(uint64_t more) {
  const uint64_t size = text_.size() + more;
  if (size <= text_.capacity())
    return {};
  BL_CHECK(checkStringBytes(size));
  const uint64_t capacity = std::max<uint64_t>(size, text_.capacity() * 2);
  if (capacity > kUncheckedBytes)
    BL_CHECK(reserve(heap_, capacity));
  text_.reserve(capacity);
  return {};
}

Result<void> TextBuilder::add(std::string_view text) {
  BL_CHECK(grow(text.size()));
  utf8::appendText(text_, text);
  return {};
}

Result<void> TextBuilder::addForm(const Value &value) {
  if (value.isString())
    return add(value.text());
  BL_CHECK(appendText(text_, value));
  return checkStringBytes(text_.size());
}

} // namespace branchline::runtime::library
