// The lexer: one left-to-right pass. Every error is reported where it starts and the pass goes on
// with the token the text most likely stands for, so that one run shows all of them.
#include "branchline/Syntax/Lexer.h"

#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Identifiers.h"
#include "branchline/Support/Utf8.h"
#include "branchline/Syntax/Parser.h"

#include <algorithm>
#include <string>

namespace branchline::syntax {
namespace {

using diag::Id;

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool isAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The value of an ASCII hex digit, or -1.
constexpr int hexValue(char c) {
  if (isDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// True for characters that show nothing, or something else than themselves, in a message.
constexpr bool isInvisible(uint32_t c) {
  return c < 0x21 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 ||
         (c >= 0xE000 && c <= 0xF8FF) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB) ||
         c >= 0xE0000;
}

constexpr bool isCurlyQuote(uint32_t c) { return c >= 0x2018 && c <= 0x201F; }

class Lexer {
public:
  Lexer(std::string_view text, Arena &arena, DiagnosticSink &sink)
      : text_(text), arena_(arena), sink_(sink) {}

  std::vector<Token> run();

private:
  char at(size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  bool atEnd() const { return at_ >= text_.size(); }
  static SourceRange range(size_t begin, size_t end) {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }
  void push(TokenKind kind, size_t begin, std::string_view value) {
    tokens_.push_back({kind, line_, range(begin, at_), value});
  }
  void push(TokenKind kind, size_t begin) { push(kind, begin, text_.substr(begin, at_ - begin)); }
  template <Id kId, class... Args>
  Diagnostic &report(size_t begin, size_t end, const Args &...args);

  void skipStart();
  void lexToken();
  void lexSlash();
  void lexBlockComment();
  void skipLine();
  bool slashesDivide() const;
  void lexNumber();
  void lexWord();
  void lexEscapedName();
  void lexString();
  void lexEscape(std::string &value);
  void lexUnicodeEscape(std::string &value);
  void lexSingleQuoted();
  void lexPunctuation();
  void unexpectedCharacter();
  std::string describe(size_t index) const;

  std::string_view text_;
  Arena &arena_;
  DiagnosticSink &sink_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  size_t unexpectedEnd_ = ~size_t(0); // end of the last unexpected character
  uint32_t line_ = 1;
  unsigned errors_ = 0;
  Diagnostic scratch_; // takes the notes of what is not reported any more
};

template <Id kId, class... Args>
Diagnostic &Lexer::report(size_t begin, size_t end, const Args &...args) {
  scratch_ = {};
  if (errors_ > kMaxSyntaxErrors)
    return scratch_;
  if (++errors_ > kMaxSyntaxErrors) {
    sink_.report(diag::make<Id::TooManyErrors>(range(begin, end), kMaxSyntaxErrors));
    return scratch_;
  }
  Diagnostic &diagnostic = sink_.report(diag::make<kId>(range(begin, end), args...));
  // An apostrophe or a stray sign in what was meant as a comment: say why it is not one (D15).
  for (size_t i = tokens_.size(); i > 0 && tokens_[i - 1].line == line_; --i)
    if (tokens_[i - 1].kind == TokenKind::SlashSlash) {
      diagnostic.note(std::string(diag::info(Id::DivisionLooksLikeComment).format),
                      tokens_[i - 1].range);
      break;
    }
  return diagnostic;
}

std::vector<Token> Lexer::run() {
  size_t invalid = utf8::findInvalid(text_);
  if (invalid != std::string_view::npos) {
    // A file in another encoding would only give nonsense after its first odd byte.
    report<Id::InvalidUtf8>(invalid, invalid + 1);
    at_ = invalid;
    push(TokenKind::EndOfFile, at_);
    return std::move(tokens_);
  }
  skipStart();
  while (!atEnd())
    lexToken();
  push(TokenKind::EndOfFile, at_);
  return std::move(tokens_);
}

/// A byte-order mark and one line that starts with `#!` (D13).
void Lexer::skipStart() {
  if (text_.starts_with("\xEF\xBB\xBF"))
    at_ = 3;
  if (text_.substr(at_).starts_with("#!"))
    skipLine();
}

void Lexer::skipLine() {
  size_t end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end;
}

void Lexer::lexToken() {
  char c = text_[at_];
  if (c == '\n') {
    ++line_;
    ++at_;
  } else if (c == ' ' || c == '\t' || c == '\r') {
    ++at_;
  } else if (isDigit(c)) {
    lexNumber();
  } else if (isAsciiLetter(c) || c == '_') {
    lexWord();
  } else if (c == '"') {
    lexString();
  } else if (c == '`') {
    lexEscapedName();
  } else if (c == '\'') {
    lexSingleQuoted();
  } else if (c == '/') {
    lexSlash();
  } else if (static_cast<unsigned char>(c) >= 0x80) {
    size_t next = at_;
    if (isIdentifierStart(utf8::decode(text_, next)))
      lexWord();
    else
      unexpectedCharacter();
  } else {
    lexPunctuation();
  }
}

void Lexer::lexSlash() {
  size_t begin = at_;
  if (at(at_ + 1) == '/') {
    if (!slashesDivide())
      return skipLine();
    at_ += 2;
    return push(TokenKind::SlashSlash, begin);
  }
  if (at(at_ + 1) == '*')
    return lexBlockComment();
  ++at_;
  push(TokenKind::Slash, begin);
}

/// Looks at the raw text before `//`: a character that ends an operand makes it a division
/// (R1.2.2).
bool Lexer::slashesDivide() const {
  size_t before = at_;
  while (before > 0 &&
         (text_[before - 1] == ' ' || text_[before - 1] == '\t' || text_[before - 1] == '\r'))
    --before;
  if (before == 0)
    return false;
  --before;
  while (before > 0 && (static_cast<unsigned char>(text_[before]) & 0xC0) == 0x80)
    --before;
  uint32_t last = utf8::decode(text_, before);
  return isIdentifierContinue(last) || last == ')' || last == ']' || last == '"' || last == '$';
}

void Lexer::lexBlockComment() {
  size_t begin = at_;
  size_t end = text_.find("*/", at_ + 2);
  if (end == std::string_view::npos) {
    report<Id::UnterminatedComment>(begin, begin + 2);
    at_ = text_.size();
    return;
  }
  for (size_t i = begin; i < end; ++i)
    if (text_[i] == '\n')
      ++line_;
  at_ = end + 2;
}

/// digit+ [ . digit+ ] [ (e|E) [+|-] digit+ ], each part only when it is complete (R1.5.1, E2).
void Lexer::lexNumber() {
  size_t begin = at_;
  auto skipDigits = [&] {
    while (isDigit(at(at_)))
      ++at_;
  };
  skipDigits();
  if (at(at_) == '.' && isDigit(at(at_ + 1))) {
    ++at_;
    skipDigits();
  }
  if (at(at_) == 'e' || at(at_) == 'E') {
    size_t sign = at(at_ + 1) == '+' || at(at_ + 1) == '-' ? 1 : 0;
    if (isDigit(at(at_ + 1 + sign))) {
      at_ += 1 + sign;
      skipDigits();
    }
  }
  push(TokenKind::Number, begin);
}

void Lexer::lexWord() {
  size_t begin = at_;
  while (!atEnd()) {
    size_t next = at_;
    if (!isIdentifierContinue(utf8::decode(text_, next)))
      break;
    at_ = next;
  }
  std::string_view word = text_.substr(begin, at_ - begin);
  push(findKeyword(word).value_or(TokenKind::Identifier), begin, word);
}

void Lexer::lexEscapedName() {
  size_t begin = at_++;
  size_t end = text_.find_first_of("`\n", at_);
  if (end == std::string_view::npos || text_[end] == '\n') {
    // The name runs to the first character that no plain name has.
    report<Id::UnterminatedIdentifier>(begin, begin + 1);
    size_t word = at_;
    while (!atEnd()) {
      size_t next = at_;
      if (!isIdentifierContinue(utf8::decode(text_, next)))
        break;
      at_ = next;
    }
    return push(TokenKind::Identifier, begin, text_.substr(word, at_ - word));
  }
  std::string_view name = text_.substr(at_, end - at_);
  at_ = end + 1;
  if (name.empty())
    report<Id::EmptyIdentifier>(begin, at_);
  push(TokenKind::Identifier, begin, name);
}

void Lexer::lexString() {
  size_t begin = at_++;
  size_t end = text_.find_first_of("\"\\\n", at_);
  if (end != std::string_view::npos && text_[end] == '"') {
    std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    return push(TokenKind::String, begin, value);
  }
  std::string value;
  unsigned errors = errors_;
  for (;;) {
    size_t stop = std::min(text_.find_first_of("\"\\\n", at_), text_.size());
    value.append(text_.substr(at_, stop - at_));
    at_ = stop;
    if (atEnd() || text_[at_] == '\n') {
      // After a broken escape the missing quote is most likely the same mistake.
      if (errors_ == errors)
        report<Id::UnterminatedString>(begin, begin + 1);
      break;
    }
    if (text_[at_] == '"') {
      ++at_;
      break;
    }
    if (at_ + 1 == text_.size()) {
      report<Id::UnterminatedEscape>(at_, at_ + 1);
      ++at_;
      break;
    }
    lexEscape(value);
  }
  push(TokenKind::String, begin, arena_.copy(value));
}

/// A backslash and at least one more character; `at_` is at the backslash (R1.6.2).
void Lexer::lexEscape(std::string &value) {
  char c = text_[at_ + 1];
  if (c == 'u')
    return lexUnicodeEscape(value);
  if (c == 'n' || c == 't' || c == 'r') {
    value.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
    at_ += 2;
    return;
  }
  // Any other character stands for itself. An escaped newline does not count as a line (R1.6.4).
  size_t next = at_ + 1;
  utf8::decode(text_, next);
  value.append(text_.substr(at_ + 1, next - at_ - 1));
  at_ = next;
}

void Lexer::lexUnicodeEscape(std::string &value) {
  size_t begin = at_;
  at_ += 2;
  unsigned unit = 0;
  for (int digits = 0; digits < 4; ++digits, ++at_) {
    char c = at(at_);
    int digit = hexValue(c);
    if (digit >= 0) {
      unit = unit * 16 + static_cast<unsigned>(digit);
      continue;
    }
    if (atEnd() || c == '"' || c == '\n' || c == '\r')
      report<Id::UnterminatedUnicodeEscape>(begin, at_, digits);
    else
      report<Id::InvalidUnicodeEscape>(begin, at_, describe(at_));
    return;
  }
  utf8::appendUnit(value, static_cast<uint16_t>(unit));
}

/// Single quotes are read as a string when they close on their line, else as a stray character.
void Lexer::lexSingleQuoted() {
  size_t begin = at_;
  size_t end = text_.find_first_of("'\n", at_ + 1);
  if (end == std::string_view::npos || text_[end] == '\n')
    return unexpectedCharacter();
  at_ = end + 1;
  std::string_view value = text_.substr(begin + 1, end - begin - 1);
  Diagnostic &diagnostic = report<Id::SingleQuotedString>(begin, at_);
  if (value.find_first_of("\"\\") == std::string_view::npos)
    diagnostic.fixIt(range(begin, at_), '"' + std::string(value) + '"');
  push(TokenKind::String, begin, value);
}

void Lexer::lexPunctuation() {
  // Longest first among those with a common start; `=>` before `==` does not matter, nor does the
  // order of the rest. `??` wins over `?` followed by `?.` (E11).
  static constexpr TokenKind kTwo[] = {TokenKind::Coalesce, TokenKind::SafeDot,  TokenKind::Concat,
                                       TokenKind::Arrow,    TokenKind::FatArrow, TokenKind::Eq,
                                       TokenKind::Ne,       TokenKind::Le,       TokenKind::Ge,
                                       TokenKind::And,      TokenKind::Or};
  static constexpr TokenKind kOne[] = {
      TokenKind::LeftParen,   TokenKind::RightParen,   TokenKind::LeftBrace, TokenKind::RightBrace,
      TokenKind::LeftBracket, TokenKind::RightBracket, TokenKind::Comma,     TokenKind::Dot,
      TokenKind::Semicolon,   TokenKind::Colon,        TokenKind::Question,  TokenKind::Plus,
      TokenKind::Minus,       TokenKind::Star,         TokenKind::Percent,   TokenKind::Assign,
      TokenKind::Bang,        TokenKind::Lt,           TokenKind::Gt,        TokenKind::Pipe,
      TokenKind::Dollar};
  size_t begin = at_;
  std::string_view rest = text_.substr(at_);
  for (TokenKind kind : kTwo)
    if (rest.starts_with(info(kind).text)) {
      at_ += 2;
      return push(kind, begin);
    }
  for (TokenKind kind : kOne)
    if (rest.starts_with(info(kind).text)) {
      at_ += 1;
      return push(kind, begin);
    }
  if (rest.front() == '&') {
    ++at_;
    report<Id::SingleAmpersand>(begin, at_).fixIt(range(begin, at_), "&&");
    return push(TokenKind::And, begin);
  }
  unexpectedCharacter();
}

void Lexer::unexpectedCharacter() {
  size_t begin = at_;
  uint32_t c = utf8::decode(text_, at_);
  bool more = begin == unexpectedEnd_;
  unexpectedEnd_ = at_;
  if (more) // one report for a run of them
    return;
  Diagnostic &diagnostic = report<Id::UnexpectedCharacter>(begin, at_, describe(begin));
  if (isCurlyQuote(c))
    diagnostic.note("strings are written with straight double quotes");
  else if (isIdentifierContinue(c))
    diagnostic.note("a name starts with a letter or `_`, a number with an ASCII digit");
}

/// A character as messages show it: itself, or its number when it would not be seen.
std::string Lexer::describe(size_t index) const {
  size_t next = index;
  uint32_t c = utf8::decode(text_, next);
  if (isInvisible(c))
    return fmt::format("U+{:04X}", c);
  if (c < 0x80)
    return fmt::format("`{}`", text_.substr(index, next - index));
  return fmt::format("`{}` (U+{:04X})", text_.substr(index, next - index), c);
}

} // namespace

std::vector<Token> lex(std::string_view text, Arena &arena, DiagnosticSink &sink) {
  return Lexer(text, arena, sink).run();
}

} // namespace branchline::syntax
