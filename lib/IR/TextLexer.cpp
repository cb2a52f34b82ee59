// Cuts IR text into tokens. Every malformed token is reported once, here.
#include "TextLexer.h"

#include "Spelling.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Support/Utf8.h"

namespace branchline::ir {

TextLexer::TextLexer(const SourceText &source, DiagnosticSink &sink)
    : cursor_(source.text()), sink_(sink) {
  size_t bad = utf8::findInvalid(source.text());
  if (bad == std::string_view::npos)
    return;
  auto at = static_cast<uint32_t>(bad);
  sink.report(diag::make<diag::Id::IrInvalidUtf8>({at, at + 1}));
  cursor_.cutAt(bad);
}

Token TextLexer::next(bool inPath) {
  Token token;
  token.startsLine = cursor_.position() == 0;
  token.startsLine = cursor_.skipBlanks() || token.startsLine;
  size_t begin = cursor_.position();
  if (!cursor_.isAtEnd())
    token.kind = lexToken(token.text, inPath);
  token.range = cursor_.rangeFrom(begin);
  return token;
}

bool TextLexer::touchesSegment() const {
  char c = cursor_.peek();
  return startsBareName(c) || isAsciiDigit(c) || c == '-' || c == '"';
}

TokenKind TextLexer::lexToken(std::string &text, bool inPath) {
  char c = cursor_.peek();
  if (startsBareName(c)) {
    takeWord(text, !inPath);
    return TokenKind::Word;
  }
  if (isAsciiDigit(c) || c == '-')
    return lexNumber(text, inPath);
  switch (c) {
  case '"':
    return lexString(text, TokenKind::String);
  case '$':
    return lexName(text, TokenKind::Local);
  case '^':
    return lexName(text, TokenKind::Capture);
  case '@':
    return lexName(text, TokenKind::Func);
  case '%': {
    size_t begin = cursor_.position();
    cursor_.take();
    cursor_.skipDigits();
    text = cursor_.since(begin + 1);
    if (!text.empty() && text.size() <= 9 && (text.size() == 1 || text[0] != '0'))
      return TokenKind::Value;
    sink_.report(
        diag::make<diag::Id::IrInvalidNumber>(cursor_.rangeFrom(begin), cursor_.since(begin)));
    return TokenKind::Error;
  }
  default:
    return lexPunctuation();
  }
}

TokenKind TextLexer::lexPunctuation() {
  size_t begin = cursor_.position();
  switch (cursor_.take()) {
  case '(':
    return TokenKind::LeftParen;
  case ')':
    return TokenKind::RightParen;
  case '[':
    return TokenKind::LeftBracket;
  case ']':
    return TokenKind::RightBracket;
  case '{':
    return TokenKind::LeftBrace;
  case '}':
    return TokenKind::RightBrace;
  case ',':
    return TokenKind::Comma;
  case '|':
    return TokenKind::Bar;
  case '=':
    return TokenKind::Equals;
  case ':':
    return TokenKind::Colon;
  case '.':
    return TokenKind::Dot;
  case '!':
    return TokenKind::Bang;
  default:
    break;
  }
  cursor_.moveTo(begin);
  std::string shown;
  appendQuoted(shown, cursor_.takeCharacter());
  sink_.report(diag::make<diag::Id::IrUnexpectedCharacter>(cursor_.rangeFrom(begin), shown));
  return TokenKind::Error;
}

void TextLexer::takeWord(std::string &text, bool withDots) {
  size_t begin = cursor_.position();
  while (continuesName(cursor_.peek()) && (withDots || cursor_.peek() != '.'))
    cursor_.take();
  text = cursor_.since(begin);
}

TokenKind TextLexer::lexName(std::string &text, TokenKind kind) {
  size_t begin = cursor_.position();
  cursor_.take();
  if (cursor_.peek() == '"')
    return lexString(text, kind);
  if (startsBareName(cursor_.peek())) {
    takeWord(text, true);
    return kind;
  }
  sink_.report(diag::make<diag::Id::IrExpected>(cursor_.rangeFrom(begin), "a sigil alone",
                                                "a name after it"));
  return TokenKind::Error;
}

TokenKind TextLexer::lexString(std::string &text, TokenKind kind) {
  size_t begin = cursor_.position();
  QuotedText found = cursor_.takeQuoted();
  for (SourceRange range : found.badEscapes)
    sink_.report(diag::make<diag::Id::IrInvalidEscape>(range));
  if (!found.isClosed)
    sink_.report(diag::make<diag::Id::IrUnterminatedString>(cursor_.rangeFrom(begin)));
  text = std::move(found.text);
  return found.isClosed && found.badEscapes.empty() ? kind : TokenKind::Error;
}

/// A number as TextCursor reads it, or `-inf`.
TokenKind TextLexer::lexNumber(std::string &text, bool inPath) {
  size_t begin = cursor_.position();
  if (cursor_.peek() == '-' && startsBareName(cursor_.peek(1))) {
    cursor_.take();
    takeWord(text, false);
    text = cursor_.since(begin);
    if (text == "-inf")
      return TokenKind::Float;
  } else {
    switch (cursor_.takeNumber(inPath, text)) {
    case NumberForm::Int:
      return TokenKind::Int;
    case NumberForm::Float:
      return TokenKind::Float;
    case NumberForm::BigInt:
      return TokenKind::BigInt;
    case NumberForm::Decimal:
      return TokenKind::Decimal;
    case NumberForm::Malformed:
      break;
    }
  }
  while (continuesName(cursor_.peek()))
    cursor_.take();
  sink_.report(
      diag::make<diag::Id::IrInvalidNumber>(cursor_.rangeFrom(begin), cursor_.since(begin)));
  return TokenKind::Error;
}

} // namespace branchline::ir
