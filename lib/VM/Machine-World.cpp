// Output, shared memory, waiting, and raising errors.
#include "Machine.h"

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Ops.h"

#include <algorithm>

namespace branchline::vm {

bool Machine::outputAdd(const Word *at, Value *base) {
  context_->outputs.push_back(take(base[at->a]));
  return true;
}

bool Machine::outputEmit(const Word *at, Value *base) {
  context_->emit(known(base[at->a]));
  return true;
}

bool Machine::outputRewind(const Word *at, Value *base) {
  const Value &mark = base[at->a];
  const size_t count = context_->outputs.size();
  if (mark.isInt() && mark.asInt() >= 0)
    context_->outputs.resize(std::min(count, static_cast<size_t>(mark.asInt())));
  return true;
}

bool Machine::abortCheck(const Word *at, Value *base) {
  const Value &value = base[at->a];
  if (value.isObject())
    return true;
  return fail(runtime::makeTrap<TrapId::AbortKind>(runtime::className(value)));
}

bool Machine::sharedAwait(const Word *at, Value *base) {
  if (!context_->shared)
    return fail(runtime::makeTrap<TrapId::SharedStoreMissing>());
  return store(base[at->a], context_->shared->await(text(at->b), text(at->c)));
}

bool Machine::sharedWrite(const Word *at, Value *base) {
  // The statement means the library call, with its checks and messages (R1.14.3).
  Value arguments[] = {constant(at->c), known(base[at->a]), known(base[at->b])};
  Result<Value> written = runtime::callBuiltin(*context_, Builtin::SHARED_WRITE, arguments);
  return written ? true : fail(std::move(written).error());
}

bool Machine::wait(const Word *at, Value *) {
  const Value &time = constant(static_cast<uint32_t>(at->wide()));
  const int64_t milliseconds = time.isInt() ? std::max<int64_t>(time.asInt(), 0) : 0;
  return done(context_->wait(static_cast<uint64_t>(milliseconds)));
}

// --- Errors ---

bool Machine::errorCatch(const Word *at, Value *base) {
  if (top_->flags & kCaught)
    putValue(base[at->a], runtime::errorObject(heap_, caught_.back().trap));
  else
    putNull(base[at->a]);
  return true;
}

bool Machine::raise(const Word *at, Value *) {
  if (at->x >= kTraps.size())
    return fail(runtime::makeTrap<TrapId::Aborted>());
  const auto id = static_cast<TrapId>(at->x);
  // Filled by hand: the program decides how many texts there are.
  const uint16_t texts[] = {at->b, at->c};
  const std::string_view format = info(id).format;
  std::string message;
  size_t used = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i, 2) != "{}") {
      message += format[i];
      continue;
    }
    if (used < std::size(texts) && texts[used] != bytecode::kNoIndex)
      message += text(texts[used]);
    ++used;
    ++i;
  }
  return fail(runtime::makeTrapText(id, std::move(message)));
}

bool Machine::rethrow(const Word *, Value *) {
  if (!(top_->flags & kCaught))
    return fail(runtime::makeTrap<TrapId::Aborted>());
  Trap trap = std::move(caught_.back().trap);
  caught_.pop_back();
  top_->flags &= ~kCaught;
  return fail(std::move(trap));
}

bool Machine::throwValue(const Word *at, Value *base) {
  return fail(runtime::makeThrown(known(base[at->a])));
}

bool Machine::suspend(const Word *, Value *) {
  return fail(runtime::makeTrap<TrapId::SuspendNotSupported>());
}

} // namespace branchline::vm
