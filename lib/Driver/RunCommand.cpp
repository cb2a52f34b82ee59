// `blc run` and `blc exec`, step by step.
#include "branchline/Driver/RunCommand.h"

#include "branchline/Bytecode/File.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Lang/Errors.h"

#include "BytecodeFile.h"
#include "EngineComparison.h"
#include "Execution.h"
#include "OutputFile.h"
#include "Passes.h"
#include "ScriptFile.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <memory>

namespace branchline::driver {
namespace {

/// One command. Each step returns nothing when the next one may follow, else the status, reported.
class ProgramRun {
public:
  ProgramRun(const RunOptions &options, Reporter &reporter)
      : options_(options), reporter_(reporter), system_(reporter.system()) {}

  ExitStatus run();
  const StageTimes &times() const { return times_; }
  std::string renderStats() const {
    return executions_.empty() ? std::string() : executions_.front()->renderStats();
  }

private:
  using Step = std::optional<ExitStatus>;

  Step checkOptions();
  Step loadProgram();
  Step compile();
  Step loadBytecode();
  Step selectTransform();
  Step readDocument();
  Step execute();
  Step compareEngines();
  Step writeResult();

  Step fail(const Error &error) { return reporter_.report(error); }
  Step fail(const Failure &failure);
  /// A run with everything but the program. \returns null after reporting
  Execution *newExecution(Printing printing, Step &failed);
  Step prepare(const Engine &engine, std::unique_ptr<ir::Module> module, Execution &execution);
  /// Runs an execution and makes its text. \returns why there is none
  std::optional<Failure> complete(Execution &execution);

  const RunOptions &options_;
  Reporter &reporter_;
  System &system_;
  StageTimes times_;

