// Function values, and calls that leave the loop: library and host functions. Calls between
// functions of the program are in Loop.cpp.
#include "Machine.h"

#include "branchline/Runtime/Builtins.h"

namespace branchline::vm {

namespace {

std::span<Value> argumentWindow(Value *window, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (window[i].isUnbound())
      putNull(window[i]);
  return {window, count};
}

void dropWindow(Value *window, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    putNull(window[i]);
}

} // namespace

bool Machine::closureNew(const Word *at, Value *base) {
  const std::span<const Value> cells(base + at->b, codes_[at->c].captures);
  putValue(base[at->a], heap_.function(&functions_, at->c, cells));
  return true;
}

bool Machine::calleeFind(const Word *at, Value *base) {
  const Value &given = base[at->b];
  if (given.isFunction()) {
    putCopy(base[at->a], given);
    return true;
  }
  if (at->c == bytecode::kNoIndex)
    return fail(
        runtime::makeTrap<TrapId::FunctionUndefined>(text(static_cast<uint32_t>(at[1].wide()))));
  // Without captures, one function value serves every use.
  Value &function = functions_.plain[at->c];
  if (!function.isFunction())
    function = heap_.function(&functions_, at->c, {});
  putCopy(base[at->a], function);
  return true;
}

bool Machine::callLib(const Word *at, Value *base) {
  const auto import = static_cast<uint32_t>(at[1].wide());
  const std::optional<Builtin> function = builtin(import);
  if (!function)
    return fail(runtime::makeTrap<TrapId::FunctionUndefined>(program_.imports[import].name));
  Value *window = base + at->b;
  Result<Value> result = runtime::callBuiltin(*context_, *function, argumentWindow(window, at->c));
  dropWindow(window, at->c);
  return store(base[at->a], std::move(result));
}

bool Machine::callHost(const Word *at, Value *base) {
  const auto import = static_cast<uint32_t>(at[1].wide());
  const runtime::HostFunction *function = hosts_[import];
  if (!function && context_->host)
    function = hosts_[import] = context_->host->find(program_.imports[import].name);
  if (!function)
    return fail(runtime::makeTrap<TrapId::FunctionUndefined>(program_.imports[import].name));
  Value *window = base + at->b;
  Result<Value> result = runtime::callHost(*context_, *function, argumentWindow(window, at->c));
  dropWindow(window, at->c);
  return store(base[at->a], std::move(result));
}

bool Machine::notCallable() { return fail(runtime::makeTrap<TrapId::NotCallable>()); }

bool Machine::tooDeep() {
  return fail(runtime::makeTrap<TrapId::CallDepth>(context_->limits.callDepth));
}

} // namespace branchline::vm
