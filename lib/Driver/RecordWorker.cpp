// The loop over records. What it does for each of them beside reading, running and writing is to be
// next to nothing: no allocation, no lock, no clock.
#include "RecordWorker.h"

#include "branchline/Runtime/Objects.h"

namespace branchline::driver {
namespace {

/// Where the line that a record starts on begins in its chunk: behind a line feed, or with the
/// chunk.
size_t lineStart(const stream::Chunk &chunk, const format::RecordSpan &record) {
  const size_t feed = chunk.text.substr(0, record.offset).rfind('\n');
  return feed == std::string_view::npos ? 0 : feed + 1;
}

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
  const size_t start = lineStart(*chunk_, record);
  const uint64_t before = start == 0 ? chunk_->column : 0;
  made.column = before + unitsOf(chunk_->text.substr(start, record.offset - start));
  made.error = std::move(failure.error);
  made.trap = std::move(failure.trap);
  if (reaction != OnError::Stop)
    return;
  if (before == 0) // otherwise the line starts in a chunk that is gone
    made.text = chunk_->text.substr(start, record.offset + record.size - start);
  batch.endsStream = true;
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
