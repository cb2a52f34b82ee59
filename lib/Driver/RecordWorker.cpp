// The loop over records. What it does for each of them beside reading, running and writing is to be
// next to nothing: no allocation, no lock, no clock.
#include "RecordWorker.h"

#include "branchline/Runtime/Objects.h"
#include "branchline/Support/Utf8.h"

namespace branchline::driver {
namespace {

/// UTF-16 units from the last line feed before a record (or the start of the chunk) to the record.
uint64_t columnOf(const stream::Chunk &chunk, const format::RecordSpan &record) {
  const std::string_view before = chunk.text.substr(0, record.offset);
  const size_t feed = before.rfind('\n');
  size_t at = feed == std::string_view::npos ? 0 : feed + 1;
  uint64_t units = feed == std::string_view::npos ? chunk.column : 0;
  while (at < before.size())
    units += utf8::decode(before, at) >= 0x10000 ? 2 : 1;
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
  if (chunk.cut == stream::Cut::Lines)
    reader_.startLines(chunk.text);
  else
    reader_.startSpans(chunk.text, chunk.records);
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
  made.column = chunk_->cut == stream::Cut::Lines ? 0 : columnOf(*chunk_, record);
  made.error = std::move(failure.error);
  made.trap = std::move(failure.trap);
  if (reaction != OnError::Stop)
    return;
  made.text = chunk_->text.substr(record.offset, record.size);
  batch.endsStream = true;
}

void RecordWorker::work(stream::Batch &batch) {
  if (!inside_)
    open(batch.chunk);
  inside_ = true;
  while (reader_.next()) {
    if (stopped()) {
      batch.endsStream = true;
      return;
    }
    ++batch.counts.records;
    if (auto value = reader_.value(); !value)
      fail(batch, {std::move(value).error(), std::nullopt});
    else if (auto failure = runOn(batch, std::move(*value)))
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
  while (reader_.next()) {
    if (stopped()) {
      batch.endsStream = true;
      return;
    }
    ++batch.counts.records;
    auto value = reader_.value();
    if (!value)
      fail(batch, {std::move(value).error(), std::nullopt});
    else if (auto added = runtime::append(execution_.heap(), *list_.list(), std::move(*value));
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
