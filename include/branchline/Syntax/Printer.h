// Tokens and trees as text, for `--emit=tokens`, `--emit=ast` and tests.
// Leaves out: source code that parses again; the dumps are for reading.
#pragma once

#include "branchline/Support/SourceText.h"
#include "branchline/Syntax/AST.h"
#include "branchline/Syntax/Lexer.h"

#include <span>
#include <string>

namespace branchline::syntax {

/// One token a line: `LINE:COLUMN KIND text`. Names and decoded strings are quoted with escapes.
/// \complexity O(bytes of the source)
[[nodiscard]] std::string printTokens(std::span<const Token> tokens, const SourceText &source);

/// Lexes and prints; what is wrong with the text goes to `sink`.
[[nodiscard]] std::string printTokens(const SourceText &source, DiagnosticSink &sink);

/// The tree, one node a line: kind, facts, `@LINE:COLUMN` of its token, children indented by two
/// blanks. Indentation stops growing at 60 levels, so that long operator chains stay linear.
/// \param source  the text that `program` was parsed from
[[nodiscard]] std::string printAst(const Program &program, const SourceText &source);

} // namespace branchline::syntax
