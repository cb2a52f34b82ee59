// The parser as a class: recursive descent over the whole token list with one bracket map made
// beforehand. Its functions are spread over Parser*.cpp by concept.
// A parse function returns null after it has reported an error; the statement or declaration that
// contains it gives up and `synchronize` finds where the next one starts.
#pragma once

#include "branchline/Lang/Diagnostics.h"
#include "branchline/Syntax/Lexer.h"
#include "branchline/Syntax/Parser.h"

#include <algorithm>
#include <string>
#include <vector>

namespace branchline::syntax {

using diag::Id;

class Parser {
public:
  Parser(const SourceText &source, Program &program, DiagnosticSink &sink,
         std::vector<Token> tokens, std::vector<uint32_t> spoiltLines);
  void parseProgram();

private:
  /// One level of nesting while it lives.
  enum class NestKind : uint8_t {
    Bracket, // brackets and blocks; lifts the ban on lambdas (E4)
    Prefix,  // prefix operators
    Clause,  // open-ended constructs (IF, TRY, lambda bodies); the first in a bracket is free, so
             // that a thousand brackets stay within the limit whatever they hold
  };
  class Nest {
  public:
    Nest(Parser &parser, NestKind kind);
    ~Nest();
    Nest(const Nest &) = delete;
    Nest &operator=(const Nest &) = delete;
    /// False when this level is too deep; that has been reported.
    explicit operator bool() const { return ok_; }

  private:
    Parser &parser_;
    unsigned depth_;
    bool noLambda_;
    bool clauseIsFree_;
    bool ok_;
  };

  // --- Tokens ---
  const Token &peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token &previous() const { return tokens_[at_ == 0 ? 0 : at_ - 1]; }
  bool is(TokenKind kind) const { return tokens_[at_].kind == kind; }
  bool isArrow() const { return is(TokenKind::Arrow) || is(TokenKind::FatArrow); }
  bool atEnd() const { return is(TokenKind::EndOfFile); }
  /// True when the next token starts on another line than the last consumed one (R1.8.3).
  bool onNewLine() const { return at_ == 0 || peek().line != previous().line; }
  const Token &advance() {
    const Token &token = tokens_[at_];
    if (token.kind != TokenKind::EndOfFile)
      ++at_;
    return token;
  }
  bool accept(TokenKind kind) {
    if (!is(kind))
      return false;
    advance();
    return true;
  }
  /// Consumes a token of the kind or reports ExpectedToken; `what` names it and its place.
  bool expect(TokenKind kind, std::string_view what);
  /// Consumes the bracket that closes the one at token `open`; `orWhat` says what else could stand.
  bool expectClose(TokenKind kind, size_t open, std::string_view orWhat);
  bool expectArrow(std::string_view what);
  bool parseName(Name &name, std::string_view what);

  // --- Nodes ---
  template <class T> T *make(const Token &token, uint32_t begin) {
    T *node = program_.arena.make<T>();
    node->kind = T::kKind;
    node->token = token.range;
    node->range = {begin, previous().range.end};
    return node;
  }
  template <class T> std::span<T> copy(const std::vector<T> &items) {
    return program_.arena.copy(items);
  }

  // --- Errors (Parser-Recovery.cpp) ---
  template <Id kId, class... Args> Diagnostic &error(const Token &token, const Args &...args) {
    return report(token, diag::make<kId>(token.range, args...));
  }
  Diagnostic &report(const Token &token, Diagnostic diagnostic);
  void reportTooDeep();
  std::string found(const Token &token) const;
  void addHints(const Token &token, Diagnostic &diagnostic);
  const Token *findDivision(const Token &token) const;
  void addSpellingHint(const Token &token, Diagnostic &diagnostic);
  void mapBrackets();
  void synchronize(size_t start);
  void synchronizeTopLevel();
  static bool startsStatementKeyword(TokenKind kind);

  // --- Declarations (Parser.cpp, Parser-Options.cpp, Parser-Type.cpp) ---
  bool isDeclarationAhead() const;
  bool findTransform() const;
  const Decl *parseDeclaration();
  void parseTopLevelItem(std::vector<const Decl *> &decls, std::vector<const Stmt *> &statements);
  const Decl *makeImplicitTransform(const std::vector<const Stmt *> &statements);
  const Decl *parseTransform();
  bool parseTransformHeader(Transform &transform);
  void skipToBody(size_t start);
  const Signature *parseSignature();
  const TypeExpr *desugarInput(std::span<const SignatureParam> params);
  const Decl *parseShared();
  bool parseSharedKind(SharedKind &kind);
  const Decl *parseFunc();
  bool parseParameters(std::vector<Name> &params, std::string_view what);
  const Decl *parseTypeDecl();
  const TypeExpr *parseUnionForm();

