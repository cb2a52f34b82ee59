// Reads the text form. Assembler.cpp has the frame (directives, functions, statements),
// Assembler-Operands.cpp the operands, which follow the role table. Private to Bytecode.
#pragma once

#include "TextLexer.h"
#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Bytecode/Program.h"
#include "branchline/Lang/Diagnostics.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace branchline::bytecode {

/// Errors after which the rest of a text is not read.
inline constexpr unsigned kMaxErrors = 50;

/// One run over one text. Statements are lines; after a mistake reading goes on with the next one.
class Assembler {
public:
  Assembler(const SourceText &source, DiagnosticSink &sink);

  /// \returns null when anything was reported
  std::unique_ptr<Program> run();

private:
  /// A row of a table by its content, so that a literal means the first equal row.
  using Rows = std::unordered_map<std::string, uint32_t>;
  /// A label operand that waits for the end of its function.
  struct Fixup {
    size_t word; // of the instruction
    Role role;
    Field field;
    Token name;
  };
  /// A handler region by its labels.
  struct Region {
    Token begin, end, target;
  };

  // --- Tokens and errors ---
  void advance();
  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view what);
  bool fail(std::string_view expected);
  bool unknown(std::string_view what, const Token &name);
  bool outOfRange(const Token &token, std::string_view what);
  bool duplicate(std::string_view what, const Token &name);
  template <class Make> bool report(const Make &make);
  std::string describe(const Token &token) const;
  void skipLine();
  bool endOfLine();

  // --- Frame ---
  void parseStatement();
  bool parseDirective();
  bool parseProgramDirective(const Token &name, bool &known);
  bool parseFunctionDirective(const Token &name, bool &known);
  bool parseVersion();
  bool parseConstantRow();
  bool parseImport();
  bool parseShared();
  bool parseTransform();
  bool parseFunction();
  bool parseRegisters();
  bool parseParams();
  bool parseResume();
  bool parseHandler();
  bool parseCode();
  bool parseInstruction(const Token &mnemonic);
  bool parseLine();
  bool parsePlace(LineColumn &place);
  bool parseSite(uint32_t &site);
  bool parseInlined();
  void finishFunction();
  std::optional<uint32_t> labelAt(const Token &name);

  // --- Operands ---
  bool parseOperand(Op op, const Operand &field);
  bool parseVariable(const Operand &field);
  bool parseRegister(uint32_t &reg, char *letter = nullptr);
  bool checkLetter(const Token &token, uint32_t reg);
  bool parseNumber(std::string_view what, int64_t low, int64_t high, int64_t &value);
  bool parseIndex(TokenKind kind, std::string_view what, int64_t &value);
  bool parseConstant(uint32_t &index);
  std::optional<Constant> readConstant();
  bool parseLayout(uint32_t &index, bool row);
  bool parsePath(uint32_t &index, bool row);
  bool parseSegment(PathSegment &segment);
  bool parseText(std::string &text, std::string_view what);
  bool parseImportName(Op op, int64_t &value);
  template <class Words> bool parseWord(const Words &words, std::string_view what, int64_t &value);
  bool parseTrap(int64_t &value);
  std::optional<uint32_t> tableReference(char letter, size_t size) const;
  bool set(const Operand &field, int64_t value, const Token &token);

  template <class T>
  uint32_t intern(Rows &rows, std::vector<T> &table, T row, std::string key, bool always);
  uint32_t internConstant(Constant constant, bool always);

  const SourceText &source_;
  DiagnosticSink &sink_;
  unsigned errorsBefore_; // before the lexer, which may report when it is made
  TextLexer lexer_;
  Token token_;
  bool stopped_ = false;

  std::unique_ptr<Program> program_;
  Rows constants_, layouts_, paths_, imports_;

  // --- The function at hand ---
  bool inFunction_ = false;
  Function fn_;
  Word words_[2] = {}; // the instruction at hand
  std::unordered_map<std::string, uint32_t> labels_;
  std::vector<Fixup> fixups_;
  std::vector<Region> regions_;
};

// --- Templates that both sources use ---

template <class Make> bool Assembler::report(const Make &make) {
  if (stopped_)
    return false;
  if (sink_.errorCount() - errorsBefore_ >= kMaxErrors) {
    sink_.report(diag::make<diag::Id::AsmTooManyErrors>(token_.range, kMaxErrors));
    stopped_ = true;
    return false;
  }
  sink_.report(make());
  return false;
}

template <class T>
uint32_t Assembler::intern(Rows &rows, std::vector<T> &table, T row, std::string key, bool always) {
  const auto next = static_cast<uint32_t>(table.size());
  const auto [at, isNew] = rows.emplace(std::move(key), next);
  if (!isNew && !always)
    return at->second;
  table.push_back(std::move(row));
  return next;
}

template <class Words>
bool Assembler::parseWord(const Words &words, std::string_view what, int64_t &value) {
  const auto found = std::find(words.begin(), words.end(), token_.text);
  if (!at(TokenKind::Word) || token_.startsLine || found == words.end())
    return fail(what);
  value = found - words.begin();
  advance();
  return true;
}

} // namespace branchline::bytecode
