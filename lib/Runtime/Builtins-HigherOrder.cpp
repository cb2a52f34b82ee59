// The functions that call functions (section 3.6, and SIFT of 3.3). Each passes exactly the
// documented tuple; a parameter beyond it stays unbound (R3.1.9). Errors of callbacks pass
// unchanged.
#include "BuiltinSupport.h"

#include <array>

namespace branchline::runtime::library {

namespace {

Result<Value> callFunction(Context &context, const Value &function, Args args) {
  BL_ASSERT(context.caller != nullptr, "callbacks need an engine");
  return context.caller->call(function, args);
}

// The checks that all functions on lists share; they hold for empty lists too. \rule R3.1.9
Result<void> checkCallback(std::string_view name, const Value &list, const Value &function,
                           int position = 2) {
  if (!list.isList())
    return failState(fmt::format("{}: arg 1 must be list", name));
  if (!function.isFunction())
    return failState(fmt::format("{}: arg {} must be function", name, position));
  return {};
}

// Calls fn(value, index, list) for items of a list. The caller of the library function keeps the
// list alive, and while it does nobody can change the list in place.
class ItemCalls {
public:
  ItemCalls(Context &context, const Value &list, const Value &function)
      : context_(context), list_(list), function_(function), items_(list.list()->items()) {}

  uint32_t size() const { return static_cast<uint32_t>(items_.size()); }
  const Value &item(uint32_t i) const { return items_[i]; }

  Result<Value> call(uint32_t i) {
    if (pulse_.due())
      BL_CHECK(context_.safePoint());
    std::array<Value, 3> tuple{items_[i], Value::integer(i), list_};
    return callFunction(context_, function_, tuple);
  }

  Result<bool> test(uint32_t i) {
    BL_TRY(const Value answer, call(i));
    return libraryTruthy(answer);
  }

private:
  Context &context_;
  const Value &list_;
  const Value &function_;
  std::span<const Value> items_;
  Pulse pulse_;
};

} // namespace

Result<Value> builtinMAP(Context &context, Args args) {
  BL_CHECK(checkCallback("MAP", args[0], args[1]));
  ItemCalls calls(context, args[0], args[1]);
  BL_TRY(Value result, newList(context.heap, calls.size()));
  for (uint32_t i = 0; i < calls.size(); ++i) {
    BL_TRY(Value mapped, calls.call(i));
    push(result, std::move(mapped));
  }
  return result;
}

Result<Value> builtinFILTER(Context &context, Args args) {
  BL_CHECK(checkCallback("FILTER", args[0], args[1]));
  ItemCalls calls(context, args[0], args[1]);
  Value result = context.heap.list();
  for (uint32_t i = 0; i < calls.size(); ++i) {
    BL_TRY(const bool keep, calls.test(i));
    if (keep)
      BL_CHECK(append(context.heap, *result.list(), calls.item(i)));
  }
  return result;
}

Result<Value> builtinFIND(Context &context, Args args) {
  BL_CHECK(checkCallback("FIND", args[0], args[1]));
  ItemCalls calls(context, args[0], args[1]);
  for (uint32_t i = 0; i < calls.size(); ++i) {
    BL_TRY(const bool found, calls.test(i));
    if (found)
      return calls.item(i);
  }
  return Value::null();
}

Result<Value> builtinSOME(Context &context, Args args) {
  BL_CHECK(checkCallback("SOME", args[0], args[1]));
  ItemCalls calls(context, args[0], args[1]);
  for (uint32_t i = 0; i < calls.size(); ++i) {
    BL_TRY(const bool found, calls.test(i));
    if (found)
      return Value::boolean(true);
  }
  return Value::boolean(false);
}

Result<Value> builtinEVERY(Context &context, Args args) {
  BL_CHECK(checkCallback("EVERY", args[0], args[1]));
  ItemCalls calls(context, args[0], args[1]);
  for (uint32_t i = 0; i < calls.size(); ++i) {
    BL_TRY(const bool holds, calls.test(i));
    if (!holds)
      return Value::boolean(false);
  }
  return Value::boolean(true);
}

Result<Value> builtinREDUCE(Context &context, Args args) {
  BL_CHECK(checkCallback("REDUCE", args[0], args[2], 3));
  const std::span<const Value> items = args[0].list()->items();
  Value accumulator = std::move(args[1]);
  Pulse pulse;
  for (size_t i = 0; i < items.size(); ++i) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    // The accumulator is handed over, so that a callback that got the only reference can extend it
    // in place.
    std::array<Value, 4> tuple{std::move(accumulator), items[i],
                               Value::integer(static_cast<int64_t>(i)), args[0]};
    BL_TRY(accumulator, callFunction(context, args[2], tuple));
  }
  return accumulator;
}

Result<Value> builtinAPPLY(Context &context, Args args) {
  if (!args[0].isFunction())
    return failState("APPLY: arg 1 must be function");
  return callFunction(context, args[0], args.subspan(1));
}

Result<Value> builtinIS_FUNCTION(Context &, Args args) {
  return Value::boolean(args[0].isFunction());
}

Result<Value> builtinSIFT(Context &context, Args args) {
  if (!args[0].isObject())
    return failState("SIFT: arg 1 must be object");
  if (!args[1].isFunction())
    return failState("SIFT: arg 2 must be function");
  const ObjectObject &object = *args[0].asObject();
  Value result = context.heap.object();
  Pulse pulse;
  for (uint32_t i = 0; i < object.size; ++i) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    std::array<Value, 3> tuple{valueAt(object, i), keyAt(object, i), args[0]};
    BL_TRY(const Value answer, callFunction(context, args[1], tuple));
    if (libraryTruthy(answer))
      BL_CHECK(setKey(context.heap, *result.asObject(), keyAt(object, i), valueAt(object, i)));
  }
  return result;
}

} // namespace branchline::runtime::library
