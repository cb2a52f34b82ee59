// `blc run` and `blc exec`, step by step.
#include "branchline/Driver/RunCommand.h"

#include "branchline/Lang/Errors.h"

#include "EngineComparison.h"
#include "Execution.h"
#include "OutputFile.h"
#include "RunnableProgram.h"
#include "StreamRun.h"

#include <algorithm>
#include <memory>

namespace branchline::driver {
namespace {

/// One command, step by step.
class ProgramRun {
public:
  ProgramRun(const RunOptions &options, Reporter &reporter, StageTimes &times,
             RunnableProgram &program)
      : options_(options), reporter_(reporter), system_(reporter.system()), times_(times),
        program_(program) {}

  ExitStatus run();
  std::string renderStats() const {
    if (executions_.empty())
      return {};
    EngineStats stats;
    for (const std::unique_ptr<Execution> &execution : executions_)
      execution->addStats(stats);
    return executions_.front()->renderStats() + renderEngineStats(program_.engine(), stats);
  }

private:
  Step checkOptions();
  Step loadProgram() { return program_.load(); }
  Step selectTransform() { return program_.selectTransform(); }
  Step readDocument();
  Step execute();
  Step compareEngines();
  Step writeResult();

  Step fail(const Error &error) { return reporter_.report(error); }
  Step fail(const Failure &failure);
  /// A run with everything but the program. \param printed  null: PRINT writes at once
  /// \returns null after reporting
  Execution *newExecution(std::string *printed, Step &failed);
  /// Runs an execution and makes its text. \returns why there is none
  std::optional<Failure> complete(Execution &execution);

  const RunOptions &options_;
  Reporter &reporter_;
  System &system_;
  StageTimes &times_;
  RunnableProgram &program_;

  format::OutputPath path_;
  std::string outputTarget_;
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

Step ProgramRun::fail(const Failure &failure) {
  return failure.error ? reporter_.report(*failure.error)
                       : reporter_.report(program_.source(), *failure.trap);
}

Step ProgramRun::checkOptions() {
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

// --- The document ---

Step ProgramRun::readDocument() {
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

Execution *ProgramRun::newExecution(std::string *printed, Step &failed) {
  executions_.push_back(std::make_unique<Execution>(options_, system_, printed));
  Execution &execution = *executions_.back();
  auto scope = times_.measure(Stage::ReadInput);
  const std::string_view document = document_.text();
  const auto read = execution.readInput(options_.input ? &document : nullptr, program_.plan());
  if (read)
    return &execution;
  Error error = read.error();
  error.file = *options_.input == "-" ? "<stdin>" : *options_.input;
  failed = reporter_.report(error, document);
  return nullptr;
}

// --- Execution ---

std::optional<Failure> ProgramRun::complete(Execution &execution) {
  {
    auto scope = times_.measure(Stage::Run);
    if (auto failure = execution.run(program_.transform()))
      return failure;
  }
  auto scope = times_.measure(Stage::Format);
  return execution.format(path_);
}

Step ProgramRun::execute() {
  if (options_.allEngines)
    return compareEngines();
  std::unique_ptr<Executable> executable;
  if (Step failed = program_.prepare(executable); failed)
    return failed;
  Step failed;
  Execution *execution = newExecution(nullptr, failed);
  if (!execution)
    return failed;
  execution->setProgram(std::move(executable), program_.shared());
  const std::optional<Failure> failure = complete(*execution);
  return failure ? fail(*failure) : Step();
}

/// Runs every engine. The first one is the judge of the others; its outcome is what the user sees.
Step ProgramRun::compareEngines() {
  const std::span<const Engine> engines = program_.engines();
  std::vector<std::string> printed(engines.size());
  std::vector<std::optional<Failure>> failures;
  std::vector<const Engine *> ran;
  for (const Engine &engine : engines) {
    if (!engine.available())
      continue;
    ran.push_back(&engine);
    std::unique_ptr<Executable> executable;
    if (Step failed = program_.prepare(engine, executable); failed)
      return failed;
    Step failed;
    Execution *execution = newExecution(&printed[failures.size()], failed);
    if (!execution)
      return failed;
    execution->setProgram(std::move(executable), program_.shared());
    failures.push_back(complete(*execution));
    if (system_.interrupt)
      return fail(*execution->stopReason());
  }
  auto outcome = [&](size_t i) {
    return Outcome{printed[i], executions_[i]->text(), failures[i] ? &*failures[i] : nullptr};
  };
  for (size_t i = 1; i < executions_.size(); ++i)
    if (const auto d = compareOutcomes(outcome(i), outcome(0)))
      return fail(error::make<error::Id::EnginesDiffer>(ran[i]->name, ran[0]->name, d->what,
                                                        d->found, d->expected));
  if (const auto written = system_.writeStdout(printed.front()); !written)
    return fail(written.error());
  return failures.front() ? fail(*failures.front()) : Step();
}

// --- The result ---

Step ProgramRun::writeResult() {
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

ExitStatus runProgram(const RunOptions &options, Reporter &reporter, StageTimes &times,
                      std::unique_ptr<RunnableProgram> program) {
  if (options.stream)
    return runStream(options, reporter, times, *program);
  auto run = std::make_unique<ProgramRun>(options, reporter, times, *program);
  const ExitStatus status = run->run();
  if (options.time)
    reporter.system().writeStderr(times.render());
  if (options.stats)
    reporter.system().writeStderr(run->renderStats());
  // Freeing a large document value by value takes a tenth of the time of reading it; the system
  // takes the memory back at once. And nobody waits for code that is being compiled.
  if (reporter.system().endsProcess()) {
    (void)run.release();
    (void)program.release();
  }
  return status;
}

} // namespace branchline::driver
