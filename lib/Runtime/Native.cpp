// The machine of native code: what a session prepares once, runs and callbacks, limits, and the
// way of a trap through activations.
#include "NativeImpl.h"

#include "NativeCalls.h"

#include "branchline/Numeric/NumberText.h"

#include <algorithm>

namespace branchline::runtime {

namespace {

Value makeConstant(Heap &heap, const NativeConstant &constant) {
  using Kind = NativeConstant::Kind;
  switch (constant.kind) {
  case Kind::Null:
    return Value::null();
  case Kind::Bool:
    return Value::boolean(constant.integer != 0);
  case Kind::Int:
    return Value::integer(constant.integer);
  case Kind::Float:
    return Value::real(constant.real);
  case Kind::String: {
    const bool ascii = std::all_of(constant.text.begin(), constant.text.end(),
                                   [](char c) { return static_cast<signed char>(c) >= 0; });
    return Value::borrowed(constant.text, ascii ? Ascii::Yes : Ascii::No);
  }
  case Kind::BigInt: {
    const auto number = parseBigInt(constant.text);
    BL_ASSERT(number.error == NumberError::None, "the verifier checks the digits of constants");
    return heap.bigInt(number.value);
  }
  case Kind::Decimal: {
    const auto number = parseDecimal(constant.text);
    BL_ASSERT(number.error == NumberError::None, "the verifier checks the digits of constants");
    return heap.decimal(number.value);
  }
  }
  BL_UNREACHABLE("constant kind");
}

} // namespace

const RuntimeCalls &runtimeCalls() {
  static constexpr RuntimeCalls kCalls = {
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) &native##Name,
#include "branchline/Runtime/RuntimeCalls.def"
  };
  return kCalls;
}

// --- Preparation ---

NativeMachine::NativeMachine(const NativeTables &tables, Heap &heap, FunctionValues *functions)
    : impl_(std::make_unique<Impl>(tables, heap, functions)) {
  Impl &impl = *impl_;
  impl.constants.resize(tables.constants.size());
  impl.symbols.resize(tables.constants.size());
  impl.layouts.resize(tables.layouts.size());
  impl.functions.plain.resize(tables.functions.size());
  // No object has the machine's address as its shape.
  for (uint32_t name : tables.names)
    impl.names.push_back({reinterpret_cast<const Shape *>(this), kNoSlot, name});
  for (const std::vector<NativeSegment> &path : tables.paths) {
    NativePathTemplate made;
    for (const NativeSegment &segment : path) {
      if (segment.kind == NativeSegment::Kind::Computed) {
        made.computed.push_back(static_cast<uint32_t>(made.keys.size()));
        made.keys.push_back({PathKey::Kind::Dynamic, nullptr});
      } else {
        made.keys.push_back(
            {segment.kind == NativeSegment::Kind::Name ? PathKey::Kind::Name : PathKey::Kind::Index,
             &impl.constants[segment.constant]});
      }
    }
    impl.paths.push_back(std::move(made));
  }
  impl.state.calls = runtimeCalls();
  impl.state.constants = impl.constants.data();
  impl.state.names = impl.names.data();
  impl.state.machine = this;
}

NativeMachine::~NativeMachine() = default;

void NativeMachine::releaseValues() {
  std::fill(impl_->constants.begin(), impl_->constants.end(), Value());
  std::fill(impl_->functions.plain.begin(), impl_->functions.plain.end(), Value());
  impl_->constantsReady = false;
}

/// Finds out once whether objects of a layout can be made in one go.
const NativeLayoutPlan &NativeMachine::Impl::planOf(uint32_t layout) {
  NativeLayoutPlan &plan = layouts[layout];
  if (plan.state != NativeLayoutPlan::State::Unknown)
    return plan;
  plan.state = NativeLayoutPlan::State::KeyByKey;
  const std::vector<uint32_t> &keys = tables.layouts[layout];
  if (keys.size() > kMaxShapeKeys)
    return plan;
  const Shape *shape = heap.emptyShape();
  for (uint32_t key : keys) {
    if (key == kComputedLayoutKey || tables.constants[key].kind != NativeConstant::Kind::String)
      return plan;
    const Symbol *name = symbol(key);
    if (!name || shapeSlot(*shape, name) != kNoSlot)
      return plan;
    shape = heap.extend(shape, name);
    if (!shape)
      return plan;
  }
  plan = {NativeLayoutPlan::State::Shaped, shape};
  return plan;
}

// --- Runs and callbacks ---

