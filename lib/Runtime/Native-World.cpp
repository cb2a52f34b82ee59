// Calls of native code that leave it: functions, outputs, shared memory, waiting.
#include "NativeCalls.h"
#include "NativeImpl.h"

#include "branchline/Runtime/Ops.h"

#include <algorithm>

namespace branchline::runtime {

using Impl = NativeMachine::Impl;

CellObject *nativeNewCell(NativeState *state) {
  Value cell = implOf(state).heap.cell(Value::unbound());
  auto *object = cell.object<CellObject>();
  new (&cell) Value(); // the caller has the count
  return object;
}

void nativeClosureNew(NativeState *state, Value *out, uint32_t function, const Value *cells,
                      uint32_t count) {
  Impl &impl = implOf(state);
  impl.put(out, impl.heap.function(&impl.functions, function, {cells, count}));
}

Status nativeCalleeFind(NativeState *state, Value *out, uint32_t function, uint32_t name) {
  Impl &impl = implOf(state);
  if (function == 0xFFFFFFFFu)
    return impl.fail(makeTrap<TrapId::FunctionUndefined>(impl.text(name)));
  // Without captures, one function value serves every use.
  Value &plain = impl.functions.plain[function];
  if (!plain.isFunction())
    plain = impl.heap.function(&impl.functions, function, {});
  impl.put(out, Value(plain));
  return 1;
}

void nativeNotCallable(NativeState *state) { implOf(state).fail(makeTrap<TrapId::NotCallable>()); }

Status nativeCallValue(NativeState *state, Value *out, Value *window, uint32_t count) {
  Impl &impl = implOf(state);
  Result<Value> result = state->machine->call(window[0], {window + 1, count});
  impl.clear(window, count + 1);
  return impl.store(out, std::move(result));
}

Status nativeCallLib(NativeState *state, Value *out, uint32_t builtin, Value *args,
                     uint32_t count) {
  Impl &impl = implOf(state);
  Result<Value> result = callBuiltin(*impl.context, static_cast<Builtin>(builtin), {args, count});
  impl.clear(args, count);
  return impl.store(out, std::move(result));
}

Status nativeCallHost(NativeState *state, Value *out, uint32_t name, Value *args, uint32_t count) {
  Impl &impl = implOf(state);
  const HostFunction *host =
      impl.context->host ? impl.context->host->find(impl.text(name)) : nullptr;
  Result<Value> result = host ? callHost(*impl.context, *host, {args, count})
                              : Result<Value>(trap<TrapId::FunctionUndefined>(impl.text(name)));
  impl.clear(args, count);
  return impl.store(out, std::move(result));
}

void nativeOutputAdd(NativeState *state, Value *value) {
  implOf(state).context->outputs.push_back(std::move(*value));
}

void nativeOutputEmit(NativeState *state, const Value *value) {
  implOf(state).context->emit(*value);
}

int64_t nativeOutputMark(NativeState *state) {
  return static_cast<int64_t>(implOf(state).context->outputs.size());
}

void nativeOutputRewind(NativeState *state, const Value *mark) {
  std::vector<Value> &outputs = implOf(state).context->outputs;
  if (mark->isInt() && mark->asInt() >= 0)
    outputs.resize(std::min(outputs.size(), static_cast<size_t>(mark->asInt())));
}

Status nativeAbortCheck(NativeState *state, const Value *value) {
  if (value->isObject())
    return 1;
  return implOf(state).fail(makeTrap<TrapId::AbortKind>(className(*value)));
}

Status nativeSharedAwait(NativeState *state, Value *out, uint32_t resource, uint32_t key) {
  Impl &impl = implOf(state);
  if (!impl.context->shared)
    return impl.fail(makeTrap<TrapId::SharedStoreMissing>());
  return impl.store(out, impl.context->shared->await(impl.text(resource), impl.text(key)));
}

Status nativeSharedWrite(NativeState *state, uint32_t resource, Value *window) {
  Impl &impl = implOf(state);
  // The statement means the library call, with its checks and messages (R1.14.3).
  Value arguments[] = {impl.constants[resource], std::move(window[0]), std::move(window[1])};
  Result<Value> written = callBuiltin(*impl.context, Builtin::SHARED_WRITE, arguments);
  return written ? 1 : impl.fail(std::move(written).error());
}

Status nativeWait(NativeState *state, uint32_t time) {
  Impl &impl = implOf(state);
  return impl.done(impl.context->wait(static_cast<uint64_t>(impl.constants[time].asInt())));
}

} // namespace branchline::runtime
