// Reporting and recovery: the bracket map, where to go on after an error, which errors are only
// echoes of earlier ones, and the notes that explain likely causes.
#include "ParserImpl.h"

#include "branchline/Lang/Spelling.h"

#include <array>

namespace branchline::syntax {

// --- Nesting -----------------------------------------------------------------------------------

Parser::Nest::Nest(Parser &parser, NestKind kind)
    : parser_(parser), depth_(parser.depth_), noLambda_(parser.noLambda_),
      clauseIsFree_(parser.clauseIsFree_) {
  if (kind != NestKind::Clause || !parser.clauseIsFree_)
    ++parser.depth_;
  parser.peak_ = std::max(parser.peak_, parser.depth_);
  parser.clauseIsFree_ = kind == NestKind::Bracket;
  if (kind == NestKind::Bracket)
    parser.noLambda_ = false;
  ok_ = parser.depth_ <= kMaxNesting && !parser.tooDeep_;
  if (!ok_)
    parser.reportTooDeep();
}

Parser::Nest::~Nest() {
  parser_.depth_ = depth_;
  parser_.noLambda_ = noLambda_;
  parser_.clauseIsFree_ = clauseIsFree_;
}

/// What follows is most likely generated or hostile; nothing more is read of it.
void Parser::reportTooDeep() {
  error<Id::NestingTooDeep>(peek(), kMaxNesting);
  tooDeep_ = true;
  at_ = tokens_.size() - 1;
}

// --- Brackets ----------------------------------------------------------------------------------

/// Finds the partner of every bracket. A closing bracket goes with the nearest opening one of its
/// kind; what opened in between stays without partner and does not count as nesting.
void Parser::mapBrackets() {
  match_.assign(tokens_.size(), kNone);
  squareMatch_.assign(tokens_.size(), kNone);
  nesting_.assign(tokens_.size(), 0);
  std::vector<uint32_t> open;
  std::vector<uint32_t> openSquare;
  std::array<size_t, 3> openOfKind{};
  auto family = [](TokenKind kind) -> int {
    switch (kind) {
    case TokenKind::LeftParen:
    case TokenKind::RightParen:
      return 0;
    case TokenKind::LeftBracket:
    case TokenKind::RightBracket:
      return 1;
    case TokenKind::LeftBrace:
    case TokenKind::RightBrace:
      return 2;
    default:
      return -1;
    }
  };
  for (uint32_t i = 0; i < tokens_.size(); ++i) {
    TokenKind kind = tokens_[i].kind;
    int of = family(kind);
    if (of < 0)
      continue;
    if (kind == TokenKind::LeftBracket)
      openSquare.push_back(i);
    if (kind == TokenKind::RightBracket && !openSquare.empty()) {
      squareMatch_[openSquare.back()] = i;
      openSquare.pop_back();
    }
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket ||
        kind == TokenKind::LeftBrace) {
      open.push_back(i);
      ++openOfKind[static_cast<size_t>(of)];
      continue;
    }
    // A parenthesis or bracket does not reach out of its braces: those hold statements.
    bool found = openOfKind[static_cast<size_t>(of)] > 0;
    while (found && family(tokens_[open.back()].kind) != of) {
      if (family(tokens_[open.back()].kind) == 2) {
        found = false;
        break;
      }
      --openOfKind[static_cast<size_t>(family(tokens_[open.back()].kind))];
      open.pop_back();
    }
    if (!found)
      continue;
    match_[i] = open.back();
    match_[open.back()] = i;
    open.pop_back();
    --openOfKind[static_cast<size_t>(of)];
  }
  uint32_t level = 0;
  for (uint32_t i = 0; i < tokens_.size(); ++i) {
    bool closes = match_[i] != kNone && match_[i] < i;
    level -= closes ? 1 : 0;
    nesting_[i] = level;
    level += match_[i] != kNone && !closes ? 1 : 0;
  }
}

// --- Recovery ----------------------------------------------------------------------------------

bool Parser::startsStatementKeyword(TokenKind kind) {
  switch (kind) {
  case TokenKind::KwLet:
  case TokenKind::KwModify:
  case TokenKind::KwSet:
  case TokenKind::KwAppend:
  case TokenKind::KwOutput:
  case TokenKind::KwIf:
  case TokenKind::KwFor:
  case TokenKind::KwTry:
  case TokenKind::KwReturn:
  case TokenKind::KwAbort:
    return true;
  default:
    return false;
  }
}