  format::OutputPath path_;
  std::string outputTarget_;
  std::optional<Compilation> compilation_;
  std::unique_ptr<bytecode::Program> program_; // until it is handed to an execution
  std::optional<SourceText> bytecodeSource_;
  const SourceText *source_ = nullptr; // for reports
  std::vector<std::string> transforms_;
  std::vector<bytecode::SharedResource> shared_;
  size_t transform_ = 0;
  format::InputBuffer document_;
  std::vector<std::unique_ptr<Execution>> executions_;
};

ExitStatus ProgramRun::run() {
  using Method = Step (ProgramRun::*)();
  static constexpr Method kSteps[] = {&ProgramRun::checkOptions,    &ProgramRun::loadProgram,
                                      &ProgramRun::selectTransform, &ProgramRun::readDocument,
                                      &ProgramRun::execute,         &ProgramRun::writeResult};
  Step ended;
  for (Method step : kSteps)
    if (ended = (this->*step)(); ended)
      break;
  system_.listening = false;
  return ended.value_or(ExitStatus::Ok);
}

ProgramRun::Step ProgramRun::fail(const Failure &failure) {
  return failure.error ? reporter_.report(*failure.error)
                       : reporter_.report(*source_, *failure.trap);
}

ProgramRun::Step ProgramRun::checkOptions() {
  auto path = format::OutputPath::parse(options_.outputPath);
  if (!path)
    return fail(path.error());
  path_ = std::move(*path);
  if (options_.outputFile) {
    auto target = outputFileTarget(*options_.outputFile, system_);
    if (!target)
      return fail(target.error());
    outputTarget_ = std::move(*target);
  }
  return std::nullopt;
}

// --- The program ---

ProgramRun::Step ProgramRun::loadProgram() {
  return options_.isBytecode ? loadBytecode() : compile();
}

ProgramRun::Step ProgramRun::compile() {
  auto text = [&] {
    auto scope = times_.measure(Stage::ReadScript);
    return readScript(options_.script, system_);
  }();
  if (!text)
    return fail(text.error());
  compilation_.emplace(scriptName(options_.script), std::move(*text));
  const auto compiled = compilation_->compile(CompileTo::Module, {}, times_);
  if (!compiled)
    return fail(compiled.error());
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

ProgramRun::Step ProgramRun::loadBytecode() {
  auto program = [&] {
    auto scope = times_.measure(Stage::Load);
    return readBytecode(options_.script, system_);
  }();
  if (!program)
    return fail(program.error());
  program_ = std::move(*program);
  // The command line registers no host functions, so that imports of the host cannot be there.
  if (const auto missing = bytecode::missingHostFunctions(*program_, {}); !missing.empty()) {
    Error error =
        error::make<error::Id::MissingHostFunctions>(fmt::format("{}", fmt::join(missing, ", ")));
    error.file = scriptName(options_.script);
    return fail(error);
  }
  bytecodeSource_ = sourceOf(*program_, options_.script);
  source_ = &*bytecodeSource_;
  for (const bytecode::TransformEntry &entry : program_->transforms)
    transforms_.push_back(entry.name);
  shared_ = program_->shared;
  return std::nullopt;
}

ProgramRun::Step ProgramRun::selectTransform() {
  const auto found = options_.transform.empty()
                         ? transforms_.begin()
                         : std::find(transforms_.begin(), transforms_.end(), options_.transform);
  if (found != transforms_.end()) {
    transform_ = static_cast<size_t>(found - transforms_.begin());
    return std::nullopt;
  }
  Error error = error::make<error::Id::TransformNotFound>(options_.transform);
  error.file = options_.script;
  for (const std::string &name : transforms_)
    if (!name.empty())
      error.hint += (error.hint.empty() ? "the program has " : ", ") + name;
  return fail(error);
}

// --- The document ---

ProgramRun::Step ProgramRun::readDocument() {
  if (!options_.input)
    return std::nullopt;
  auto scope = times_.measure(Stage::ReadInput);
  auto document = *options_.input == "-" ? system_.readStdin()
                                         : system_.readFile(*options_.input, System::Access::Map);
  if (!document)
    return fail(document.error());
  document_ = std::move(*document);
  return std::nullopt;
}

Execution *ProgramRun::newExecution(Printing printing, Step &failed) {
  executions_.push_back(std::make_unique<Execution>(options_, system_, printing));
  Execution &execution = *executions_.back();
  auto scope = times_.measure(Stage::ReadInput);
  const std::string_view document = document_.text();
  const auto read = execution.readInput(options_.input ? &document : nullptr);
  if (read)
    return &execution;
  Error error = read.error();
  error.file = *options_.input == "-" ? "<stdin>" : *options_.input;
  failed = reporter_.report(error, document);
  return nullptr;
}

// --- Execution ---

ProgramRun::Step ProgramRun::prepare(const Engine &engine, std::unique_ptr<ir::Module> module,
                                     Execution &execution) {
  const std::string passes =
      options_.passes.value_or(std::string(engine.optimises ? kDefaultPasses : ""));
  if (const auto optimised = optimise(*module, passes, options_.verifyEach, times_); !optimised)
    return fail(optimised.error());
  auto scope = times_.measure(Stage::Prepare);
  auto executable = engine.prepare(std::move(module));
  if (!executable)
    return fail(executable.error());
  execution.setProgram(std::move(*executable), shared_);
  return std::nullopt;
}

std::optional<Failure> ProgramRun::complete(Execution &execution) {
  {
    auto scope = times_.measure(Stage::Run);
    if (auto failure = execution.run(transform_))
      return failure;
  }
  auto scope = times_.measure(Stage::Format);
  return execution.format(path_);
}

ProgramRun::Step ProgramRun::execute() {
  if (options_.allEngines)
    return compareEngines();
  Step failed;
  Execution *execution = newExecution(Printing::AtOnce, failed);
  if (!execution)
    return failed;
  if (options_.isBytecode) {
    execution->setProgram(prepareBytecode(std::move(program_)), shared_);
  } else {
    const Engine *engine = options_.engine ? options_.engine : findEngine(kDefaultEngine);
    if (failed = prepare(*engine, std::move(compilation_->module), *execution); failed)
      return failed;
  }
  const std::optional<Failure> failure = complete(*execution);
  return failure ? fail(*failure) : Step();
}

/// Runs every engine. The first one is the judge of the others; its outcome is what the user sees.
ProgramRun::Step ProgramRun::compareEngines() {
  std::vector<std::optional<Failure>> failures;
  for (const Engine &engine : engines()) {
    Step failed;
    Execution *execution = newExecution(Printing::Kept, failed);
    if (!execution)
      return failed;
    auto module = std::make_unique<ir::Module>(*compilation_->module);
    if (failed = prepare(engine, std::move(module), *execution); failed)
      return failed;
    failures.push_back(complete(*execution));
    if (system_.interrupt)
      return fail(*execution->stopReason());
  }
  auto outcome = [&](size_t i) {
    return Outcome{executions_[i]->printed(), executions_[i]->text(),
                   failures[i] ? &*failures[i] : nullptr};
  };
  for (size_t i = 1; i < executions_.size(); ++i)
    if (const auto d = compareOutcomes(outcome(i), outcome(0)))
      return fail(error::make<error::Id::EnginesDiffer>(engines()[i].name, engines()[0].name,
                                                        d->what, d->found, d->expected));
  if (const auto written = system_.writeStdout(executions_.front()->printed()); !written)
    return fail(written.error());
  return failures.front() ? fail(*failures.front()) : Step();
}

// --- The result ---

ProgramRun::Step ProgramRun::writeResult() {
  const Execution &execution = *executions_.front();
  if (const auto stopped = execution.stopReason())
    return fail(*stopped);
  auto scope = times_.measure(Stage::Write);
  // From here on an interrupt may end the process: a reader that does not read must not hold us.
  system_.listening = false;
  if (const auto written = system_.writeStdout(execution.text()); !written)
    return fail(written.error());
  if (!outputTarget_.empty()) {
    // A file is replaced as a whole; a second interrupt still ends the process.
    system_.listening = true;
    if (const auto written = system_.replaceFile(outputTarget_, execution.text()); !written)
      return fail(written.error());
  }
  const auto stopped = execution.stopReason();
  return stopped ? fail(*stopped) : Step();
}

} // namespace

RunOptions runOptionsOf(const CommandLine &line) {
  RunOptions options;
  auto optional = [&](Option option) {
    return line.has(option) ? std::optional<std::string>(line.text(option)) : std::nullopt;
  };
  options.script = line.operands().front();
  options.isBytecode = line.command() == Command::Exec;
  options.input = optional(Option::Input);
  options.transform = line.text(Option::Transform);
  const std::string_view numbers = line.text(Option::JsonNumbers);
  options.numbers = numbers == "strict"     ? format::JsonNumbers::Strict
                    : numbers == "extended" ? format::JsonNumbers::Extended
                                            : format::JsonNumbers::Safe;
  options.keys = line.text(Option::JsonKeyMode) == "numeric" ? format::JsonKeys::Numeric
                                                             : format::JsonKeys::String;
  const std::string_view layout = line.text(Option::OutputFormat);
  options.layout = layout == "json-compact"     ? format::JsonFormat::Compact
                   : layout == "json-canonical" ? format::JsonFormat::Canonical
                                                : format::JsonFormat::Pretty;
  options.outputPath = line.text(Option::OutputPath);
  options.raw = line.has(Option::OutputRaw);
  options.outputFile = optional(Option::OutputFile);
  options.engine = findEngine(line.text(Option::Engine));
  options.allEngines = line.text(Option::Engine) == kAllEngines;
  options.passes = passesOf(line);
  options.verifyEach = line.has(Option::VerifyEach);
  options.limits.callDepth =
      static_cast<uint32_t>(std::min<uint64_t>(line.number(Option::MaxCallDepth), runtime::kMaxCallDepth));
  options.limits.instructions = line.number(Option::MaxInstructions);
  options.limits.memoryBytes = line.number(Option::MaxMemory);
  options.limits.outputBytes = line.number(Option::MaxOutput);
  options.limits.deadlineMs = line.number(Option::Deadline);
  options.maxInputDepth = static_cast<uint32_t>(
      std::min<uint64_t>(line.number(Option::MaxInputDepth), format::kMaxJsonDepth));
  options.maxInputBytes = line.number(Option::MaxInputSize);
  options.time = line.has(Option::Time);
  options.stats = line.has(Option::Stats);
  return options;
}

ExitStatus runProgram(const RunOptions &options, Reporter &reporter) {
  auto run = std::make_unique<ProgramRun>(options, reporter);
  const ExitStatus status = run->run();
  if (options.time)
    reporter.system().writeStderr(run->times().render());
  if (options.stats)
    reporter.system().writeStderr(run->renderStats());
  // Freeing a large document value by value takes a tenth of the time of reading it; the system
  // takes the memory back at once.
  if (reporter.system().endsProcess())
    (void)run.release();
  return status;
}

} // namespace branchline::driver
