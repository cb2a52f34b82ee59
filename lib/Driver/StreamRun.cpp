// The steps of a stream, in the order of those of a single run: options, program, transform,
// inputs, records, what is left to do at the end.
#include "StreamRun.h"

#include "branchline/Lang/Errors.h"

#include "LoadedProgram.h"
#include "OutputFile.h"
#include "ReadPlans.h"
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
  StreamRun(const RunOptions &options, Reporter &reporter)
      : options_(options), stream_(*options.stream), reporter_(reporter),
        system_(reporter.system()), program_(options, reporter, times_) {}

  ExitStatus run();
  const StageTimes &times() const { return times_; }

private:
  Step checkOptions();
  Step loadProgram() { return program_.load(); }
  Step selectTransform() { return program_.selectTransform(); }
  Step openStreams();
  Step prepareWorkers();
  Step process();
  Step runSlurped();
  Step finish();

  unsigned threads() const;

  const RunOptions &options_;
  const StreamOptions &stream_;
  Reporter &reporter_;
  System &system_;
  StageTimes times_;

  format::OutputPath path_;
  std::string target_ = "-";
  LoadedProgram program_;
  std::optional<StreamFeed> feed_;
  std::optional<StreamOutput> output_;
  std::unique_ptr<SlurpWorker> slurp_;
  std::vector<std::unique_ptr<RecordWorker>> workers_;
};

ExitStatus StreamRun::run() {
  using Method = Step (StreamRun::*)();
  static constexpr Method kSteps[] = {&StreamRun::checkOptions,    &StreamRun::loadProgram,
                                      &StreamRun::selectTransform, &StreamRun::openStreams,
                                      &StreamRun::prepareWorkers,  &StreamRun::process,
                                      &StreamRun::finish};
  Step ended;
  for (Method step : kSteps)
    if (ended = (this->*step)(); ended)
      break;
  system_.listening = false;
  return ended.value_or(ExitStatus::Ok);
}

Step StreamRun::checkOptions() {
  auto path = format::OutputPath::parse(options_.outputPath);
  if (!path)
    return reporter_.report(path.error());
  path_ = std::move(*path);
  if (options_.outputFile) {
    auto target = outputFileTarget(*options_.outputFile, system_);
    if (!target)
      return reporter_.report(target.error());
    target_ = std::move(*target);
  }
  return std::nullopt;
}

Step StreamRun::openStreams() {
  std::vector<std::string> inputs = stream_.inputs;
  if (inputs.empty())
    inputs.emplace_back("-");
  stream::FramerOptions framing;
  framing.framing = stream_.framing;
  framing.splitPath = stream_.splitPath;
  feed_.emplace(system_, std::move(inputs), std::move(framing));
  output_.emplace(options_, reporter_, *feed_, program_.source());
  system_.listening = true;
  if (const auto opened = output_->open(target_); !opened)
    return reporter_.report(opened.error());
  return std::nullopt;
}

unsigned StreamRun::threads() const {
  const unsigned wanted =
      stream_.threads != 0 ? stream_.threads : std::max(1u, std::thread::hardware_concurrency());
  return wanted;
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
                      target_ != "-" || stream_.values != ValueFraming::Lines};
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
  if (system_.interrupt)
    return reporter_.report(program_.source(), runtime::makeTrap<TrapId::Interrupted>());
  if (!processed)
    return reporter_.report(processed.error());
  return slurp_ ? runSlurped() : Step();
}

Step StreamRun::runSlurped() {
  stream::Batch batch;
  if (const auto failure = slurp_->finish(batch))
    return failure->error ? reporter_.report(*failure->error)
                          : reporter_.report(program_.source(), *failure->trap);
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

} // namespace

ExitStatus runStream(const RunOptions &options, Reporter &reporter) {
  StreamRun run(options, reporter);
  const ExitStatus status = run.run();
  if (options.time)
    reporter.system().writeStderr(run.times().render());
  return status;
}

} // namespace branchline::driver
