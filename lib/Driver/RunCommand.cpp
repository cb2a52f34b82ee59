// `blc run`, step by step. Values refer to the heap and to the bytes of the input, so the members
// below are in the order in which they must be made, and go away in the opposite one.
#include "branchline/Driver/RunCommand.h"

#include "branchline/Driver/Compilation.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/Format/OutputPath.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Lang/Spelling.h"
#include "branchline/Runtime/Ops.h"

#include "OutputFile.h"
#include "ScriptFile.h"

#include <algorithm>
#include <memory>

namespace branchline::driver {
namespace {

/// One run. Each step returns nothing when the next one may follow, else the status, reported.
class ProgramRun {
public:
  ProgramRun(const RunOptions &options, Reporter &reporter)
      : options_(options), reporter_(reporter), system_(reporter.system()) {}

  ExitStatus run();
  const StageTimes &times() const { return times_; }
  std::string renderStats() const;

private:
  using Step = std::optional<ExitStatus>;

  Step checkOptions();
  Step compile();
  Step selectTransform();
  Step readInput();
  Step execute();
  Step formatResult();
  Step writeResult();

  Step fail(const Error &error) { return reporter_.report(error); }
  Step failOutputLimit();
  /// Reports that the user stopped the run, when that happened.
  Step checkInterrupt();
  void print(std::string_view text);

  const RunOptions &options_;
  Reporter &reporter_;
  System &system_;
  StageTimes times_;

