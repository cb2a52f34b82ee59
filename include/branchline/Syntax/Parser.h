// From a source text to a syntax tree.
// Leaves out: names, scopes and types, which are Sema's.
#pragma once

#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/SourceText.h"
#include "branchline/Syntax/AST.h"

#include <memory>
#include <optional>

namespace branchline::syntax {

/// How deep brackets, blocks, prefix operators and calls of calls may nest. Operator chains and
/// lists of any length are not nesting. \rule D14
inline constexpr unsigned kMaxNesting = 1500;

/// After this many errors in the text of one program the rest is not reported.
inline constexpr unsigned kMaxSyntaxErrors = 100;

/// Parses a whole file.
///
/// A program with errors still gives a tree: it holds the declarations and statements that could be
/// read. A file without TRANSFORM and with statements at top level holds one implicit Transform
/// (E7).
/// \param source  borrowed for the call; the tree keeps its own copy of the text
/// \returns       never null; usable for later stages only when `sink` has no errors
/// \errors        BL1001 to BL1139 to `sink`, several independent ones in one run
/// \complexity    O(bytes) \rule Appendix A, E1 to E11
[[nodiscard]] std::unique_ptr<Program> parse(const SourceText &source, DiagnosticSink &sink);

/// The `//` on the line of `offset` that stands before it (or at it) and was read as a division:
/// the place for the note `DivisionLooksLikeComment` when a name after it turns out to be
/// undefined.
/// \param offset  where the error is \complexity O(length of the line) \rule R1.2.2, D15
[[nodiscard]] std::optional<SourceRange> findDivisionOnLine(const SourceText &source,
                                                            uint32_t offset);

} // namespace branchline::syntax