void NativeMachine::Impl::makeConstants() {
  for (size_t i = 0; i < constants.size(); ++i)
    constants[i] = makeConstant(heap, tables.constants[i]);
  constantsReady = true;
}

Result<void> NativeMachine::run(uint32_t function, Context &context) {
  int64_t fuel = 0;
  const NativeEntry entry = impl_->tables.functions[function].entry;
  Result<Value> ended = enter(entry, nullptr, nullptr, context, fuel);
  if (ended)
    return {};
  return Unexpected(std::move(ended).error());
}

Result<Value> NativeMachine::enter(NativeEntry entry, FunctionObject *closure, Value *args,
                                   Context &context, int64_t &fuel) {
  Impl &impl = *impl_;
  if (!impl.constantsReady)
    impl.makeConstants();
  // A host function may run the session again while it is running.
  Context *outerContext = impl.context;
  FunctionCaller *outerCaller = context.caller;
  const int64_t outerDepth = impl.state.depthLeft;
  impl.settleFuel();
  impl.context = &context;
  context.caller = this;
  impl.state.fuel = impl.granted = fuel;
  impl.state.depthLeft = int64_t(context.limits.callDepth) - context.depth;
  Value out;
  const Status ended = entry(&impl.state, closure, args, &out);
  impl.settleFuel();
  fuel = impl.state.fuel;
  context.caller = outerCaller;
  impl.context = outerContext;
  impl.state.depthLeft = outerDepth;
  if (ended)
    return out;
  Trap trap = std::move(*impl.pending);
  impl.pending.reset();
  return Unexpected(std::move(trap));
}

/// Calls `enter` with one argument for each parameter: arguments without a parameter are dropped,
/// parameters without argument are unbound. \rule R2.13.3
template <class Enter>
Result<Value> NativeMachine::placed(const NativeFunction &callee, std::span<Value> args,
                                    Enter enter) {
  constexpr size_t kFew = 6;
  std::array<Value, kFew> few;
  std::vector<Value> many;
  Value *to = few.data();
  if (callee.params > kFew) {
    many.resize(callee.params);
    to = many.data();
  }
  for (size_t i = 0; i < callee.params; ++i)
    to[i] = i < args.size() ? std::move(args[i]) : Value::unbound();
  return enter(to);
}

Result<Value> NativeMachine::enter(uint32_t function, FunctionObject *closure,
                                   std::span<Value> args, Context &context, int64_t &fuel) {
  const NativeFunction &callee = impl_->tables.functions[function];
  return placed(callee, args,
                [&](Value *to) { return enter(callee.entry, closure, to, context, fuel); });
}

Result<Value> NativeMachine::call(const Value &function, std::span<Value> args) {
  Impl &impl = *impl_;
  const FunctionObject *object =
      function.isFunction() ? function.object<FunctionObject>() : nullptr;
  if (!object || object->program != &impl.functions)
    return trap<TrapId::NotCallable>();
  if (impl.state.depthLeft <= 0)
    return trap<TrapId::CallDepth>(impl.context->limits.callDepth);
  const NativeFunction &callee = impl.tables.functions[object->functionId];
  const Value held = function; // the body may drop the last other reference
  --impl.state.depthLeft;
  Result<Value> result = placed(callee, args, [&](Value *to) -> Result<Value> {
    Value out;
    if (callee.entry(&impl.state, held.object<FunctionObject>(), to, &out))
      return out;
    Trap trap = std::move(*impl.pending);
    impl.pending.reset();
    return Unexpected(std::move(trap));
  });
  ++impl.state.depthLeft;
  return result;
}

// --- Counting ---

/// Looks at the limits and lets the code go on for a while. What is counted: for each call the
/// instructions of the function, for each way back the instructions of the way.
Status NativeMachine::Impl::refuel() {
  constexpr int64_t kInterval = 4096;
  settleFuel();
  int64_t next = kInterval;
  if (const uint64_t limit = context->limits.instructions; limit != 0) {
    if (context->instructionsUsed > limit)
      return fail(makeTrap<TrapId::InstructionLimit>(limit));
    next = static_cast<int64_t>(std::min<uint64_t>(kInterval, limit - context->instructionsUsed));
  }
  state.fuel = granted = next;
  return done(context->safePoint());
}

void NativeMachine::Impl::settleFuel() {
  if (context)
    context->instructionsUsed += static_cast<uint64_t>(granted - state.fuel);
  granted = state.fuel;
}

// --- Calls: values, limits and traps ---

void nativeRelease(uint64_t head, uint64_t payload) {
  Value value;
  const uint64_t words[] = {head, payload};
  std::memcpy(static_cast<void *>(&value), words, sizeof(Value));
}

