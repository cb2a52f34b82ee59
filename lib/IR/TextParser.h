// Reads the text form into a module. TextParser.cpp has the frame (module, functions, blocks),
// TextParser-Operands.cpp the operands, which follow the role table.
#pragma once

#include "TextLexer.h"
#include "branchline/IR/Module.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace branchline::ir {

/// One run over one text. Nothing in it recurses, so nesting cannot exhaust the stack.
class TextParser {
public:
  TextParser(const SourceText &source, DiagnosticSink &sink);

  /// \returns null when anything was reported
  std::unique_ptr<Module> run();

private:
  /// Names used before they are defined. Operands hold the position here until `resolve`.
  class NameTable {
  public:
    struct Entry {
      std::string name;
      SourceRange firstUse;
      uint32_t id = kNone;
    };
    uint32_t refer(const std::string &name, SourceRange range);
    /// Gives a name its meaning; the first definition stays.
    void define(const std::string &name, SourceRange range, uint32_t id);
    const std::vector<Entry> &entries() const { return entries_; }
    void clear();

  private:
    std::vector<Entry> entries_;
    std::unordered_map<std::string, uint32_t> index_;
  };
  using Names = std::unordered_map<std::string, uint32_t>;

  // --- Tokens and errors ---
  void advance(bool inPath = false);
  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool atWord(std::string_view word) const { return at(TokenKind::Word) && token_.text == word; }
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view what);
  /// Reports `found X, expected what`. \returns false
  bool fail(std::string_view what);
  bool unknown(std::string_view what, std::string_view name, SourceRange range);
  std::string describe(const Token &token) const;
  /// Skips to the next line, `}` or the end.
  void skipStatement();
  /// Skips to a line that starts a declaration.
  void skipDeclaration();
  bool atDeclaration() const;

  // --- Frame ---
  bool parseShared();
  bool parseFunction();
  bool parseSignature();
  bool parseParams(std::vector<Token> &params);
  bool parseVars();
  bool parseCaptures();
  bool parseInlineSites();
  bool parseBody();
  bool parseStatement();
  bool parseBlockHeader(const Token &label);
  bool parseInst(const Token *result);
  bool parseSuffix(ValueId result);
  bool parseLoc(Loc &loc);
  bool parseKinds(KindSet &kinds);
  bool parseLabel(Token &label);
  void resolveLabels();
  void resolveFunctions();

  // --- Operands ---
  bool parseRole(Role role, std::vector<Operand> &out);
  bool parseUse(std::vector<Operand> &out, OperandKind kind);
  bool parseValues(std::vector<Operand> &out, OperandKind kind);
  bool parseName(std::vector<Operand> &out);
  bool parseNames(std::vector<Operand> &out);
  bool parseVar(std::vector<Operand> &out);
  bool parseVars(std::vector<Operand> &out);
  bool parseVarList(std::vector<Operand> &out);
  bool parseFunctionName(std::vector<Operand> &out, bool optional);
  bool parseBuiltin(std::vector<Operand> &out);
  bool parseTrap(std::vector<Operand> &out);
  template <class Words>
  bool parseWord(const Words &words, OperandKind kind, std::string_view what,
                 std::vector<Operand> &out);
  bool parsePath(std::vector<Operand> &out);
  bool parseSegment(std::vector<Operand> &out);
  bool parseFields(std::vector<Operand> &out);
  bool parseEdge(std::vector<Operand> &out);
  bool parseConst(std::vector<Operand> &out, OperandKind kind);
  std::optional<Constant> readConstant();
  std::optional<Constant> readNumber();
  ValueId valueNamed(const Token &token);

  const SourceText &source_;
  DiagnosticSink &sink_;
  unsigned errorsBefore_; // before the lexer, which may report when it is made
  TextLexer lexer_;
  Token token_;
  bool stopped_ = false;

  std::unique_ptr<Module> module_;
  NameTable functions_;

  // --- The function at hand ---
  Function fn_;
  Names slots_;
  Names captures_;
  std::unordered_map<std::string, ValueId> values_;
  NameTable labels_;
};

} // namespace branchline::ir
