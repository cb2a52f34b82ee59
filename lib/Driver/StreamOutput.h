// Where the batches of a stream end: values and what PRINT wrote go to the outputs, records and
// lines are counted, failures are reported, checkpoints are made. Private to Driver.
#pragma once

#include "Progress.h"
#include "StreamFeed.h"
#include "ValueOutput.h"

#include "branchline/Driver/Report.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Stream/Checkpoint.h"
#include "branchline/Stream/Pipeline.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace branchline::driver {

class StreamOutput final : public stream::Collector {
public:
  /// \param source  the program, for reports of run-time errors
  StreamOutput(const RunOptions &options, Reporter &reporter, const StreamFeed &feed,
               const SourceText &source, std::vector<std::string> targets);

  /// Opens the outputs. \param from  where the stream starts
  Expected<void, Error> open(const stream::Checkpoint &from);
  bool take(stream::Batch &batch) override;
  /// Takes what was made of all records together. \returns the status of a failure, reported
  std::optional<ExitStatus> takeResult(stream::Batch &batch);
  /// Completes the outputs. \returns the status when that fails, reported
  std::optional<ExitStatus> close();
  /// Ends the outputs before the end of the stream.
  void breakOff();

  /// Why the stream ended early, reported.
  std::optional<ExitStatus> ended() const { return ended_; }
  /// What became of all records.
  const stream::Counts &counts() const { return counts_; }
  /// The status of the first record that failed and did not end the stream.
  ExitStatus firstFailure() const { return firstFailure_; }
  uint64_t instructions() const { return instructions_; }
  StreamAmounts amounts() const;

private:
  using Clock = std::chrono::steady_clock;

  /// A chunk some of whose batches have been taken, or whose turn to be counted has not come.
  struct Account {
    uint32_t input = 0;
    uint64_t end = 0; // of the chunk, in the bytes of the input
    stream::Counts counts;
    std::vector<stream::RecordFailure> failures;
    uint64_t lines = 0;
    bool finished = false;
  };

  Expected<void, Error> write(stream::Batch &batch);
  Expected<void, Error> writePrinted(const std::string &text);
  void count(stream::Batch &batch);
  Expected<void, Error> settle(Account &account);
  Expected<void, Error> report(stream::RecordFailure &failure);
  Expected<void, Error> saveCheckpoint(bool complete);

  const StreamOptions &options_;
  Reporter &reporter_;
  System &system_;
  const StreamFeed &feed_;
  const SourceText &source_;
  ProgressLine progress_;
  const Clock::time_point started_ = Clock::now();

  ValueOutput values_;
  std::unique_ptr<stream::Sink> errors_; // of --errors

  std::map<uint64_t, Account> accounts_; // by number of the chunk
  uint64_t turn_ = 0;                    // the chunk to be counted next
  stream::Checkpoint place_;             // before it
  Clock::time_point checkpointAt_ = started_;

  stream::Counts counts_;
  uint64_t instructions_ = 0;
  ExitStatus firstFailure_ = ExitStatus::Ok;
  std::optional<ExitStatus> ended_;
};

} // namespace branchline::driver
