// Going on in other code: calls of functions that it has, and activations that leave in the middle
// of a loop.
#include "Machine.h"

#include <algorithm>

namespace branchline::vm {

/// From now on calls of functions that the other code has take the general way, which asks for it.
void Machine::adoptFunctions() {
  adopted_ = true;
  for (Code &code : code_)
    if (tierUp_->hasFunction(static_cast<uint32_t>(&code - codes_))) {
      code.elsewhere = true;
      code.direct = false;
    }
}

/// \param args, closure  moved from; no closure for a FUNC. The activation is in the depth.
bool Machine::callElsewhere(const Code &code, std::span<Value> args, Value *closure, Value *dest) {
  for (Value &arg : args.first(std::min<size_t>(args.size(), code.params)))
    if (arg.isUnbound())
      putNull(arg);
  const Value held = closure ? take(*closure) : Value();
  settleFuel();
  Result<Value> result = tierUp_->call(static_cast<uint32_t>(&code - codes_),
                                       closure ? held.object<runtime::FunctionObject>() : nullptr,
                                       args, *context_, fuel_);
  fuel_ = granted_ = std::min(fuel_, tierUp_->interval());
  for (Value &arg : args)
    putNull(arg);
  return store(*dest, std::move(result));
}

Value Machine::takeFor(const LoopEntry::Source &source) const {
  if (source.reg == LoopEntry::kNowhere)
    return Value::integer(0);
  const Value &value = top_->base[source.reg];
  const Value &wanted = source.inCell ? value.object<runtime::CellObject>()->value : value;
  // Every bit counts: iterators keep their place in the head.
  if (wanted.isCounted())
    ++wanted.header()->refs;
  Value taken;
  setBits(taken, bitsOf(wanted));
  return taken;
}

/// Hands the innermost activation over, if there is code for it. \param pc  where it goes on
/// \param returned  its result, when it has ended
Machine::Moved Machine::moveLoop(const Word *pc, Bits &returned) {
  if (!tierUp_)
    return Moved::No;
  const Code &code = *top_->code;
  const LoopEntry *entry =
      tierUp_->findLoop(static_cast<uint32_t>(&code - codes_), code.indexOf(pc),
                        {top_->base, code.registers}, *context_);
  if (!entry)
    return Moved::No;
  std::vector<Value> values;
  values.reserve(entry->values.size());
  for (const LoopEntry::Source &source : entry->values)
    values.push_back(takeFor(source));
  std::unique_ptr<runtime::TrapInfo> caught;
  if (top_->flags & kCaught)
    caught = std::make_unique<runtime::TrapInfo>(std::move(caught_.back().trap.info()));
  // What the registers held is held once again, so that writes find it unshared.
  clearRegisters(top_->base, code.registers);
  runtime::FunctionObject *closure =
      top_->flags & kClosure ? top_->base[-1].object<runtime::FunctionObject>() : nullptr;
  settleFuel();
  Result<Value> result =
      tierUp_->enterLoop(*entry, closure, values, std::move(caught), *context_, fuel_);
  fuel_ = granted_ = std::min(fuel_, tierUp_->interval());
  if (!result) {
    fail(std::move(result).error());
    return Moved::Failed;
  }
  returned = takeBits(*result);
  return Moved::Ended;
}

} // namespace branchline::vm
