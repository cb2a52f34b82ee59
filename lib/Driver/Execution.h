// One run of a program by one engine, from its input to the text of its result. Values refer to the
// heap and to the bytes of the input, so the members are in the order in which they must be made,
// and go away in the opposite one. Private to Driver.
#pragma once

#include "branchline/Driver/Engines.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Driver/StageTimes.h"
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

/// Where the text of PRINT goes.
enum class Printing : uint8_t {
  AtOnce, ///< to standard output, as it happens
  Kept,   ///< nowhere; `printed` has it
};

class Execution {
public:
  Execution(const RunOptions &options, System &system, Printing printing)
      : options_(options), system_(system), printing_(printing) {}

  /// What is to run. \param shared  the resources that the program declares
  void setProgram(std::unique_ptr<Executable> executable,
                  const std::vector<bytecode::SharedResource> &shared);
  /// \param document  borrowed for as long as the execution; null: the empty object
  Expected<void, Error> readInput(const std::string_view *document);
  /// Runs a transform. \returns why it did not end
  std::optional<Failure> run(size_t transform);
  /// Makes the text of the result. \returns why there is none
  std::optional<Failure> format(const format::OutputPath &path);
  /// That the user stopped the run or that PRINT failed, when that happened.
  std::optional<Failure> stopReason() const;

  const std::string &text() const { return text_; }
  const std::string &printed() const { return printed_; }
  std::string renderStats() const;

private:
  void print(std::string_view text);
  std::optional<Failure> outputLimit() const;

  const RunOptions &options_;
  System &system_;
  Printing printing_;
  std::optional<Error> printFailure_;
  uint64_t printedBytes_ = 0;
  bool printedTooMuch_ = false;
  std::string printed_;
  runtime::Heap heap_;
  runtime::SharedStore shared_;
  std::unique_ptr<Executable> executable_;
  runtime::Context context_{heap_};
  std::string text_;
};

} // namespace branchline::driver
