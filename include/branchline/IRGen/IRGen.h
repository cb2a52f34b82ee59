// Lowers a checked program to BIR.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Support/SourceText.h"
#include "branchline/Syntax/AST.h"

#include <memory>
#include <span>
#include <string>

namespace branchline::irgen {

struct Options {
  /// Functions the host adds to the library.
  std::span<const std::string> hostFunctions;
  /// Emit trace.point instructions for LET and OUTPUT.
  bool trace = false;
};

/// \param program  parsed and checked without errors. \param source  its text, for places
/// \returns a module that verifies. \complexity linear in the size of the program
std::unique_ptr<ir::Module> generate(const syntax::Program &program, const SourceText &source,
                                     const Options &options = {});

} // namespace branchline::irgen
