// A program as the steps of a run need it, whichever way it came to be: compiled from a text or
// read from a bytecode file (LoadedProgram.h), or linked into this process (LinkedProgram.cpp).
// Programs that are linked must not bring the compiler along, so nothing here may name it. Private
// to Driver.
#pragma once

#include "branchline/Driver/Engines.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Driver/StageTimes.h"
#include "branchline/Format/ReadPlan.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace branchline::driver {

/// Steps that report their failures: each returns nothing when the next one may follow, else the
/// status.
using Step = std::optional<ExitStatus>;

class RunnableProgram {
public:
  RunnableProgram(const RunOptions &options, Reporter &reporter, StageTimes &times)
      : options_(options), reporter_(reporter), times_(times) {}
  virtual ~RunnableProgram();
  RunnableProgram(const RunnableProgram &) = delete;
  RunnableProgram &operator=(const RunnableProgram &) = delete;

  /// Gets the program. Everything below comes after it.
  virtual Step load() = 0;
  Step selectTransform();

  /// The program for the engine of the options. At most once.
  virtual Step prepare(std::unique_ptr<Executable> &made) = 0;
  /// The engines that `--engine=all` compares, and the program for any of them, any number of
  /// times.
  virtual std::span<const Engine> engines() const = 0;
  virtual Step prepare(const Engine &engine, std::unique_ptr<Executable> &made) = 0;

  /// What reports call the engine of the options.
  virtual std::string_view engine() const = 0;

  /// What the program prepared last needs of a document; null: everything. Engines that run the
  /// program as it was written get everything, so that they can tell whether a plan lacks
  /// something.
  virtual const format::ReadPlan *plan() const = 0;
  /// What tells the program from others, before it is prepared.
  virtual uint64_t fingerprint() const = 0;

  const SourceText &source() const { return *source_; }
  const std::vector<bytecode::SharedResource> &shared() const { return shared_; }
  size_t transform() const { return transform_; }

protected:
  /// Whether results are texts into which compact JSON can be copied.
  bool passesText() const;

  const RunOptions &options_;
  Reporter &reporter_;
  StageTimes &times_;
  const SourceText *source_ = nullptr; // for reports
  std::vector<std::string> transforms_;
  std::vector<bytecode::SharedResource> shared_;
  size_t transform_ = 0;
};

/// Runs a program on a document or, with stream options, on records; see RunCommand.h.
/// \param program  made with the same options, reporter and times
ExitStatus runProgram(const RunOptions &options, Reporter &reporter, StageTimes &times,
                      std::unique_ptr<RunnableProgram> program);

} // namespace branchline::driver
