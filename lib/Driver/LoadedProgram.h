// A program as `run` and `exec` need it: compiled or read from a bytecode file, with the transform
// that was asked for. Private to Driver.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/Engines.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Driver/StageTimes.h"
#include "branchline/Format/ReadPlan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace branchline::driver {

/// Steps that report their failures: each returns nothing when the next one may follow, else the
/// status.
using Step = std::optional<ExitStatus>;

class LoadedProgram {
public:
  LoadedProgram(const RunOptions &options, Reporter &reporter, StageTimes &times)
      : options_(options), reporter_(reporter), times_(times) {}

  /// Compiles the script, or reads the bytecode file.
  Step load();
  Step selectTransform();

  /// The program for the engine of the options, or bytecode for the machine. At most once.
  Step prepare(std::unique_ptr<Executable> &made);
  /// The compiled program for any engine, any number of times.
  Step prepare(const Engine &engine, std::unique_ptr<Executable> &made);

  /// What the program prepared last needs of a document; null: everything. Engines that run the
  /// program as it was written get everything, so that they can tell whether a plan lacks
  /// something.
  const format::ReadPlan *plan() const { return plan_ ? &*plan_ : nullptr; }

  const SourceText &source() const { return *source_; }
  const std::vector<bytecode::SharedResource> &shared() const { return shared_; }
  size_t transform() const { return transform_; }
  /// What tells the program from others, before it is prepared.
  uint64_t fingerprint() const;

private:
  Step compile();
  Step loadBytecode();
  Step prepareModule(const Engine &engine, std::unique_ptr<ir::Module> module,
                     std::unique_ptr<Executable> &made);

  const RunOptions &options_;
  Reporter &reporter_;
  StageTimes &times_;
  std::optional<Compilation> compilation_;
  std::unique_ptr<bytecode::Program> program_; // until it is prepared
  std::optional<SourceText> bytecodeSource_;
  const SourceText *source_ = nullptr; // for reports
  std::vector<std::string> transforms_;
  std::vector<bytecode::SharedResource> shared_;
  size_t transform_ = 0;
  std::optional<format::ReadPlan> plan_;
};

} // namespace branchline::driver
