// A program as `run` and `exec` need it: compiled or read from a bytecode file, with the transform
// that was asked for. Private to Driver.
#pragma once

#include "RunnableProgram.h"

#include "branchline/Bytecode/Program.h"
#include "branchline/Driver/Compilation.h"

namespace branchline::driver {

class LoadedProgram final : public RunnableProgram {
public:
  using RunnableProgram::RunnableProgram;

  /// Compiles the script, or reads the bytecode file.
  Step load() override;
  Step prepare(std::unique_ptr<Executable> &made) override;
  std::span<const Engine> engines() const override { return driver::engines(); }
  Step prepare(const Engine &engine, std::unique_ptr<Executable> &made) override;
  std::string_view engine() const override;
  const format::ReadPlan *plan() const override { return plan_ ? &*plan_ : nullptr; }
  uint64_t fingerprint() const override;

private:
  Step compile();
  Step loadBytecode();
  Step prepareModule(const Engine &engine, std::unique_ptr<ir::Module> module,
                     std::unique_ptr<Executable> &made);

  std::optional<Compilation> compilation_;
  std::unique_ptr<bytecode::Program> program_; // until it is prepared
  std::optional<SourceText> bytecodeSource_;
  std::optional<format::ReadPlan> plan_;
};

} // namespace branchline::driver
