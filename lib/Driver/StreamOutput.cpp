// Values are written as they come; counting follows the order of the records, because only then the
// number and the line of a record are known.
#include "StreamOutput.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <iterator>

namespace branchline::driver {

Expected<void, Error> StreamOutput::open(const std::string &target) {
  isStdout_ = target == "-";
  BL_TRY(sink_, system_.openSink(target, {}));
  if (options_.errorsFile) {
    BL_TRY(errors_, system_.openSink(*options_.errorsFile, {}));
  }
  return {};
}

bool StreamOutput::take(stream::Batch &batch) {
  if (const auto written = write(batch); !written) {
    ended_ = reporter_.report(written.error());
    return false;
  }
  instructions_ += batch.instructions;
  count(batch);
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
  if (!batch.printed.empty()) {
    if (isStdout_)
      system_.writeStderr(batch.printed); // it would break an array or a sequence
    else
      BL_CHECK(system_.writeStdout(batch.printed));
  }
  BL_CHECK(writeValues(batch.output));
  // What waits for our output gets it at once; a file does not.
  if (isStdout_)
    BL_CHECK(sink_->flush());
  return {};
}

Expected<void, Error> StreamOutput::writeValues(std::string &text) {
  if (text.empty())
    return {};
  if (options_.values == ValueFraming::Array && !hasValues_)
    text.front() = '['; // in the place of the comma
  hasValues_ = true;
  return sink_->write(text);
}

void StreamOutput::count(stream::Batch &batch) {
  Account &account = accounts_[batch.chunk.number];
  account.input = batch.chunk.input;
  account.counts += batch.counts;
  account.lines = batch.lines;
  account.finished = batch.finished;
  for (stream::RecordFailure &failure : batch.failures) {
    failure.record += account.counts.records - batch.counts.records;
    account.failures.push_back(std::move(failure));
  }
  while (!ended_ && !accounts_.empty() && accounts_.begin()->first == turn_) {
    Account &next = accounts_.begin()->second;
    settle(next);
    if (!next.finished)
      break;
    counts_ += next.counts;
    records_ += next.counts.records;
    lines_ += next.lines;
    accounts_.erase(accounts_.begin());
    ++turn_;
  }
}

/// Reports the failures of a chunk whose place in the stream is known.
void StreamOutput::settle(Account &account) {
  if (account.input != input_) {
    input_ = account.input;
    lines_ = 0;
  }
  for (stream::RecordFailure &failure : account.failures)
    report(failure);
  account.failures.clear();
}

void StreamOutput::report(stream::RecordFailure &failure) {
  const auto line = static_cast<uint32_t>(lines_ + failure.line + 1);
  const RecordPlace place{records_ + failure.record + 1,
                          fmt::format("{}:{}", feed_.nameOf(input_), line)};
  if (failure.error && failure.error->at.line != 0) {
    Error &error = *failure.error;
    error.file = feed_.nameOf(input_);
    if (error.at.line == 1)
      error.at.column += static_cast<uint32_t>(failure.column);
    error.at.line += line - 1;
  }
  const ExitStatus status = failure.error ? statusOf(*failure.error) : statusOf(*failure.trap);
  if (options_.onError == OnError::Stop) {
    (void)sink_->flush(); // a failure comes up again when the output is completed
    ended_ = failure.error ? reporter_.report(*failure.error, failure.text, &place, line)
                           : reporter_.report(source_, *failure.trap, &place);
    return;
  }
  if (firstFailure_ == ExitStatus::Ok)
    firstFailure_ = status;
  if (options_.onError == OnError::Skip)
    return;
  const std::string text = failure.error ? reporter_.jsonLine(*failure.error, &place)
                                         : reporter_.jsonLine(source_, *failure.trap, &place);
  if (!errors_)
    system_.writeStderr(text);
  else if (const auto written = errors_->write(text); !written)
    ended_ = reporter_.report(written.error());
}

std::optional<ExitStatus> StreamOutput::close() {
  auto finish = [&]() -> Expected<void, Error> {
    if (options_.values == ValueFraming::Array)
      BL_CHECK(sink_->write(hasValues_ ? "\n]\n" : "[]\n"));
    BL_CHECK(sink_->close());
    if (errors_)
      BL_CHECK(errors_->close());
    return {};
  };
  if (const auto finished = finish(); !finished)
    return reporter_.report(finished.error());
  return std::nullopt;
}

} // namespace branchline::driver
