// Order, back-pressure and every way a stream can end, with feeds, workers and collectors that do
// what the test wants.
#include "branchline/Stream/Pipeline.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>

using namespace branchline;
using namespace branchline::stream;

namespace {

/// Chunks whose offset is their number; fails or ends after so many.
class CountingFeed final : public Feed {
public:
  explicit CountingFeed(uint64_t count, bool fails = false) : count_(count), fails_(fails) {}

  Expected<bool, Error> next(Chunk &chunk) override {
    EXPECT_FALSE(inside_.exchange(true)) << "two threads in the feed";
    const uint64_t number = fed.load();
    chunk.offset = number;
    inside_ = false;
    if (number == count_ && fails_)
      return Unexpected(error::make<error::Id::CannotReadStdin>("broken"));
    if (number == count_)
      return false;
    ++fed;
    return true;
  }

  std::atomic<uint64_t> fed{0};

private:
  const uint64_t count_;
  const bool fails_;
  std::atomic<bool> inside_{false};
};

/// Writes the number of the chunk, in as many passes as asked for; later workers are faster.
class NumberWorker final : public Worker {
public:
  explicit NumberWorker(unsigned delay = 0, unsigned passes = 1) : delay_(delay), passes_(passes) {}

  void work(Batch &batch) override {
    std::this_thread::sleep_for(std::chrono::microseconds(delay_));
    batch.output = std::to_string(batch.chunk.offset) + " ";
    batch.counts.records = 1;
    batch.finished = ++pass_ == passes_;
    if (batch.finished)
      pass_ = 0;
    batch.endsStream = endsAt && *endsAt == batch.chunk.offset;
  }
  void cancel() override { cancelled = true; }

  std::optional<uint64_t> endsAt;
  std::atomic<bool> cancelled{false};

private:
  const unsigned delay_;
  const unsigned passes_;
  unsigned pass_ = 0;
};

class TextCollector final : public Collector {
public:
  bool take(Batch &batch) override {
    EXPECT_FALSE(inside_.exchange(true)) << "two threads in the collector";
    text += batch.output;
    records += batch.counts.records;
    const bool goesOn = ++taken != stopAfter;
    inside_ = false;
    return goesOn;
  }

  std::string text;
  uint64_t records = 0;
  uint64_t taken = 0;
  uint64_t stopAfter = 0;

private:
  std::atomic<bool> inside_{false};
};

/// Workers of which the first is the slowest, so that chunks are finished out of order.
struct Crew {
  std::vector<std::unique_ptr<NumberWorker>> workers;
  std::vector<Worker *> pointers;

  explicit Crew(unsigned count, unsigned passes = 1) {
    for (unsigned i = 0; i < count; ++i) {
      workers.push_back(std::make_unique<NumberWorker>((count - i - 1) * 300, passes));
      pointers.push_back(workers.back().get());
    }
  }
};

std::string numbers(uint64_t count, unsigned times = 1) {
  std::string text;
  for (uint64_t i = 0; i < count; ++i)
    for (unsigned k = 0; k < times; ++k)
      text += std::to_string(i) + " ";
  return text;
}

TEST(Pipeline, KeepsTheOrderOfChunks) {
  for (unsigned threads : {1u, 2u, 5u}) {
    CountingFeed feed(200);
    Crew crew(threads);
    TextCollector collector;
    EXPECT_TRUE(runPipeline(feed, crew.pointers, collector));
    EXPECT_EQ(collector.text, numbers(200)) << threads;
    EXPECT_EQ(collector.records, 200u);
  }
}

TEST(Pipeline, AnEmptyFeedIsAnEmptyStream) {
  CountingFeed feed(0);
  Crew crew(3);
  TextCollector collector;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector));
  EXPECT_EQ(collector.taken, 0u);
}

TEST(Pipeline, PassesOfAChunkStayTogether) {
  for (unsigned threads : {1u, 4u}) {
    CountingFeed feed(60);
    Crew crew(threads, 3);
    TextCollector collector;
    EXPECT_TRUE(runPipeline(feed, crew.pointers, collector));
    EXPECT_EQ(collector.text, numbers(60, 3)) << threads;
  }
}

