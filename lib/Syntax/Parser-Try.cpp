// TRY in its three forms: block statement, expression statement and expression; CATCH, RETRY and
// BACKOFF.
#include "ParserImpl.h"

#include "branchline/Numeric/NumberText.h"

#include <limits>
#include <optional>

namespace branchline::syntax {
namespace {

/// Digits, then `ms`, `s`, `m` or nothing: the wait in milliseconds. \rule D22
std::optional<uint64_t> parseBackoffText(std::string_view text) {
  uint64_t value = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    uint64_t digit = static_cast<uint64_t>(text[digits] - '0');
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / 10)
      return std::nullopt;
    value = value * 10 + digit;
  }
  if (digits == 0)
    return std::nullopt;
  std::string_view unit = text.substr(digits);
  uint64_t scale = unit.empty() || unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60000 : 0;
  if (scale == 0 || value > std::numeric_limits<uint64_t>::max() / scale)
    return std::nullopt;
  return value * scale;
}

} // namespace

/// After `TRY {`, a closing brace, a key with its colon, or `[` mean an object literal, anything
/// else a block. \rule E5
bool Parser::isTryBlockAhead() const {
  if (peek(1).kind != TokenKind::LeftBrace)
    return false;
  const Token &first = peek(2);
  if (first.kind == TokenKind::RightBrace || first.kind == TokenKind::LeftBracket)
    return false;
  bool key = first.kind == TokenKind::String || first.kind == TokenKind::Number ||
             first.kind == TokenKind::Identifier || isKeyword(first.kind);
  return !(key && peek(3).kind == TokenKind::Colon);
}

const Stmt *Parser::parseTryStatement() {
  if (isTryBlockAhead())
    return parseTryBlock();
  const Token &keyword = advance();
  Nest nest(*this, NestKind::Clause);
  const Expr *tried = nest ? parseExpression() : nullptr;
  CatchClause handler{};
  if (!tried || !parseCatch(handler))
    return nullptr;
  if (is(TokenKind::LeftBrace)) {
    error<Id::MixedTry>(peek(), found(peek()), "`->` after CATCH, because TRY has an expression");
    return nullptr;
  }
  if (!expectArrow("`->` after CATCH"))
    return nullptr;
  bool abort = is(TokenKind::KwAbort);
  SourceRange abortToken = abort ? peek().range : SourceRange{};
  const Expr *fallback = nullptr;
  if (abort) {
    // The ABORT consumes its own terminator, then TRY its optional one (R1.8.5).
    const Stmt *statement = parseAbort();
    if (!statement)
      return nullptr;
    fallback = cast<Abort>(*statement).value;
  } else {
    fallback = parseExpression();
    if (!fallback)
      return nullptr;
  }
  TryExpr *node = make<TryExpr>(keyword, keyword.range.begin);
  node->tried = tried;
  node->handler = handler;
  node->abort = abort;
  node->abortToken = abortToken;
  node->fallback = fallback;
  accept(TokenKind::Semicolon);
  return node;
}

/// `TRY { … } CATCH (e) { … }`. \rule E5
const Stmt *Parser::parseTryBlock() {
  const Token &keyword = advance();
  const Block *tried = parseBlock("`{` after TRY");
  CatchClause handler{};
  if (!tried || leavingBlocks_ || !parseCatch(handler))
    return nullptr;
  if (isArrow()) {
    error<Id::MixedTry>(peek(), found(peek()), "`{` after CATCH, because TRY has a block");
    return nullptr;
  }
  const Block *fallback = parseBlock("`{` after CATCH");
  if (!fallback)
    return nullptr;
  TryBlock *node = make<TryBlock>(keyword, keyword.range.begin);
  node->tried = tried;
  node->handler = handler;
  node->fallback = fallback;
  accept(TokenKind::Semicolon);
  return node;
}

const Expr *Parser::parseTryExpression() {
  const Token &keyword = advance();
  Nest nest(*this, NestKind::Clause);
  const Expr *tried = nest ? parseExpression() : nullptr;
  CatchClause handler{};
  if (!tried || !parseCatch(handler) || !expectArrow("`->` after CATCH"))
    return nullptr;
  const Expr *fallback = parseExpression();
  if (!fallback)
    return nullptr;
  TryCatch *node = make<TryCatch>(keyword, keyword.range.begin);
  node->tried = tried;
  node->handler = handler;
  node->fallback = fallback;
  return node;
}

/// `CATCH ( name [ : type ] )` and what may follow; the type is read and ignored.
bool Parser::parseCatch(CatchClause &handler) {
  if (!expect(TokenKind::KwCatch, "CATCH after TRY"))
    return false;
  size_t open = at_;
  if (!expect(TokenKind::LeftParen, "`(` after CATCH") ||
      !parseName(handler.variable, "the name of the caught error"))
    return false;
  Name ignored;
  if (accept(TokenKind::Colon) && !parseName(ignored, "the name of a type after `:`"))
    return false;
  if (!expectClose(TokenKind::RightParen, open, "`)` after the name of the caught error"))
    return false;
  return !is(TokenKind::KwRetry) || parseRetry(handler);
}

/// `RETRY n TIMES [ BACKOFF t ]`.
bool Parser::parseRetry(CatchClause &handler) {
  advance();
  const Token &count = peek();
  if (!expect(TokenKind::Number, "the retry count"))
    return false;
  std::optional<int64_t> value = parseInt64(count.text);
  if (!value || *value > std::numeric_limits<int32_t>::max()) {
    error<Id::InvalidRetryCount>(count, count.text);
    return false;
  }
  handler.retries = static_cast<uint32_t>(*value);
  if (!expect(TokenKind::KwTimes, "TIMES after the retry count"))
    return false;
  return !is(TokenKind::KwBackoff) || parseBackoff(handler);
}

/// A string, or the same unquoted: a number and a unit without a blank between them. \rule D22
bool Parser::parseBackoff(CatchClause &handler) {
  advance();
  const Token &token = peek();
  if (token.kind != TokenKind::String && token.kind != TokenKind::Number) {
    error<Id::MalformedBackoff>(token, found(token));
    return false;
  }
  Token whole = advance();
  if (whole.kind == TokenKind::Number && isName(peek().kind) &&
      peek().range.begin == whole.range.end) {
    whole.range.end = advance().range.end;
    whole.text = source_.text().substr(whole.range.begin, whole.range.end - whole.range.begin);
  }
  std::optional<uint64_t> wait = parseBackoffText(whole.text);
  if (!wait) {
    error<Id::MalformedBackoff>(whole, found(whole));
    return false;
  }
  handler.backoffMs = *wait;
  return true;
}

} // namespace branchline::syntax
