// The verifier in two layers: tables of the program, and one function at a time. Each check returns
// whether it holds; the first that does not leaves its error. Private to Bytecode.
#pragma once

#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Bytecode/Program.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Lang/Errors.h"

#include <optional>
#include <string_view>
#include <vector>

namespace branchline::bytecode {

/// `transform`, `FUNC` or `lambda`.
std::string_view kindText(FunctionKind kind);

class ProgramVerifier {
public:
  explicit ProgramVerifier(const Program &program) : program_(program) {}

  bool run();
  std::optional<VerifyError> takeError() { return std::move(error_); }

  // For FunctionVerifier:
  const Program &program() const { return program_; }
  template <error::Id kId, class... Args> bool fail(const Args &...args) {
    Error made = error::make<kId>(args...);
    error_ = VerifyError{made.code, std::move(made.message), {}, 0, 0};
    return false;
  }
  bool checkCount(size_t count, TableLimit limit);
  bool checkIndex(std::string_view what, uint64_t index, size_t size);
  bool isString(uint32_t constant) const;
  /// Whether a constant is a non-negative integer.
  bool isIndex(uint32_t constant) const;
  /// Registers that an object of a layout is made from.
  uint32_t layoutWindow(uint32_t layout) const { return layoutWindows_[layout]; }
  /// Computed segments of a path.
  uint32_t pathKeys(uint32_t path) const { return pathKeys_[path]; }
  /// Lines of the source; 1 when there is none.
  size_t lineCount() const { return lines_; }

private:
  bool checkNeeds();
  bool checkSource();
  bool checkText(std::string_view text, std::string_view what, size_t index);
  bool checkConstants();
  bool checkConstant(const Constant &constant, size_t index);
  bool checkLayouts();
  bool checkPaths();
  bool checkImports();
  bool checkShared();
  bool checkTransforms();
  bool checkFunctions();

  const Program &program_;
  std::optional<VerifyError> error_;
  // Computed once: instructions would pay for them at each use.
  std::vector<uint32_t> layoutWindows_;
  std::vector<uint32_t> pathKeys_;
  size_t lines_ = 1;
};

class FunctionVerifier {
public:
  FunctionVerifier(ProgramVerifier &verifier, const Function &function)
      : verifier_(verifier), program_(verifier.program()), fn_(function) {}

  bool run();
  /// The word the check that failed was about.
  uint32_t place() const { return pc_; }

private:
  template <error::Id kId, class... Args> bool fail(const Args &...args) {
    return verifier_.fail<kId>(args...);
  }

  bool checkSignature();
  bool checkBoundaries();
  bool checkCode();
  bool checkInstruction(const Word *at);
  bool checkUnused(const Word *at);
  bool checkOperand(const Operand &operand, const OperandList &all);
  bool checkRegister(uint64_t reg, RegisterClass expected);
  bool checkWindow(uint64_t first, uint64_t count, RegisterClass expected);
  bool checkPathWindow(uint64_t first, const OperandList &all, unsigned more);
  bool checkConstantIs(uint64_t constant, bool (ProgramVerifier::*is)(uint32_t) const,
                       std::string_view expected);
  bool checkChoice(uint64_t value, size_t count, std::string_view what);
  bool checkFunction(uint64_t function);
  bool checkImport(uint64_t import);
  bool checkLabel(int64_t distance);
  bool checkResume(uint64_t point);
  bool checkRaise(const OperandList &all);
  bool checkSpecifics(const OperandList &all);

  bool checkTables();
  bool checkHandlers();
  bool checkNesting();
  bool checkResumePoints();
  bool checkLines();
  bool checkInlineSites();
  bool checkSiteEntries();
  bool checkPlace(std::string_view what, size_t row, LineColumn at);
  bool startsInstruction(uint64_t word) const { return word < starts_.size() && starts_[word]; }

  ProgramVerifier &verifier_;
  const Program &program_;
  const Function &fn_;
  uint32_t pc_ = 0;
  Op op_ = Op::Ext;               // of the instruction at hand
  std::vector<uint32_t> runEnds_; // by register: behind the run of its class it is in
  std::vector<bool> starts_;      // by word
  std::vector<bool> resumed_;     // by resume point: its instruction was found
};

} // namespace branchline::bytecode
