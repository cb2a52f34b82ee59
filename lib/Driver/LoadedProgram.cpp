// From a file to something an engine can run.
#include "LoadedProgram.h"

#include "branchline/Bytecode/File.h"
#include "branchline/Driver/ReadPlans.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Stream/Checkpoint.h"

#include "BytecodeFile.h"
#include "Passes.h"
#include "ScriptFile.h"

#include <fmt/ranges.h>

namespace branchline::driver {

static const Engine &engineOf(const RunOptions &options) {
  return *(options.engine ? options.engine : findEngine(kDefaultEngine));
}

std::string_view LoadedProgram::engine() const {
  if (options_.allEngines)
    return kAllEngines;
  return options_.isBytecode ? findEngine("vm")->name : engineOf(options_).name;
}

Step LoadedProgram::load() { return options_.isBytecode ? loadBytecode() : compile(); }

Step LoadedProgram::compile() {
  auto text = [&] {
    auto scope = times_.measure(Stage::ReadScript);
    return readScript(options_.script, reporter_.system());
  }();
  if (!text)
    return reporter_.report(text.error());
  compilation_.emplace(scriptName(options_.script), std::move(*text));
  const auto compiled = compilation_->compile(CompileTo::Module, {}, times_);
  if (!compiled)
    return reporter_.report(compiled.error());
  const ExitStatus status =
      reporter_.report(compilation_->source, compilation_->sink, Warnings::Essential);
  if (!*compiled)
    return status;
  source_ = &compilation_->source;
  for (const ir::TransformEntry &entry : compilation_->module->transforms)
    transforms_.push_back(entry.name);
  for (const ir::SharedResource &resource : compilation_->module->shared)
    shared_.push_back({resource.name, resource.single});
  return std::nullopt;
}

Step LoadedProgram::loadBytecode() {
  auto program = [&] {
    auto scope = times_.measure(Stage::Load);
    return readBytecode(options_.script, reporter_.system());
  }();
  if (!program)
    return reporter_.report(program.error());
  program_ = std::move(*program);
  // The command line registers no host functions, so that imports of the host cannot be there.
  if (const auto missing = bytecode::missingHostFunctions(*program_, {}); !missing.empty()) {
    Error error =
        error::make<error::Id::MissingHostFunctions>(fmt::format("{}", fmt::join(missing, ", ")));
    error.file = scriptName(options_.script);
    return reporter_.report(error);
  }
  if (options_.limits.callDepth < program_->minCallDepth) {
    Error error =
        error::make<error::Id::InlinedCallDepth>(program_->minCallDepth, options_.limits.callDepth);
    error.file = scriptName(options_.script);
    return reporter_.report(error);
  }
  bytecodeSource_ = sourceOf(*program_, options_.script);
  source_ = &*bytecodeSource_;
  for (const bytecode::TransformEntry &entry : program_->transforms)
    transforms_.push_back(entry.name);
  shared_ = program_->shared;
  return std::nullopt;
}

uint64_t LoadedProgram::fingerprint() const {
  stream::Fingerprint made;
  if (program_)
    return made.add(bytecode::write(*program_)).value();
  return made.add(source_->text()).value();
}

Step LoadedProgram::prepare(std::unique_ptr<Executable> &made) {
  if (options_.isBytecode) {
    made = prepareBytecode(std::move(program_));
    return std::nullopt;
  }
  return prepareModule(engineOf(options_), std::move(compilation_->module), made);
}

Step LoadedProgram::prepare(const Engine &engine, std::unique_ptr<Executable> &made) {
  return prepareModule(engine, std::make_unique<ir::Module>(*compilation_->module), made);
}

Step LoadedProgram::prepareModule(const Engine &engine, std::unique_ptr<ir::Module> module,
                                  std::unique_ptr<Executable> &made) {
  const std::string passes =
      options_.passes.value_or(std::string(engine.optimises ? kDefaultPasses : ""));
  opt::PipelineOptions passOptions;
  passOptions.verifyEach = options_.verifyEach;
  passOptions.keepCalls = options_.limits.callDepth < opt::kInlinedCallDepth;
  if (const auto optimised = optimise(*module, passes, std::move(passOptions), times_); !optimised)
    return reporter_.report(optimised.error());
  auto scope = times_.measure(Stage::Prepare);
  plan_.reset();
  if (engine.optimises)
    plan_ = readPlanOf(*module, module->transforms[transform_], passesText());
  System &system = reporter_.system();
  PrepareOptions preparing{options_.cacheFolder.value_or(system.cacheFolder()),
                           {},
                           options_.perfMap,
                           options_.jitDumpFolder};
  if (options_.debugInfo)
    preparing.debug = {true, std::string(source_->name()), system.currentFolder()};
  // Engines are compared in all of their ways, which take the program through native code.
  preparing.tierAfter = options_.tierAfter.value_or(options_.allEngines ? 0 : tier::kUsualAfter);
  preparing.waitForCode = preparing.tierAfter == 0;
  auto executable = engine.prepare(std::move(module), preparing);
  if (!executable)
    return reporter_.report(executable.error());
  made = std::move(*executable);
  return std::nullopt;
}

Expected<RunOptions, Error> runOptionsOf(const CommandLine &line) {
  BL_TRY(RunOptions options, executionOptionsOf(line));
  options.script = line.operands().front();
  options.isBytecode = line.command() == Command::Exec;
  options.engine = findEngine(line.text(Option::Engine));
  options.allEngines = line.text(Option::Engine) == kAllEngines;
  options.passes = passesOf(line);
  options.verifyEach = line.has(Option::VerifyEach);
  if (line.has(Option::TierAfter))
    options.tierAfter = line.number(Option::TierAfter);
  options.cacheFolder = line.has(Option::NoCache) ? std::optional<std::string>("")
                        : line.has(Option::CacheDir)
                            ? std::optional<std::string>(line.text(Option::CacheDir))
                            : std::nullopt;
  options.debugInfo = line.has(Option::DebugInfo);
  options.perfMap = line.has(Option::PerfMap);
  options.jitDumpFolder = line.text(Option::JitDump);
  return options;
}

ExitStatus runProgram(const RunOptions &options, Reporter &reporter) {
  StageTimes times;
  return runProgram(options, reporter, times,
                    std::make_unique<LoadedProgram>(options, reporter, times));
}

} // namespace branchline::driver
