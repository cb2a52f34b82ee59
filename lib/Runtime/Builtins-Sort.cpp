// SORT. The order CMP (R3.2.4) is not transitive on mixed lists and a comparison may fail, so the
// general path has its own sorting (R3.4.4), which is sound for any answers of the comparison.
// Lists of one simple kind are sorted as plain machine data.
#include "BuiltinSupport.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace branchline::runtime::library {

namespace {

// --- Lists of one kind ---

// Sorts with a consistent order in pieces, so that the limits of the run are looked at between.
template <class T, class Less>
Result<void> sortPlain(Context &context, std::vector<T> &items, Less less) {
  constexpr size_t kPiece = size_t(1) << 18;
  const size_t size = items.size();
  for (size_t begin = 0; begin < size; begin += kPiece) {
    std::sort(items.begin() + static_cast<ptrdiff_t>(begin),
              items.begin() + static_cast<ptrdiff_t>(std::min(size, begin + kPiece)), less);
    BL_CHECK(context.safePoint());
  }
  if (size <= kPiece)
    return {};
  std::vector<T> merged(size);
  for (size_t width = kPiece; width < size; width *= 2) {
    for (size_t begin = 0; begin < size; begin += 2 * width) {
      T *from = items.data() + begin;
      T *middle = items.data() + std::min(size, begin + width);
      T *end = items.data() + std::min(size, begin + 2 * width);
      std::merge(from, middle, middle, end, merged.data() + begin, less);
      BL_CHECK(context.safePoint());
    }
    items.swap(merged);
  }
  return {};
}

Result<Value> sortInts(Context &context, std::span<const Value> items) {
  BL_CHECK(reserve(context.heap, items.size() * 2 * sizeof(int64_t)));
  std::vector<int64_t> numbers(items.size());
  std::transform(items.begin(), items.end(), numbers.begin(),
                 [](const Value &item) { return item.asInt(); });
  BL_CHECK(sortPlain(context, numbers, std::less<>()));
  BL_TRY(Value result, newList(context.heap, items.size()));
  for (const int64_t number : numbers)
    push(result, Value::integer(number));
  return result;
}

Result<Value> sortFloats(Context &context, std::span<const Value> items) {
  BL_CHECK(reserve(context.heap, items.size() * 2 * sizeof(double)));
  std::vector<double> numbers(items.size());
  std::transform(items.begin(), items.end(), numbers.begin(),
                 [](const Value &item) { return item.asFloat(); });
  BL_CHECK(sortPlain(context, numbers, [](double a, double b) { return compareTotal(a, b) < 0; }));
  BL_TRY(Value result, newList(context.heap, items.size()));
  for (const double number : numbers)
    push(result, Value::real(number));
  return result;
}

// A string with its first eight bytes as a number that orders as they do.
struct TextKey {
  uint64_t prefix;
  const Value *string;
};

uint64_t prefixOf(std::string_view text) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof prefix; ++i)
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return prefix;
}

Result<Value> sortStrings(Context &context, std::span<const Value> items) {
  BL_CHECK(reserve(context.heap, items.size() * 2 * sizeof(TextKey)));
  const bool ascii = std::all_of(items.begin(), items.end(), textIsAscii);
  std::vector<TextKey> keys(items.size());
  // The order of UTF-16 units is that of bytes only as long as nothing lies beyond U+FFFF.
  std::transform(items.begin(), items.end(), keys.begin(), [ascii](const Value &item) {
    return TextKey{ascii ? prefixOf(item.text()) : 0, &item};
  });
  BL_CHECK(sortPlain(context, keys, [](const TextKey &a, const TextKey &b) {
    if (a.prefix != b.prefix)
      return a.prefix < b.prefix;
    return utf8::compareUtf16(a.string->text(), b.string->text()) < 0;
  }));
  BL_TRY(Value result, newList(context.heap, items.size()));
  for (const TextKey &key : keys)
    push(result, *key.string);
  return result;
}

// --- Any list ---

// Sorts positions of `items` by CMP; the text of an item is made once, when it is first needed.
class GeneralSort {
public:
  GeneralSort(Context &context, std::span<const Value> items)
      : context_(context), items_(items), texts_(items.size()), order_(items.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
  }

