// Moves chunks from a feed through workers to a collector: in the order of the input or as they
// come, on any number of threads, with a bounded number of chunks under way. Leaves out: what is
// read, made and written (Feed, Worker, Collector).
#pragma once

#include "branchline/Stream/Batch.h"

#include <atomic>
#include <memory>
#include <span>

namespace branchline::stream {

/// Where chunks come from. Never called by two threads at once.
class Feed {
public:
  virtual ~Feed() = default;
  /// Makes the next chunk. \returns false at the end
  /// \errors whatever ends the stream; what was fed before is still worked on and collected
  virtual Expected<bool, Error> next(Chunk &chunk) = 0;
};

/// Makes output of chunks; one for each thread.
class Worker {
public:
  virtual ~Worker() = default;
  /// Works on the chunk of a batch. Sets `finished` or `endsStream`; else it is called again with
  /// the same batch, cleared, after that has been collected.
  virtual void work(Batch &batch) = 0;
  /// Asks for an early end: `work` returns soon and what it made is not collected. Called from
  /// another thread, at any time.
  virtual void cancel() = 0;
};

/// Takes what workers made. Never called by two threads at once.
class Collector {
public:
  virtual ~Collector() = default;
  /// \param batch  its texts may be taken or changed
  /// \returns false when the stream is to end here
  virtual bool take(Batch &batch) = 0;
};

struct PipelineOptions {
  /// Whether batches are collected in the order of their chunks.
  bool ordered = true;
  /// Chunks under way for each worker: being worked on, or waiting for their turn.
  unsigned batchesPerWorker = 3;
  /// When it is set, no further chunk is fed. May be null.
  const std::atomic<bool> *interrupt = nullptr;
};

/// Bytes of output after which a worker hands a batch over and goes on with the same chunk.
inline constexpr size_t kMaxBatchOutput = size_t(4) << 20;
/// Failures after which it does so.
inline constexpr size_t kMaxBatchFailures = 256;

/// Runs until the feed ends, the collector says stop, or a batch ends the stream. The calling
/// thread does the work of the first worker, the others get a thread each, with a stack as large as
/// kLargeStack if possible. All chunks and workers are at rest when it returns.
/// \param workers  at least one, borrowed
/// \errors  those of the feed, once everything fed before has been collected; NoLargeStack
/// \complexity  one lock a chunk, none a record
Expected<void, Error> runPipeline(Feed &feed, std::span<Worker *const> workers,
                                  Collector &collector, const PipelineOptions &options = {});

} // namespace branchline::stream
