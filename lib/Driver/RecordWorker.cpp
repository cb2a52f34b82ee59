// The loop over records. What it does for each of them beside reading, running and writing is to be
// next to nothing: no allocation, no lock, no clock.
#include "RecordWorker.h"

#include "branchline/Runtime/Objects.h"

namespace branchline::driver {
namespace {

/// UTF-16 units of a text, which need not be well-formed: a unit for each first byte of a
/// character, and one more for four bytes.
uint64_t unitsOf(std::string_view text) {
  uint64_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += ((byte & 0xC0) != 0x80) + (byte >= 0xF0);
  }
  return units;
}

} // namespace

RecordWorkerBase::RecordWorkerBase(const RecordJob &job, std::unique_ptr<Executable> executable)
    : job_(job), execution_(job.options, job.system, nullptr),
      reader_(execution_.heap(), readOptionsOf(job.options), job.plan) {
  execution_.setProgram(std::move(executable), job.shared);
  switch (job.options.stream->values) {
  case ValueFraming::Lines:
    behind_ = "\n";
    break;
  case ValueFraming::Sequence:
    before_ = "\x1e";
    behind_ = "\n";
    break;
  case ValueFraming::Array:
    before_ = ",\n";
    break;
  }
}

void RecordWorkerBase::cancel() {
  cancelled_ = true; // before the next line: a run that starts in between sees it
  execution_.cancel();
}

void RecordWorkerBase::open(const stream::Chunk &chunk) {
  chunk_ = &chunk;
  index_ = 0;
  broken_ = 0;
  lineStart_ = columnAt_ = 0;
  column_ = chunk.column;
  if (chunk.cut == stream::Cut::Lines)
    reader_.startLines(chunk.text);
  else
    reader_.startSpans(chunk.text, chunk.records);
}

bool RecordWorkerBase::next() {
  ++index_;
  return reader_.next();
}

Expected<runtime::Value, Error> RecordWorkerBase::value() {
  if (broken_ == chunk_->broken.size() || chunk_->broken[broken_].record != index_ - 1) [[likely]]
    return reader_.value();
  return Unexpected(chunk_->broken[broken_++].error);
}

std::optional<Failure> RecordWorkerBase::runOn(stream::Batch &batch, runtime::Value input) {
  execution_.printTo(job_.printsApart ? &batch.printed : &batch.output);
  execution_.begin(std::move(input));
  std::optional<Failure> failure = execution_.run(job_.transform);
  batch.instructions += execution_.instructions();
  if (!failure)
    failure = execution_.formatEach(job_.path, before_, behind_, batch.output);
  if (!failure) {
    batch.counts.values += execution_.outputs();
    batch.counts.dropped += execution_.outputs() == 0 ? 1 : 0;
  } else if (failure->trap) {
    failure->trap->info().thrown = runtime::Value(); // values stay on their thread
  }
  execution_.release();
  return failure;
}

/// Counts columns up to a record, from the failure before on: many records may stand on one line.
void RecordWorkerBase::moveTo(const format::RecordSpan &record) {
  std::string_view passed = chunk_->text.substr(columnAt_, record.offset - columnAt_);
  if (const size_t feed = passed.rfind('\n'); feed != std::string_view::npos) {
    lineStart_ = columnAt_ + feed + 1;
    column_ = 0;
    passed.remove_prefix(feed + 1);
  }
  column_ += unitsOf(passed);
  columnAt_ = record.offset;
}

void RecordWorkerBase::fail(stream::Batch &batch, Failure failure) {
  if (stopped()) {
    // The record is as good as never read.
    --batch.counts.records;
    batch.endsStream = true;
    return;
  }
  ++batch.counts.failed;
  const OnError reaction = job_.options.stream->onError;
  if (reaction == OnError::Skip && !batch.failures.empty())
    return; // the first one says enough
  const format::RecordSpan &record = reader_.record();
  stream::RecordFailure &made = batch.failures.emplace_back();
  made.record = batch.counts.records - 1;
  made.line = record.line;
  moveTo(record);
  made.column = column_;
  made.error = std::move(failure.error);
  made.trap = std::move(failure.trap);
  if (reaction != OnError::Stop)
    return;
  if (lineStart_ != 0 || chunk_->column == 0) // otherwise it is in a chunk that is gone
    made.text = chunk_->text.substr(lineStart_, record.offset + record.size - lineStart_);
  batch.endsStream = true;
}

RecordWorker::RecordWorker(const RecordJob &job, std::unique_ptr<Executable> executable)
    : RecordWorkerBase(job, std::move(executable)) {
  execution_.expectManyRuns();
}

void RecordWorker::work(stream::Batch &batch) {
  if (!inside_)
    open(batch.chunk);
  inside_ = true;
  while (next()) {
    if (stopped()) {
      batch.endsStream = true;
      return;
    }
    ++batch.counts.records;
    if (auto input = value(); !input)
      fail(batch, {std::move(input).error(), std::nullopt});
    else if (auto failure = runOn(batch, std::move(*input)))
      fail(batch, std::move(*failure));
    if (batch.endsStream)
      return;
    if (batch.output.size() + batch.printed.size() >= stream::kMaxBatchOutput ||
        batch.failures.size() >= stream::kMaxBatchFailures)
      return;
  }
  inside_ = false;
  batch.lines = reader_.lines();
  batch.finished = true;
}

SlurpWorker::SlurpWorker(const RecordJob &job, std::unique_ptr<Executable> executable)
    : RecordWorkerBase(job, std::move(executable)), list_(execution_.heap().list()) {}

void SlurpWorker::work(stream::Batch &batch) {
  open(batch.chunk);
  storage_.push_back(batch.chunk.storage);
  while (next()) {
    if (stopped()) {
      batch.endsStream = true;
      return;
    }
    ++batch.counts.records;
    auto item = value();
    if (!item)
      fail(batch, {std::move(item).error(), std::nullopt});
    else if (auto added = runtime::append(execution_.heap(), *list_.list(), std::move(*item));
             !added)
      fail(batch, {std::nullopt, std::move(added).error()});
    if (batch.endsStream)
      return;
  }
  batch.lines = reader_.lines();
  batch.finished = true;
}

std::optional<Failure> SlurpWorker::finish(stream::Batch &batch) {
  batch.clear();
  batch.finished = true;
  return runOn(batch, std::move(list_));
}

} // namespace branchline::driver
