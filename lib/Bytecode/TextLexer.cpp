// Cuts bytecode text into tokens. Every malformed token is reported once, here.
#include "TextLexer.h"

#include "Spelling.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Support/Utf8.h"

namespace branchline::bytecode {

TextLexer::TextLexer(const SourceText &source, DiagnosticSink &sink)
    : cursor_(source.text()), sink_(sink) {
  const size_t bad = utf8::findInvalid(source.text());
  if (bad == std::string_view::npos)
    return;
  const auto at = static_cast<uint32_t>(bad);
  sink.report(diag::make<diag::Id::AsmInvalidUtf8>({at, at + 1}));
  cursor_.cutAt(bad);
}

Token TextLexer::next() {
  Token token;
  token.startsLine = cursor_.position() == 0;
  token.startsLine = cursor_.skipBlanks() || token.startsLine;
  const size_t begin = cursor_.position();
  if (!cursor_.isAtEnd())
    token.kind = lexToken(token.text);
  token.range = cursor_.rangeFrom(begin);
  return token;
}

TokenKind TextLexer::lexToken(std::string &text) {
  const char c = cursor_.peek();
  const char following = cursor_.peek(1);
  if (startsBareName(c)) {
    takeWord(text);
    return TokenKind::Word;
  }
  if (isAsciiDigit(c) || (c == '-' && (isAsciiDigit(following) || startsBareName(following))))
    return lexNumber(text);
  if (c == '.' && startsBareName(following)) {
    cursor_.take();
    takeWord(text);
    return TokenKind::Directive;
  }
  if (c == '"')
    return lexString(text);
  if (c == '@')
    return lexIndex(text, TokenKind::Function);
  if (c == '^')
    return lexIndex(text, TokenKind::Capture);
  return lexPunctuation();
}

TokenKind TextLexer::lexPunctuation() {
  const size_t begin = cursor_.position();
  switch (cursor_.take()) {
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
  case ':':
    return TokenKind::Colon;
  case '!':
    return TokenKind::Bang;
  case '#':
    return TokenKind::Hash;
  case '*':
    return TokenKind::Star;
  case '-':
    return TokenKind::Dash;
  case '.':
    if (cursor_.peek() == '.') {
      cursor_.take();
      return TokenKind::DotDot;
    }
    break;
  default:
    break;
  }
  cursor_.moveTo(begin);
  std::string shown;
  appendQuoted(shown, cursor_.takeCharacter());
  sink_.report(diag::make<diag::Id::AsmUnexpectedCharacter>(cursor_.rangeFrom(begin), shown));
  return TokenKind::Error;
}

/// Names have dots between letters, so that `r0..r3` is two of them.
void TextLexer::takeWord(std::string &text) {
  const size_t begin = cursor_.position();
  while (continuesName(cursor_.peek()) ||
         (cursor_.peek() == '.' && startsBareName(cursor_.peek(1))))
    cursor_.take();
  text = cursor_.since(begin);
}

TokenKind TextLexer::lexIndex(std::string &text, TokenKind kind) {
  const size_t begin = cursor_.position();
  cursor_.take();
  cursor_.skipDigits();
  text = cursor_.since(begin + 1);
  if (!text.empty() && text.size() <= 9 && (text.size() == 1 || text[0] != '0'))
    return kind;
  sink_.report(
      diag::make<diag::Id::AsmInvalidNumber>(cursor_.rangeFrom(begin), cursor_.since(begin)));
  return TokenKind::Error;
}

TokenKind TextLexer::lexString(std::string &text) {
  const size_t begin = cursor_.position();
  QuotedText found = cursor_.takeQuoted();
  for (SourceRange range : found.badEscapes)
    sink_.report(diag::make<diag::Id::AsmInvalidEscape>(range));
  if (!found.isClosed)
    sink_.report(diag::make<diag::Id::AsmUnterminatedString>(cursor_.rangeFrom(begin)));
  text = std::move(found.text);
  return found.isClosed && found.badEscapes.empty() ? TokenKind::String : TokenKind::Error;
}

/// A number as TextCursor reads it, or `-inf`.
TokenKind TextLexer::lexNumber(std::string &text) {
  const size_t begin = cursor_.position();
  if (startsBareName(cursor_.peek(1)) && cursor_.peek() == '-') {
    cursor_.take();
    takeWord(text);
    text = cursor_.since(begin);
    if (text == "-inf")
      return TokenKind::Float;
  } else {
    switch (cursor_.takeNumber(false, text)) {
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
      diag::make<diag::Id::AsmInvalidNumber>(cursor_.rangeFrom(begin), cursor_.since(begin)));
  return TokenKind::Error;
}

} // namespace branchline::bytecode
