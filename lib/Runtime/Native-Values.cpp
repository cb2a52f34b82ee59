// Calls of native code that compute: operators, containers, iteration and path writes.
#include "NativeCalls.h"
#include "NativeImpl.h"

#include "branchline/Runtime/Iteration.h"
#include "branchline/Runtime/NativeInline.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::runtime {

using Impl = NativeMachine::Impl;

// --- Operators ---

namespace {

Result<Value> binaryOf(Heap &heap, uint32_t op, const Value &a, const Value &b) {
  if (op == kGetKeyOperator)
    return getKey(heap, a, b);
  switch (static_cast<BinaryOp>(op)) {
  case BinaryOp::Add:
    return add(heap, a, b);
  case BinaryOp::Sub:
    return subtract(heap, a, b);
  case BinaryOp::Mul:
    return multiply(heap, a, b);
  case BinaryOp::Div:
    return divide(heap, a, b);
  default:
    return binary(heap, static_cast<BinaryOp>(op), a, b);
  }
}

void dropOperands(Value *a, Value *b, uint32_t what) {
  if (what & kKillsA)
    *a = Value();
  if (what & kKillsB)
    *b = Value();
}

} // namespace

Status nativeBinary(NativeState *state, Value *out, Value *a, Value *b, uint32_t what) {
  Impl &impl = implOf(state);
  const uint32_t op = what & 0xFF;
  if (numberArithmetic(static_cast<BinaryOp>(op), *a, *b, out))
    return 1; // the operands hold no counts
  Result<Value> result = binaryOf(impl.heap, op, *a, *b);
  dropOperands(a, b, what);
  return impl.store(out, std::move(result));
}

uint32_t nativeCompare(NativeState *state, Value *a, Value *b, uint32_t what) {
  Impl &impl = implOf(state);
  const auto op = static_cast<BinaryOp>(what & 0xFF);
  bool known = false;
  if (numberComparison(op, *a, *b, known))
    return known; // the operands hold no counts
  if (textComparison(op, *a, *b, known)) {
    dropOperands(a, b, what);
    return known;
  }
  const bool equality = op == BinaryOp::Eq || op == BinaryOp::Ne;
  Result<bool> truth = equality ? equals(*a, *b) : compare(op, *a, *b);
  dropOperands(a, b, what);
  if (!truth) {
    impl.fail(std::move(truth).error());
    return 2;
  }
  return *truth != (op == BinaryOp::Ne);
}

Status nativeNegate(NativeState *state, Value *out, const Value *a) {
  Impl &impl = implOf(state);
  return impl.store(out, negate(impl.heap, *a));
}

uint32_t nativeTruthy(const Value *a) { return truthy(*a); }
uint32_t nativeLibTruthy(const Value *a) { return libraryTruthy(*a); }

Status nativeListCheck(NativeState *state, uint32_t builtin, const Value *list) {
  return implOf(state).done(checkListArgument(static_cast<Builtin>(builtin), *list));
}

Status nativeSumStep(NativeState *state, Value *out, uint32_t builtin, const Value *sum,
                     const Value *item) {
  Impl &impl = implOf(state);
  if (numberArithmetic(BinaryOp::Add, *sum, *item, out))
    return 1;
  return impl.store(out, sumStep(impl.heap, static_cast<Builtin>(builtin), *sum, *item));
}

// --- The input and containers ---

void nativeInputDoc(NativeState *state, Value *out) {
  Impl &impl = implOf(state);
  impl.put(out, Value(impl.context->input));
}

void nativeInputGet(NativeState *state, Value *out, uint32_t name) {
  Impl &impl = implOf(state);
  const Value *found = nullptr;
  if (impl.context->input.isObject()) {
    const ObjectObject &input = *impl.context->input.asObject();
    const Symbol *key = impl.symbol(name);
    found = key ? findField(input, key) : findField(impl.heap, input, impl.text(name));
  }
  impl.put(out, found ? Value(*found) : Value::unbound());
}

void nativeSharedHandle(NativeState *state, Value *out, uint32_t name) {
  Impl &impl = implOf(state);
  impl.put(out, impl.heap.handle(impl.text(name)));
}

Status nativeListNew(NativeState *state, Value *out, Value *items, uint32_t count) {
  Impl &impl = implOf(state);
  Value made = impl.heap.list(count);
  ListObject &list = *made.list();
  for (uint32_t i = 0; i < count; ++i)
    impl.put(&list.data[i], std::move(items[i]));
  list.size = count;
  impl.put(out, std::move(made));
  return 1;
}

Status nativeListPush(NativeState *state, Value *list, Value *item) {
  Impl &impl = implOf(state);
  return impl.done(append(impl.heap, *list->list(), std::move(*item)));
}

