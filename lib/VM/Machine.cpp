// What a session prepares once: functions, constants as values, path templates, library functions
// by number; and the start of a run.
#include "Machine.h"

#include "branchline/Numeric/NumberText.h"

#include <algorithm>

namespace branchline::vm {

using bytecode::Constant;
using bytecode::RegisterClass;
using runtime::Ascii;
using runtime::PathKey;

void releaseCounted(Value &value) noexcept {
  runtime::HeapObject *object = value.header();
  if (--object->refs == 0)
    runtime::destroyObject(object);
}

namespace {

Value borrowedText(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  return Value::borrowed(text, ascii ? Ascii::Yes : Ascii::No);
}

/// Verified programs have well-formed number texts; anything else reads as null.
Value makeConstant(runtime::Heap &heap, const Constant &constant) {
  switch (constant.kind) {
  case Constant::Kind::Null:
    return Value::null();
  case Constant::Kind::Bool:
    return Value::boolean(constant.integer != 0);
  case Constant::Kind::Int:
    return Value::integer(constant.integer);
  case Constant::Kind::Float:
    return Value::real(constant.real);
  case Constant::Kind::String:
    return borrowedText(constant.text);
  case Constant::Kind::BigInt: {
    const ParsedBigInt number = parseBigInt(constant.text);
    return number.error == NumberError::None ? heap.bigInt(number.value) : Value::null();
  }
  case Constant::Kind::Decimal: {
    const ParsedDecimal number = parseDecimal(constant.text);
    return number.error == NumberError::None ? heap.decimal(number.value) : Value::null();
  }
  }
  BL_UNREACHABLE("constant kind");
}

} // namespace

Machine::Machine(const bytecode::Program &program, runtime::Heap &heap,
                 runtime::FunctionValues *functions, TierUp *tierUp)
    : program_(program), heap_(heap), functions_(functions ? *functions : ownFunctions_),
      tierUp_(tierUp) {
  prepareFunctions();
  prepareTables();
  constexpr size_t kFirstFrames = 64;
  frames_.resize(kFirstFrames);
  top_ = frames_.data();
  framesEnd_ = top_ + frames_.size();
  *top_ = {&outside_, nullptr, nullptr, nullptr, 0};
}

Machine::~Machine() = default;

void Machine::prepareFunctions() {
  size_t words = 0;
  for (const bytecode::Function &function : program_.functions)
    words += function.code.size();
  // No object has the machine's address as its shape.
  names_.assign(words, {reinterpret_cast<const runtime::Shape *>(this), runtime::kNoSlot});
  code_.resize(program_.functions.size());
  codes_ = code_.data();
  size_t first = 0;
  for (size_t i = 0; i < code_.size(); ++i) {
    const bytecode::Function &function = program_.functions[i];
    Code &code = code_[i];
    code.source = &function;
    code.begin = function.code.data();
    code.names = names_.data() + first;
    code.words = static_cast<uint32_t>(function.code.size());
    code.registers = static_cast<uint32_t>(function.registers.size());
    code.params = static_cast<uint32_t>(function.params.size());
    code.captures = function.captures;
    for (size_t r = 0; r < function.registers.size(); ++r)
      if (function.registers[r] == RegisterClass::Cell)
        code.cells.push_back(static_cast<uint16_t>(r));
    code.direct = code.cells.empty();
    for (size_t p = 0; p < function.params.size(); ++p)
      code.direct =
          code.direct && function.params[p] == p && function.registers[p] == RegisterClass::Value;
    first += code.words;
  }
}

void Machine::prepareTables() {
  constantValues_.resize(program_.constants.size());
  constants_ = constantValues_.data();
  symbols_.resize(program_.constants.size());
  functions_.plain.resize(program_.functions.size());
  layouts_.resize(program_.layouts.size());
  for (const bytecode::Path &path : program_.paths) {
    PathTemplate made;
    for (const bytecode::PathSegment &segment : path.segments) {
      using Kind = bytecode::PathSegment::Kind;
      if (segment.kind == Kind::Computed) {
        made.computed.push_back(static_cast<uint32_t>(made.keys.size()));
        made.keys.push_back({PathKey::Kind::Dynamic, &null_});
      } else {
        made.keys.push_back(
            {segment.kind == Kind::Name ? PathKey::Kind::Name : PathKey::Kind::Index,
             &constants_[segment.constant]});
      }
    }
    paths_.push_back(std::move(made));
  }
  for (const bytecode::Import &import : program_.imports) {
    std::optional<Builtin> found;
    if (import.kind == bytecode::Import::Kind::Library)
      found = findBuiltin(import.name);
    builtins_.push_back(found ? static_cast<uint16_t>(*found) : bytecode::kNoIndex);
  }
  hosts_.resize(program_.imports.size());
}

void Machine::makeConstants() {
  for (size_t i = 0; i < constantValues_.size(); ++i)
    constantValues_[i] = makeConstant(heap_, program_.constants[i]);
  constantsReady_ = true;
}

void Machine::releaseValues() {
  std::fill(constantValues_.begin(), constantValues_.end(), Value());
  std::fill(functions_.plain.begin(), functions_.plain.end(), Value());
  constantsReady_ = false;
}

Result<void> Machine::run(uint32_t function, runtime::Context &context) {
  if (!constantsReady_)
    makeConstants();
  std::fill(hosts_.begin(), hosts_.end(), nullptr);
  // A host function may run the session again while it is running.
  runtime::Context *outerContext = context_;
  runtime::FunctionCaller *outerCaller = context.caller;
  settleFuel();
  context_ = &context;
  context.caller = this;
  fuel_ = granted_ = 0;
  const bool ended = start(codes_[function], {}, nullptr);
  settleFuel();
  context.caller = outerCaller;
  context_ = outerContext;
  result_ = Value();
  if (ended)
    return {};
  Trap trap = std::move(*trap_);
  trap_.reset();
  return Unexpected(std::move(trap));
}

Result<Value> Machine::call(const Value &function, std::span<Value> args) {
  const Code *code = codeOf(function);
  if (!code)
    return runtime::trap<TrapId::NotCallable>();
  if (context_->depth >= context_->limits.callDepth)
    return runtime::trap<TrapId::CallDepth>(context_->limits.callDepth);
  ++context_->depth;
  const bool ended = start(*code, args, &function);
  --context_->depth;
  if (ended)
    return std::move(result_);
  Trap trap = std::move(*trap_);
  trap_.reset();
  return Unexpected(std::move(trap));
}

bool Machine::fail(Trap trap) {
  trap_ = std::move(trap);
  return false;
}

const runtime::Symbol *Machine::symbol(uint32_t index) {
  if (!symbols_[index])
    symbols_[index] = heap_.intern(text(index));
  return symbols_[index];
}

std::optional<Builtin> Machine::builtin(uint32_t import) const {
  const uint16_t number = builtins_[import];
  if (number == bytecode::kNoIndex)
    return std::nullopt;
  return static_cast<Builtin>(number);
}

} // namespace branchline::vm