void nativeRetain(uint64_t head, uint64_t payload) {
  alignas(Value) const uint64_t words[] = {head, payload};
  ++reinterpret_cast<const Value *>(words)->header()->refs;
}

void nativeDrop(Value *value) { *value = Value(); }

void nativeCopy(Value *out, const Value *from) { NativeMachine::Impl::put(out, Value(*from)); }

void nativeDropRange(Value *first, uint32_t count) { NativeMachine::Impl::clear(first, count); }

Status nativeRefuel(NativeState *state) { return implOf(state).refuel(); }

void nativeTooDeep(NativeState *state) {
  NativeMachine::Impl &impl = implOf(state);
  impl.fail(makeTrap<TrapId::CallDepth>(impl.context->limits.callDepth));
}

void nativeRaise(NativeState *state, uint32_t trap, uint32_t first, uint32_t second) {
  NativeMachine::Impl &impl = implOf(state);
  const auto id = static_cast<TrapId>(trap);
  const std::string_view format = info(id).format;
  const uint32_t texts[] = {first, second};
  // Filled by hand: the program decides how many texts there are.
  std::string message;
  size_t used = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i, 2) != "{}") {
      message += format[i];
      continue;
    }
    if (used < std::size(texts))
      message += impl.text(texts[used]);
    ++used;
    ++i;
  }
  impl.fail(makeTrapText(id, std::move(message)));
}

void nativeThrow(NativeState *state, const Value *value) { implOf(state).fail(makeThrown(*value)); }

void nativeSuspend(NativeState *state) {
  implOf(state).fail(makeTrap<TrapId::SuspendNotSupported>());
}

namespace {

constexpr size_t kMaxFrames = 100; // a runaway recursion need not list all of its frames

/// Gives the trap its place and the frames of inlined calls. \returns where in the function itself
LineColumn addInlinedFrames(const NativeMachine::Impl &impl, const NativeFunction &function,
                            uint32_t place, TrapInfo &info) {
  NativePlace at = function.places[place];
  if (info.at.line == 0)
    info.at = at.at;
  // Inlined bodies have no handlers of their own: the trap leaves them all, as it would calls.
  while (at.inlinedAt != 0xFFFFFFFFu) {
    const NativeInlineSite &site = function.inlineSites[at.inlinedAt];
    if (info.stack.size() < kMaxFrames)
      info.stack.push_back({impl.tables.functions[site.callee].displayName, at.at});
    at = site.at;
    if (info.at.line == 0)
      info.at = at.at;
  }
  return at.at;
}

} // namespace

Status nativeCatchTrap(NativeState *state, uint32_t function, uint32_t place, TrapInfo **caught,
                       uint32_t cost) {
  NativeMachine::Impl &impl = implOf(state);
  if (!impl.pending->catchable())
    return 0;
  state->fuel -= cost;
  if (cost != 0 && state->fuel < 0) {
    // A limit takes the place of the trap under way.
    Trap trap = std::move(*impl.pending);
    if (!impl.refuel() && !impl.pending->catchable())
      return 0;
    impl.pending = std::move(trap);
  }
  addInlinedFrames(impl, impl.tables.functions[function], place, impl.pending->info());
  delete *caught;
  *caught = new TrapInfo(std::move(impl.pending->info()));
  impl.pending.reset();
  return 1;
}

void nativeLeaveTrap(NativeState *state, uint32_t function, uint32_t place) {
  NativeMachine::Impl &impl = implOf(state);
  const NativeFunction &left = impl.tables.functions[function];
  TrapInfo &info = impl.pending->info();
  const LineColumn at = addInlinedFrames(impl, left, place, info);
  if (info.stack.size() < kMaxFrames)
    info.stack.push_back({left.displayName, at});
}

void nativeErrorCatch(NativeState *state, Value *out, TrapInfo *caught) {
  NativeMachine::Impl &impl = implOf(state);
  BL_ASSERT(caught, "a handler block runs after a trap was caught");
  Trap trap{std::make_unique<TrapInfo>(*caught)};
  impl.put(out, errorObject(impl.heap, trap));
}

void nativeRethrow(NativeState *state, TrapInfo **caught) {
  NativeMachine::Impl &impl = implOf(state);
  BL_ASSERT(*caught, "a handler block runs after a trap was caught");
  impl.fail(Trap{std::unique_ptr<TrapInfo>(*caught)});
  *caught = nullptr;
}

void nativeDropCaught(TrapInfo *caught) { delete caught; }

} // namespace branchline::runtime
