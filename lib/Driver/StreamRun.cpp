// The steps of a stream, in the order of those of a single run: options, program, transform,
// inputs, records, what is left to do at the end.
#include "StreamRun.h"

#include "branchline/Lang/Errors.h"

#include "RecordWorker.h"
#include "StreamFeed.h"
#include "StreamOutput.h"

#include <algorithm>
#include <memory>
#include <thread>

namespace branchline::driver {
namespace {

class StreamRun {
public:
  StreamRun(const RunOptions &options, Reporter &reporter, StageTimes &times,
            RunnableProgram &program)
      : options_(options), stream_(*options.stream), reporter_(reporter),
        system_(reporter.system()), times_(times), program_(program) {}

  ExitStatus run();
  std::string renderStats() const;

private:
  Step checkOptions();
  Step loadProgram() { return program_.load(); }
  Step selectTransform() { return program_.selectTransform(); }
  Step findStreams();
  Step resume();
  Step openStreams();
  Step prepareWorkers();
  Step process();
  Step finish();

  Step fail(const Error &error) { return reporter_.report(error); }
  Step runSlurped();
  Step checkInPlace() const;
  void fingerprint();
  unsigned threads() const;

  const RunOptions &options_;
  const StreamOptions &stream_;
  Reporter &reporter_;
  System &system_;
  StageTimes &times_;
  RunnableProgram &program_;

