// Runs: in the machine until there is native code, then in that. The machine asks at its limit
// checks; between two runs the session moves over by itself.
#include "Versions.h"

#include "branchline/VM/VM.h"

#include <algorithm>

namespace branchline::tier {

using runtime::Context;
using runtime::FunctionObject;
using runtime::Result;
using runtime::TrapInfo;
using runtime::Value;

Counts &Counts::operator+=(const Counts &other) {
  machineRuns += other.machineRuns;
  nativeRuns += other.nativeRuns;
  machineInstructions += other.machineInstructions;
  nativeInstructions += other.nativeInstructions;
  calls += other.calls;
  loops += other.loops;
  return *this;
}

Program::Program(std::unique_ptr<const ir::Module> module,
                 std::unique_ptr<const bytecode::Program> bytecode, Options options)
    : impl_(std::make_unique<Impl>(std::move(module), std::move(bytecode), std::move(options))) {}

Program::~Program() = default;

std::vector<Attempt> Program::attempts() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->attempts;
}

const ir::Module &Program::module() const { return *impl_->module; }
const bytecode::Program &Program::bytecode() const { return *impl_->bytecode; }

/// Both engines of a session, and the answers to what the machine asks.
struct Session::Impl final : vm::TierUp {
  Impl(std::shared_ptr<Program> of, runtime::Heap &on)
      : program(std::move(of)), versions(program->impl()), heap(on), after(versions.options.after),
        machine(program->bytecode(), heap, functions, *this) {}

  Result<void> run(size_t transform, Context &context);
  void adopt();
  void flushHeat();

  int64_t interval() const override;
  bool look(Place place, const Context &context) override;
  bool hasFunction(uint32_t function) const override { return version->code->hasEntry(function); }
  const vm::LoopEntry *findLoop(uint32_t function, uint32_t word, std::span<const Value> registers,
                                const Context &context) override;
  Result<Value> call(uint32_t function, FunctionObject *closure, std::span<Value> args,
                     Context &context, int64_t &fuel) override;
  Result<Value> enterLoop(const vm::LoopEntry &entry, FunctionObject *closure,
                          std::span<Value> values, std::unique_ptr<TrapInfo> caught,
                          Context &context, int64_t &fuel) override;

  const std::shared_ptr<Program> program;
  Program::Impl &versions;
  runtime::Heap &heap;
  const uint64_t after;
  runtime::FunctionValues functions; // of both engines
  vm::Session machine;
  const Version *version = nullptr;                  // in use; null: none so far
  std::vector<std::unique_ptr<jit::Session>> native; // of each version used, the newest last
  uint64_t heat = 0;                                 // not yet in that of the program
  Counts counts;
};

/// Takes the newest version into use. The ones before stay: their code may be on the stack.
void Session::Impl::adopt() {
  const Version *newest = versions.newest();
  if (newest == version) [[likely]]
    return;
  native.push_back(std::make_unique<jit::Session>(*newest->code, heap, &functions));
  version = newest;
}

int64_t Session::Impl::interval() const {
  constexpr uint64_t kMost = 4096;
  return static_cast<int64_t>(std::clamp<uint64_t>(after, 1, kMost));
}

bool Session::Impl::look(Place place, const Context &context) {
  adopt();
  if (version || place != Place::Call)
    return version;
  // A loop would say more about where to go on; recursion without any has to be noticed as well.
  const uint64_t used = context.instructionsUsed;
  if (used / 2 >= after)
    versions.want(std::nullopt, Effort::Make);
  else if (used >= after / 2)
    versions.want(std::nullopt, Effort::Find);
  adopt();
  return version;
}

const vm::LoopEntry *Session::Impl::findLoop(uint32_t function, uint32_t word,
                                             std::span<const Value> registers,
                                             const Context &context) {
  auto find = [&]() -> const vm::LoopEntry * {
    adopt();
    if (!version)
      return nullptr;
    for (const vm::LoopEntry &entry : version->loops)
      if (entry.function == function && entry.word == word)
        return &entry;
    return nullptr;
  };
  if (const vm::LoopEntry *entry = find())
    return entry;
  const uint64_t used = context.instructionsUsed;
  if (used < after / 4)
    return nullptr;
  versions.want(LoopPlace{function, word}, used >= after ? Effort::Make : Effort::Find, registers);
  return versions.options.wait ? find() : nullptr;
}

Result<Value> Session::Impl::call(uint32_t function, FunctionObject *closure, std::span<Value> args,
                                  Context &context, int64_t &fuel) {
  ++counts.calls;
  const uint64_t before = context.instructionsUsed;
  Result<Value> result = native.back()->enter(function, closure, args, context, fuel);
  counts.nativeInstructions += context.instructionsUsed - before;
  return result;
}

Result<Value> Session::Impl::enterLoop(const vm::LoopEntry &entry, FunctionObject *closure,
                                       std::span<Value> values, std::unique_ptr<TrapInfo> caught,
                                       Context &context, int64_t &fuel) {
  ++counts.loops;
  const uint64_t before = context.instructionsUsed;
  const auto loop = static_cast<size_t>(&entry - version->loops.data());
  Result<Value> result =
      native.back()->enterLoop(loop, closure, values, std::move(caught), context, fuel);
  counts.nativeInstructions += context.instructionsUsed - before;
  return result;
}

/// Many short runs share one counter, which is not to be touched in each of them.
void Session::Impl::flushHeat() {
  constexpr uint64_t kFlush = 16'384;
  if (heat < std::min(kFlush, after / 8))
    return;
  versions.heat.fetch_add(heat, std::memory_order_relaxed);
  heat = 0;
  const uint64_t total = versions.heat.load(std::memory_order_relaxed);
  if (total >= after / 4)
    versions.want(std::nullopt, total >= after ? Effort::Make : Effort::Find);
}

Result<void> Session::Impl::run(size_t transform, Context &context) {
  if (!version && heat != 0)
    flushHeat();
  adopt();
  const uint64_t before = context.instructionsUsed;
  if (version) {
    ++counts.nativeRuns;
    auto result = native.back()->run(program->module().transforms[transform], context);
    counts.nativeInstructions += context.instructionsUsed - before;
    return result;
  }
  ++counts.machineRuns;
  const uint64_t nativeBefore = counts.nativeInstructions;
  auto result = machine.run(program->bytecode().transforms[transform], context);
  const uint64_t used = context.instructionsUsed - before;
  counts.machineInstructions += used - (counts.nativeInstructions - nativeBefore);
  heat += used;
  return result;
}

Session::Session(std::shared_ptr<Program> program, runtime::Heap &heap)
    : impl_(std::make_unique<Impl>(std::move(program), heap)) {}

Session::~Session() = default;

Result<void> Session::run(size_t transform, Context &context) {
  return impl_->run(transform, context);
}

void Session::releaseValues() {
  impl_->machine.releaseValues();
  for (const auto &session : impl_->native)
    session->releaseValues();
}

const Counts &Session::counts() const { return impl_->counts; }

} // namespace branchline::tier
