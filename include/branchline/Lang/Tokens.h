// The token kinds as an enum with their names, texts and classes; the table is Tokens.def.
// Leaves out: tokens with a place in a text (Syntax/Lexer.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace branchline {

/// One kind per row of Tokens.def; keywords are `Kw<Name>`.
enum class TokenKind : uint8_t {
#define BL_PUNCTUATION(Name, Kind, Text) Name,
#define BL_TOKEN_CLASS(Name, Kind, Doc) Name,
#define BL_KEYWORD(Name, Text, Hardness) Kw##Name,
#include "branchline/Lang/Tokens.def"
};

/// How a kind may be used.
enum class TokenClass : uint8_t {
  Punctuation, // fixed text
  Class,       // identifiers, literals, the end of the file
  Hard,        // a keyword that is never a name
  Soft,        // a keyword that is a name wherever a name is expected
};

/// One row of Tokens.def.
struct TokenInfo {
  std::string_view kind; // as in the specification, `LEFT_PAREN`
  std::string_view text; // as in a program; empty for a class
  TokenClass tokenClass;
};

inline constexpr auto kTokenTable = std::to_array<TokenInfo>({
#define BL_PUNCTUATION(Name, Kind, Text) {Kind, Text, TokenClass::Punctuation},
#define BL_TOKEN_CLASS(Name, Kind, Doc) {Kind, "", TokenClass::Class},
#define BL_KEYWORD(Name, Text, Hardness) {Text, Text, TokenClass::Hardness},
#include "branchline/Lang/Tokens.def"
});

/// The row of a kind.
constexpr const TokenInfo &info(TokenKind kind) { return kTokenTable[static_cast<size_t>(kind)]; }

/// True for hard and soft keywords.
constexpr bool isKeyword(TokenKind kind) {
  return info(kind).tokenClass == TokenClass::Hard || info(kind).tokenClass == TokenClass::Soft;
}

/// True for what may stand where a name is expected. \rule R1.8.1
constexpr bool isName(TokenKind kind) {
  return kind == TokenKind::Identifier || info(kind).tokenClass == TokenClass::Soft;
}

/// The keyword a word spells, whatever the case of its ASCII letters.
/// \param word  as scanned, without backticks
/// \complexity O(length of `word`) \rule R1.4.2, D11
std::optional<TokenKind> findKeyword(std::string_view word);

} // namespace branchline