  Result<void> run() {
    const size_t size = order_.size();
    for (size_t begin = 0; begin < size; begin += kRun)
      BL_CHECK(sortRun(begin, std::min(size, begin + kRun)));
    if (size <= kRun)
      return {};
    merged_.resize(size);
    for (size_t width = kRun; width < size; width *= 2) {
      for (size_t begin = 0; begin < size; begin += 2 * width)
        BL_CHECK(merge(begin, std::min(size, begin + width), std::min(size, begin + 2 * width)));
      order_.swap(merged_);
    }
    return {};
  }

  const std::vector<uint32_t> &order() const { return order_; }

private:
  // Lists shorter than 32 have to come out as R3.4.4 says; they are one run.
  static constexpr size_t kRun = 31;

  Result<std::string_view> textAt(uint32_t i) {
    if (items_[i].isString())
      return items_[i].text();
    if (texts_[i].isNull()) {
      BL_TRY(texts_[i], textOf(context_.heap, items_[i]));
    }
    return texts_[i].text();
  }

  // CMP(a, b) < 0 for two positions. \rule R3.2.4
  Result<bool> less(uint32_t a, uint32_t b) {
    if (pulse_.due())
      BL_CHECK(context_.safePoint());
    const Value &x = items_[a];
    const Value &y = items_[b];
    if (x.isNumber() && y.isNumber()) {
      BL_TRY(const int order, compareNumbers(x, y));
      return order < 0;
    }
    if (x.isBool() && y.isBool())
      return !x.asBool() && y.asBool();
    BL_TRY(const std::string_view xText, textAt(a));
    BL_TRY(const std::string_view yText, textAt(b));
    return utf8::compareUtf16(xText, yText) < 0;
  }

  // The initial run, then binary insertion. \rule R3.4.4
  Result<void> sortRun(size_t begin, size_t end) {
    uint32_t *at = order_.data() + begin;
    const size_t size = end - begin;
    if (size < 2)
      return {};
    size_t sorted = 2;
    BL_TRY(const bool descending, less(at[1], at[0]));
    for (; sorted < size; ++sorted) {
      BL_TRY(const bool isLess, less(at[sorted], at[sorted - 1]));
      if (isLess != descending)
        break;
    }
    if (descending)
      std::reverse(at, at + sorted);
    for (; sorted < size; ++sorted) {
      const uint32_t item = at[sorted];
      size_t left = 0;
      size_t right = sorted;
      while (left < right) {
        const size_t middle = (left + right) / 2;
        BL_TRY(const bool isLess, less(item, at[middle]));
        if (isLess)
          right = middle;
        else
          left = middle + 1;
      }
      std::copy_backward(at + left, at + sorted, at + sorted + 1);
      at[left] = item;
    }
    return {};
  }

  // Stable: an item of the second half goes first only when it is less.
  Result<void> merge(size_t begin, size_t middle, size_t end) {
    size_t a = begin;
    size_t b = middle;
    size_t out = begin;
    if (b < end) {
      BL_TRY(const bool overlap, less(order_[b], order_[b - 1]));
      if (!overlap)
        b = end; // already in order: copy both halves as they are
    }
    const size_t stop = b == end ? end : middle;
    while (a < stop && b < end) {
      BL_TRY(const bool isLess, less(order_[b], order_[a]));
      merged_[out++] = isLess ? order_[b++] : order_[a++];
    }
    while (a < stop)
      merged_[out++] = order_[a++];
    while (b < end)
      merged_[out++] = order_[b++];
    return {};
  }

  Context &context_;
  std::span<const Value> items_;
  std::vector<Value> texts_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> merged_;
  Pulse pulse_;
};

bool allAre(std::span<const Value> items, Tag tag) {
  return std::all_of(items.begin(), items.end(), [tag](const Value &v) { return v.is(tag); });
}

} // namespace

Result<Value> builtinSORT(Context &context, Args args) {
  if (!args[0].isList())
    return failState("SORT: arg must be list");
  const std::span<const Value> items = args[0].list()->items();
  if (items.size() < 2)
    return std::move(args[0]);
  if (allAre(items, Tag::Int))
    return sortInts(context, items);
  if (allAre(items, Tag::Float))
    return sortFloats(context, items);
  if (allAre(items, Tag::String))
    return sortStrings(context, items);
  BL_CHECK(reserve(context.heap, items.size() * (sizeof(Value) + 2 * sizeof(uint32_t))));
  GeneralSort sort(context, items);
  BL_CHECK(sort.run());
  BL_TRY(Value result, newList(context.heap, items.size()));
  for (const uint32_t i : sort.order())
    push(result, items[i]);
  return result;
}

} // namespace branchline::runtime::library
