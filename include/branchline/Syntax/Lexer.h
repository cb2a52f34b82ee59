// From characters to tokens, in one pass over the whole text.
// Leaves out: everything that needs to look at more than one token.
#pragma once

#include "branchline/Lang/Tokens.h"
#include "branchline/Support/Arena.h"
#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/SourceText.h" // SourceRange

#include <cstdint>
#include <string_view>
#include <vector>

namespace branchline::syntax {

/// One token. `text` is borrowed from the source text or from the arena given to `lex`.
struct Token {
  TokenKind kind = TokenKind::EndOfFile;
  /// Line of the first character as the newline rules count it: an escaped newline inside a string
  /// does not count, so it can be smaller than the line that diagnostics show. \rule R1.6.4, R1.8.3
  uint32_t line = 1;
  SourceRange range;
  /// Identifier: the name without backticks (with backticks `range` is two bytes longer). String:
  /// the decoded value. Otherwise the source text.
  std::string_view text;
};

/// Cuts a text into tokens. The result always ends with EndOfFile.
///
/// Errors do not stop the pass: a broken string, name or escape gives the token it most likely
/// stands for, a stray character gives none. Only text that is not UTF-8 ends the pass early.
/// \param text   borrowed, at most 4 GiB - 1; the tokens refer to it
/// \param arena  receives the values of strings with escapes
/// \errors       BL1001 to BL1011 to `sink`
/// \complexity   O(bytes) \rule R1.1 to R1.7, D10, D11, D13
[[nodiscard]] std::vector<Token> lex(std::string_view text, Arena &arena, DiagnosticSink &sink);

} // namespace branchline::syntax
