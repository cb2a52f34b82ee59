// BIR as text: printing, and reading it back. print → parse → print is the identity.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Support/Diagnostic.h"

#include <memory>
#include <string>

namespace branchline::ir {

struct PrintOptions {
  bool locations = false; // ` !LINE:COLUMN` after each instruction, `!SITE` behind it if inlined
  bool kinds = false;     // ` : int|float` after each result that a pass narrowed
};

/// The module as text; values and blocks are numbered in order of appearance.
std::string print(const Module &module, const PrintOptions &options = {});
std::string print(const Module &module, const Function &function, const PrintOptions &options = {});

/// Reads the text form. \returns null after reporting errors (codes BL24xx) to `sink`.
/// The result is not verified.
std::unique_ptr<Module> parse(const SourceText &source, DiagnosticSink &sink);

} // namespace branchline::ir
