// Every thread does every job: it takes the next chunk from the feed, works on it, and, when the
// chunk whose turn it is has been worked on, hands that and what follows it to the collector. There
// is no thread that only reads or only writes: with one worker nothing ever waits for another
// thread, and with several a chunk is worked on by the core that has just read it.
#include "branchline/Stream/Pipeline.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Support/StackThread.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace branchline::stream {
namespace {

class Pipeline {
public:
  Pipeline(Feed &feed, std::span<Worker *const> workers, Collector &collector,
           const PipelineOptions &options)
      : feed_(feed), workers_(workers), collector_(collector), options_(options) {
    const size_t count = std::max<size_t>(workers.size() * options.batchesPerWorker, 1);
    for (size_t i = 0; i < count; ++i) {
      batches_.push_back(std::make_unique<Batch>());
      free_.push_back(batches_.back().get());
    }
  }

  Expected<void, Error> run();

private:
  using Lock = std::unique_lock<std::mutex>;

  void serve(Worker &worker);
  Batch *nextChunk(Lock &lock);
  void workOn(Batch &batch, Worker &worker, Lock &lock);
  bool waitForTurn(const Batch &batch, Lock &lock);
  Batch *nextToCollect();
  void collect(Batch &batch, Lock &lock);
  void retire(Batch &batch);
  void halt();
  bool mayFeed() const {
    return !ended_ && !feeding_ && !free_.empty() && fed_ - oldest_ < kMaxAhead;
  }
  bool atRest() const { return halted_ || (ended_ && oldest_ == fed_); }
  Batch *&slot(uint64_t number) { return ready_[number % kMaxAhead]; }

  /// Chunks that may be finished while an earlier one is not; without order nothing else bounds
  /// them.
  static constexpr uint64_t kMaxAhead = 1024;

  Feed &feed_;
  const std::span<Worker *const> workers_;
  Collector &collector_;
  const PipelineOptions options_;

  std::mutex mutex_; // of everything below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Batch>> batches_;
  std::vector<Batch *> free_;
  std::array<Batch *, kMaxAhead> ready_{};  // ordered: worked on, by number
  std::vector<Batch *> unordered_;          // worked on, when order does not matter
  std::array<bool, kMaxAhead> collected_{}; // of chunks after `oldest_`
  uint64_t fed_ = 0;                        // chunks taken from the feed
  uint64_t oldest_ = 0;                     // the first chunk that is not collected as a whole
  bool feeding_ = false;
  bool collecting_ = false;
  bool ended_ = false;  // the feed has no more
  bool halted_ = false; // nothing more is collected
  std::optional<Error> failure_;
};

Expected<void, Error> Pipeline::run() {
  {
    std::vector<std::unique_ptr<StackThread>> threads; // joined at the end of the block
    for (Worker *worker : workers_.subspan(1)) {
      threads.push_back(StackThread::start(kLargeStack, [this, worker] { serve(*worker); }));
      if (threads.back())
        continue;
      threads.pop_back();
      const Lock lock(mutex_);
      halt();
      return Unexpected(error::make<error::Id::NoLargeStack>());
    }
    serve(*workers_.front());
  }
  if (failure_ && !halted_)
    return Unexpected(std::move(*failure_));
  return {};
}

void Pipeline::serve(Worker &worker) {
  Lock lock(mutex_);
  while (!atRest()) {
    if (Batch *batch = nextToCollect()) {
      collect(*batch, lock);
      if (!halted_)
        retire(*batch);
    } else if (mayFeed()) {
      if (Batch *fed = nextChunk(lock))
        workOn(*fed, worker, lock);
    } else {
      changed_.wait(lock);
    }
  }
  changed_.notify_all();
}

/// Takes a chunk from the feed. \returns null when there is none
Batch *Pipeline::nextChunk(Lock &lock) {
  Batch *batch = free_.back();
  free_.pop_back();
  feeding_ = true;
  lock.unlock();
  auto got = feed_.next(batch->chunk);
  lock.lock();
  feeding_ = false;
  changed_.notify_all();
  const bool interrupted = options_.interrupt && options_.interrupt->load();
  if (got && *got && !interrupted) {
    batch->chunk.number = fed_++;
    return batch;
  }
  if (!got && !interrupted)
    failure_ = std::move(got).error();
  ended_ = true;
  free_.push_back(batch);
  return nullptr;
}

void Pipeline::workOn(Batch &batch, Worker &worker, Lock &lock) {
  for (;;) {
    lock.unlock();
    batch.clear();
    worker.work(batch);
    lock.lock();
    if (batch.finished || batch.endsStream)
      break;
    if (!waitForTurn(batch, lock))
      return;
    collect(batch, lock);
    if (halted_)
      return;
  }
  if (options_.ordered)
    slot(batch.chunk.number) = &batch;
  else
    unordered_.push_back(&batch);
}

/// Waits until a batch that is not finished may be collected. \returns false when it never will
bool Pipeline::waitForTurn(const Batch &batch, Lock &lock) {
  while (!halted_ && (collecting_ || (options_.ordered && oldest_ != batch.chunk.number)))
    changed_.wait(lock);
  return !halted_;
}

/// The batch whose turn it is, if it has been worked on and nobody else is collecting.
Batch *Pipeline::nextToCollect() {
  if (collecting_)
    return nullptr;
  if (options_.ordered)
    return std::exchange(slot(oldest_), nullptr);
  if (unordered_.empty())
    return nullptr;
  Batch *batch = unordered_.back();
  unordered_.pop_back();
  return batch;
}

void Pipeline::collect(Batch &batch, Lock &lock) {
  collecting_ = true;
  lock.unlock();
  const bool goesOn = collector_.take(batch);
  lock.lock();
  collecting_ = false;
  // Without order the chunks before the last one are still to come.
  if (!goesOn || (batch.endsStream && options_.ordered))
    halt();
  else if (batch.endsStream)
    ended_ = true;
  changed_.notify_all();
}

/// A chunk is done with: its batch can be used again, and the next one has its turn.
void Pipeline::retire(Batch &batch) {
  collected_[batch.chunk.number % kMaxAhead] = true;
  while (oldest_ != fed_ && collected_[oldest_ % kMaxAhead])
    collected_[oldest_++ % kMaxAhead] = false;
  free_.push_back(&batch);
  changed_.notify_all();
}

void Pipeline::halt() {
  halted_ = true;
  for (Worker *worker : workers_)
    worker->cancel();
  changed_.notify_all();
}

} // namespace

Expected<void, Error> runPipeline(Feed &feed, std::span<Worker *const> workers,
                                  Collector &collector, const PipelineOptions &options) {
  return Pipeline(feed, workers, collector, options).run();
}

} // namespace branchline::stream
