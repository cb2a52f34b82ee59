// Cuts IR text into tokens. Every malformed token is reported once, here.
#include "TextLexer.h"

#include "Spelling.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Support/Utf8.h"

namespace branchline::ir {

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

TextLexer::TextLexer(const SourceText &source, DiagnosticSink &sink)
    : source_(source), sink_(sink), end_(source.text().size()) {
  size_t bad = utf8::findInvalid(source.text());
  if (bad == std::string_view::npos)
    return;
  auto at = static_cast<uint32_t>(bad);
  sink.report(diag::make<diag::Id::IrInvalidUtf8>({at, at + 1}));
  end_ = bad;
}

void TextLexer::skipBlanks(bool &newLine) {
  for (;; ++position_) {
    char c = peek();
    if (c == ';')
      while (position_ < end_ && peek() != '\n')
        ++position_;
    if (position_ >= end_)
      return;
    c = peek();
    if (c == '\n')
      newLine = true;
    else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

Token TextLexer::next(bool inPath) {
  Token token;
  token.startsLine = position_ == 0;
  skipBlanks(token.startsLine);
  size_t begin = position_;
  if (position_ < end_)
    token.kind = lexToken(token.text, inPath);
  token.range = rangeFrom(begin);
  return token;
}

bool TextLexer::touchesSegment() const {
  char c = peek();
  return startsName(c) || isDigit(c) || c == '-' || c == '"';
}

TokenKind TextLexer::lexToken(std::string &text, bool inPath) {
  char c = peek();
  if (startsName(c)) {
    takeWord(text, !inPath);
    return TokenKind::Word;
  }
  if (isDigit(c) || c == '-')
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
    size_t begin = position_++;
    size_t digits = position_;
    takeDigits();
    text = source_.text().substr(digits, position_ - digits);
    if (!text.empty() && text.size() <= 9 && (text.size() == 1 || text[0] != '0'))
      return TokenKind::Value;
    sink_.report(diag::make<diag::Id::IrInvalidNumber>(
        rangeFrom(begin), source_.text().substr(begin, position_ - begin)));
    return TokenKind::Error;
  }
  default:
    return lexPunctuation();
  }
}

TokenKind TextLexer::lexPunctuation() {
  size_t begin = position_;
  switch (source_.text()[position_++]) {
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
  position_ = begin;
  utf8::decode(source_.text(), position_);
  std::string shown;
  appendQuoted(shown, source_.text().substr(begin, position_ - begin));
  sink_.report(diag::make<diag::Id::IrUnexpectedCharacter>(rangeFrom(begin), shown));
  return TokenKind::Error;
}

void TextLexer::takeWord(std::string &text, bool withDots) {
  size_t begin = position_;
  while (position_ < end_ && continuesName(peek()) && (withDots || peek() != '.'))
    ++position_;
  text = source_.text().substr(begin, position_ - begin);
}

void TextLexer::takeDigits() {
  while (isDigit(peek()))
    ++position_;
}

TokenKind TextLexer::lexName(std::string &text, TokenKind kind) {
  size_t begin = position_++;
  if (peek() == '"')
    return lexString(text, kind);
  if (startsName(peek())) {
    takeWord(text, true);
    return kind;
  }
  sink_.report(
      diag::make<diag::Id::IrExpected>(rangeFrom(begin), "a sigil alone", "a name after it"));
  return TokenKind::Error;
}

TokenKind TextLexer::lexString(std::string &text, TokenKind kind) {
  size_t begin = position_++;
  bool good = true;
  while (position_ < end_ && peek() != '"' && peek() != '\n') {
    if (peek() == '\\') {
      good = lexEscape(text) && good;
      continue;
    }
    // Through appendText, so that a pair written half as escape and half as text stays one pair.
    size_t start = position_;
    utf8::decode(source_.text(), position_);
    utf8::appendText(text, source_.text().substr(start, position_ - start));
  }
  if (peek() != '"') {
    sink_.report(diag::make<diag::Id::IrUnterminatedString>(rangeFrom(begin)));
    return TokenKind::Error;
  }
  ++position_;
  return good ? kind : TokenKind::Error;
}

static int hexValue(char c) {
  if (isDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool TextLexer::lexEscape(std::string &text) {
  size_t begin = position_++;
  char c = peek();
  if (c == '"' || c == '\\' || c == 'n' || c == 'r' || c == 't') {
    text.push_back(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
    ++position_;
    return true;
  }
  if (c == 'u') {
    unsigned unit = 0;
    size_t digits = 0;
    for (; digits < 4 && hexValue(peek(digits + 1)) >= 0; ++digits)
      unit = unit * 16 + static_cast<unsigned>(hexValue(peek(digits + 1)));
    position_ += digits + 1;
    if (digits == 4) {
      utf8::appendUnit(text, static_cast<uint16_t>(unit));
      return true;
    }
  }
  sink_.report(diag::make<diag::Id::IrInvalidEscape>(rangeFrom(begin)));
  return false;
}

/// `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)? [nm]?`, or `-inf`.
TokenKind TextLexer::lexNumber(std::string &text, bool inPath) {
  size_t begin = position_;
  auto fail = [&] {
    while (position_ < end_ && continuesName(peek()))
      ++position_;
    sink_.report(diag::make<diag::Id::IrInvalidNumber>(
        rangeFrom(begin), source_.text().substr(begin, position_ - begin)));
    return TokenKind::Error;
  };
  auto take = [&] { text = source_.text().substr(begin, position_ - begin); };
  if (peek() == '-')
    ++position_;
  if (startsName(peek())) {
    std::string word;
    takeWord(word, false);
    take();
    return word == "inf" ? TokenKind::Float : fail();
  }
  if (!isDigit(peek()) || (peek() == '0' && isDigit(peek(1))))
    return fail();
  takeDigits();
  TokenKind kind = TokenKind::Int;
  if (!inPath && peek() == '.' && isDigit(peek(1))) {
    ++position_;
    takeDigits();
    kind = TokenKind::Float;
  }
  if (!inPath && (peek() == 'e' || peek() == 'E')) {
    size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (!isDigit(peek(1 + sign)))
      return fail();
    position_ += 1 + sign;
    takeDigits();
    kind = TokenKind::Float;
  }
  take();
  if (peek() == 'n' && kind == TokenKind::Int) {
    ++position_;
    kind = TokenKind::BigInt;
  } else if (peek() == 'm' && !inPath) {
    ++position_;
    kind = TokenKind::Decimal;
  }
  return startsName(peek()) || isDigit(peek()) ? fail() : kind;
}

} // namespace branchline::ir
