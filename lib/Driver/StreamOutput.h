// Where the batches of a stream end: values and what PRINT wrote go to the outputs, records and
// lines are counted, failures are reported. Private to Driver.
#pragma once

#include "StreamFeed.h"

#include "branchline/Driver/Report.h"
#include "branchline/Driver/RunCommand.h"
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
               const SourceText &source)
      : options_(*options.stream), reporter_(reporter), system_(reporter.system()), feed_(feed),
        source_(source) {}

  /// \param target  `-`, or a path as in outputFileTarget
  Expected<void, Error> open(const std::string &target);
  bool take(stream::Batch &batch) override;
  /// Takes what was made of all records together. \returns the status of a failure, reported
  std::optional<ExitStatus> takeResult(stream::Batch &batch);
  /// Completes the outputs. \returns the status when that fails, reported
  std::optional<ExitStatus> close();

  /// Why the stream ended early, reported.
  std::optional<ExitStatus> ended() const { return ended_; }
  /// What became of all records.
  const stream::Counts &counts() const { return counts_; }
  /// The status of the first record that failed and did not end the stream.
  ExitStatus firstFailure() const { return firstFailure_; }
  uint64_t instructions() const { return instructions_; }

private:
  /// A chunk some of whose batches have been taken, or whose turn to be counted has not come.
  struct Account {
    uint32_t input = 0;
    stream::Counts counts;
    std::vector<stream::RecordFailure> failures;
    uint64_t lines = 0;
    bool finished = false;
  };

  Expected<void, Error> write(stream::Batch &batch);
  Expected<void, Error> writeValues(std::string &text);
  void count(stream::Batch &batch);
  void settle(Account &account);
  void report(stream::RecordFailure &failure);

  const StreamOptions &options_;
  Reporter &reporter_;
  System &system_;
  const StreamFeed &feed_;
  const SourceText &source_;

  bool isStdout_ = true;
  std::unique_ptr<stream::Sink> sink_;
  std::unique_ptr<stream::Sink> errors_; // of --errors
  bool hasValues_ = false;               // ValueFraming::Array: whether the bracket is written

  std::map<uint64_t, Account> accounts_; // by number of the chunk
  uint64_t turn_ = 0;                    // the chunk to be counted next
  uint32_t input_ = 0;                   // it belongs to
  uint64_t lines_ = 0;                   // of that input before it
  uint64_t records_ = 0;                 // of the stream before it
  stream::Counts counts_;
  uint64_t instructions_ = 0;
  ExitStatus firstFailure_ = ExitStatus::Ok;
  std::optional<ExitStatus> ended_;
};

} // namespace branchline::driver
