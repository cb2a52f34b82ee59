// Runs of a program by one engine, from an input value to the text of its results: one run, or one
// after another on the same heap. Values refer to the heap and to the bytes of the input, so the
// members are in the order in which they must be made, and go away in the opposite one. Private to
// Driver.
#pragma once

#include "branchline/Driver/Engines.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Driver/StageTimes.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/Format/OutputPath.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::driver {

/// Why a run did not come to an end: an error of the world, or a run-time error.
struct Failure {
  std::optional<Error> error;
  std::optional<runtime::Trap> trap;
};

/// How documents are read under the options of a run.
format::JsonReadOptions readOptionsOf(const RunOptions &options);

/// The rows of `--stats` for an engine. \param engine  its name
std::string renderEngineStats(std::string_view engine, const EngineStats &stats);

class Execution {
public:
  /// \param printed  gets the text of PRINT; null: standard output gets it, as it happens
  Execution(const RunOptions &options, System &system, std::string *printed);

  /// What is to run. \param shared  the resources that the program declares
  void setProgram(std::unique_ptr<Executable> executable,
                  const std::vector<bytecode::SharedResource> &shared);
  const Executable &executable() const { return *executable_; }
  runtime::Heap &heap() { return heap_; }

  /// \param document  borrowed for as long as the execution; null: the empty object
  /// \param plan  what the program needs of it; null: everything
  Expected<void, Error> readInput(const std::string_view *document, const format::ReadPlan *plan);
  /// Forgets the run before and starts on another input. Memory that runs left behind goes away
  /// when it has become much.
  void begin(runtime::Value input);
  /// Lets go of the input and the outputs of the last run.
  void release();
  /// Many short runs will follow: memory is taken back for several of them at once.
  void expectManyRuns();

  /// Runs a transform. \returns why it did not end
  std::optional<Failure> run(size_t transform);
  /// Makes the text of the result. \returns why there is none
  std::optional<Failure> format(const format::OutputPath &path);
  /// Appends the text of each output, with something before and behind it.
  /// \returns why there is none; then `out` is as before
  std::optional<Failure> formatEach(const format::OutputPath &path, std::string_view before,
                                    std::string_view behind, std::string &out);
  /// That the user stopped the run or that PRINT failed, when that happened.
  std::optional<Failure> stopReason() const;

  void printTo(std::string *printed) { printed_ = printed; }
  /// Ends a run under way at its next safe point. \threads any
  void cancel() { context_.cancelled = true; }

  const std::string &text() const { return text_; }
  size_t outputs() const { return context_.outputs.size(); }
  uint64_t instructions() const { return context_.instructionsUsed; }
  const runtime::HeapStats &heapStats() const { return heap_.stats(); }
  std::string renderStats() const;
  void addStats(EngineStats &stats) const {
    if (executable_)
      executable_->addStats(stats);
  }

private:
  void print(std::string_view text);
  std::optional<Failure> append(const runtime::Value &value, const format::OutputPath &path,
                                std::string &out, size_t start);
  Expected<void, Error> write(const runtime::Value &value, std::string &out);
  std::optional<Failure> checkOutput(size_t bytes) const;
  std::optional<Failure> outputLimit() const;
  void sweep();

  const RunOptions &options_;
  System &system_;
  std::string *printed_;
  std::optional<Error> printFailure_;
  uint64_t printedBytes_ = 0;
  bool printedTooMuch_ = false;
  runtime::Heap heap_;
  uint64_t sweepAt_ = 0; // bytes in use between two runs; 0: the next run sets it
  uint64_t sweepSlack_ = uint64_t(1) << 20; // bytes that runs may leave behind
  format::JsonWriter writer_;
  runtime::SharedStore shared_;
  std::unique_ptr<Executable> executable_;
  runtime::Context context_{heap_};
  std::string text_;
};

} // namespace branchline::driver
