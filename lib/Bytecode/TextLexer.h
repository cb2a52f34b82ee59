// Tokens of bytecode text. Private to Bytecode.
#pragma once

#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/TextCursor.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace branchline::bytecode {

enum class TokenKind : uint8_t {
  End,
  Error,     // reported by the lexer
  Directive, // .name
  Word,      // mnemonic, register, label, name
  Function,  // @0
  Capture,   // ^0
  Int,
  Float,
  BigInt,  // 123n
  Decimal, // 1.50m
  String,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Colon,
  Bang,
  Hash,
  Star,
  Dash,
  DotDot,
};

struct Token {
  TokenKind kind = TokenKind::End;
  SourceRange range;
  bool startsLine = false; // first token of its line
  std::string text;        // names: without sigil; strings: decoded; numbers: without suffix
};

/// Cuts bytecode text into tokens. Borrows the source and the sink.
class TextLexer {
public:
  TextLexer(const SourceText &source, DiagnosticSink &sink);
  TextLexer(SourceText &&source, DiagnosticSink &sink) = delete;

  /// The next token; End for ever once the text is used up.
  Token next();

private:
  TokenKind lexToken(std::string &text);
  TokenKind lexIndex(std::string &text, TokenKind kind);
  TokenKind lexString(std::string &text);
  TokenKind lexNumber(std::string &text);
  TokenKind lexPunctuation();
  void takeWord(std::string &text);

  TextCursor cursor_;
  DiagnosticSink &sink_;
};

} // namespace branchline::bytecode
