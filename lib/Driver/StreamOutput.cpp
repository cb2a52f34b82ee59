// Values are written as they come; counting follows the order of the records, because only then the
// number and the line of a record are known.
#include "StreamOutput.h"

#include "branchline/Lang/Errors.h"

namespace branchline::driver {

StreamOutput::StreamOutput(const RunOptions &options, Reporter &reporter, const StreamFeed &feed,
                           const SourceText &source, std::vector<std::string> targets)
    : options_(*options.stream), reporter_(reporter), system_(reporter.system()), feed_(feed),
      source_(source), progress_(system_, system_.isErrorTerminal() && !system_.isTerminal()),
      values_(system_, options.stream->values, std::move(targets),
              options.stream->checkpoint.has_value()) {}

Expected<void, Error> StreamOutput::open(const stream::Checkpoint &from) {
  place_ = from;
  counts_ = {from.records, from.values, from.dropped, from.failed};
  firstFailure_ = static_cast<ExitStatus>(from.firstFailure);
  BL_CHECK(
      values_.open(static_cast<uint32_t>(from.input), from.outputBytes, from.outputBegun != 0));
  if (options_.errorsFile) {
    stream::SinkOptions sink;
    sink.mode = options_.checkpoint ? stream::SinkOptions::Mode::Append
                                    : stream::SinkOptions::Mode::Replace;
    sink.keep = from.errorBytes;
    BL_TRY(errors_, system_.openSink(*options_.errorsFile, sink));
  }
  return {};
}

StreamAmounts StreamOutput::amounts() const {
  return {counts_, feed_.takenBytes(), feed_.totalBytes(),
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_)};
}

bool StreamOutput::take(stream::Batch &batch) {
  if (const auto written = write(batch); !written) {
    progress_.clear();
    ended_ = reporter_.report(written.error());
    return false;
  }
  instructions_ += batch.instructions;
  count(batch);
  if (!ended_ && progress_.isDue())
    progress_.show(amounts());
  return !ended_;
}

std::optional<ExitStatus> StreamOutput::takeResult(stream::Batch &batch) {
  counts_ += batch.counts;
  instructions_ += batch.instructions;
  if (const auto written = write(batch); !written)
    return reporter_.report(written.error());
  return std::nullopt;
}

Expected<void, Error> StreamOutput::write(stream::Batch &batch) {
  BL_CHECK(values_.moveTo(batch.chunk.input));
  BL_CHECK(writePrinted(batch.printed));
  BL_CHECK(values_.write(batch.output));
  // What waits for our output gets it at once; a file does not.
  return values_.flush();
}

Expected<void, Error> StreamOutput::writePrinted(const std::string &text) {
  if (text.empty())
    return {};
  if (!values_.isStdout())
    return system_.writeStdout(text);
  progress_.clear();
  system_.writeStderr(text); // it would break an array or a sequence
  return {};
}

void StreamOutput::count(stream::Batch &batch) {
  Account &account = accounts_[batch.chunk.number];
  account.input = batch.chunk.input;
  account.end = batch.chunk.offset + batch.chunk.text.size();
  account.lines = batch.lines;
  account.finished = batch.finished;
  for (stream::RecordFailure &failure : batch.failures) {
    failure.record += account.counts.records;
    account.failures.push_back(std::move(failure));
  }
  account.counts += batch.counts;
  while (!ended_ && !accounts_.empty() && accounts_.begin()->first == turn_) {
    Account &next = accounts_.begin()->second;
    if (const auto settled = settle(next); !settled)
      ended_ = reporter_.report(settled.error());
    if (ended_ || !next.finished)
      break;
    accounts_.erase(accounts_.begin());
    ++turn_;
  }
}

/// Reports the failures of a chunk whose place in the stream is known, and counts it when it is
/// finished.
Expected<void, Error> StreamOutput::settle(Account &account) {
  if (account.input != place_.input) {
    place_.input = account.input;
    place_.lines = place_.inputRecords = 0;
  }
  for (stream::RecordFailure &failure : account.failures) {
    BL_CHECK(report(failure));
    if (ended_) {
      counts_ += account.counts;
      return {};
    }
  }
  account.failures.clear();
  if (!account.finished)
    return {};
  counts_ += account.counts;
  place_.offset = account.end;
  place_.lines += account.lines;
  place_.inputRecords += account.counts.records;
  place_.records = counts_.records;
  if (!options_.checkpoint || Clock::now() < checkpointAt_)
    return {};
  return saveCheckpoint(false);
}

Expected<void, Error> StreamOutput::report(stream::RecordFailure &failure) {
  const std::string name = feed_.nameOf(static_cast<uint32_t>(place_.input));
  const auto line = static_cast<uint32_t>(place_.lines + failure.line + 1);
  const RecordPlace place{place_.records + failure.record + 1, fmt::format("{}:{}", name, line)};
  if (failure.error && statusOf(*failure.error) == ExitStatus::Data) {
    Error &error = *failure.error;
    error.file = name;
    if (error.at.line == 1)
      error.at.column += static_cast<uint32_t>(failure.column);
    if (error.at.line != 0)
      error.at.line += line - 1;
  }
  if (options_.onError == OnError::Stop) {
    breakOff(); // first what comes before the record
    ended_ = failure.error ? reporter_.report(*failure.error, failure.text, &place, line)
                           : reporter_.report(source_, *failure.trap, &place);
    return {};
  }
  if (firstFailure_ == ExitStatus::Ok)
    firstFailure_ = failure.error ? statusOf(*failure.error) : statusOf(*failure.trap);
  if (options_.onError == OnError::Skip)
    return {};
  const std::string text = failure.error ? reporter_.jsonLine(*failure.error, &place)
                                         : reporter_.jsonLine(source_, *failure.trap, &place);
  if (errors_)
    return errors_->write(text);
  progress_.clear();
  system_.writeStderr(text);
  return {};
}

Expected<void, Error> StreamOutput::saveCheckpoint(bool complete) {
  if (!complete) {
    BL_TRY(place_.outputBytes, values_.sync());
    if (errors_) {
      BL_TRY(place_.errorBytes, errors_->sync());
    }
  }
  place_.complete = complete ? 1 : 0;
  place_.outputBegun = values_.begun() ? 1 : 0;
  place_.values = counts_.values;
  place_.dropped = counts_.dropped;
  place_.failed = counts_.failed;
  place_.firstFailure = static_cast<uint64_t>(firstFailure_);
  BL_CHECK(stream::saveCheckpoint(*options_.checkpoint, place_));
  checkpointAt_ = Clock::now() + std::chrono::milliseconds(options_.checkpointMs);
  return {};
}

void StreamOutput::breakOff() {
  progress_.clear();
  values_.breakOff();
}

std::optional<ExitStatus> StreamOutput::close() {
  progress_.clear();
  auto finish = [&]() -> Expected<void, Error> {
    BL_CHECK(values_.close());
    if (errors_) {
      if (options_.checkpoint)
        BL_CHECK(errors_->sync());
      BL_CHECK(errors_->close());
    }
    if (!options_.checkpoint)
      return {};
    return saveCheckpoint(true);
  };
  if (const auto finished = finish(); !finished)
    return reporter_.report(finished.error());
  return std::nullopt;
}

} // namespace branchline::driver