/// Goes on after an error in the statement that began at token `start`: behind the next `;`, at the
/// next line that starts like a statement, or at the end of the enclosing block, all outside of the
/// brackets that the statement opened.
void Parser::synchronize(size_t start) {
  size_t failedAt = at_;
  uint32_t level = nesting_[start];
  for (; !atEnd(); advance()) {
    if (nesting_[at_] < level)
      return;
    if (nesting_[at_] > level)
      continue;
    if (is(TokenKind::Semicolon)) {
      advance();
      return;
    }
    if (at_ == start || !onNewLine())
      continue;
    // The offending token itself may still belong to the broken statement, unless it is a keyword.
    if (startsStatementKeyword(peek().kind) || isDeclarationAhead() ||
        (at_ > failedAt && (isName(peek().kind) || is(TokenKind::KwAwait))))
      return;
  }
}

/// The same between declarations of a file that has a TRANSFORM.
void Parser::synchronizeTopLevel() {
  for (; !atEnd(); advance())
    if (nesting_[at_] == 0 && isDeclarationAhead() &&
        (onNewLine() || previous().kind == TokenKind::RightBrace ||
         previous().kind == TokenKind::Semicolon))
      return;
}

// --- Reporting ---------------------------------------------------------------------------------

/// Adds a diagnostic unless it is an echo: a second error at the same token, one on a line whose
/// characters were already wrong, one more in the same misread comment, or anything after the
/// nesting limit. Stops at a number of errors. The reference is valid until the next report.
Diagnostic &Parser::report(const Token &token, Diagnostic diagnostic) {
  auto spoilt = [&](uint32_t offset) {
    return !spoiltLines_.empty() && std::binary_search(spoiltLines_.begin(), spoiltLines_.end(),
                                                       source_.lineColumn(offset).line);
  };
  const Token *division = findDivision(token);
  bool sameComment = division && division == lastDivision_;
  lastDivision_ = division ? division : lastDivision_;
  bool echo = tooDeep_ || sameComment || lastErrorOffset_ == token.range.begin ||
              spoilt(token.range.begin) || (at_ > 0 && spoilt(previous().range.begin)) ||
              // A bracket that is open at the end may have been closed on a spoilt line.
              (!spoiltLines_.empty() && token.range.begin == tokens_.back().range.begin);
  lastErrorOffset_ = token.range.begin;
  if (echo || errors_ > kMaxSyntaxErrors) {
    scratch_ = std::move(diagnostic);
    return scratch_;
  }
  if (++errors_ > kMaxSyntaxErrors)
    return sink_.report(diag::make<Id::TooManyErrors>(token.range, kMaxSyntaxErrors));
  Diagnostic &reported = sink_.report(std::move(diagnostic));
  if (division)
    reported.note(std::string(diag::info(Id::DivisionLooksLikeComment).format), division->range);
  return reported;
}

/// A token as messages show it: its text on one line, not too much of it.
std::string Parser::found(const Token &token) const {
  if (token.kind == TokenKind::EndOfFile)
    return "the end of the file";
  constexpr size_t kShown = 30;
  std::string_view text =
      source_.text().substr(token.range.begin, token.range.end - token.range.begin);
  size_t end = std::min(text.find_first_of("\n\r\t"), text.size());
  end = std::min(end, kShown);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  std::string shown(text.substr(0, end));
  if (end < text.size())
    shown += "…";
  return text.starts_with('`') ? fmt::format("the name {}", shown) : fmt::format("`{}`", shown);
}

bool Parser::expect(TokenKind kind, std::string_view what) {
  if (accept(kind))
    return true;
  addHints(peek(), error<Id::ExpectedToken>(peek(), found(peek()), what));
  return false;
}

bool Parser::expectArrow(std::string_view what) {
  if (isArrow()) {
    advance();
    return true;
  }
  addHints(peek(), error<Id::ExpectedToken>(peek(), found(peek()), what));
  return false;
}

