// What the tests of lexer and parser share: a text with everything made from it.
#pragma once

#include "branchline/Syntax/Lexer.h"
#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace branchline::syntax {

/// A lexed text with its own arena and sink.
struct Lexed {
  explicit Lexed(std::string source) : text(std::move(source)), tokens(lex(text, arena, sink)) {}
  std::vector<TokenKind> kinds() const {
    std::vector<TokenKind> out;
    for (const Token &token : tokens)
      out.push_back(token.kind);
    return out;
  }
  std::vector<unsigned> codes() const {
    std::vector<unsigned> out;
    for (const Diagnostic &diagnostic : sink.all())
      out.push_back(diagnostic.code);
    return out;
  }

  std::string text;
  Arena arena;
  DiagnosticSink sink;
  std::vector<Token> tokens;
};

/// A parsed text.
struct Parsed {
  explicit Parsed(std::string text)
      : source("t.bl", std::move(text)), program(parse(source, sink)) {}
  std::vector<unsigned> codes() const {
    std::vector<unsigned> out;
    for (const Diagnostic &diagnostic : sink.all())
      out.push_back(diagnostic.code);
    return out;
  }
  /// The statements of the first transform.
  StmtList statements() const {
    for (const Decl *decl : program->decls)
      if (const auto *transform = dynCast<Transform>(decl))
        return transform->body->statements;
    return {};
  }
  /// The value of the first statement, an OUTPUT.
  const Expr &output() const { return *cast<Output>(*statements()[0]).value; }
  std::string_view textOf(SourceRange range) const {
    return source.text().substr(range.begin, range.end - range.begin);
  }

  SourceText source;
  DiagnosticSink sink;
  std::unique_ptr<Program> program;
};

using Codes = std::vector<unsigned>;

} // namespace branchline::syntax
