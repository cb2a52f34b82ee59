// Expressions: operators, postfix chains, calls, paths, lambdas.
// Operator chains and postfix chains are built by loops, so only brackets, prefix operators and
// calls of calls count as nesting (D14).
#include "ParserImpl.h"

#include <array>
#include <optional>

namespace branchline::syntax {
namespace {

std::optional<BinaryOp> binaryOp(TokenKind kind) {
  switch (kind) {
  case TokenKind::Coalesce:
    return BinaryOp::Coalesce;
  case TokenKind::Or:
    return BinaryOp::Or;
  case TokenKind::And:
    return BinaryOp::And;
  case TokenKind::Eq:
    return BinaryOp::Eq;
  case TokenKind::Ne:
    return BinaryOp::Ne;
  case TokenKind::Lt:
    return BinaryOp::Lt;
  case TokenKind::Le:
    return BinaryOp::Le;
  case TokenKind::Gt:
    return BinaryOp::Gt;
  case TokenKind::Ge:
    return BinaryOp::Ge;
  case TokenKind::Concat:
    return BinaryOp::Concat;
  case TokenKind::Plus:
    return BinaryOp::Add;
  case TokenKind::Minus:
    return BinaryOp::Sub;
  case TokenKind::Star:
    return BinaryOp::Mul;
  case TokenKind::Slash:
    return BinaryOp::Div;
  case TokenKind::SlashSlash:
    return BinaryOp::IDiv;
  case TokenKind::Percent:
    return BinaryOp::Rem;
  default:
    return std::nullopt;
  }
}

constexpr size_t kPrecedences = 8;

} // namespace

const Expr *Parser::parseExpression() {
  return is(TokenKind::KwIf) ? parseIfExpression() : parseBinary();
}

const Expr *Parser::parseIfExpression() {
  const Token &keyword = advance();
  Nest nest(*this, NestKind::Clause);
  const Expr *condition = nest ? parseExpression() : nullptr;
  if (!condition || !expect(TokenKind::KwThen, "THEN after the condition of IF"))
    return nullptr;
  const Expr *thenExpr = parseExpression();
  if (!thenExpr)
    return nullptr;
  if (!accept(TokenKind::KwElse)) {
    error<Id::MissingElse>(peek(), found(peek()), "an IF expression has a value either way");
    return nullptr;
  }
  const Expr *elseExpr = parseExpression();
  if (!elseExpr)
    return nullptr;
  IfElse *node = make<IfElse>(keyword, keyword.range.begin);
  node->condition = condition;
  node->thenExpr = thenExpr;
  node->elseExpr = elseExpr;
  return node;
}

// --- Operators ---------------------------------------------------------------------------------

/// All binary levels at once. Every level is left-associative, so what waits for its right operand
/// has strictly rising precedence: one slot per level is enough.
const Expr *Parser::parseBinary() {
  struct Pending {
    const Expr *left;
    SourceRange token;
    BinaryOp op;
  };
  std::array<Pending, kPrecedences> pending;
  size_t count = 0;
  bool statementLevel = at_ == statementStart_;
  const Expr *operand = parseUnary();
  auto reduce = [&] {
    const Pending &top = pending[--count];
    Binary *node = program_.arena.make<Binary>();
    node->kind = ExprKind::Binary;
    node->range = {top.left->range.begin, operand->range.end};
    node->token = top.token;
    node->op = top.op;
    node->left = top.left;
    node->right = operand;
    operand = node;
  };
  while (operand) {
    std::optional<BinaryOp> op = binaryOp(peek().kind);
    if (!op && is(TokenKind::Assign) && !statementLevel) {
      error<Id::AssignmentInExpression>(peek()).fixIt(peek().range, "==");
      lastErrorOffset_ = peek(1).range.begin; // a missing operand would be the same mistake
      op = BinaryOp::Eq;
    }
    if (!op)
      break;
    while (count > 0 && info(pending[count - 1].op).precedence >= info(*op).precedence)
      reduce();
    BL_ASSERT(count < kPrecedences, "pending operators rise in precedence");
    pending[count++] = {operand, advance().range, *op};
    operand = parseUnary();
  }
  if (!operand || rejectOperator(operand, statementLevel))
    return nullptr;
  while (count > 0)
    reduce();
  return operand;
}

/// Reports what other languages allow after an operand. \returns true when it did
bool Parser::rejectOperator(const Expr *left, bool statementLevel) {
  const Token &token = peek();
  if (token.kind == TokenKind::Question) {
    error<Id::NoSuchOperator>(token, "?:").note("write `IF … THEN … ELSE …`");
    return true;
  }
  if (token.kind == TokenKind::Pipe) {
    error<Id::NoSuchOperator>(token, "|").note("`||` is the operator of either truth");
    return true;
  }
  bool arrow = isArrow() && left->kind == ExprKind::Identifier && !noLambda_ && !onNewLine();
  if (arrow && !statementLevel) {
    Token name;
    name.range = left->range;
    error<Id::LambdaParentheses>(name).fixIt(
        left->range,
        fmt::format("({})",
                    source_.text().substr(left->range.begin, left->range.end - left->range.begin)));
    return true;
  }
  return false;
}

const Expr *Parser::parseUnary() {
  UnaryOp op;
  switch (peek().kind) {
  case TokenKind::Minus:
    op = UnaryOp::Neg;
    break;
  case TokenKind::Bang:
    op = UnaryOp::Not;
    break;
  case TokenKind::KwSuspend:
    op = UnaryOp::Suspend;
    break;
  case TokenKind::KwAwait:
    return parseAwait();
  case TokenKind::KwIf:
    // Reading it all the same keeps the rest of the expression checked.
    error<Id::ConditionalAsOperand>(peek());
    return parseIfExpression();
  default:
    return parsePostfix(true);
  }
  Nest nest(*this, NestKind::Prefix);
  if (!nest)
    return nullptr;
  const Token &token = advance();
  const Expr *operand = parseUnary();
  if (!operand)
    return nullptr;
  Unary *node = make<Unary>(token, token.range.begin);
  node->op = op;
  node->operand = operand;
  return node;
}

/// AWAIT takes a postfix expression; `AWAIT name.key` waits for a shared key (R1.12.4).
const Expr *Parser::parseAwait() {
  const Token &token = advance();
  const Expr *operand = parsePostfix(true);
  if (!operand)
    return nullptr;
  const auto *access = dynCast<Access>(operand);
  if (access && access->base->kind == ExprKind::Identifier && access->segments.size() == 1 &&
      access->segments[0].kind == SegmentKind::Name) {
    if (!checkWritable(*access, "a shared AWAIT"))
      return nullptr;
    SharedAwait *node = make<SharedAwait>(token, token.range.begin);
    node->resource = {cast<Identifier>(*access->base).name, access->base->range};
    node->key = {access->segments[0].name, access->segments[0].token};
    return node;
  }
  Unary *node = make<Unary>(token, token.range.begin);
  node->op = UnaryOp::Await;
  node->operand = operand;
  return node;
}

// --- Postfix -----------------------------------------------------------------------------------

/// A primary with paths and calls. A chain of calls makes a tree as deep as the chain is long, and
/// what was read before a call ends up one level deeper; `peak_` follows that.
const Expr *Parser::parsePostfix(bool calls) {
  unsigned outerPeak = peak_;
  peak_ = depth_;
  uint32_t begin = peek().range.begin;
  const Expr *expr = parsePrimary();
  while (expr) {
    if (is(TokenKind::Dot) || is(TokenKind::SafeDot) || is(TokenKind::LeftBracket)) {
      expr = parseAccess(expr, begin);
    } else if (calls && is(TokenKind::LeftParen)) {
      if (++peak_ > kMaxNesting) {
        reportTooDeep();
        return nullptr;
      }
      expr = parseCall(expr, begin);
    } else {
      break;
    }
  }
  peak_ = std::max(peak_, outerPeak);
  return expr;
}

const Expr *Parser::parseCall(const Expr *callee, uint32_t begin) {
  const Token &open = peek();
  std::vector<const Expr *> args;
  if (!parseArguments(args))
    return nullptr;
  if (const auto *name = dynCast<Identifier>(callee)) {
    Call *node = make<Call>(open, begin);
    node->callee = {name->name, name->range};
    node->args = copy(args);
    return node;
  }
  Invoke *node = make<Invoke>(open, begin);
  node->target = callee;
  node->args = copy(args);
  return node;
}

/// `( a, b, )`. \rule R1.12.7, E10
bool Parser::parseArguments(std::vector<const Expr *> &args) {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return false;
  size_t open = at_;
  advance();
  while (!is(TokenKind::RightParen)) {
    if (is(TokenKind::Comma)) {
      error<Id::MissingItem>(peek(), "an argument");
      return false;
    }
    const Expr *arg = parseExpression();
    if (!arg)
      return false;
    args.push_back(arg);
    if (!accept(TokenKind::Comma))
      break;
  }
  return expectClose(TokenKind::RightParen, open, "`,` or `)` after an argument");
}

/// Consecutive steps form one node whose token is that of the last step (R1.12.5, R1.13.2).
const Expr *Parser::parseAccess(const Expr *base, uint32_t begin) {
  std::vector<Segment> segments;
  while (is(TokenKind::Dot) || is(TokenKind::SafeDot) || is(TokenKind::LeftBracket)) {
    Segment segment{};
    segment.range.begin = peek().range.begin;
    if (!parseSegment(segment))
      return nullptr;
    segment.range.end = previous().range.end;
    segments.push_back(segment);
  }
  Access *node = make<Access>(previous(), begin);
  node->token = segments.back().token;
  node->base = base;
  node->segments = copy(segments);
  return node;
}

bool Parser::parseSegment(Segment &segment) {
  segment.safe = is(TokenKind::SafeDot);
  bool plainDot = accept(TokenKind::Dot);
  if (!plainDot)
    accept(TokenKind::SafeDot);
  if (!is(TokenKind::LeftBracket))
    return parseDotStep(segment);
  if (plainDot)
    return parseDottedPath(segment);
  // `[e]`, and after `?.` as well: only a plain dot makes a path of names in brackets (E11).
  Nest nest(*this, NestKind::Bracket);
  size_t open = at_;
  advance();
  segment.kind = SegmentKind::Key;
  segment.key = nest ? parseExpression() : nullptr;
  if (!segment.key)
    return false;
  segment.token = segment.key->token;
  if (is(TokenKind::Colon)) {
    error<Id::NoSuchOperator>(peek(), "[a:b]")
        .note("an index is one expression; there are no slices");
    return false;
  }
  return expectClose(TokenKind::RightBracket, open, "`]` after an index");
}

/// `.name` and `.0`.
bool Parser::parseDotStep(Segment &segment) {
  const Token &token = peek();
  segment.token = token.range;
  if (isName(token.kind)) {
    segment.kind = SegmentKind::Name;
    segment.name = advance().text;
    return true;
  }
  if (token.kind == TokenKind::Number) {
    segment.kind = SegmentKind::Index;
    segment.index = parseIndex();
    return segment.index != nullptr;
  }
  if (info(token.kind).tokenClass == TokenClass::Hard) {
    error<Id::KeywordAsName>(token, token.text, "a name or an index after `.`")
        .fixIt(token.range, fmt::format("`{}`", token.text));
    return false;
  }
  error<Id::InvalidPathStep>(token, found(token), previous().text);
  return false;
}

/// `.[name.path]`: the value of that name or static path is the key (R1.12.6).
bool Parser::parseDottedPath(Segment &segment) {
  size_t open = at_;
  segment.kind = SegmentKind::DottedPath;
  segment.token = advance().range;
  const Token &first = peek();
  Name base;
  if (!parseName(base, "a name after `.[`"))
    return false;
  Identifier *name = make<Identifier>(first, first.range.begin);
  name->name = first.text;
  segment.key = name;
  std::vector<Segment> steps;
  while (is(TokenKind::Dot)) {
    Segment step{};
    step.range.begin = advance().range.begin;
    if (!parseDotStep(step))
      return false;
    step.range.end = previous().range.end;
    steps.push_back(step);
  }
  if (!steps.empty()) {
    Access *path = make<Access>(first, first.range.begin);
    path->base = name;
    path->segments = copy(steps);
    segment.key = path;
  }
  return expectClose(TokenKind::RightBracket, open, "`.` or `]` after a name in `.[ ]`");
}

// --- Primaries ---------------------------------------------------------------------------------

const Expr *Parser::parsePrimary() {
  const Token &token = peek();
  switch (token.kind) {
  case TokenKind::String: {
    advance();
    StringLiteral *node = make<StringLiteral>(token, token.range.begin);
    node->value = token.text;
    return node;
  }
  case TokenKind::Number:
    return parseNumber();
  case TokenKind::KwTrue:
  case TokenKind::KwFalse: {
    advance();
    BoolLiteral *node = make<BoolLiteral>(token, token.range.begin);
    node->value = token.kind == TokenKind::KwTrue;
    return node;
  }
  case TokenKind::KwNull:
    advance();
    return make<NullLiteral>(token, token.range.begin);
  case TokenKind::Dollar:
    advance();
    return make<InputDocument>(token, token.range.begin);
  case TokenKind::LeftBrace:
    return parseObject();
  case TokenKind::LeftBracket:
    return parseArray();
  case TokenKind::LeftParen:
    return isLambdaAhead() ? parseLambda() : parseParenthesised();
  case TokenKind::KwCase:
    return parseCase();
  case TokenKind::KwTry:
    return parseTryExpression();
  default:
    break;
  }
  if (!isName(token.kind) || looksLikeNextStatement())
    return rejectPrimary();
  advance();
  Identifier *node = make<Identifier>(token, token.range.begin);
  node->name = token.text;
  return node;
}

/// True when the statement before was cut off: the keyword of a statement or declaration starts a
/// line and what follows on it cannot follow a variable of that name.
bool Parser::looksLikeNextStatement() const {
  if (at_ == statementStart_ || !onNewLine())
    return false;
  if (isDeclarationAhead())
    return true;
  if (!startsStatementKeyword(peek().kind) || peek(1).line != peek().line)
    return false;
  TokenKind next = peek(1).kind;
  return (isName(next) && next != TokenKind::KwInit) || next == TokenKind::String ||
         next == TokenKind::Number || next == TokenKind::LeftBrace;
}

/// Reports a token that starts no expression.
const Expr *Parser::rejectPrimary() {
  const Token &token = peek();
  const Token &before = previous();
  bool adjacent = at_ > 0 && before.range.end == token.range.begin;
  bool afterOperator = adjacent && (binaryOp(before.kind) || before.kind == TokenKind::Bang);
  bool doubled = token.kind == TokenKind::Assign || token.kind == TokenKind::Star ||
                 token.kind == TokenKind::Gt;
  if (afterOperator && doubled) {
    SourceRange both{before.range.begin, token.range.end};
    std::string text = fmt::format("{}{}", before.text, token.text);
    Diagnostic diagnostic = diag::make<Id::NoSuchOperator>(both, text);
    if (text == "**")
      diagnostic.note("`POWER(base, exponent)` is the power");
    else if (text == "===" || text == "!==")
      diagnostic.fixIt(both, std::string(before.text));
    else if (text == "<>")
      diagnostic.fixIt(both, "!=");
    else if (token.kind == TokenKind::Assign)
      diagnostic.note(fmt::format("write `SET name = name {} value`", before.text));
    report(token, std::move(diagnostic));
    return nullptr;
  }
  Diagnostic &diagnostic = error<Id::ExpectedExpression>(token, found(token));
  if (token.kind == TokenKind::Plus)
    diagnostic.note("there is no unary plus");
  else if (token.kind == TokenKind::KwFor && before.kind != TokenKind::LeftBracket)
    diagnostic.note("a comprehension stands in brackets: `[x FOR EACH x IN list]`");
  else if (token.kind == TokenKind::Dot && peek(1).kind == TokenKind::Number)
    diagnostic.note("a number starts with a digit: `0.5`");
  return nullptr;
}

/// After `(`: names up to `)` and an arrow (R1.12.9). In the condition of `[FOR (…) IF c => m]` the
/// arrow belongs to the comprehension, so there a parenthesis never starts a lambda (E4); inside of
/// further brackets no such arrow can follow, and lambdas are allowed again.
bool Parser::isLambdaAhead() const {
  if (noLambda_)
    return false;
  size_t ahead = 1;
  if (peek(ahead).kind != TokenKind::RightParen) {
    while (isName(peek(ahead).kind) && peek(ahead + 1).kind == TokenKind::Comma)
      ahead += 2;
    if (!isName(peek(ahead).kind))
      return false;
    ++ahead;
  }
  TokenKind arrow = peek(ahead + 1).kind;
  return peek(ahead).kind == TokenKind::RightParen &&
         (arrow == TokenKind::Arrow || arrow == TokenKind::FatArrow);
}

const Expr *Parser::parseLambda() {
  const Token &open = advance();
  std::vector<Name> params;
  for (; !is(TokenKind::RightParen); accept(TokenKind::Comma)) {
    params.push_back({peek().text, peek().range});
    advance();
  }
  advance();
  advance();
  const Expr *body = nullptr;
  const Block *block = nullptr;
  if (is(TokenKind::LeftBrace)) {
    block = parseBlock("`{` to start the body of the lambda");
  } else {
    Nest nest(*this, NestKind::Clause);
    body = nest ? parseExpression() : nullptr;
  }
  if (!body && !block)
    return nullptr;
  Lambda *node = make<Lambda>(open, open.range.begin);
  node->params = copy(params);
  node->body = body;
  node->block = block;
  return node;
}

const Expr *Parser::parseParenthesised() {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  advance();
  const Expr *expr = parseExpression();
  if (!expr)
    return nullptr;
  if (is(TokenKind::Comma) && peek(1).kind == TokenKind::RightParen &&
      (peek(2).kind == TokenKind::Arrow || peek(2).kind == TokenKind::FatArrow)) {
    error<Id::TrailingComma>(peek(), "a parameter list").fixIt(peek().range, "");
    return nullptr;
  }
  return expectClose(TokenKind::RightParen, open, "`)` after the expression") ? expr : nullptr;
}

} // namespace branchline::syntax