Status nativeKeyCheck(NativeState *state, const Value *key, uint32_t rule) {
  return implOf(state).done(rule == 0 ? checkComputedKey(*key) : checkObjectKey(*key));
}

Status nativeObjectNew(NativeState *state, Value *out, Value *window, uint32_t layout) {
  Impl &impl = implOf(state);
  const std::vector<uint32_t> &keys = impl.tables.layouts[layout];
  const NativeLayoutPlan &plan = impl.planOf(layout);
  if (plan.state == NativeLayoutPlan::State::Shaped) {
    impl.put(out, objectOfShape(impl.heap, plan.shape, {window, keys.size()}));
    return 1;
  }
  Value object = impl.heap.object();
  Value *next = window;
  Status good = 1;
  for (uint32_t literal : keys) {
    const Value key = literal == kComputedLayoutKey ? std::move(*next++) : impl.constants[literal];
    Value value = std::move(*next++);
    if (good)
      good = impl.done(setKey(impl.heap, *object.asObject(), key, std::move(value)));
  }
  if (good)
    impl.put(out, std::move(object));
  return good;
}

namespace {

/// The shape is not the one seen before, or the base is no shaped object.
[[gnu::noinline]] Status lookUp(Impl &impl, Value *out, const Value &base, NameCache *cache,
                                bool computed) {
  const Symbol *key = base.isObject() ? impl.symbol(cache->name) : nullptr;
  if (!key)
    return impl.store(out, computed ? getKey(impl.heap, base, impl.constants[cache->name])
                                    : getName(impl.heap, base, impl.text(cache->name)));
  const ObjectObject &object = *base.asObject();
  const Value *found = findField(object, key);
  if (object.shape) {
    cache->shape = object.shape;
    cache->slot = found ? static_cast<uint32_t>(found - object.values) : kNoSlot;
  }
  impl.put(out, found ? Value(*found) : Value());
  return 1;
}

[[gnu::always_inline]] inline Status member(NativeState *state, Value *out, Value *base,
                                            NameCache *cache, uint32_t kills, bool computed) {
  Status good = 1;
  if (isCached(*base, *cache)) [[likely]]
    Impl::put(out, cache->slot != kNoSlot ? Value(base->asObject()->values[cache->slot]) : Value());
  else
    good = lookUp(implOf(state), out, *base, cache, computed);
  if (kills)
    *base = Value();
  return good;
}

} // namespace

Status nativeGetName(NativeState *state, Value *out, Value *base, NameCache *cache,
                     uint32_t kills) {
  return member(state, out, base, cache, kills, false);
}

Status nativeGetText(NativeState *state, Value *out, Value *base, NameCache *cache,
                     uint32_t kills) {
  return member(state, out, base, cache, kills, true);
}

Status nativeGetIndex(NativeState *state, Value *out, const Value *base, uint32_t index) {
  Impl &impl = implOf(state);
  return impl.store(out, getStaticIndex(impl.heap, *base, impl.constants[index]));
}

// --- Path writes ---

Status nativePathRoot(NativeState *state, uint32_t op, const Value *root, uint32_t name) {
  Impl &impl = implOf(state);
  return impl.done(checkPathRoot(static_cast<PathOp>(op), *root, impl.text(name)));
}

Status nativePathCheck(NativeState *state, uint32_t op, const Value *root, uint32_t path,
                       Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  const Status good = impl.done(
      checkPathInner(impl.heap, static_cast<PathOp>(op), *root, NativeKeys(keys, window)));
  impl.clear(window, keys.computed.size());
  return good;
}

Status nativePathLeaf(NativeState *state, uint32_t op, const Value *root, uint32_t path,
                      Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  const Status good =
      impl.done(checkPathLeaf(impl.heap, static_cast<PathOp>(op), *root, NativeKeys(keys, window)));
  impl.clear(window, keys.computed.size());
  return good;
}

Status nativePathSet(NativeState *state, Value *root, uint32_t path, Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  const size_t computed = keys.computed.size();
  Value value = std::move(window[computed]);
  const Status good =
      impl.done(setPath(impl.heap, *root, NativeKeys(keys, window), std::move(value)));
  impl.clear(window, computed);
  return good;
}

Status nativePathAppend(NativeState *state, Value *root, uint32_t path, Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  const size_t computed = keys.computed.size();
  const Value init = std::move(window[computed]);
  Value value = std::move(window[computed + 1]);
  const Status good =
      impl.done(appendPath(impl.heap, *root, NativeKeys(keys, window), init, std::move(value)));
  impl.clear(window, computed);
  return good;
}