  format::OutputPath path_;
  std::vector<std::string> targets_;
  stream::Checkpoint start_;
  std::optional<StreamFeed> feed_;
  std::optional<StreamOutput> output_;
  std::unique_ptr<SlurpWorker> slurp_;
  std::vector<std::unique_ptr<RecordWorker>> workers_;
};

ExitStatus StreamRun::run() {
  using Method = Step (StreamRun::*)();
  static constexpr Method kSteps[] = {
      &StreamRun::checkOptions,   &StreamRun::loadProgram, &StreamRun::selectTransform,
      &StreamRun::findStreams,    &StreamRun::resume,      &StreamRun::openStreams,
      &StreamRun::prepareWorkers, &StreamRun::process,     &StreamRun::finish};
  Step ended;
  for (Method step : kSteps)
    if (ended = (this->*step)(); ended)
      break;
  system_.listening = false;
  if (output_ && (stream_.summary || system_.isErrorTerminal()))
    system_.writeStderr(reporter_.format() == ErrorFormat::Json ? summaryJson(output_->amounts())
                                                                : summaryText(output_->amounts()));
  return ended.value_or(ExitStatus::Ok);
}

Step StreamRun::checkOptions() {
  auto path = format::OutputPath::parse(options_.outputPath);
  if (!path)
    return fail(path.error());
  path_ = std::move(*path);
  return std::nullopt;
}

// --- Inputs and outputs ---

Step StreamRun::findStreams() {
  auto inputs = expandInputs(stream_.inputs, system_);
  if (!inputs)
    return fail(inputs.error());
  auto targets = options_.outputFile ? outputTargets(*options_.outputFile, *inputs, system_)
                                     : std::vector<std::string>{"-"};
  if (!targets)
    return fail(targets.error());
  targets_ = std::move(*targets);
  stream::FramerOptions framing;
  framing.framing = stream_.framing;
  framing.splitPath = stream_.splitPath;
  framing.maxDepth = options_.maxInputDepth;
  feed_.emplace(system_, std::move(*inputs), std::move(framing));
  return std::nullopt;
}

/// Files that grow in place must not be read at the same time.
Step StreamRun::checkInPlace() const {
  std::vector<std::string> written = targets_;
  if (stream_.errorsFile)
    written.push_back(*stream_.errorsFile);
  for (const std::string &output : written)
    for (const std::string &input : feed_->inputs()) {
      const std::optional<FileState> a = system_.stateOf(output), b = system_.stateOf(input);
      if (a && b && a->device == b->device && a->node == b->node)
        return reporter_.report(error::make<error::Id::OutputIsInput>(output));
    }
  return std::nullopt;
}

void StreamRun::fingerprint() {
  start_.program = program_.fingerprint();
  stream::Fingerprint options;
  options.add(options_.transform).add(options_.outputPath).add(stream_.splitPath);
  for (const std::string &target : targets_)
    options.add(target);
  options.add(stream_.errorsFile.value_or(""));
  for (const auto number :
       {static_cast<uint64_t>(stream_.framing), static_cast<uint64_t>(stream_.values),
        static_cast<uint64_t>(stream_.onError), static_cast<uint64_t>(options_.layout),
        static_cast<uint64_t>(options_.numbers), static_cast<uint64_t>(options_.keys),
        static_cast<uint64_t>(options_.raw)})
    options.add(number);
  start_.options = options.value();
  stream::Fingerprint inputs;
  for (const std::string &input : feed_->inputs()) {
    const FileState state = system_.stateOf(input).value_or(FileState());
    inputs.add(input).add(state.bytes).add(state.modified);
  }
  start_.inputs = inputs.value();
}

/// Finds out where to start.
Step StreamRun::resume() {
  if (!stream_.checkpoint)
    return std::nullopt;
  if (Step failed = checkInPlace(); failed)
    return failed;
  fingerprint();
  if (!stream_.resume)
    return std::nullopt;
  const auto loaded = stream::loadCheckpoint(*stream_.checkpoint);
  if (!loaded)
    return fail(loaded.error());
  if (!*loaded)
    return std::nullopt;
  const stream::Checkpoint &found = **loaded;
  const char *foreign = found.program != start_.program   ? "another program"
                        : found.options != start_.options ? "other options"
                        : found.inputs != start_.inputs   ? "other inputs, or they have changed"
                        : found.input >= feed_->inputs().size() ? "more inputs"
                                                                : nullptr;
  if (foreign) {
    Error error = error::make<error::Id::CheckpointForeign>(*stream_.checkpoint, foreign);
    error.file = *stream_.checkpoint;
    return fail(error);
  }
  start_ = found;
  return std::nullopt;
}

Step StreamRun::openStreams() {
  system_.listening = true;
  output_.emplace(options_, reporter_, *feed_, program_.source(), targets_);
  if (start_.complete != 0)
    return ExitStatus::Ok;
  if (start_.records != 0) {
    const auto lines = feed_->skipTo(static_cast<uint32_t>(start_.input), start_.offset,
                                     start_.lines, start_.inputRecords);
    if (!lines)
      return fail(lines.error());
    start_.lines = *lines;
  }
  if (const auto opened = output_->open(start_); !opened)
    return fail(opened.error());
  return std::nullopt;
}

// --- Records ---

/// What is needed of each record when the document is the list of them. \param plan  may be null
static const format::ReadPlan *itemsOf(const format::ReadPlan *plan) {
  if (plan == nullptr || plan->need != format::ReadPlan::Need::Parts || !plan->counted)
    return nullptr;
  return plan->items.get();
}

/// One for each core, but no more than there are chunks for.
unsigned StreamRun::threads() const {
  const unsigned wanted =
      stream_.threads != 0 ? stream_.threads : std::max(1u, std::thread::hardware_concurrency());
  const std::optional<uint64_t> bytes = feed_->totalBytes();
  if (!bytes)
    return wanted;
  return static_cast<unsigned>(
      std::min<uint64_t>(wanted, *bytes / stream::FramerOptions().chunkBytes + 1));
}

Step StreamRun::prepareWorkers() {
  std::unique_ptr<Executable> executable;
  if (Step failed = program_.prepare(executable); failed)
    return failed;
  const RecordJob job{options_,
                      system_,
                      program_.shared(),
                      program_.transform(),
                      path_,
                      stream_.slurp ? itemsOf(program_.plan()) : program_.plan(),
                      targets_.front() != "-" || stream_.values != ValueFraming::Lines};
  if (stream_.slurp) {
    slurp_ = std::make_unique<SlurpWorker>(job, std::move(executable));
    return std::nullopt;
  }
  for (unsigned i = 1; i < threads(); ++i)
    workers_.push_back(std::make_unique<RecordWorker>(job, executable->another()));
  workers_.push_back(std::make_unique<RecordWorker>(job, std::move(executable)));
  return std::nullopt;
}

Step StreamRun::process() {
  auto scope = times_.measure(Stage::Run);
  std::vector<stream::Worker *> workers;
  if (slurp_)
    workers.push_back(slurp_.get());
  for (const std::unique_ptr<RecordWorker> &worker : workers_)
    workers.push_back(worker.get());
  stream::PipelineOptions pipeline;
  pipeline.ordered = stream_.ordered;
  pipeline.interrupt = &system_.interrupt;
  const auto processed = stream::runPipeline(*feed_, workers, *output_, pipeline);
  if (output_->ended())
    return output_->ended();
  if (system_.interrupt) {
    output_->breakOff();
    return reporter_.report(program_.source(), runtime::makeTrap<TrapId::Interrupted>());
  }
  if (!processed) {
    output_->breakOff();
    return fail(processed.error());
  }
  return slurp_ ? runSlurped() : Step();
}

Step StreamRun::runSlurped() {
  stream::Batch batch;
  if (const auto failure = slurp_->finish(batch)) {
    output_->breakOff();
    return failure->error ? fail(*failure->error)
                          : reporter_.report(program_.source(), *failure->trap);
  }
  return output_->takeResult(batch);
}

Step StreamRun::finish() {
  if (Step failed = output_->close(); failed)
    return failed;
  // Nothing came of any record: what is wrong is the input as a whole, or the program.
  const stream::Counts &counts = output_->counts();
  if (counts.failed != 0 && counts.failed == counts.records)
    return output_->firstFailure();
  return std::nullopt;
}

std::string StreamRun::renderStats() const {
  if (!output_)
    return {};
  uint64_t peak = 0, reserved = 0;
  EngineStats engine;
  auto addUp = [&](const RecordWorkerBase &worker) {
    peak += worker.heapStats().peakBytes;
    reserved += worker.heapStats().bytesReserved;
    worker.addStats(engine);
  };
  if (slurp_)
    addUp(*slurp_);
  for (const std::unique_ptr<RecordWorker> &worker : workers_)
    addUp(*worker);
  return fmt::format("{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n",
                     "threads", std::max<size_t>(workers_.size(), 1), "instructions",
                     output_->instructions(), "outputs", output_->counts().values,
                     "peak memory in bytes", peak, "memory taken in bytes", reserved) +
         renderEngineStats(program_.engine(), engine);
}

} // namespace

ExitStatus runStream(const RunOptions &options, Reporter &reporter, StageTimes &times,
                     RunnableProgram &program) {
  auto run = std::make_unique<StreamRun>(options, reporter, times, program);
  const ExitStatus status = run->run();
  if (options.time)
    reporter.system().writeStderr(times.render());
  if (options.stats)
    reporter.system().writeStderr(run->renderStats());
  // Nobody waits for code that is being compiled when the process ends.
  if (reporter.system().endsProcess())
    (void)run.release();
  return status;
}

} // namespace branchline::driver
