// The façade: programs, sessions, other forms.
#include "branchline/JIT/JIT.h"

#include "Cache.h"
#include "JitDump.h"
#include "OpenBackend.h"
#include "PerfMap.h"
#include "Plan.h"
#include "branchline/JIT/ObjectLoader.h"

#include "branchline/Lang/Errors.h"

namespace branchline::jit {

using runtime::NativeConstant;
using runtime::NativeFunction;
using runtime::NativePlace;

struct Program::Impl {
  const ir::Module *module = nullptr;
  MachineCode code;
  runtime::NativeTables tables;
  bool fromCache = false;
};

struct Session::Impl {
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
Expected<void, Error> fillTables(Program::Impl &program) {
  ModulePlan plan = planModule(*program.module);
  program.tables = makeTables(*program.module, plan);
  for (ir::FunctionId id = 0; id < program.tables.functions.size(); ++id) {
    if (!plan.needsEntry[id])
      continue;
    const std::string name = entryName(id);
    const void *entry = program.code.find(name);
    if (!entry)
      return Unexpected(error::make<error::Id::JitCode>("it lacks the function " + name));
    program.tables.functions[id].entry =
        reinterpret_cast<runtime::NativeEntry>(const_cast<void *>(entry));
  }
  return {};
}

} // namespace

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::~Program() = default;

bool Program::fromCache() const { return impl_->fromCache; }
size_t Program::codeBytes() const { return impl_->code.bytes(); }

Expected<std::unique_ptr<Program>, Error> Program::compile(const ir::Module &module,
                                                           const Options &options) {
  auto impl = std::make_unique<Impl>();
  impl->module = &module;
  std::optional<CacheKey> key;
  const Cache cache(options.cacheFolder);
  if (isAvailable() && !options.cacheFolder.empty()) {
    key = cacheKey(module, options);
    if (std::optional<std::string> object = cache.get(*key))
      if (auto code = MachineCode::load(*object, options.debug.enabled)) {
        impl->code = std::move(*code);
        impl->fromCache = fillTables(*impl).has_value();
      }
  }
  if (!impl->fromCache) {
    impl->tables = {};
    const BackendRequest request{
        backendAbi(),        &module, BackendOutput::Object, true,
        options.optimise,    {},      options.debug.enabled, options.debug.source,
        options.debug.folder};
    BL_TRY(const std::string object, compileWithBackend(request));
    auto code = MachineCode::load(object, options.debug.enabled);
    if (!code)
      return Unexpected(error::make<error::Id::JitCode>(code.error()));
    impl->code = std::move(*code);
    BL_CHECK(fillTables(*impl));
    if (key)
      cache.put(*key, object);
  }
  if (options.perfMap)
    writePerfMap(impl->code, module);
  if (!options.jitDumpFolder.empty())
    writeJitDump(impl->code, module, options.jitDumpFolder,
                 options.debug.source.starts_with('/')
                     ? options.debug.source
                     : options.debug.folder + "/" + options.debug.source);
  return std::unique_ptr<Program>(new Program(std::move(impl)));
}

Session::Session(const Program &program, runtime::Heap &heap)
    : impl_(new Impl{runtime::NativeMachine(program.impl().tables, heap)}) {}

Session::~Session() = default;

runtime::Result<void> Session::run(const ir::TransformEntry &transform, runtime::Context &context) {
  return impl_->machine.run(transform.function, context);
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
