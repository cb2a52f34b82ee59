// One program on its way through the compiler: each stage adds its result. Nothing is printed;
// findings are in the sink. Leaves out: execution.
#pragma once

#include "branchline/Driver/StageTimes.h"
#include "branchline/IR/Module.h"
#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/Error.h"
#include "branchline/Syntax/AST.h"

#include <memory>
#include <span>
#include <string>

namespace branchline::driver {

struct CompileOptions {
  /// Functions the host adds to the library.
  std::span<const std::string> hostFunctions;
  /// Make code that reports LET and OUTPUT to a tracer.
  bool trace = false;
};

/// How far a compilation goes.
enum class CompileTo : uint8_t { Tree, Checked, Module };

/// A source text and what the stages made of it. Results refer to each other: keep them together.
struct Compilation {
  SourceText source;
  DiagnosticSink sink;
  std::unique_ptr<syntax::Program> program; // null before the parser ran
  std::unique_ptr<ir::Module> module;       // null before IRGen ran

  Compilation(std::string name, std::string text) : source(std::move(name), std::move(text)) {}

  /// Runs the stages up to `last`; stops after a stage that found errors.
  /// \returns true when there are no errors. Findings are in `sink`, ordered by place.
  /// \errors BrokenIr: the compiler made IR that does not verify, which is a defect of ours
  Expected<bool, Error> compile(CompileTo last, const CompileOptions &options, StageTimes &times);
};

} // namespace branchline::driver
