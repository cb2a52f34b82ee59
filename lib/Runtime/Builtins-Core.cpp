// The functions on objects, and on lists and objects alike (section 3.3). PRINT is in
// Builtins-Debug.cpp, SIFT in Builtins-HigherOrder.cpp.
#include "BuiltinSupport.h"

#include "branchline/Runtime/Iteration.h"

namespace branchline::runtime::library {

namespace {

Result<Value> keysOfHandle(Context &context, const Value &handle) {
  if (context.shared == nullptr)
    return trap<TrapId::SharedNotConfigured>();
  const std::string_view name = handle.object<HandleObject>()->name.text();
  // Of another type than the same words from AWAIT_SHARED and SHARED_WRITE (R3.3.1).
  if (!context.shared->has(name))
    return failState(fmt::format("Unknown shared resource: {}", name));
  BL_TRY(const std::vector<std::string> keys, context.shared->keys(name));
  BL_TRY(Value result, newList(context.heap, keys.size()));
  for (const std::string &key : keys)
    push(result, context.heap.string(key));
  return result;
}

} // namespace

Result<Value> builtinKEYS(Context &context, Args args) {
  const Value &from = args[0];
  if (from.isList()) {
    const uint32_t count = from.list()->size;
    BL_TRY(Value result, newList(context.heap, count));
    for (uint32_t i = 0; i < count; ++i)
      push(result, Value::integer(i));
    return result;
  }
  if (from.isObject()) {
    const ObjectObject &object = *from.asObject();
    BL_TRY(Value result, newList(context.heap, object.size));
    for (uint32_t i = 0; i < object.size; ++i)
      push(result, keyAt(object, i));
    return result;
  }
  if (from.is(Tag::Handle))
    return keysOfHandle(context, from);
  return failState("KEYS: arg must be list or object");
}

Result<Value> builtinVALUES(Context &context, Args args) {
  if (!args[0].isObject())
    return failState("VALUES: arg must be object");
  const ObjectObject &object = *args[0].asObject();
  BL_TRY(Value result, newList(context.heap, object.size));
  pushAll(result, {object.values, object.size});
  return result;
}

Result<Value> builtinENTRIES(Context &context, Args args) {
  if (!args[0].isObject())
    return failState("ENTRIES: arg must be object");
  Heap &heap = context.heap;
  const ObjectObject &object = *args[0].asObject();
  BL_TRY(Value result, newList(heap, object.size));
  // Every entry is a copy of one object with the two keys, which saves looking the keys up.
  const Value entry = heap.object();
  BL_CHECK(setField(heap, *entry.asObject(), "key", Value::null()));
  BL_CHECK(setField(heap, *entry.asObject(), "value", Value::null()));
  Pulse pulse;
  for (uint32_t i = 0; i < object.size; ++i) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    Value copy = copyObject(heap, *entry.asObject());
    copy.asObject()->values[0] = keyAt(object, i);
    copy.asObject()->values[1] = valueAt(object, i);
    push(result, std::move(copy));
  }
  return result;
}

Result<Value> builtinPUT(Context &context, Args args) {
  Heap &heap = context.heap;
  if (args[0].isObject()) {
    BL_CHECK(checkObjectKey(args[1]));
    BL_TRY(Value result, takeObject(heap, args[0], 1));
    BL_CHECK(setKey(heap, *result.asObject(), args[1], std::move(args[2])));
    return result;
  }
  if (!args[0].isList())
    return failState("PUT: unsupported collection");
  BL_TRY(const int64_t index, toIndex(args[1]));
  const int64_t size = args[0].list()->size;
  if (index < 0 || index > size) {
    // A negative index was a list error of the platform; the type is part of the language (D20).
    const TrapId id = index < 0 ? TrapId::LibraryIndex : TrapId::LibraryState;
    return fail(id, fmt::format("PUT: index {} out of bounds 0..{}", index, size));
  }
  BL_TRY(Value result, takeList(heap, args[0], index == size ? 1 : 0));
  if (index == size)
    BL_CHECK(append(heap, *result.list(), std::move(args[2])));
  else
    result.list()->data[index] = std::move(args[2]);
  return result;
}

Result<Value> builtinDELETE(Context &context, Args args) {
  Heap &heap = context.heap;
  if (args[0].isObject()) {
    BL_CHECK(checkObjectKey(args[1]));
    if (findKey(heap, *args[0].asObject(), args[1]) == nullptr)
      return std::move(args[0]);
    BL_TRY(Value result, takeObject(heap, args[0], 0));
    removeKey(heap, *result.asObject(), args[1]);
    return result;
  }
  if (!args[0].isList())
    return failState("DELETE: unsupported collection");
  BL_TRY(const int64_t index, toIndex(args[1]));
  const std::span<const Value> items = args[0].list()->items();
  const auto size = static_cast<int64_t>(items.size());
  if (index < 0 || index >= size)
    return failArgument(fmt::format("DELETE: index {} out of bounds 0..{}", index, size - 1));
  BL_TRY(Value result, newList(heap, items.size() - 1));
  pushAll(result, items.first(static_cast<size_t>(index)));
  pushAll(result, items.subspan(static_cast<size_t>(index) + 1));
  return result;
}

Result<Value> builtinWALK(Context &context, Args args) { return context.heap.sequence(args[0]); }

Result<Value> builtinAPPEND(Context &context, Args args) {
  if (!args[0].isList())
    return failState("APPEND: first arg must be list");
  BL_TRY(Value result, takeList(context.heap, args[0], 1));
  BL_CHECK(append(context.heap, *result.list(), std::move(args[1])));
  return result;
}

Result<Value> builtinPREPEND(Context &context, Args args) {
  if (!args[0].isList())
    return failState("PREPEND: first arg must be list");
  const std::span<const Value> items = args[0].list()->items();
  BL_TRY(Value result, newList(context.heap, items.size() + 1));
  push(result, std::move(args[1]));
  pushAll(result, items);
  return result;
}

Result<Value> builtinCOLLECT(Context &context, Args args) {
  // Lists never change while somebody else sees them, so the list itself is as good as a copy.
  if (args[0].isList())
    return std::move(args[0]);
  if (!isIterable(args[0]))
    return failState(
        fmt::format("COLLECT: arg must be iterable/sequence, got {}", className(args[0])));
  Value result = context.heap.list();
  const Value iterator = makeIterator(context.heap, args[0]);
  Pulse pulse;
  while (auto item = nextItem(context.heap, iterator)) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    BL_CHECK(append(context.heap, *result.list(), std::move(*item)));
  }
  return result;
}

Result<Value> builtinIS_OBJECT(Context &, Args args) {
  return Value::boolean(!args.empty() && args[0].isObject());
}

Result<Value> builtinLISTIFY(Context &context, Args args) {
  if (args[0].isList())
    return std::move(args[0]);
  if (args[0].isNull())
    return context.heap.list();
  if (args[0].isObject())
    return context.heap.list(std::span<const Value>(args.first(1)));
  return failState("LISTIFY: arg must be list, object, or null");
}

Result<Value> builtinGET(Context &context, Args args) {
  if (!args[0].isObject())
    return failState("GET: first arg must be object");
  BL_CHECK(checkObjectKey(args[1]));
  if (const Value *found = findKey(context.heap, *args[0].asObject(), args[1]))
    return *found;
  if (args.size() == 3)
    return std::move(args[2]);
  return Value::null();
}

} // namespace branchline::runtime::library
