// The functions that make one value of a list (section 3.5).
#include "BuiltinSupport.h"

#include "branchline/Numeric/Decimal.h"
#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Text.h"

namespace branchline::runtime::library {

namespace {

Result<Value> lengthOf(Heap &heap, const Value &of) {
  switch (of.tag()) {
  case Tag::String:
    return Value::integer(static_cast<int64_t>(unitLength(heap, of)));
  case Tag::List:
    return Value::integer(of.list()->size);
  case Tag::Object:
    return Value::integer(of.asObject()->size);
  case Tag::Null:
    return Value::integer(0);
  case Tag::Unbound:
  case Tag::Bool:
  case Tag::Int:
  case Tag::Float:
  case Tag::BigInt:
  case Tag::Decimal:
  case Tag::Bytes:
  case Tag::Set:
  case Tag::Function:
  case Tag::Sequence:
  case Tag::Handle:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  // COUNT reports its errors with this name too (R3.5.1).
  return failState(fmt::format("LENGTH: unsupported type {}", className(of)));
}

// The fold of SUM and AVG: ADD from the integer 0. \rule R3.5.2
Result<Value> sumOf(Context &context, const Value &list, std::string_view name) {
  if (!list.isList())
    return failState(fmt::format("{}: arg must be list", name));
  const std::span<const Value> items = list.list()->items();
  size_t i = 0;
  int64_t whole = 0;
  int64_t next = 0;
  while (i < items.size() && items[i].isInt() && !addOverflows(whole, items[i].asInt(), next)) {
    whole = next;
    ++i;
  }
  Value sum = Value::integer(whole);
  Pulse pulse;
  for (; i < items.size(); ++i) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const Value &item = items[i];
    if (sum.isFloat() && item.isFloat()) {
      sum = Value::real(sum.asFloat() + item.asFloat());
      continue;
    }
    if (!item.isNumber())
      return failArgument(fmt::format("{}: all elements must be numbers", name));
    BL_TRY(sum, addNumbers(context.heap, sum, item));
  }
  return sum;
}

// The first item that no other one beats; `sign` is -1 for MIN and 1 for MAX. \rule R3.5.5
Result<Value> extremeOf(Context &context, const Value &list, int sign) {
  if (!list.isList())
    return failState(fmt::format("{}: arg must be list", sign < 0 ? "MIN" : "MAX"));
  const std::span<const Value> items = list.list()->items();
  if (items.empty())
    return Value::null();
  const Value *best = &items[0];
  Pulse pulse;
  for (const Value &item : items.subspan(1)) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    int order = 0;
    if (item.isInt() && best->isInt()) {
      order = compareInts(item.asInt(), best->asInt());
    } else {
      BL_TRY(order, libraryCompare(item, *best));
    }
    if (sign < 0 ? order < 0 : order > 0)
      best = &item;
  }
  return *best;
}

} // namespace

Result<Value> builtinLENGTH(Context &context, Args args) { return lengthOf(context.heap, args[0]); }

Result<Value> builtinCOUNT(Context &context, Args args) { return lengthOf(context.heap, args[0]); }

Result<Value> builtinSUM(Context &context, Args args) { return sumOf(context, args[0], "SUM"); }

Result<Value> builtinAVG(Context &context, Args args) {
  BL_TRY(const Value sum, sumOf(context, args[0], "AVG"));
  const uint32_t count = args[0].list()->size;
  if (count == 0)
    return Value::null();
  switch (sum.tag()) {
  case Tag::Int:
    return Value::real(static_cast<double>(sum.asInt()) / count);
  case Tag::Float:
    return Value::real(sum.asFloat() / count);
  case Tag::BigInt:
    return Value::real(viewBigInt(sum).toDouble() / count);
  case Tag::Decimal: {
    const DecimalResult mean = div(viewDecimal(sum), Decimal::fromInt(count));
    if (!mean.ok())
      return decimalSizeTrap();
    return context.heap.decimal(mean.value);
  }
  case Tag::Null:
  case Tag::Unbound:
  case Tag::Bool:
  case Tag::String:
  case Tag::Bytes:
  case Tag::List:
  case Tag::Object:
  case Tag::Set:
  case Tag::Function:
  case Tag::Sequence:
  case Tag::Handle:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  BL_UNREACHABLE("a sum is a number");
}

Result<Value> builtinMIN(Context &context, Args args) { return extremeOf(context, args[0], -1); }

Result<Value> builtinMAX(Context &context, Args args) { return extremeOf(context, args[0], 1); }

} // namespace branchline::runtime::library
