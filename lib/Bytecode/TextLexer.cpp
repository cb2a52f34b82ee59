// Cuts bytecode text into tokens. Every malformed token is reported once, here.
#include "TextLexer.h"

#include "Spelling.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Support/Utf8.h"

namespace branchline::bytecode {

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

TextLexer::TextLexer(const SourceText &source, DiagnosticSink &sink)
    : source_(source), sink_(sink), end_(source.text().size()) {
  const size_t bad = utf8::findInvalid(source.text());
  if (bad == std::string_view::npos)
    return;
  const auto at = static_cast<uint32_t>(bad);
  sink.report(diag::make<diag::Id::AsmInvalidUtf8>({at, at + 1}));
  end_ = bad;
}

void TextLexer::skipBlanks(bool &newLine) {
  for (;; ++position_) {
    if (peek() == ';')
      while (position_ < end_ && peek() != '\n')
        ++position_;
    if (position_ >= end_)
      return;
    const char c = peek();
    if (c == '\n')
      newLine = true;
    else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

Token TextLexer::next() {
  Token token;
  token.startsLine = position_ == 0;
  skipBlanks(token.startsLine);
  const size_t begin = position_;
  if (position_ < end_)
    token.kind = lexToken(token.text);
  token.range = rangeFrom(begin);
  return token;
}

TokenKind TextLexer::lexToken(std::string &text) {
  const char c = peek();
  if (startsName(c)) {
    takeWord(text);
    return TokenKind::Word;
  }
  if (isDigit(c) || (c == '-' && (isDigit(peek(1)) || startsName(peek(1)))))
    return lexNumber(text);
  if (c == '.' && startsName(peek(1))) {
    ++position_;
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
  const size_t begin = position_;
  switch (source_.text()[position_++]) {
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
    if (peek() == '.') {
      ++position_;
      return TokenKind::DotDot;
    }
    break;
  default:
    break;
  }
  position_ = begin;
  utf8::decode(source_.text(), position_);
  std::string shown;
  appendQuoted(shown, source_.text().substr(begin, position_ - begin));
  sink_.report(diag::make<diag::Id::AsmUnexpectedCharacter>(rangeFrom(begin), shown));
  return TokenKind::Error;
}

/// Names have dots between letters, so that `r0..r3` is two of them.
void TextLexer::takeWord(std::string &text) {
  const size_t begin = position_;
  while (continuesName(peek()) || (peek() == '.' && startsName(peek(1))))
    ++position_;
  text = source_.text().substr(begin, position_ - begin);
}

void TextLexer::takeDigits() {
  while (isDigit(peek()))
    ++position_;
}

TokenKind TextLexer::lexIndex(std::string &text, TokenKind kind) {
  const size_t begin = position_++;
  takeDigits();
  text = source_.text().substr(begin + 1, position_ - begin - 1);
  if (!text.empty() && text.size() <= 9 && (text.size() == 1 || text[0] != '0'))
    return kind;
  sink_.report(diag::make<diag::Id::AsmInvalidNumber>(
      rangeFrom(begin), source_.text().substr(begin, position_ - begin)));
  return TokenKind::Error;
}

TokenKind TextLexer::lexString(std::string &text) {
  const size_t begin = position_++;
  bool good = true;
  while (position_ < end_ && peek() != '"' && peek() != '\n') {
    if (peek() == '\\') {
      good = lexEscape(text) && good;
      continue;
    }
    // Through appendText, so that a pair written half as escape and half as text stays one pair.
    const size_t start = position_;
    utf8::decode(source_.text(), position_);
    utf8::appendText(text, source_.text().substr(start, position_ - start));
  }
  if (peek() != '"') {
    sink_.report(diag::make<diag::Id::AsmUnterminatedString>(rangeFrom(begin)));
    return TokenKind::Error;
  }
  ++position_;
  return good ? TokenKind::String : TokenKind::Error;
}

static int hexValue(char c) {
  if (isDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool TextLexer::lexEscape(std::string &text) {
  const size_t begin = position_++;
  const char c = peek();
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
  sink_.report(diag::make<diag::Id::AsmInvalidEscape>(rangeFrom(begin)));
  return false;
}

/// `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)? [nm]?`, or `-inf`.
TokenKind TextLexer::lexNumber(std::string &text) {
  const size_t begin = position_;
  auto fail = [&] {
    while (position_ < end_ && continuesName(peek()))
      ++position_;
    sink_.report(diag::make<diag::Id::AsmInvalidNumber>(
        rangeFrom(begin), source_.text().substr(begin, position_ - begin)));
    return TokenKind::Error;
  };
  if (peek() == '-')
    ++position_;
  if (startsName(peek())) {
    std::string word;
    takeWord(word);
    text = "-" + word;
    return word == "inf" ? TokenKind::Float : fail();
  }
  if (peek() == '0' && isDigit(peek(1)))
    return fail();
  takeDigits();
  TokenKind kind = TokenKind::Int;
  if (peek() == '.' && isDigit(peek(1))) {
    ++position_;
    takeDigits();
    kind = TokenKind::Float;
  }
  if (peek() == 'e' || peek() == 'E') {
    const size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (!isDigit(peek(1 + sign)))
      return fail();
    position_ += 1 + sign;
    takeDigits();
    kind = TokenKind::Float;
  }
  text = source_.text().substr(begin, position_ - begin);
  if (peek() == 'n' && kind == TokenKind::Int) {
    ++position_;
    kind = TokenKind::BigInt;
  } else if (peek() == 'm') {
    ++position_;
    kind = TokenKind::Decimal;
  }
  return continuesName(peek()) ? fail() : kind;
}

} // namespace branchline::bytecode
