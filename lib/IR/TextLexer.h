// Tokens of the text form, made one at a time because a path reads `.1.2` differently from a
// constant.
#pragma once

#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/TextCursor.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace branchline::ir {

enum class TokenKind : uint8_t {
  End,
  Error,   // reported by the lexer
  Word,    // bare name: mnemonic, label, keyword, name of a table row
  Local,   // $name
  Capture, // ^name
  Func,    // @name
  Value,   // %0
  Int,
  Float,
  BigInt,  // 123n
  Decimal, // 1.50m
  String,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Bar,
  Equals,
  Colon,
  Dot,
  Bang,
};

struct Token {
  TokenKind kind = TokenKind::End;
  SourceRange range;
  bool startsLine = false; // first token of its line, where reading resumes after an error
  std::string text;        // names and strings: decoded; numbers: without suffix
};

/// Cuts IR text into tokens. Borrows the source and the sink.
class TextLexer {
public:
  TextLexer(const SourceText &source, DiagnosticSink &sink);
  TextLexer(SourceText &&source, DiagnosticSink &sink) = delete;

  /// The next token; End for ever once the text is used up.
  /// \param inPath  read a segment of a path: digits are an integer whatever follows, and names
  /// have
  ///                no dots
  Token next(bool inPath = false);
  /// Whether a segment of a path follows without a blank; a `.` without one is the empty path.
  bool touchesSegment() const;

private:
  TokenKind lexToken(std::string &text, bool inPath);
  TokenKind lexName(std::string &text, TokenKind kind);
  TokenKind lexString(std::string &text, TokenKind kind);
  TokenKind lexNumber(std::string &text, bool inPath);
  TokenKind lexPunctuation();
  void takeWord(std::string &text, bool withDots);

  TextCursor cursor_;
  DiagnosticSink &sink_;
};

} // namespace branchline::ir