  format::OutputPath path_;
  std::string outputTarget_;
  std::optional<Compilation> compilation_;
  const ir::TransformEntry *transform_ = nullptr;
  std::optional<Error> printFailure_;
  uint64_t printedBytes_ = 0;
  bool printedTooMuch_ = false;
  format::InputBuffer document_;
  runtime::Heap heap_;
  runtime::SharedStore shared_;
  runtime::Context context_{heap_};
  std::string text_;
};

ExitStatus ProgramRun::run() {
  using Method = Step (ProgramRun::*)();
  static constexpr Method kSteps[] = {&ProgramRun::checkOptions,    &ProgramRun::compile,
                                      &ProgramRun::selectTransform, &ProgramRun::readInput,
                                      &ProgramRun::execute,         &ProgramRun::formatResult,
                                      &ProgramRun::writeResult};
  Step ended;
  for (Method step : kSteps)
    if (ended = (this->*step)(); ended)
      break;
  system_.listening = false;
  return ended.value_or(ExitStatus::Ok);
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
  return *compiled ? Step() : Step(status);
}

ProgramRun::Step ProgramRun::selectTransform() {
  const ir::Module &module = *compilation_->module;
  transform_ = module.findTransform(options_.transform);
  if (transform_ != nullptr)
    return std::nullopt;
  Error error = error::make<error::Id::TransformNotFound>(options_.transform);
  error.file = options_.script;
  for (const ir::TransformEntry &entry : module.transforms)
    if (!entry.name.empty())
      error.hint += (error.hint.empty() ? "the program has " : ", ") + entry.name;
  return fail(error);
}

ProgramRun::Step ProgramRun::readInput() {
  heap_.setMemoryLimit(options_.limits.memoryBytes);
  if (!options_.input) {
    context_.input = heap_.object();
    return std::nullopt;
  }
  auto scope = times_.measure(Stage::ReadInput);
  const bool isStdin = *options_.input == "-";
  auto document =
      isStdin ? system_.readStdin() : system_.readFile(*options_.input, System::Access::Map);
  if (!document)
    return fail(document.error());
  document_ = std::move(*document);
  format::JsonReadOptions reading;
  reading.numbers = options_.numbers;
  reading.keys = options_.keys;
  reading.maxDepth = options_.maxInputDepth;
  if (options_.maxInputBytes != 0)
    reading.maxBytes = std::min(options_.maxInputBytes, format::kMaxJsonBytes);
  auto value = format::readJson(heap_, document_.text(), reading);
  if (!value) {
    Error error = value.error();
    error.file = isStdin ? "<stdin>" : *options_.input;
    return reporter_.report(error, document_.text());
  }
  context_.input = std::move(*value);
  return std::nullopt;
}

void ProgramRun::print(std::string_view text) {
  if (printFailure_ || printedTooMuch_)
    return;
  // A callback cannot raise: the run ends at its next safe point, and then we say why.
  printedBytes_ += text.size();
  if (options_.limits.outputBytes != 0 && printedBytes_ > options_.limits.outputBytes)
    printedTooMuch_ = true;
  else if (auto written = system_.writeStdout(text); !written)
    printFailure_ = written.error();
  if (printFailure_ || printedTooMuch_)
    system_.interrupt = true;
}

ProgramRun::Step ProgramRun::failOutputLimit() {
  return reporter_.report(compilation_->source,
                          runtime::makeTrap<TrapId::OutputLimit>(options_.limits.outputBytes));
}

ProgramRun::Step ProgramRun::checkInterrupt() {
  if (printFailure_)
    return fail(*printFailure_);
  if (printedTooMuch_)
    return failOutputLimit();
  if (!system_.interrupt)
    return std::nullopt;
  return reporter_.report(compilation_->source, runtime::makeTrap<TrapId::Interrupted>());
}

ProgramRun::Step ProgramRun::execute() {
  auto scope = times_.measure(Stage::Run);
  const ir::Module &module = *compilation_->module;
  for (const ir::SharedResource &resource : module.shared)
    shared_.declare(resource.name,
                    resource.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
  context_.limits = options_.limits;
  context_.shared = &shared_;
  context_.interrupt = &system_.interrupt;
  context_.print = [this](std::string_view text) { print(text); };
  context_.started = std::chrono::steady_clock::now();
  system_.listening = true;
  const Engine &engine = options_.engine != nullptr ? *options_.engine : engines().front();
  const runtime::Result<void> result = engine.run(module, *transform_, context_);
  if (Step stopped = checkInterrupt())
    return stopped;
  return result ? Step() : Step(reporter_.report(compilation_->source, result.error()));
}

ProgramRun::Step ProgramRun::formatResult() {
  auto scope = times_.measure(Stage::Format);
  const runtime::Result<runtime::Value> keyed = runtime::stringifyKeys(heap_, context_.collapse());
  if (!keyed)
    return reporter_.report(compilation_->source, keyed.error());
  const runtime::Value selected = path_.select(heap_, *keyed);
  format::JsonWriteOptions writing;
  writing.format = options_.layout;
  writing.numbers = options_.numbers;
  // What PRINT wrote counts; a limit that is used up to the last byte is not 0, which means none.
  const uint64_t limit = options_.limits.outputBytes;
  writing.maxBytes = limit == 0 ? 0 : std::max<uint64_t>(limit - printedBytes_, 1);
  const auto written = options_.raw ? format::writeRaw(text_, selected, writing)
                                    : format::writeJson(text_, selected, writing);
  if (!written && written.error().code == error::info(error::Id::OutputSize).code)
    return failOutputLimit();
  if (!written)
    return fail(written.error());
  text_ += '\n';
  return std::nullopt;
}

ProgramRun::Step ProgramRun::writeResult() {
  if (Step stopped = checkInterrupt())
    return stopped;
  auto scope = times_.measure(Stage::Write);
  // From here on an interrupt may end the process: a reader that does not read must not hold us.
  system_.listening = false;
  if (const auto written = system_.writeStdout(text_); !written)
    return fail(written.error());
  if (!outputTarget_.empty()) {
    // A file is replaced as a whole; a second interrupt still ends the process.
    system_.listening = true;
    if (const auto written = system_.replaceFile(outputTarget_, text_); !written)
      return fail(written.error());
  }
  return checkInterrupt();
}

std::string ProgramRun::renderStats() const {
  const runtime::HeapStats &heap = heap_.stats();
  return fmt::format("{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n", "instructions",
                     context_.instructionsUsed, "outputs", context_.outputs.size(),
                     "peak memory in bytes", heap.peakBytes, "memory taken in bytes",
                     heap.bytesReserved);
}

} // namespace

RunOptions runOptionsOf(const CommandLine &line) {
  RunOptions options;
  auto optional = [&](Option option) {
    return line.has(option) ? std::optional<std::string>(line.text(option)) : std::nullopt;
  };
  options.script = line.operands().front();
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
  options.limits.callDepth =
      static_cast<uint32_t>(std::min<uint64_t>(line.number(Option::MaxCallDepth), UINT32_MAX));
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
