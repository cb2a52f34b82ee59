// Runs the program on the records of a chunk, one after another, on a heap of its own. Private to
// Driver.
#pragma once

#include "Execution.h"

#include "branchline/Format/RecordReader.h"
#include "branchline/Stream/Pipeline.h"

#include <atomic>
#include <memory>
#include <vector>

namespace branchline::driver {

/// What all workers of a stream have in common.
struct RecordJob {
  const RunOptions &options;
  System &system;
  const std::vector<bytecode::SharedResource> &shared;
  size_t transform;
  const format::OutputPath &path;
  const format::ReadPlan *plan; // of a record, see LoadedProgram::plan
  bool printsApart;             // PRINT goes to `Batch::printed`, not between the values
};

/// What the two kinds of workers share: a heap with a program, and what becomes of failures.
class RecordWorkerBase : public stream::Worker {
public:
  RecordWorkerBase(const RecordJob &job, std::unique_ptr<Executable> executable);
  void cancel() final;
  const runtime::HeapStats &heapStats() const { return execution_.heapStats(); }
  void addStats(EngineStats &stats) const { execution_.addStats(stats); }

protected:
  /// Starts on the chunk of a batch.
  void open(const stream::Chunk &chunk);
  bool stopped() const {
    return cancelled_.load(std::memory_order_relaxed) ||
           job_.system.interrupt.load(std::memory_order_relaxed);
  }
  /// Moves on to the next record. \returns false at the end of the chunk
  bool next();
  /// The value of the record.
  Expected<runtime::Value, Error> value();
  /// Runs the program on a value and appends what it gives. \returns why it gives nothing
  std::optional<Failure> runOn(stream::Batch &batch, runtime::Value input);
  /// Says what became of the current record: that it failed.
  void fail(stream::Batch &batch, Failure failure);

  const RecordJob job_;
  Execution execution_;
  format::RecordReader reader_;

private:
  void moveTo(const format::RecordSpan &record);

  std::string_view before_; // each value
  std::string_view behind_;
  std::atomic<bool> cancelled_{false};
  const stream::Chunk *chunk_ = nullptr;
  uint32_t index_ = 0;   // of the next record in the chunk
  size_t broken_ = 0;    // how many of `Chunk::broken` are behind us
  size_t columnAt_ = 0;  // a place in the chunk
  size_t lineStart_ = 0; // where the line it stands on begins in the chunk
  uint64_t column_ = 0;  // UTF-16 units of that line before the place
};

/// A run for each record.
class RecordWorker final : public RecordWorkerBase {
public:
  RecordWorker(const RecordJob &job, std::unique_ptr<Executable> executable);
  void work(stream::Batch &batch) override;

private:
  bool inside_ = false; // a chunk that takes more than one pass
};

/// One run for all records. Keeps the bytes of all chunks, of which values are slices.
class SlurpWorker final : public RecordWorkerBase {
public:
  SlurpWorker(const RecordJob &job, std::unique_ptr<Executable> executable);
  void work(stream::Batch &batch) override;
  /// Runs on what has been read. \returns why that gives nothing
  std::optional<Failure> finish(stream::Batch &batch);

private:
  std::vector<std::shared_ptr<const void>> storage_;
  runtime::Value list_;
};

} // namespace branchline::driver