  const TransformOptions *parseOptions();
  bool parseOption(TransformOptions &options, std::vector<std::string> &seen);
  bool parseMode();
  bool parseAdapterBlock(const Adapter *&adapter, std::string_view option);
  const Adapter *parseAdapter(std::string_view option);
  bool parseSharedList(std::span<const SharedEntry> &shared);
  bool parseOptionSeparator(TokenKind close);

  const TypeExpr *parseType();
  const TypeExpr *parseTypeTerm();
  const TypeExpr *parseSimpleType(bool wildcard);
  const TypeExpr *parseEnumType();
  const TypeExpr *parseRecordType();

  // --- Statements (Parser-Stmt.cpp, Parser-Try.cpp) ---
  const Block *parseBlock(std::string_view what);
  bool parseBlockItem(std::vector<const Stmt *> &statements, size_t open);
  const Stmt *parseStatement();
  const Stmt *finish(const Stmt *statement, size_t start);
  void reportMissingTerminator(size_t start);
  const Stmt *parseLet();
  const Stmt *parseSet();
  const Stmt *parseAppend();
  const Stmt *parseModify();
  bool checkModifyTarget(const Access &target);
  const Stmt *parseOutput();
  const Stmt *parseIf();
  const Block *parseElse();
  const Stmt *parseFor();
  const Stmt *parseReturn();
  const Stmt *parseAbort();
  bool isThrowAhead() const;
  const Stmt *parseThrow();
  bool isSharedWriteAhead() const;
  const Stmt *parseSharedWrite();
  const Stmt *parseExpressionStatement();
  bool hasOperandOnLine() const;
  bool checkWritable(const Access &target, std::string_view what);

  bool isTryBlockAhead() const;
  const Stmt *parseTryStatement();
  const Stmt *parseTryBlock();
  const Expr *parseTryExpression();
  bool parseCatch(CatchClause &handler);
  bool parseRetry(CatchClause &handler);
  bool parseBackoff(CatchClause &handler);

  // --- Expressions (Parser-Expr.cpp, Parser-Literal.cpp) ---
  const Expr *parseExpression();
  const Expr *parseIfExpression();
  const Expr *parseBinary();
  bool rejectOperator(const Expr *left, bool statementLevel);
  const Expr *parseUnary();
  const Expr *parseAwait();
  const Expr *parsePostfix(bool calls);
  const Expr *parseCall(const Expr *callee, uint32_t begin);
  bool parseArguments(std::vector<const Expr *> &args);
  const Expr *parseAccess(const Expr *base, uint32_t begin);
  bool parseSegment(Segment &segment);
  bool parseDotStep(Segment &segment);
  bool parseDottedPath(Segment &segment);
  const Expr *parsePrimary();
  const Expr *rejectPrimary();
  bool looksLikeNextStatement() const;
  bool isLambdaAhead() const;
  const Expr *parseLambda();
  const Expr *parseParenthesised();

  const NumberLiteral *parseNumber();
  const NumberLiteral *parseIndex();
  const Expr *parseObject();
  bool parseField(Field &field, std::string_view where);
  bool parseFieldKey(Field &field, std::string_view where);
  bool isFieldAhead() const;
  const Expr *parseArray();
  const Expr *parseComprehension(const Token &open, const Expr *map);
  const Expr *parseForFirstComprehension(const Token &open);
  const Expr *parseCase();

  const SourceText &source_;
  Program &program_;
  DiagnosticSink &sink_;
  std::vector<Token> tokens_;
  size_t at_ = 0;

  // What mapBrackets knows of every token.
  static constexpr uint32_t kNone = ~0u;
  std::vector<uint32_t> match_;       // partner of a bracket, or kNone
  std::vector<uint32_t> squareMatch_; // the same when only `[` and `]` count (R1.11.13)
  std::vector<uint32_t> nesting_;     // brackets with a partner around a token

  unsigned depth_ = 0; // levels open now
  unsigned peak_ = 0;  // deepest level below the expression at hand, see parsePostfix
  bool noLambda_ = false;
  bool clauseIsFree_ = true;
  bool tooDeep_ = false;
  bool needsSync_ = false;     // the statement just read was followed by something odd
  bool leavingBlocks_ = false; // a declaration was met in a block that is never closed
  bool hasTransform_ = false;
  size_t statementStart_ = ~size_t(0); // first token of the expression statement at hand

  std::vector<uint32_t> spoiltLines_; // lines with lexical errors, ascending
  uint32_t lastErrorOffset_ = ~0u;
  const Token *lastDivision_ = nullptr; // the `//` of the last hint
  unsigned errors_ = 0;
  Diagnostic scratch_;
};

} // namespace branchline::syntax
