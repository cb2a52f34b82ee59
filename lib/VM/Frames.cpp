// Activations: room for frames, entering and leaving functions, the way of a trap to its handler,
// and the counting of instructions. \rule D21, R2.13.3, R2.15.2
#include "Machine.h"

#include <algorithm>

namespace branchline::vm {

using bytecode::RegisterClass;

// --- Facts about functions ---

LineColumn Code::placeOf(uint32_t word) const {
  const auto &lines = source->lines;
  auto next = std::upper_bound(lines.begin(), lines.end(), word,
                               [](uint32_t pc, const auto &entry) { return pc < entry.pc; });
  return next == lines.begin() ? LineColumn{0, 0} : std::prev(next)->at;
}

/// The inlined call a word came from; kNoSite: none.
uint32_t Code::siteOf(uint32_t word) const {
  const auto &entries = source->siteEntries;
  auto next = std::upper_bound(entries.begin(), entries.end(), word,
                               [](uint32_t pc, const auto &entry) { return pc < entry.pc; });
  return next == entries.begin() ? bytecode::kNoSite : std::prev(next)->site;
}

const bytecode::HandlerRegion *Code::handlerOf(uint32_t word) const {
  for (const bytecode::HandlerRegion &region : source->handlers)
    if (word >= region.begin && word < region.end)
      return &region;
  return nullptr;
}

std::string Code::displayName() const {
  switch (source->kind) {
  case bytecode::FunctionKind::Transform:
    return source->sourceName.empty() ? "TRANSFORM" : "TRANSFORM " + source->sourceName;
  case bytecode::FunctionKind::Func:
    return source->sourceName;
  case bytecode::FunctionKind::Lambda:
    return "<lambda>";
  }
  BL_UNREACHABLE("function kind");
}

// --- Room ---

void Machine::growFrames() {
  const size_t used = static_cast<size_t>(top_ - frames_.data());
  frames_.resize(frames_.size() * 2);
  top_ = frames_.data() + used;
  framesEnd_ = frames_.data() + frames_.size();
}

/// `count` unbound registers above the innermost frame. \returns null after `fail`
Value *Machine::room(size_t count, FrameFlags &flags) {
  constexpr size_t kFirstChunk = 4096, kLargestChunk = size_t(1) << 20;
  Value *free = top_->base + top_->code->registers;
  if (top_->base && static_cast<size_t>(stackEnd_ - free) >= count)
    return free;
  const size_t next = top_->base ? chunk_ + 1 : 0;
  if (next == chunks_.size())
    chunks_.emplace_back();
  Chunk &chunk = chunks_[next];
  if (!chunk.values || chunk.size < count) { // frames may have no registers
    const size_t usual = next < 8 ? kFirstChunk << next : kLargestChunk;
    const size_t size = std::max(usual, count);
    stackValues_ += size - chunk.size;
    if (!done(runtime::reserve(heap_, stackValues_ * sizeof(Value)))) {
      stackValues_ -= size - chunk.size;
      return nullptr;
    }
    chunk.values.reset(new Value[size]);
    chunk.size = size;
    for (size_t i = 0; i < size; ++i)
      putUnbound(chunk.values[i]);
  }
  chunk_ = next;
  stackEnd_ = chunk.values.get() + chunk.size;
  flags |= kNewChunk;
  return chunk.values.get();
}

// --- Entering ---

/// The function that a value calls; null when it is none of this program.
const Code *Machine::codeOf(const Value &function) const {
  if (!function.isFunction())
    return nullptr;
  const auto &object = *function.object<runtime::FunctionObject>();
  if (object.program != &functions_ || object.functionId >= code_.size())
    return nullptr;
  const Code &code = codes_[object.functionId];
  return code.captures == object.cellCount ? &code : nullptr;
}

/// Puts arguments where the parameters are: of equal names the last wins, those without a parameter
/// are dropped, parameters without argument stay unbound. \rule R2.13.3
void Machine::placeArguments(const Code &code, Value *base, Value *args, uint32_t count) {
  for (uint16_t r : code.cells)
    putValue(base[r], heap_.cell(Value::unbound()));
  for (uint32_t i = 0; i < count; ++i) {
    Value argument = take(args[i]);
    if (i >= code.params)
      continue;
    Value &parameter = base[code.source->params[i]];
    if (code.source->registers[code.source->params[i]] == RegisterClass::Cell)
      parameter.object<runtime::CellObject>()->value = std::move(argument);
    else
      putValue(parameter, std::move(argument));
  }
}

/// A new innermost activation; the general way, for every function and any number of arguments.
/// \param args     moved from. \param closure  moved from; null for a FUNC
bool Machine::enter(const Code &code, Value *args, uint32_t count, Value *closure, Value *dest,
                    FrameFlags flags) {
  if (top_ + 1 == framesEnd_)
    growFrames();
  const size_t below = closure ? 1 : 0;
  Value *base = room(code.registers + below, flags);
  if (!base)
    return false;
  if (closure) {
    putTaken(*base++, *closure);
    flags |= kClosure;
  }
  placeArguments(code, base, args, count);
  *++top_ = {&code, base, code.begin, dest, flags};
  return true;
}

/// Runs a function from outside the loop. \returns false when a trap ended it; else the value is in
/// `result_`
bool Machine::start(const Code &code, std::span<Value> args, const Value *closure) {
  // Only runs begin without a function value.
  const TierUp::Place place = closure ? TierUp::Place::Call : TierUp::Place::Start;
  if ((fuel_ -= code.words) < 0 && !refuel(place))
    return false;
  if (!closure && code.captures != 0)
    return notCallable();
  const auto count = static_cast<uint32_t>(std::min<size_t>(args.size(), code.params));
  Value held = closure ? *closure : Value(); // the body may drop the last other reference
  if (code.elsewhere && closure)
    return callElsewhere(code, args, &held, &result_);
  if (!enter(code, args.data(), count, closure ? &held : nullptr, &result_, kNative))
    return false;
  return loop();
}

// --- Leaving ---

void Machine::clearRegisters(Value *base, uint32_t count) {
  for (Value *r = base, *end = base + count; r != end; ++r) {
    release(*r);
    setHead(*r, headOf(Tag::Unbound));
  }
}

void Machine::popFrame() {
  Frame &frame = *top_;
  const bool closure = frame.flags & kClosure;
  clearRegisters(frame.base - closure, frame.code->registers + closure);
  leave();
}

/// Ends the innermost activation, whose registers are clear. \returns false when it was entered
/// from outside the loop
bool Machine::leave() {
  const FrameFlags flags = top_->flags;
  if (flags & kCaught)
    caught_.pop_back();
  --top_;
  if (flags & kNewChunk) {
    // The first chunk stays in use by the frame below the first activation.
    if (chunk_ > 0)
      --chunk_;
    stackEnd_ = chunks_[chunk_].values.get() + chunks_[chunk_].size;
  }
  if (flags & kNative)
    return false;
  --context_->depth;
  return true;
}

// --- Traps ---

void Machine::keepCaught(Trap trap) {
  if (top_->flags & kCaught) {
    caught_.back().trap = std::move(trap);
    return;
  }
  caught_.push_back({std::move(trap)});
  top_->flags |= kCaught;
}

/// Counts the way to a handler that lies behind the failing instruction's back.
/// \returns false when a limit took the place of the trap under way
bool Machine::chargeHandler(uint32_t word, uint32_t target) {
  if (target > word)
    return true;
  fuel_ -= word - target + 1;
  return fuel_ >= 0 || refuel();
}

/// Gives the trap under way its place, and a frame for each inlined call that the word belongs to:
/// inlined bodies have no handlers of their own, so the trap leaves them all, as it would calls.
/// \returns the place in the function's own text
LineColumn Machine::leaveInlined(const Code &code, uint32_t word) {
  runtime::TrapInfo &info = trap_->info();
  LineColumn at = code.placeOf(word);
  for (uint32_t site = code.siteOf(word);; site = code.source->inlineSites[site].parent) {
    if (info.at.line == 0)
      info.at = at;
    if (site == bytecode::kNoSite)
      return at;
    addFrame(codes_[code.source->inlineSites[site].callee], at);
    at = code.source->inlineSites[site].at;
  }
}

void Machine::addFrame(const Code &code, LineColumn at) {
  constexpr size_t kMaxFrames = 100; // a runaway recursion need not list all of its frames
  runtime::TrapInfo &info = trap_->info();
  if (info.stack.size() < kMaxFrames)
    info.stack.push_back({code.displayName(), at});
}

/// Takes the trap under way to the nearest handler; activations without one end on the way and are
/// added to the trap's stack. \param pc  behind the instruction that failed
/// \returns where to go on; null when the activation that was entered from outside has ended
const Word *Machine::unwind(const Word *pc) {
  for (;;) {
    const Code &code = *top_->code;
    const uint32_t word = code.indexOf(pc) - 1;
    const bytecode::HandlerRegion *handler = code.handlerOf(word);
    const bool isCaught = handler && trap_->catchable() && chargeHandler(word, handler->target);
    const LineColumn place = leaveInlined(code, word);
    if (isCaught) {
      keepCaught(std::move(*trap_));
      trap_.reset();
      return code.begin + handler->target;
    }
    addFrame(code, place);
    const bool outermost = top_->flags & kNative;
    popFrame();
    if (outermost)
      return nullptr;
    pc = top_->pc;
  }
}

// --- Counting ---

/// Looks at the limits and lets the loop go on for a while. What is counted: for each call the
/// words of the function, for each way back (a jump, or a trap to its handler) the words of the
/// way. Control runs forward between those, so a run executes at most as many words as were
/// counted.
bool Machine::refuel(TierUp::Place place) {
  constexpr int64_t kInterval = 4096;
  settleFuel();
  int64_t next = tierUp_ ? std::min(kInterval, tierUp_->interval()) : kInterval;
  if (const uint64_t limit = context_->limits.instructions; limit != 0) {
    if (context_->instructionsUsed > limit)
      return fail(runtime::makeTrap<TrapId::InstructionLimit>(limit));
    next = static_cast<int64_t>(
        std::min<uint64_t>(static_cast<uint64_t>(next), limit - context_->instructionsUsed));
  }
  fuel_ = granted_ = next;
  if (tierUp_ && !adopted_ && tierUp_->look(place, *context_))
    adoptFunctions();
  return done(context_->safePoint());
}

void Machine::settleFuel() {
  if (context_)
    context_->instructionsUsed += static_cast<uint64_t>(granted_ - fuel_);
  granted_ = fuel_;
}

} // namespace branchline::vm
