// Blocks and statements other than TRY.
#include "ParserImpl.h"

#include "branchline/Lang/Spelling.h"

namespace branchline::syntax {

// --- Blocks ------------------------------------------------------------------------------------

const Block *Parser::parseBlock(std::string_view what) {
  if (!is(TokenKind::LeftBrace)) {
    addHints(peek(), error<Id::ExpectedBlock>(peek(), found(peek()), what));
    return nullptr;
  }
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  const Token &brace = advance();
  std::vector<const Stmt *> statements;
  while (!is(TokenKind::RightBrace) && !atEnd())
    if (!parseBlockItem(statements, open))
      break;
  if (!leavingBlocks_)
    expectClose(TokenKind::RightBrace, open, "`}` after the block");
  Block *block = program_.arena.make<Block>();
  block->range = {brace.range.begin, previous().range.end};
  block->token = brace.range;
  block->statements = copy(statements);
  return block;
}

/// One statement with recovery. \returns false when the block must be left without its brace
bool Parser::parseBlockItem(std::vector<const Stmt *> &statements, size_t open) {
  size_t start = at_;
  needsSync_ = false;
  if (is(TokenKind::Semicolon)) {
    error<Id::EmptyStatement>(peek()).fixIt(peek().range, "");
    advance();
    return true;
  }
  if (is(TokenKind::RightParen) || is(TokenKind::RightBracket)) {
    error<Id::StrayBracket>(peek(), peek().text);
    advance();
    return true;
  }
  if (isDeclarationAhead()) {
    error<Id::DeclarationInBlock>(peek(), found(peek()))
        .note("the block around it opens here", tokens_[open].range);
    if (match_[open] == kNone) {
      // The block is never closed, so this is most likely the next declaration of the file.
      leavingBlocks_ = true;
      return false;
    }
    if (!parseDeclaration() || needsSync_)
      synchronize(start);
    return !leavingBlocks_;
  }
  const Stmt *statement = parseStatement();
  if (leavingBlocks_)
    return false;
  if (statement)
    statements.push_back(statement);
  if (!statement || needsSync_)
    synchronize(start);
  // An error deep in an unclosed bracket can leave the position where it was.
  if (at_ == start)
    advance();
  return true;
}

// --- Terminators -------------------------------------------------------------------------------

/// Checks the terminator of the statement that began at token `start` (R1.8.3). A missing one does
/// not take the statement back.
const Stmt *Parser::finish(const Stmt *statement, size_t start) {
  if (accept(TokenKind::Semicolon) || onNewLine() || is(TokenKind::RightBrace) || atEnd())
    return statement;
  reportMissingTerminator(start);
  return statement;
}

void Parser::reportMissingTerminator(size_t start) {
  const Token &token = peek();
  bool next = startsStatementKeyword(token.kind) || isDeclarationAhead();
  needsSync_ = !next;
  Diagnostic &diagnostic = error<Id::ExpectedTerminator>(token, found(token));
  if (next) {
    diagnostic.fixIt({previous().range.end, previous().range.end}, ";");
    return;
  }
  // A lone word before the error is most likely a keyword with a typing error.
  const Token &first = tokens_[start];
  if (at_ == start + 1 && first.kind == TokenKind::Identifier && closestKeyword(first.text))
    return addSpellingHint(first, diagnostic);
  if (at_ == start + 1 && first.kind == TokenKind::KwForeach)
    diagnostic.note("a loop is written `FOR EACH name IN list { … }`", first.range);
  else if (at_ == start + 1 && first.kind == TokenKind::KwCall)
    diagnostic.note("a call needs no keyword", first.range);
  else
    addHints(token, diagnostic);
}

// --- Statements --------------------------------------------------------------------------------

/// The first token decides, in the order of R1.11.2.
const Stmt *Parser::parseStatement() {
  switch (peek().kind) {
  case TokenKind::KwLet:
    return parseLet();
  case TokenKind::KwModify:
    return parseModify();
  case TokenKind::KwSet:
    return parseSet();
  case TokenKind::KwAppend:
    return parseAppend();
  case TokenKind::KwOutput:
    return parseOutput();
  case TokenKind::KwIf:
    return parseIf();
  case TokenKind::KwFor:
    return parseFor();
  case TokenKind::KwTry:
    return parseTryStatement();
  case TokenKind::KwReturn:
    return parseReturn();
  case TokenKind::KwAbort:
    return parseAbort();
  default:
    if (isThrowAhead())
      return parseThrow();
    return isSharedWriteAhead() ? parseSharedWrite() : parseExpressionStatement();
  }
}

const Stmt *Parser::parseLet() {
  size_t start = at_;
  const Token &keyword = advance();
  Name name;
  if (!parseName(name, "the name of a variable after LET"))
    return nullptr;
  if (!expect(TokenKind::Assign, "`=` after the name in LET"))
    return nullptr;
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  Let *let = make<Let>(keyword, keyword.range.begin);
  let->token = name.range;
  let->name = name;
  let->value = value;
  return finish(let, start);
}

const Stmt *Parser::parseSet() {
  size_t start = at_;
  const Token &keyword = advance();
  const Expr *target = parsePostfix(true);
  if (!target)
    return nullptr;
  if (peek(1).kind == TokenKind::Assign && peek().range.end == peek(1).range.begin) {
    error<Id::NoSuchOperator>(peek(), fmt::format("{}=", peek().text))
        .note(fmt::format("write `SET name = name {} value`", peek().text));
    return nullptr;
  }
  if (!expect(TokenKind::Assign, "`=` after the target of SET"))
    return nullptr;
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  const Stmt *statement = nullptr;
  if (const auto *name = dynCast<Identifier>(target)) {
    SetVar *node = make<SetVar>(keyword, keyword.range.begin);
    node->name = {name->name, name->range};
    node->value = value;
    statement = node;
  } else if (const auto *path = dynCast<Access>(target)) {
    checkWritable(*path, "the target of SET");
    SetPath *node = make<SetPath>(keyword, keyword.range.begin);
    node->target = path;
    node->value = value;
    statement = node;
  } else {
    report(keyword, diag::make<Id::InvalidSetTarget>(target->range));
    return nullptr;
  }
  return finish(statement, start);
}

const Stmt *Parser::parseAppend() {
  size_t start = at_;
  const Token &keyword = advance();
  if (!expect(TokenKind::KwTo, "TO after APPEND"))
    return nullptr;
  const Expr *target = parsePostfix(false);
  if (!target)
    return nullptr;
  const auto *name = dynCast<Identifier>(target);
  const auto *path = dynCast<Access>(target);
  if (!name && !path) {
    report(keyword, diag::make<Id::InvalidAppendTarget>(target->range));
    return nullptr;
  }
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  const Expr *init = nullptr;
  if (accept(TokenKind::KwInit)) {
    init = parseExpression();
    if (!init)
      return nullptr;
  }
  if (name) {
    AppendVar *node = make<AppendVar>(keyword, keyword.range.begin);
    node->name = {name->name, name->range};
    node->value = value;
    node->init = init;
    return finish(node, start);
  }
  checkWritable(*path, "the target of APPEND TO");
  AppendPath *node = make<AppendPath>(keyword, keyword.range.begin);
  node->target = path;
  node->value = value;
  node->init = init;
  return finish(node, start);
}

/// Safe steps only read (E11).
bool Parser::checkWritable(const Access &target, std::string_view what) {
  for (const Segment &segment : target.segments)
    if (segment.safe) {
      Token at;
      at.range = segment.range;
      error<Id::SafeStepNotAllowed>(at, what);
      return false;
    }
  return true;
}

const Stmt *Parser::parseModify() {
  size_t start = at_;
  const Token &keyword = advance();
  const Expr *expr = parsePostfix(true);
  if (!expr)
    return nullptr;
  const auto *path = dynCast<Access>(expr);
  if (!path) {
    if (expr->kind != ExprKind::Identifier) {
      report(keyword, diag::make<Id::InvalidModifyTarget>(expr->range));
      return nullptr;
    }
    Access *access = program_.arena.make<Access>();
    access->kind = ExprKind::Access;
    access->range = expr->range;
    access->token = expr->token;
    access->base = expr;
    path = access;
  }
  if (!checkModifyTarget(*path))
    return nullptr;
  size_t open = at_;
  const Token &brace = peek();
  if (!expect(TokenKind::LeftBrace, "`{` after the target of MODIFY"))
    return nullptr;
  Nest nest(*this, NestKind::Bracket);
  std::vector<Field> updates;
  while (nest && !is(TokenKind::RightBrace)) {
    Field field{};
    if (!parseField(field, "MODIFY"))
      return nullptr;
    updates.push_back(field);
    if (accept(TokenKind::Comma) || accept(TokenKind::Semicolon))
      continue;
    if (!isFieldAhead())
      break;
    error<Id::ExpectedToken>(peek(), found(peek()), "`,` or `;` between the fields of MODIFY")
        .fixIt({previous().range.end, previous().range.end}, ",");
  }
  if (!nest || !expectClose(TokenKind::RightBrace, open, "`,` or `}` after a field of MODIFY"))
    return nullptr;
  Modify *node = make<Modify>(brace, keyword.range.begin);
  node->target = path;
  node->updates = copy(updates);
  return finish(node, start);
}

/// Names and numbers only, no `[ ]` of either kind (R1.11.6).
bool Parser::checkModifyTarget(const Access &target) {
  for (const Segment &segment : target.segments)
    if (segment.kind == SegmentKind::Key || segment.kind == SegmentKind::DottedPath) {
      Token at;
      at.range = segment.range;
      error<Id::InvalidModifyTarget>(at);
      return false;
    }
  return checkWritable(target, "the target of MODIFY");
}

const Stmt *Parser::parseOutput() {
  const Token &keyword = advance();
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  Output *node = make<Output>(keyword, keyword.range.begin);
  node->value = value;
  // No newline is needed here, so `OUTPUT a OUTPUT b` is two statements (R1.8.4).
  accept(TokenKind::Semicolon);
  return node;
}

const Stmt *Parser::parseIf() {
  const Token &keyword = advance();
  const Expr *condition = parseExpression();
  if (!condition)
    return nullptr;
  bool then = accept(TokenKind::KwThen);
  if (then && !is(TokenKind::LeftBrace)) {
    error<Id::ThenWithoutBlock>(peek(), found(peek()));
    return nullptr;
  }
  const Block *thenBlock = parseBlock("THEN or `{` after the condition of IF");
  if (!thenBlock)
    return nullptr;
  const Block *elseBlock = nullptr;
  if (is(TokenKind::KwElse)) {
    elseBlock = parseElse();
    if (!elseBlock)
      return nullptr;
  }
  If *node = make<If>(keyword, keyword.range.begin);
  node->condition = condition;
  node->thenBlock = thenBlock;
  node->elseBlock = elseBlock;
  return node;
}

/// `ELSE { … }`, or `ELSE IF …` as a block with that one statement (E1).
const Block *Parser::parseElse() {
  advance();
  if (!is(TokenKind::KwIf))
    return parseBlock("`{` or IF after ELSE");
  Nest nest(*this, NestKind::Clause);
  if (!nest)
    return nullptr;
  const Stmt *statement = parseIf();
  if (!statement)
    return nullptr;
  Block *block = program_.arena.make<Block>();
  block->range = statement->range;
  block->token = statement->token;
  block->statements = copy(std::vector<const Stmt *>{statement});
  return block;
}

const Stmt *Parser::parseFor() {
  const Token &keyword = advance();
  accept(TokenKind::KwEach);
  if (is(TokenKind::LeftParen)) {
    error<Id::ExpectedName>(peek(), found(peek()), "the name of the loop variable")
        .note("a loop has no parentheses: `FOR EACH name IN list { … }`");
    return nullptr;
  }
  Name variable;
  if (!parseName(variable, "the name of the loop variable") ||
      !expect(TokenKind::KwIn, "IN after the loop variable"))
    return nullptr;
  const Expr *iterable = parseExpression();
  if (!iterable)
    return nullptr;
  const Expr *where = nullptr;
  if (accept(TokenKind::KwWhere)) {
    where = parseExpression();
    if (!where)
      return nullptr;
  }
  const Block *body =
      parseBlock(where ? "`{` after the condition of FOR" : "WHERE or `{` after the list of FOR");
  if (!body)
    return nullptr;
  ForEach *node = make<ForEach>(keyword, keyword.range.begin);
  node->variable = variable;
  node->iterable = iterable;
  node->where = where;
  node->body = body;
  return node;
}

/// The operand of RETURN and ABORT stands on the line of the keyword (R1.11.11).
bool Parser::hasOperandOnLine() const {
  return !onNewLine() && !is(TokenKind::Semicolon) && !is(TokenKind::RightBrace) && !atEnd();
}

const Stmt *Parser::parseReturn() {
  size_t start = at_;
  const Token &keyword = advance();
  const Expr *value = nullptr;
  if (hasOperandOnLine()) {
    value = parseExpression();
    if (!value)
      return nullptr;
  }
  Return *node = make<Return>(keyword, keyword.range.begin);
  node->value = value;
  return finish(node, start);
}

const Stmt *Parser::parseAbort() {
  size_t start = at_;
  const Token &keyword = advance();
  const Expr *value = nullptr;
  if (hasOperandOnLine()) {
    value = parseExpression();
    if (!value)
      return nullptr;
  }
  Abort *node = make<Abort>(keyword, keyword.range.begin);
  node->value = value;
  return finish(node, start);
}

/// THROW is a statement when an operand follows on its line that could not continue an expression
/// which starts with a variable of that name. \rule E9
bool Parser::isThrowAhead() const {
  if (!is(TokenKind::KwThrow) || peek(1).line != peek().line)
    return false;
  switch (peek(1).kind) {
  case TokenKind::String:
  case TokenKind::Number:
  case TokenKind::LeftBrace:
  case TokenKind::Minus:
  case TokenKind::Bang:
  case TokenKind::Dollar:
  case TokenKind::KwTrue:
  case TokenKind::KwFalse:
  case TokenKind::KwNull:
  case TokenKind::KwIf:
  case TokenKind::KwCase:
  case TokenKind::KwTry:
  case TokenKind::KwAwait:
  case TokenKind::KwSuspend:
    return true;
  default:
    return isName(peek(1).kind);
  }
}

const Stmt *Parser::parseThrow() {
  size_t start = at_;
  const Token &keyword = advance();
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  Throw *node = make<Throw>(keyword, keyword.range.begin);
  node->value = value;
  return finish(node, start);
}

/// `name [ … ] =`, where only square brackets count in between (R1.11.13).
bool Parser::isSharedWriteAhead() const {
  if (!isName(peek().kind) || peek(1).kind != TokenKind::LeftBracket)
    return false;
  uint32_t close = squareMatch_[at_ + 1];
  return close != kNone && tokens_[close + 1].kind == TokenKind::Assign;
}

const Stmt *Parser::parseSharedWrite() {
  size_t start = at_;
  const Token &resource = advance();
  size_t open = at_;
  advance();
  const Expr *key = nullptr;
  if (!is(TokenKind::RightBracket)) {
    Nest nest(*this, NestKind::Bracket);
    key = nest ? parseExpression() : nullptr;
    if (!key)
      return nullptr;
  }
  if (!expectClose(TokenKind::RightBracket, open, "`]` after the key") ||
      !expect(TokenKind::Assign, "`=` after the shared resource"))
    return nullptr;
  const Expr *value = parseExpression();
  if (!value)
    return nullptr;
  SharedWrite *node = make<SharedWrite>(resource, resource.range.begin);
  node->resource = {resource.text, resource.range};
  node->key = key;
  node->value = value;
  return finish(node, start);
}

const Stmt *Parser::parseExpressionStatement() {
  size_t start = at_;
  const Token &first = peek();
  size_t outer = statementStart_;
  statementStart_ = start;
  const Expr *expr = parseExpression();
  statementStart_ = outer;
  if (!expr)
    return nullptr;
  if (is(TokenKind::Assign) &&
      (expr->kind == ExprKind::Identifier || expr->kind == ExprKind::Access)) {
    error<Id::AssignmentWithoutSet>(peek()).fixIt({first.range.begin, first.range.begin}, "SET ");
    advance();
    if (!parseExpression())
      return nullptr;
  }
  ExprStmt *node = make<ExprStmt>(first, first.range.begin);
  node->expr = expr;
  return finish(node, start);
}

} // namespace branchline::syntax