Status nativePathModify(NativeState *state, Value *root, uint32_t path, uint32_t name,
                        Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  const size_t computed = keys.computed.size();
  const Value updates = std::move(window[computed]);
  const Status good = impl.done(
      modifyPath(impl.heap, *root, impl.text(name), NativeKeys(keys, window), *updates.asObject()));
  impl.clear(window, computed);
  return good;
}

namespace {

/// Runs a write on the root as it was read before and puts it into the variable, which gives up its
/// reference meanwhile: containers only it could see change in place. Has the value expression
/// changed the variable, the old root wins when the write succeeds. \rule R2.11.4
Status commit(Impl &impl, Value *variable, Value root, const auto &write) {
  Value current = std::move(*variable);
  const bool unchanged = current.sameObject(root);
  if (unchanged)
    current = Value();
  Result<void> written = write(root);
  *variable = written || unchanged ? std::move(root) : std::move(current);
  return impl.done(std::move(written));
}

} // namespace

Status nativeVarSet(NativeState *state, Value *variable, uint32_t path, Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  Value *operands = window + keys.computed.size();
  Value value = std::move(operands[1]);
  const Status good = commit(impl, variable, std::move(operands[0]), [&](Value &root) {
    return setPath(impl.heap, root, NativeKeys(keys, window), std::move(value));
  });
  impl.clear(window, keys.computed.size());
  return good;
}

Status nativeVarAppend(NativeState *state, Value *variable, uint32_t path, Value *window) {
  Impl &impl = implOf(state);
  const NativePathTemplate &keys = impl.paths[path];
  Value *operands = window + keys.computed.size();
  const Value init = std::move(operands[1]);
  Value value = std::move(operands[2]);
  const Status good = commit(impl, variable, std::move(operands[0]), [&](Value &root) {
    return appendPath(impl.heap, root, NativeKeys(keys, window), init, std::move(value));
  });
  impl.clear(window, keys.computed.size());
  return good;
}

Status nativeAppendList(NativeState *state, const Value *list, uint32_t name) {
  if (list->isList() || list->isNull())
    return 1;
  Impl &impl = implOf(state);
  return impl.fail(makeTrap<TrapId::AppendVariableKind>(impl.text(name)));
}

Status nativeInitCheck(NativeState *state, uint32_t trap, const Value *init) {
  if (init->isList() || init->isNull())
    return 1;
  Impl &impl = implOf(state);
  if (static_cast<TrapId>(trap) == TrapId::AppendInitKind)
    return impl.fail(makeTrap<TrapId::AppendInitKind>());
  return impl.fail(makeTrap<TrapId::AppendPathInitKind>(className(*init)));
}

void nativeUnbound(NativeState *state, uint32_t trap, uint32_t name) {
  Impl &impl = implOf(state);
  if (static_cast<TrapId>(trap) == TrapId::SetUnbound)
    impl.fail(makeTrap<TrapId::SetUnbound>(impl.text(name)));
  else
    impl.fail(makeTrap<TrapId::AppendUnbound>(impl.text(name)));
}

// --- Iteration ---

Status nativeIterNew(NativeState *state, uint32_t kind, Value *iterable) {
  Impl &impl = implOf(state);
  if (isIterable(*iterable)) {
    *iterable = makeIterator(impl.heap, *iterable);
    return 1;
  }
  *iterable = Value();
  if (kind == 0)
    return impl.fail(makeTrap<TrapId::ForEachKind>());
  return impl.fail(makeTrap<TrapId::ComprehensionKind>());
}

uint32_t nativeIterNext(NativeState *state, uint64_t head, uint64_t payload, Value *out) {
  Impl &impl = implOf(state);
  alignas(Value) uint64_t words[] = {head, payload};
  // Borrowed: these words are the caller's value.
  const auto &iterator = *reinterpret_cast<const Value *>(words);
  std::optional<Value> item = nextItem(impl.heap, iterator);
  if (item)
    impl.put(out, std::move(*item));
  return item.has_value();
}

uint32_t nativeNextItem(NativeState *state, uint64_t head, uint64_t payload, uint64_t *next,
                        Value *out) {
  if (static_cast<Tag>(head & 0xFF) != Tag::List)
    return nativeIterNext(state, head, payload, out);
  return nextOfList(*reinterpret_cast<const ListObject *>(payload), *next, out);
}

Status nativeRangeBounds(NativeState *state, const Value *first, const Value *last, int64_t *out) {
  Result<RangeBounds> bounds = rangeBounds(*first, *last);
  if (!bounds)
    return implOf(state).fail(std::move(bounds).error());
  out[0] = bounds->first;
  out[1] = bounds->count;
  out[2] = bounds->down ? -1 : 1;
  return 1;
}

} // namespace branchline::runtime
