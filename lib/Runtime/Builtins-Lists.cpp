// The functions that make lists from lists (section 3.4). SORT is in Builtins-Sort.cpp.
#include "BuiltinSupport.h"

#include <bit>
#include <vector>

namespace branchline::runtime::library {

Result<Value> builtinDISTINCT(Context &context, Args args) {
  if (!args[0].isList())
    return failState("DISTINCT: arg must be list");
  Heap &heap = context.heap;
  const std::span<const Value> items = args[0].list()->items();
  // An open hash table of positions in the result (plus one; 0 is free), at most half full.
  const size_t tableSize = std::bit_ceil(items.size() * 2 + 2);
  BL_CHECK(reserve(heap, tableSize * sizeof(uint32_t) + items.size() * sizeof(uint64_t)));
  std::vector<uint32_t> table(tableSize);
  std::vector<uint64_t> hashes;
  hashes.reserve(items.size());
  Value result = heap.list();
  Pulse pulse;
  for (const Value &item : items) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const uint64_t hash = hashValue(item);
    bool known = false;
    size_t at = hash & (tableSize - 1);
    for (; table[at] != 0; at = (at + 1) & (tableSize - 1)) {
      const uint32_t other = table[at] - 1;
      if (hashes[other] != hash)
        continue;
      BL_TRY(known, strictEquals(result.list()->data[other], item));
      if (known)
        break;
    }
    if (known)
      continue;
    table[at] = result.list()->size + 1;
    hashes.push_back(hash);
    BL_CHECK(append(heap, *result.list(), item));
  }
  return result;
}

Result<Value> builtinFLATTEN(Context &context, Args args) {
  if (!args[0].isList())
    return failState("FLATTEN: arg must be list");
  const std::span<const Value> items = args[0].list()->items();
  uint64_t count = 0;
  for (const Value &item : items)
    count += item.isList() ? item.list()->size : 1;
  BL_TRY(Value result, newList(context.heap, count));
  for (const Value &item : items) {
    if (item.isList())
      pushAll(result, item.list()->items());
    else
      push(result, item);
  }
  return result;
}

namespace {

// Steps of a RANGE from start to end, up or down.
Result<uint64_t> stepsBetween(int64_t start, int64_t end, uint64_t step) {
  // Distances of 64-bit integers fit 64 bits without sign.
  const uint64_t from = static_cast<uint64_t>(start);
  const uint64_t to = static_cast<uint64_t>(end);
  const uint64_t steps = (start > end ? from - to : to - from) / step;
  if (steps >= kMaxListLength)
    return listSizeTrap();
  return steps;
}

} // namespace

Result<Value> builtinRANGE(Context &context, Args args) {
  BL_TRY(int64_t start, toIndex(args[0]));
  int64_t end = 0;
  uint64_t step = 1;
  if (args.size() == 1) {
    if (start <= 0)
      return context.heap.list(); // D23
    end = start - 1;
    start = 0;
  } else {
    BL_TRY(end, toIndex(args[1]));
    if (args.size() == 3) {
      BL_TRY(const int64_t wanted, toIndex(args[2]));
      step = wanted < 1 ? 1 : static_cast<uint64_t>(wanted);
    }
  }
  const bool down = start > end;
  const uint64_t from = static_cast<uint64_t>(start);
  BL_TRY(const uint64_t steps, stepsBetween(start, end, step));
  BL_TRY(Value result, newList(context.heap, steps + 1));
  for (uint64_t i = 0; i <= steps; ++i) {
    const uint64_t offset = i * step;
    push(result, Value::integer(static_cast<int64_t>(down ? from - offset : from + offset)));
  }
  return result;
}

Result<Value> builtinZIP(Context &context, Args args) {
  if (!args[0].isList())
    return failState("ZIP: first arg must be list");
  if (!args[1].isList())
    return failState("ZIP: second arg must be list");
  const ListObject &a = *args[0].list();
  const ListObject &b = *args[1].list();
  const uint32_t count = std::min(a.size, b.size);
  BL_TRY(Value result, newList(context.heap, count));
  Pulse pulse;
  for (uint32_t i = 0; i < count; ++i) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    Value pair = context.heap.list(2);
    push(pair, a.data[i]);
    push(pair, b.data[i]);
    push(result, std::move(pair));
  }
  return result;
}

Result<Value> builtinREVERSE(Context &context, Args args) {
  if (!args[0].isList())
    return failState("REVERSE: arg must be list");
  const std::span<const Value> items = args[0].list()->items();
  BL_TRY(Value result, newList(context.heap, items.size()));
  for (size_t i = items.size(); i-- > 0;)
    push(result, items[i]);
  return result;
}

} // namespace branchline::runtime::library

namespace branchline::runtime {

Result<RangeBounds> rangeBounds(const Value &first, const Value &last) {
  BL_TRY(const int64_t start, library::toIndex(first));
  BL_TRY(const int64_t end, library::toIndex(last));
  BL_TRY(const uint64_t steps, library::stepsBetween(start, end, 1));
  return RangeBounds{start, static_cast<uint32_t>(steps + 1), start > end};
}

} // namespace branchline::runtime
