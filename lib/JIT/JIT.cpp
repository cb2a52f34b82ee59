// The façade: programs, sessions, other forms.
#include "branchline/JIT/JIT.h"

#include "Cache.h"
#include "JitDump.h"
#include "OpenBackend.h"
#include "PerfMap.h"
#include "Plan.h"
#include "branchline/JIT/ObjectLoader.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <cstring>

namespace branchline::jit {

using runtime::NativeConstant;
using runtime::NativeFunction;
using runtime::NativePlace;

struct Program::Impl {
  const ir::Module *module = nullptr;
  MachineCode code;
  runtime::NativeTables tables;
  std::vector<runtime::NativeEntry> loops; // as in Entries::loops
  bool fromCache = false;
};

struct Session::Impl {
  const Program::Impl &program;
  runtime::NativeMachine machine;
};

namespace {

NativeConstant constantOf(const ir::Constant &constant) {
  static_assert(static_cast<int>(NativeConstant::Kind::String) ==
                static_cast<int>(ir::Constant::Kind::String));
  return {static_cast<NativeConstant::Kind>(constant.kind), constant.integer, constant.real,
          constant.text};
}

NativeFunction functionOf(const ir::Function &fn) {
  NativeFunction made;
  made.params = static_cast<uint32_t>(fn.params.size());
  made.captures = static_cast<uint32_t>(fn.captures.size());
  made.displayName = displayName(fn);
  for (const ir::Block &block : fn.blocks)
    for (const ir::Inst &inst : block.insts)
      made.places.push_back({inst.loc, inst.loc.inlinedAt});
  for (const ir::InlineSite &site : fn.inlineSites)
    made.inlineSites.push_back({site.callee, {site.at, site.at.inlinedAt}});
  return made;
}

/// \errors JitCode
Expected<runtime::NativeEntry, Error> findEntry(const MachineCode &code, const std::string &name) {
  const auto entry = reinterpret_cast<runtime::NativeEntry>(const_cast<void *>(code.find(name)));
  if (!entry)
    return Unexpected(error::make<error::Id::JitCode>("it lacks the function " + name));
  return entry;
}

runtime::NativeTables makeTables(const ir::Module &module, ModulePlan &plan) {
  runtime::NativeTables tables;
  tables.names = std::move(plan.names);
  tables.paths = std::move(plan.paths);
  tables.layouts = std::move(plan.layouts);
  for (const ir::Constant &constant : module.constants)
    tables.constants.push_back(constantOf(constant));
  for (const ir::Function &fn : module.functions)
    tables.functions.push_back(functionOf(fn));
  return tables;
}

/// The tables of a module and the entries of its code. \errors JitCode
Expected<void, Error> fillTables(Program::Impl &program, const Entries &entries) {
  ModulePlan plan = planModule(*program.module, entries.everyFunction);
  program.tables = makeTables(*program.module, plan);
  for (ir::FunctionId id = 0; id < program.tables.functions.size(); ++id) {
    if (!plan.needsEntry[id])
      continue;
    BL_TRY(program.tables.functions[id].entry, findEntry(program.code, entryName(id)));
  }
  for (const LoopPoint &loop : entries.loops) {
    BL_TRY(auto entry, findEntry(program.code, loopName(loop)));
    program.loops.push_back(entry);
  }
  return {};
}

/// What is in the cache. \returns false, with nothing loaded, when it is not there
bool loadCached(Program::Impl &program, const Cache &cache, const CacheKey &key,
                const Options &options) {
  const std::optional<std::string> object = cache.get(key);
  if (!object)
    return false;
  auto code = MachineCode::load(*object, options.debug.enabled);
  if (!code)
    return false;
  program.code = std::move(*code);
  program.fromCache = fillTables(program, options.entries).has_value();
  if (!program.fromCache) {
    program.tables = {};
    program.loops.clear();
  }
  return program.fromCache;
}

void tellProfilers(const Program::Impl &program, const Options &options) {
  if (options.perfMap)
    writePerfMap(program.code, *program.module);
  if (!options.jitDumpFolder.empty())
    writeJitDump(program.code, *program.module, options.jitDumpFolder,
                 options.debug.source.starts_with('/')
                     ? options.debug.source
                     : options.debug.folder + "/" + options.debug.source);
}

} // namespace

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::~Program() = default;

bool Program::fromCache() const { return impl_->fromCache; }
size_t Program::codeBytes() const { return impl_->code.bytes(); }

bool Program::hasEntry(ir::FunctionId function) const {
  return impl_->tables.functions[function].entry != nullptr;
}

std::unique_ptr<Program> Program::find(const ir::Module &module, const Options &options) {
  if (!isAvailable() || options.cacheFolder.empty())
    return nullptr;
  auto impl = std::make_unique<Impl>();
  impl->module = &module;
  const CacheKey key = cacheKey(module, options);
  if (!loadCached(*impl, Cache(options.cacheFolder), key, options))
    return nullptr;
  tellProfilers(*impl, options);
  return std::unique_ptr<Program>(new Program(std::move(impl)));
}

Expected<std::unique_ptr<Program>, Error> Program::compile(const ir::Module &module,
                                                           const Options &options) {
  auto impl = std::make_unique<Impl>();
  impl->module = &module;
  std::optional<CacheKey> key;
  const Cache cache(options.cacheFolder);
  if (isAvailable() && !options.cacheFolder.empty())
    key = cacheKey(module, options);
  if (!key || !loadCached(*impl, cache, *key, options)) {
    const BackendRequest request{backendAbi(),          &module,
                                 BackendOutput::Object, true,
                                 options.optimise,      {},
                                 options.debug.enabled, options.debug.source,
                                 options.debug.folder,  &options.entries};
    BL_TRY(const std::string object, compileWithBackend(request));
    auto code = MachineCode::load(object, options.debug.enabled);
    if (!code)
      return Unexpected(error::make<error::Id::JitCode>(code.error()));
    impl->code = std::move(*code);
    BL_CHECK(fillTables(*impl, options.entries));
    if (key)
      cache.put(*key, object);
  }
  tellProfilers(*impl, options);
  return std::unique_ptr<Program>(new Program(std::move(impl)));
}

Session::Session(const Program &program, runtime::Heap &heap, runtime::FunctionValues *functions)
    : impl_(new Impl{program.impl(),
                     runtime::NativeMachine(program.impl().tables, heap, functions)}) {}

Session::~Session() = default;

runtime::Result<void> Session::run(const ir::TransformEntry &transform, runtime::Context &context) {
  return impl_->machine.run(transform.function, context);
}

runtime::Result<runtime::Value> Session::enter(ir::FunctionId function,
                                               runtime::FunctionObject *closure,
                                               std::span<runtime::Value> args,
                                               runtime::Context &context, int64_t &fuel) {
  return impl_->machine.enter(function, closure, args, context, fuel);
}

runtime::Result<runtime::Value> Session::enterLoop(size_t loop, runtime::FunctionObject *closure,
                                                   std::span<runtime::Value> values,
                                                   std::unique_ptr<runtime::TrapInfo> caught,
                                                   runtime::Context &context, int64_t &fuel) {
  std::vector<runtime::Value> live(values.size() + 1);
  std::move(values.begin(), values.end(), live.begin());
  // Behind the values stands the address of what was caught; the code owns it from here on.
  const uint64_t words[] = {static_cast<uint64_t>(runtime::Tag::Null),
                            reinterpret_cast<uint64_t>(caught.release())};
  static_assert(sizeof words == sizeof(runtime::Value));
  std::memcpy(static_cast<void *>(&live.back()), words, sizeof words);
  return impl_->machine.enter(impl_->program.loops[loop], closure, live.data(), context, fuel);
}

void Session::releaseValues() { impl_->machine.releaseValues(); }

runtime::NativeTables tablesOf(const ir::Module &module) {
  ModulePlan plan = planModule(module);
  return makeTables(module, plan);
}

Expected<std::string, Error> emit(const ir::Module &module, Form form, const EmitOptions &options) {
  static constexpr BackendOutput kOutputs[] = {BackendOutput::Text, BackendOutput::Bitcode,
                                               BackendOutput::Assembly, BackendOutput::Object};
  return compileWithBackend({backendAbi(), &module, kOutputs[static_cast<size_t>(form)], false,
                             options.optimise, options.image, options.debug.enabled,
                             options.debug.source, options.debug.folder});
}

} // namespace branchline::jit
