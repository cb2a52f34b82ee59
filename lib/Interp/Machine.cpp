// Activations: frames, the loop over blocks and instructions, and the way of a trap to its handler.
#include "Machine.h"

#include "branchline/Numeric/NumberText.h"

#include <algorithm>

namespace branchline::interp {

// --- Frames --------------------------------------------------------------------------------------

std::span<Value> FrameStack::push(size_t count) {
  constexpr size_t kChunk = 16 * 1024;
  while (current_ < chunks_.size() && chunks_[current_].capacity - chunks_[current_].used < count &&
         chunks_[current_].used > 0)
    ++current_;
  if (current_ == chunks_.size())
    chunks_.emplace_back();
  Chunk &chunk = chunks_[current_];
  if (chunk.capacity - chunk.used < count) { // only when the chunk is unused
    chunk.capacity = std::max(kChunk, count);
    chunk.values = std::make_unique<Value[]>(chunk.capacity);
  }
  std::span<Value> values(chunk.values.get() + chunk.used, count);
  chunk.used += count;
  return values;
}

void FrameStack::pop(std::span<Value> values) {
  for (Value &value : values)
    value = Value();
  chunks_[current_].used -= values.size();
  if (chunks_[current_].used == 0 && current_ > 0)
    --current_;
}

// --- Machine -------------------------------------------------------------------------------------

static Value makeConstant(runtime::Heap &heap, const ir::Constant &constant) {
  using Kind = ir::Constant::Kind;
  switch (constant.kind) {
  case Kind::Null:
    return Value::null();
  case Kind::Bool:
    return Value::boolean(constant.integer != 0);
  case Kind::Int:
    return Value::integer(constant.integer);
  case Kind::Float:
    return Value::real(constant.real);
  case Kind::String:
    return Value::borrowed(constant.text);
  case Kind::BigInt: {
    auto number = parseBigInt(constant.text);
    BL_ASSERT(number.error == NumberError::None, "the verifier checks the digits of constants");
    return heap.bigInt(number.value);
  }
  case Kind::Decimal: {
    auto number = parseDecimal(constant.text);
    BL_ASSERT(number.error == NumberError::None, "the verifier checks the digits of constants");
    return heap.decimal(number.value);
  }
  }
  BL_UNREACHABLE("constant kind");
}

Machine::Machine(const Program::Impl &program, runtime::Context &context)
    : program_(program), context_(context), heap_(context.heap) {
  constants_.reserve(program.module.constants.size());
  for (const ir::Constant &constant : program.module.constants)
    constants_.push_back(makeConstant(heap_, constant));
}

Result<void> Machine::run(ir::FunctionId transform) {
  runtime::FunctionCaller *outer = context_.caller;
  context_.caller = this;
  Result<Value> result = activate(transform, Value(), {});
  context_.caller = outer;
  if (!result)
    return Unexpected(std::move(result).error());
  return {};
}

Result<Value> Machine::call(const Value &function, std::span<Value> args) {
  if (context_.depth >= context_.limits.callDepth)
    return runtime::trap<TrapId::CallDepth>(context_.limits.callDepth);
  ++context_.depth;
  Value held = function; // the body may drop the last other reference
  Result<Value> result = activate(held.object<runtime::FunctionObject>()->functionId, held, args);
  --context_.depth;
  return result;
}

/// \param closure  the function value of a lambda, whose cells the frame uses; else null
/// \param args     moved from as far as there are parameters
Result<Value> Machine::activate(ir::FunctionId id, const Value &closure, std::span<Value> args) {
  BL_CHECK(tick());
  const CodeFunction &code = program_.functions[id];
  const ir::Function &fn = *code.source;
  std::span<Value> slots = stack_.push(fn.slots.size());
  std::span<Value> registers = stack_.push(code.registers);
  for (size_t i = 0; i < slots.size(); ++i)
    slots[i] = fn.slots[i].cell ? heap_.cell(Value::unbound()) : Value::unbound();
  Frame frame{code, registers, slots, closure, std::nullopt};
  // A parameter without argument stays unbound; of equal names the last argument wins (R2.13.3).
  for (size_t i = 0; i < std::min(args.size(), fn.params.size()); ++i)
    variable(frame, {ir::OperandKind::Local, false, fn.params[i]}) = std::move(args[i]);
  Result<Value> result = execute(frame);
  stack_.pop(registers);
  stack_.pop(slots);
  return result;
}

Value &Machine::variable(Frame &frame, CodeOperand operand) const {
  if (operand.kind == ir::OperandKind::Capture)
    return frame.closure.object<runtime::FunctionObject>()->cells()[operand.index]->value;
  Value &slot = frame.slots[operand.index];
  return slot.is(runtime::Tag::Cell) ? slot.object<runtime::CellObject>()->value : slot;
}

/// Counts a call or jump; now and then looks at the limits that need a closer look.
Result<void> Machine::tick() {
  constexpr uint32_t kInterval = 1024;
  if (++ticks_ % kInterval != 0)
    return {};
  return context_.safePoint();
}

void Machine::enterBlock(Frame &frame, ir::BlockId block) {
  for (ir::ValueId dead : frame.code.blocks[block].deadOnEntry)
    frame.registers[dead] = Value();
}

Result<Value> Machine::execute(Frame &frame) {
  ir::BlockId at = 0;
  for (size_t next = 0;;) {
    const CodeBlock &block = frame.code.blocks[at];
    const CodeInst &inst = block.insts[next++];
    if (++context_.instructionsUsed > context_.limits.instructions &&
        context_.limits.instructions != 0)
      return runtime::trap<TrapId::InstructionLimit>(context_.limits.instructions);
    std::optional<Trap> trap;
    if (ir::info(inst.op).isTerminator()) {
      Result<Transfer> transferred = transfer(frame, inst);
      if (transferred && transferred->kind == Transfer::Kind::Return)
        return std::move(transferred->result);
      if (transferred) {
        at = transferred->block;
        next = 0;
        enterBlock(frame, at);
        Result<void> ticked = tick();
        if (ticked)
          continue;
        trap = std::move(ticked).error();
      } else {
        trap = std::move(transferred).error();
      }
    } else {
      Result<Value> value = evaluate(frame, inst);
      drop(frame, inst.operands);
      if (value) {
        if (inst.result != ir::kNone && !inst.resultUnused)
          frame.registers[inst.result] = std::move(*value);
        continue;
      }
      trap = std::move(value).error();
    }
    if (!recover(frame, block, inst, *trap))
      return Unexpected(std::move(*trap));
    at = block.handler;
    next = 0;
    enterBlock(frame, at);
  }
}

/// Gives a trap its place, and keeps it for the handler of the block if there is one and the trap
/// may be caught. Otherwise the activation is added to the trap's stack. \returns whether caught
bool Machine::recover(Frame &frame, const CodeBlock &block, const CodeInst &inst, Trap &trap) {
  constexpr size_t kMaxFrames = 100; // a runaway recursion need not list all of its frames
  runtime::TrapInfo &info = trap.info();
  auto leave = [&](const ir::Function &fn, LineColumn at) {
    if (info.stack.size() >= kMaxFrames)
      return;
    std::string name = fn.kind == ir::FunctionKind::Lambda ? "<lambda>" : fn.sourceName;
    if (fn.kind == ir::FunctionKind::Transform)
      name = name.empty() ? "TRANSFORM" : "TRANSFORM " + name;
    info.stack.push_back({std::move(name), at});
  };
  ir::Loc at = inst.loc;
  if (info.at.line == 0)
    info.at = at;
  // Inlined bodies have no handlers of their own: the trap leaves them all, as it would calls.
  while (at.inlinedAt != ir::kNone) {
    const ir::InlineSite &site = frame.code.source->inlineSites[at.inlinedAt];
    leave(program_.module.functions[site.callee], at);
    at = site.at;
    if (info.at.line == 0)
      info.at = at;
  }
  if (block.handler != ir::kNone && trap.catchable()) {
    frame.caught = std::move(trap);
    return true;
  }
  leave(*frame.code.source, at);
  return false;
}

} // namespace branchline::interp