TEST(Pipeline, WithoutOrderEveryChunkComesOnce) {
  CountingFeed feed(3000);
  Crew crew(4);
  TextCollector collector;
  PipelineOptions options;
  options.ordered = false;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector, options));
  std::vector<std::string> words;
  for (size_t at = 0, end; (end = collector.text.find(' ', at)) != std::string::npos; at = end + 1)
    words.push_back(collector.text.substr(at, end - at));
  std::sort(words.begin(), words.end());
  EXPECT_EQ(words.size(), 3000u);
  EXPECT_EQ(std::unique(words.begin(), words.end()), words.end());
}

TEST(Pipeline, AFailureOfTheFeedComesAfterWhatWasFed) {
  CountingFeed feed(50, true);
  Crew crew(4);
  TextCollector collector;
  const auto ran = runPipeline(feed, crew.pointers, collector);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, error::info(error::Id::CannotReadStdin).code);
  EXPECT_EQ(collector.text, numbers(50));
}

TEST(Pipeline, ACollectorThatStopsEndsTheStreamAndCancelsWorkers) {
  CountingFeed feed(1'000'000);
  Crew crew(4);
  TextCollector collector;
  collector.stopAfter = 20;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector));
  EXPECT_EQ(collector.text, numbers(20));
  EXPECT_LE(feed.fed, 20u + 4 * PipelineOptions().batchesPerWorker);
  for (const auto &worker : crew.workers)
    EXPECT_TRUE(worker->cancelled);
}

TEST(Pipeline, ABatchThatEndsTheStreamIsTheLast) {
  CountingFeed feed(1000);
  Crew crew(4);
  for (const auto &worker : crew.workers)
    worker->endsAt = 30;
  TextCollector collector;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector));
  EXPECT_EQ(collector.text, numbers(31));
}

TEST(Pipeline, WithoutOrderEverythingBeforeTheLastBatchComesAsWell) {
  CountingFeed feed(1000);
  Crew crew(4);
  for (const auto &worker : crew.workers)
    worker->endsAt = 30;
  TextCollector collector;
  PipelineOptions options;
  options.ordered = false;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector, options));
  for (unsigned i = 0; i <= 30; ++i)
    EXPECT_NE((" " + collector.text).find(" " + std::to_string(i) + " "), std::string::npos) << i;
  EXPECT_LE(feed.fed, 31u + 4 * options.batchesPerWorker);
}

TEST(Pipeline, AnInterruptEndsTheFeed) {
  std::atomic<bool> interrupt{false};
  class Interrupting final : public Feed {
  public:
    explicit Interrupting(std::atomic<bool> &flag) : flag_(flag) {}
    Expected<bool, Error> next(Chunk &chunk) override {
      chunk.offset = fed_;
      flag_ = fed_ == 10;
      if (flag_) // as a source that is told to stop waiting
        return Unexpected(error::make<error::Id::CannotReadStdin>("interrupted"));
      return ++fed_ != 0;
    }

  private:
    std::atomic<bool> &flag_;
    uint64_t fed_ = 0;
  } feed(interrupt);
  Crew crew(3);
  TextCollector collector;
  PipelineOptions options;
  options.interrupt = &interrupt;
  EXPECT_TRUE(runPipeline(feed, crew.pointers, collector, options));
  EXPECT_EQ(collector.text, numbers(10));
}

TEST(Pipeline, AnOutputThatIsStuckHoldsTheFeed) {
  /// Takes nothing until it is released.
  class Stuck final : public Collector {
  public:
    bool take(Batch &) override {
      std::unique_lock lock(mutex);
      released.wait(lock, [this] { return free; });
      ++taken;
      return true;
    }
    std::mutex mutex;
    std::condition_variable released;
    bool free = false;
    uint64_t taken = 0;
  } collector;
  CountingFeed feed(500);
  Crew crew(3);
  std::thread run([&] { EXPECT_TRUE(runPipeline(feed, crew.pointers, collector)); });
  // Long enough for everything that may be fed to be fed.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LE(feed.fed, 3 * PipelineOptions().batchesPerWorker);
  {
    const std::lock_guard lock(collector.mutex);
    collector.free = true;
  }
  collector.released.notify_all();
  run.join();
  EXPECT_EQ(collector.taken, 500u);
}

} // namespace
