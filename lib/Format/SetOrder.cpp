// Comparing the items of a set: by rank, numbers exactly, strings by UTF-16 unit, containers by
// their canonical text. Numbers of equal value are told apart by that text, too.
#include "SetOrder.h"

#include "branchline/Format/JsonWriter.h"
#include "branchline/Numeric/Decimal.h"
#include "branchline/Runtime/Base64.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace branchline::format {
namespace {

using runtime::Tag;
using runtime::Value;

enum class Rank : uint8_t { Null, False, True, Number, Text, Array, Object };

struct Item {
  const Value *value;
  Rank rank;
  std::string text; // of texts that are not strings, and the canonical one of containers
};

Rank rankOf(const Value &value) {
  switch (value.tag()) {
  case Tag::Null:
  case Tag::Unbound:
    return Rank::Null;
  case Tag::Bool:
    return value.asBool() ? Rank::True : Rank::False;
  case Tag::Int:
  case Tag::Float:
  case Tag::BigInt:
  case Tag::Decimal:
    return Rank::Number;
  case Tag::String:
  case Tag::Bytes:
  case Tag::Function:
  case Tag::Handle:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    return Rank::Text;
  case Tag::List:
  case Tag::Set:
  case Tag::Sequence:
    return Rank::Array;
  case Tag::Object:
    return Rank::Object;
  }
  BL_UNREACHABLE("every tag has a rank");
}

/// A failure shows when the item itself is written; until then its text is empty.
std::string canonicalText(const Value &value, JsonNumbers numbers, uint32_t depth) {
  JsonWriteOptions options;
  options.format = JsonFormat::Canonical;
  options.numbers = numbers;
  options.maxDepth = kMaxJsonDepth - std::min(depth, kMaxJsonDepth);
  std::string text;
  (void)writeJson(text, value, options).has_value();
  return text;
}

std::optional<Decimal> exactValue(const Value &number) {
  switch (number.tag()) {
  case Tag::Int:
    return Decimal::fromInt(number.asInt());
  case Tag::Float:
    return Decimal::fromDouble(number.asFloat());
  default:
    return runtime::viewDecimal(number);
  }
}

int orderNumbers(const Value &a, const Value &b) {
  if (a.isInt() && b.isInt())
    return a.asInt() < b.asInt() ? -1 : a.asInt() > b.asInt();
  if (a.isFloat() && b.isFloat() && a.asFloat() == b.asFloat())
    return int(std::signbit(b.asFloat())) - int(std::signbit(a.asFloat()));
  const std::optional<Decimal> left = exactValue(a), right = exactValue(b);
  // What is not finite cannot be written; any place will do.
  if (!left || !right)
    return int(right.has_value()) - int(left.has_value());
  return compare(*left, *right);
}

std::string_view textOf(const Item &item) {
  return item.value->isString() ? item.value->text() : std::string_view(item.text);
}

bool before(const Item &a, const Item &b, JsonNumbers numbers) {
  if (a.rank != b.rank)
    return a.rank < b.rank;
  switch (a.rank) {
  case Rank::Null:
  case Rank::False:
  case Rank::True:
    return false;
  case Rank::Number:
    if (const int order = orderNumbers(*a.value, *b.value))
      return order < 0;
    return canonicalText(*a.value, numbers, 0) < canonicalText(*b.value, numbers, 0);
  case Rank::Text:
  case Rank::Array:
  case Rank::Object:
    return utf8::compareUtf16(textOf(a), textOf(b)) < 0;
  }
  BL_UNREACHABLE("every rank has an order");
}

} // namespace

std::vector<const Value *> orderedItems(std::span<const Value> items, JsonNumbers numbers,
                                        uint32_t depth) {
  // Strict mode refuses the very items that the order is about.
  const JsonNumbers mode = numbers == JsonNumbers::Strict ? JsonNumbers::Safe : numbers;
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const Value &value : items) {
    Item item{&value, rankOf(value), {}};
    if (value.is(Tag::Bytes))
      item.text = runtime::base64Encode(value.object<runtime::BytesObject>()->view());
    else if (item.rank == Rank::Text && !value.isString())
      (void)runtime::appendText(item.text, value).has_value();
    else if (item.rank >= Rank::Array)
      item.text = canonicalText(value, mode, depth);
    sorted.push_back(std::move(item));
  }
  std::sort(sorted.begin(), sorted.end(), [&](const Item &a, const Item &b) {
    // The items stand in one array, so addresses are the order they came in.
    return before(a, b, mode) || (!before(b, a, mode) && a.value < b.value);
  });
  std::vector<const Value *> order;
  order.reserve(sorted.size());
  for (const Item &item : sorted)
    order.push_back(item.value);
  return order;
}

} // namespace branchline::format
