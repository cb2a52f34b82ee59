// Entry of the parser, the top level of a file, and the declarations TRANSFORM, SHARED and FUNC.
#include "ParserImpl.h"

namespace branchline::syntax {

Parser::Parser(const SourceText &source, Program &program, DiagnosticSink &sink,
               std::vector<Token> tokens, std::vector<uint32_t> spoiltLines)
    : source_(source), program_(program), sink_(sink), tokens_(std::move(tokens)),
      spoiltLines_(std::move(spoiltLines)) {
  mapBrackets();
  hasTransform_ = findTransform();
}

std::unique_ptr<Program> parse(const SourceText &source, DiagnosticSink &sink) {
  auto program = std::make_unique<Program>();
  // Names and strings of the tree are views into this copy.
  std::string_view text = program->arena.copy(source.text());
  size_t before = sink.all().size();
  std::vector<Token> tokens = lex(text, program->arena, sink);
  std::vector<uint32_t> spoiltLines;
  for (size_t i = before; i < sink.all().size(); ++i) {
    const Diagnostic &diagnostic = sink.all()[i];
    // After these the rest of the file is missing, and every syntax error would be its echo.
    if (diagnostic.code == diag::info(Id::InvalidUtf8).code ||
        diagnostic.code == diag::info(Id::UnterminatedComment).code)
      return program;
    spoiltLines.push_back(source.lineColumn(diagnostic.range.begin).line);
  }
  std::sort(spoiltLines.begin(), spoiltLines.end());
  Parser(source, *program, sink, std::move(tokens), std::move(spoiltLines)).parseProgram();
  return program;
}

// --- Top level ---------------------------------------------------------------------------------

void Parser::parseProgram() {
  std::vector<const Decl *> decls;
  std::vector<const Stmt *> statements;
  bool transform = false;
  while (!atEnd()) {
    size_t start = at_;
    leavingBlocks_ = false;
    parseTopLevelItem(decls, statements);
    if (at_ == start)
      advance();
  }
  for (const Decl *decl : decls)
    transform |= decl->kind == DeclKind::Transform;
  if (!statements.empty() && !transform && !hasTransform_) {
    decls.push_back(makeImplicitTransform(statements));
  } else if (!statements.empty()) {
    // Reached when the TRANSFORM does not start a line, so that findTransform did not see it.
    Token first;
    first.range = statements.front()->range;
    error<Id::StatementOutsideTransform>(first, "a statement");
  }
  program_.decls = copy(decls);
}

void Parser::parseTopLevelItem(std::vector<const Decl *> &decls,
                               std::vector<const Stmt *> &statements) {
  size_t start = at_;
  needsSync_ = false;
  switch (peek().kind) {
  case TokenKind::KwTransform:
  case TokenKind::KwShared:
  case TokenKind::KwFunc:
  case TokenKind::KwType: {
    const Decl *decl = parseDeclaration();
    if (decl)
      decls.push_back(decl);
    if ((!decl || needsSync_) && !leavingBlocks_)
      hasTransform_ ? synchronizeTopLevel() : synchronize(start);
    return;
  }
  case TokenKind::RightParen:
  case TokenKind::RightBrace:
  case TokenKind::RightBracket:
    error<Id::StrayBracket>(peek(), peek().text);
    advance();
    return;
  case TokenKind::Semicolon:
    error<Id::EmptyStatement>(peek()).fixIt(peek().range, "");
    advance();
    return;
  default:
    break;
  }
  if (hasTransform_) {
    Diagnostic &diagnostic = error<Id::StatementOutsideTransform>(peek(), found(peek()));
    addSpellingHint(peek(), diagnostic);
    synchronizeTopLevel();
    return;
  }
  const Stmt *statement = parseStatement();
  if (statement)
    statements.push_back(statement);
  if ((!statement || needsSync_) && !leavingBlocks_)
    synchronize(start);
}

/// Tells files with a TRANSFORM from scripts before anything is parsed (E7): the keyword at the
/// start of a top-level line, or after a closing brace or a semicolon.
bool Parser::findTransform() const {
  for (size_t i = 0; i < tokens_.size(); ++i)
    if (tokens_[i].kind == TokenKind::KwTransform && nesting_[i] == 0 &&
        (i == 0 || tokens_[i - 1].line != tokens_[i].line ||
         tokens_[i - 1].kind == TokenKind::RightBrace ||
         tokens_[i - 1].kind == TokenKind::Semicolon))
      return true;
  return false;
}

/// The statements of a script as the body of a transform without name. \rule E7
const Decl *Parser::makeImplicitTransform(const std::vector<const Stmt *> &statements) {
  SourceRange whole{statements.front()->range.begin, statements.back()->range.end};
  Block *body = program_.arena.make<Block>();
  body->range = whole;
  body->token = {whole.begin, whole.begin};
  body->statements = copy(statements);
  Transform *transform = program_.arena.make<Transform>();
  transform->kind = DeclKind::Transform;
  transform->range = whole;
  transform->token = body->token;
  transform->name = {{}, body->token};
  transform->body = body;
  transform->implicit = true;
  return transform;
}

/// True when the tokens ahead can only be a declaration, although a statement is due. The soft
/// keywords are names there, so more than the keyword is looked at.
bool Parser::isDeclarationAhead() const {
  if (peek(1).line != peek().line)
    return false;
  auto opensTransform = [&](size_t ahead) {
    return peek(ahead).kind == TokenKind::LeftBrace || peek(ahead).kind == TokenKind::KwOptions;
  };
  bool named = isName(peek(1).kind);
  switch (peek().kind) {
  case TokenKind::KwTransform:
    return opensTransform(1) ||
           (named && (opensTransform(2) || peek(2).kind == TokenKind::LeftParen));
  case TokenKind::KwFunc:
    return named && peek(2).kind == TokenKind::LeftParen;
  case TokenKind::KwType:
    return named && peek(2).kind == TokenKind::Assign;
  case TokenKind::KwShared:
    return named && (peek(2).kind == TokenKind::KwSingle || peek(2).kind == TokenKind::KwMany);
  default:
    return false;
  }
}

const Decl *Parser::parseDeclaration() {
  switch (peek().kind) {
  case TokenKind::KwTransform:
    return parseTransform();
  case TokenKind::KwShared:
    return parseShared();
  case TokenKind::KwFunc:
    return parseFunc();
  default:
    return parseTypeDecl();
  }
}

// --- TRANSFORM ---------------------------------------------------------------------------------

const Decl *Parser::parseTransform() {
  size_t start = at_;
  const Token &keyword = advance();
  Transform *transform = make<Transform>(keyword, keyword.range.begin);
  transform->name = {{}, {keyword.range.end, keyword.range.end}};
  if (!parseTransformHeader(*transform)) {
    skipToBody(start);
    if (!is(TokenKind::LeftBrace))
      return nullptr;
  }
  transform->body = parseBlock("`{` to start the body of the TRANSFORM");
  if (!transform->body)
    return nullptr;
  transform->range.end = previous().range.end;
  return transform;
}

bool Parser::parseTransformHeader(Transform &transform) {
  // OPTIONS is the one soft keyword that cannot be the name (R1.9.2).
  if (isName(peek().kind) && !is(TokenKind::KwOptions)) {
    if (!parseName(transform.name, "a name"))
      return false;
  } else if (info(peek().kind).tokenClass == TokenClass::Hard) {
    parseName(transform.name, "the name of the TRANSFORM");
    return false;
  }
  if (is(TokenKind::LeftParen)) {
    transform.signature = parseSignature();
    if (!transform.signature)
      return false;
  }
  if (is(TokenKind::KwOptions)) {
    transform.options = parseOptions();
    if (!transform.options)
      return false;
  }
  return true;
}

/// After an error in a header: the next `{` outside of brackets that can start the body, so that
/// the body is checked all the same. Stops before the next line that starts a declaration.
void Parser::skipToBody(size_t start) {
  for (; !atEnd() && !tooDeep_; advance()) {
    if (nesting_[at_] > nesting_[start])
      continue;
    if (at_ > start + 1 && onNewLine() && isDeclarationAhead())
      return;
    TokenKind before = previous().kind;
    if (is(TokenKind::LeftBrace) && before != TokenKind::Arrow && before != TokenKind::FatArrow &&
        before != TokenKind::Pipe && before != TokenKind::KwOptions && before != TokenKind::KwEnum)
      return;
  }
}

const Signature *Parser::parseSignature() {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  Signature *signature = program_.arena.make<Signature>();
  signature->open = advance().range;
  std::vector<SignatureParam> params;
  while (!is(TokenKind::RightParen)) {
    SignatureParam param{};
    if (!parseName(param.name, "a parameter name") ||
        !expect(TokenKind::Colon, "`:` after the name of a parameter"))
      return nullptr;
    param.type = parseType();
    if (!param.type)
      return nullptr;
    params.push_back(param);
    if (!is(TokenKind::Comma))
      break;
    const Token &comma = advance();
    if (is(TokenKind::RightParen))
      error<Id::TrailingComma>(comma, "a parameter list").fixIt(comma.range, "");
  }
  if (!expectClose(TokenKind::RightParen, open, "`,` or `)` after a parameter") ||
      !expectArrow("`->` and the output type after the parameters"))
    return nullptr;
  signature->output = parseType();
  if (!signature->output)
    return nullptr;
  signature->last = previous().range;
  signature->params = copy(params);
  signature->input = desugarInput(signature->params);
  return signature;
}

/// One parameter is the whole input document, several are the fields of a record (R1.10.7).
const TypeExpr *Parser::desugarInput(std::span<const SignatureParam> params) {
  if (params.empty())
    return nullptr;
  if (params.size() == 1)
    return params.front().type;
  std::vector<RecordField> fields;
  for (const SignatureParam &param : params)
    fields.push_back({param.name, false, param.type});
  RecordType *record = program_.arena.make<RecordType>();
  record->kind = TypeKind::RecordType;
  record->token = params.front().name.range;
  record->range = {params.front().name.range.begin, params.back().type->range.end};
  record->fields = copy(fields);
  return record;
}

// --- SHARED and FUNC ---------------------------------------------------------------------------

const Decl *Parser::parseShared() {
  size_t start = at_;
  const Token &keyword = advance();
  Name name;
  SharedKind kind;
  if (!parseName(name, "the name of the shared resource") || !parseSharedKind(kind))
    return nullptr;
  Shared *shared = make<Shared>(keyword, keyword.range.begin);
  shared->name = name;
  shared->sharedKind = kind;
  finish(nullptr, start);
  return shared;
}

bool Parser::parseSharedKind(SharedKind &kind) {
  if (!is(TokenKind::KwSingle) && !is(TokenKind::KwMany)) {
    addHints(peek(), error<Id::ExpectedSharedKind>(peek(), found(peek())));
    return false;
  }
  kind = advance().kind == TokenKind::KwSingle ? SharedKind::Single : SharedKind::Many;
  return true;
}

const Decl *Parser::parseFunc() {
  size_t start = at_;
  const Token &keyword = advance();
  Name name;
  std::vector<Name> params;
  if (!parseName(name, "the name of the FUNC") || !parseParameters(params, "the name of the FUNC"))
    return nullptr;
  Func *func = make<Func>(keyword, keyword.range.begin);
  func->name = name;
  func->params = copy(params);
  if (accept(TokenKind::Assign)) {
    func->body = parseExpression();
    if (!func->body)
      return nullptr;
    finish(nullptr, start);
    func->range.end = func->body->range.end;
    return func;
  }
  func->block = parseBlock("`=` or `{` after the parameters of the FUNC");
  if (!func->block)
    return nullptr;
  func->range.end = previous().range.end;
  return func;
}

/// `( a, b )`, without trailing comma (E10 is about arguments only).
bool Parser::parseParameters(std::vector<Name> &params, std::string_view what) {
  size_t open = at_;
  if (!expect(TokenKind::LeftParen, fmt::format("`(` after {}", what)))
    return false;
  while (!is(TokenKind::RightParen)) {
    Name param;
    if (!parseName(param, "a parameter name"))
      return false;
    params.push_back(param);
    if (!is(TokenKind::Comma))
      break;
    const Token &comma = advance();
    if (is(TokenKind::RightParen))
      error<Id::TrailingComma>(comma, "a parameter list").fixIt(comma.range, "");
  }
  return expectClose(TokenKind::RightParen, open, "`,` or `)` after a parameter");
}

} // namespace branchline::syntax