bool Parser::expectClose(TokenKind kind, size_t open, std::string_view orWhat) {
  if (accept(kind))
    return true;
  const Token &at = peek();
  bool closer = at.kind == TokenKind::RightParen || at.kind == TokenKind::RightBracket ||
                at.kind == TokenKind::RightBrace || at.kind == TokenKind::EndOfFile;
  bool statement = onNewLine() && startsStatementKeyword(at.kind);
  if (closer || statement) {
    error<Id::Unclosed>(at, found(at), info(kind).text, tokens_[open].text)
        .note(fmt::format("`{}` opens here", tokens_[open].text), tokens_[open].range);
    return false;
  }
  addHints(at, error<Id::ExpectedToken>(at, found(at), orWhat));
  return false;
}

bool Parser::parseName(Name &name, std::string_view what) {
  const Token &token = peek();
  if (isName(token.kind)) {
    advance();
    name = {token.text, token.range};
    return true;
  }
  if (info(token.kind).tokenClass == TokenClass::Hard)
    error<Id::KeywordAsName>(token, token.text, what)
        .fixIt(token.range, fmt::format("`{}`", token.text));
  else
    addHints(token, error<Id::ExpectedName>(token, found(token), what));
  return false;
}

// --- Hints -------------------------------------------------------------------------------------

/// Notes about what the offending token, or the one before it, may have been meant as.
void Parser::addHints(const Token &token, Diagnostic &diagnostic) {
  struct Word {
    std::string_view word;
    std::string_view meant;
  };
  static constexpr auto kWords = std::to_array<Word>(
      {{"AND", "&&"}, {"OR", "||"}, {"NOT", "!"}, {"MOD", "%"}, {"DIV", "//"}, {"IS", "=="}});
  size_t index = static_cast<size_t>(&token - tokens_.data());
  const Token *before = index > 0 && index < tokens_.size() ? &tokens_[index - 1] : nullptr;
  for (const Token *at : {&token, before})
    if (at && at->kind == TokenKind::Identifier)
      for (const Word &word : kWords)
        if (editDistance(at->text, word.word, 0) == 0) {
          diagnostic.note(
              fmt::format("there is no operator `{}`, write `{}`", at->text, word.meant),
              at->range);
          return;
        }
  if (before && before->kind == TokenKind::Number && isName(token.kind) &&
      before->range.end == token.range.begin) {
    diagnostic.note("a number ends where its digits end: there are no digit separators, no other "
                    "bases and no suffixes",
                    before->range);
    return;
  }
  addSpellingHint(token, diagnostic);
}

void Parser::addSpellingHint(const Token &token, Diagnostic &diagnostic) {
  if (token.kind != TokenKind::Identifier)
    return;
  if (auto keyword = closestKeyword(token.text))
    diagnostic.note(fmt::format("did you mean `{}`?", *keyword), token.range);
}

/// The `//` that was read as a division just before the error: with a comment in mind, the words
/// after it make no expression (D15).
const Token *Parser::findDivision(const Token &token) const {
  constexpr size_t kFar = 200;
  size_t index = std::min(at_, tokens_.size() - 1);
  for (size_t i = index + 1; i-- > 0 && index - i <= kFar;) {
    const Token &at = tokens_[i];
    if (at.range.begin > token.range.begin)
      continue;
    // On the line before only a `//` at its end matters, which takes its operand from this line.
    bool last = i + 1 < tokens_.size() && tokens_[i + 1].line != at.line;
    if (at.line + 1 < token.line || (at.line != token.line && !last))
      return nullptr;
    if (at.kind == TokenKind::SlashSlash)
      return &at;
  }
  return nullptr;
}

std::optional<SourceRange> findDivisionOnLine(const SourceText &source, uint32_t offset) {
  // Lexes the one line on its own: look-behind never leaves a line, nor do strings without escaped
  // newlines, and for a hint that is close enough.
  LineColumn at = source.lineColumn(offset);
  std::string_view line = source.line(at.line);
  if (line.empty())
    return std::nullopt;
  auto lineStart = static_cast<uint32_t>(line.data() - source.text().data());
  Arena arena;
  DiagnosticSink ignored;
  std::optional<SourceRange> division;
  for (const Token &token : lex(line, arena, ignored))
    if (token.kind == TokenKind::SlashSlash && lineStart + token.range.begin <= offset)
      division = SourceRange{lineStart + token.range.begin, lineStart + token.range.end};
  return division;
}

} // namespace branchline::syntax
