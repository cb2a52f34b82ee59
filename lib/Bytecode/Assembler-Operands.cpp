// Operands by role, and rows of the tables as literals.
#include "Assembler.h"

#include "Spelling.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Traps.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace branchline::bytecode {

uint32_t Assembler::internConstant(Constant constant, bool always) {
  std::string key = constantText(constant);
  return intern(constants_, program_->constants, std::move(constant), std::move(key), always);
}

bool Assembler::set(const Operand &field, int64_t value, const Token &token) {
  return setOperand(words_, field.role, field.field, value) ||
         outOfRange(token, "its field of the instruction");
}

bool Assembler::parseOperand(Op op, const Operand &field) {
  const Token token = token_;
  uint32_t index = 0;
  int64_t value = 0;
  switch (field.role) {
  case Role::None:
  case Role::VarKind: // with the variable
  case Role::Negate:  // behind the mnemonic
    return true;
  case Role::Def:
  case Role::Use:
  case Role::Take:
  case Role::UseDef:
  case Role::DefCell:
  case Role::UseCell:
  case Role::DefIter:
  case Role::UseIter:
    return parseRegister(index) && checkLetter(token, index) && set(field, index, token);
  case Role::Window:
  case Role::WindowCall:
  case Role::WindowOfLayout:
  case Role::WindowOfCells:
  case Role::WindowKept:
  case Role::WindowOfPath1:
  case Role::WindowOfPath2:
  case Role::WindowOfPath3: // may be empty and stand anywhere, so its letter says nothing
    return parseRegister(index) && set(field, index, token);
  case Role::Variable:
    return parseVariable(field);
  case Role::Capture:
    return parseIndex(TokenKind::Capture, "a capture such as `^0`", value) &&
           set(field, value, token);
  case Role::OptName:
    if (accept(TokenKind::Dash))
      return set(field, kNoIndex, token);
    [[fallthrough]];
  case Role::Const:
  case Role::Name:
  case Role::WideConst:
  case Role::WideName:
    return parseConstant(index) && set(field, index, token);
  case Role::OptFunction:
    if (accept(TokenKind::Dash))
      return set(field, kNoIndex, token);
    [[fallthrough]];
  case Role::Function:
    return parseIndex(TokenKind::Function, "a function such as `@0`", value) &&
           set(field, value, token);
  case Role::Import:
    return parseImportName(op, value) && set(field, value, token);
  case Role::Layout:
    return parseLayout(index, false) && set(field, index, token);
  case Role::Path:
    return parsePath(index, false) && set(field, index, token);
  case Role::Count:
  case Role::Imm:
  case Role::ResumePoint:
    if (!parseNumber("a number", 0, UINT16_MAX, value))
      return false;
    if (field.role == Role::ResumePoint && static_cast<size_t>(value) < fn_.resumePoints.size())
      fn_.resumePoints[static_cast<size_t>(value)].pc = static_cast<uint32_t>(fn_.code.size());
    return set(field, value, token);
  case Role::WideImm:
    return parseNumber("a number", INT32_MIN, INT32_MAX, value) && set(field, value, token);
  case Role::KeyRule:
    return parseWord(kKeyRuleWords, "`computed` or `object`", value) && set(field, value, token);
  case Role::PathOp:
    return parseWord(kPathOpWords, "`set`, `append` or `modify`", value) &&
           set(field, value, token);
  case Role::IterKind:
    return parseWord(kIterKindWords, "`for.each` or `comprehension`", value) &&
           set(field, value, token);
  case Role::TrapId:
    return parseTrap(value) && set(field, value, token);
  case Role::Label:
  case Role::Label16:
  case Role::WideLabel:
    if (!expect(TokenKind::Word, "a label such as `L1`"))
      return false;
    fixups_.push_back({fn_.code.size(), field.role, field.field, token});
    return true;
  }
  BL_UNREACHABLE("role");
}

/// A cell register or a capture; which of them goes to the field of Role::VarKind.
bool Assembler::parseVariable(const Operand &field) {
  const Token token = token_;
  if (at(TokenKind::Capture)) {
    int64_t value = 0;
    words_[0].x = 1;
    return parseIndex(TokenKind::Capture, "a capture such as `^0`", value) &&
           set(field, value, token);
  }
  uint32_t reg = 0;
  return parseRegister(reg) && checkLetter(token, reg) && set(field, reg, token);
}

/// \param letter  receives the class as written; may be null
bool Assembler::parseRegister(uint32_t &reg, char *letter) {
  constexpr size_t kMaxDigits = 5;
  const std::string &text = token_.text;
  const bool isRegister =
      at(TokenKind::Word) && !token_.startsLine && text.size() > 1 &&
      text.size() <= 1 + kMaxDigits &&
      kRegisterLetters.find(text.front()) != std::string_view::npos &&
      std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
      (text[1] != '0' || text.size() == 2);
  if (!isRegister)
    return fail("a register such as `r0`");
  reg = static_cast<uint32_t>(*parseInt64(std::string_view(text).substr(1)));
  if (letter)
    *letter = text.front();
  advance();
  return true;
}

bool Assembler::checkLetter(const Token &token, uint32_t reg) {
  if (reg >= fn_.registers.size())
    return outOfRange(token, fmt::format("a frame of {} registers", fn_.registers.size()));
  const char declared = kRegisterLetters[static_cast<size_t>(fn_.registers[reg])];
  if (declared == token.text.front())
    return true;
  return report([&] {
    return diag::make<diag::Id::AsmRegisterClass>(token.range, reg, token.text,
                                                  fmt::format("{}{}", declared, reg));
  });
}

bool Assembler::parseNumber(std::string_view what, int64_t low, int64_t high, int64_t &value) {
  const Token token = token_;
  if (!expect(TokenKind::Int, what))
    return false;
  const std::optional<int64_t> number = parseInt64(token.text);
  if (!number || *number < low || *number > high)
    return outOfRange(token, what);
  value = *number;
  return true;
}

bool Assembler::parseIndex(TokenKind kind, std::string_view what, int64_t &value) {
  const Token token = token_;
  if (!expect(kind, what))
    return false;
  value = *parseInt64(token.text); // the lexer takes nine digits at most
  return true;
}

/// `k7`: a row by its number.
std::optional<uint32_t> Assembler::tableReference(char letter, size_t size) const {
  const std::string &text = token_.text;
  if (!at(TokenKind::Word) || token_.startsLine || text.size() < 2 || text.size() > 9 ||
      text.front() != letter)
    return std::nullopt;
  const std::optional<int64_t> index = parseInt64(std::string_view(text).substr(1));
  if (!index || *index < 0 || static_cast<size_t>(*index) >= size)
    return std::nullopt;
  return static_cast<uint32_t>(*index);
}

bool Assembler::parseConstant(uint32_t &index) {
  if (const auto reference = tableReference('k', program_->constants.size())) {
    index = *reference;
    advance();
    return true;
  }
  std::optional<Constant> constant = readConstant();
  if (!constant)
    return false;
  index = internConstant(std::move(*constant), false);
  return true;
}

std::optional<Constant> Assembler::readConstant() {
  const Token token = token_;
  auto make = [&](Constant::Kind kind, int64_t integer = 0, double real = 0,
                  std::string text = {}) {
    advance();
    return Constant{kind, integer, real, std::move(text)};
  };
  if (token.startsLine) {
    fail("a constant");
    return std::nullopt;
  }
  auto badNumber = [&]() -> std::optional<Constant> {
    report([&] {
      return diag::make<diag::Id::AsmInvalidNumber>(token.range, token.text.substr(0, 40));
    });
    return std::nullopt;
  };
  switch (token.kind) {
  case TokenKind::Word:
    if (token.text == "null")
      return make(Constant::Kind::Null);
    if (token.text == "true" || token.text == "false")
      return make(Constant::Kind::Bool, token.text == "true");
    if (token.text == "inf")
      return make(Constant::Kind::Float, 0, std::numeric_limits<double>::infinity());
    break;
  case TokenKind::Int:
    if (const auto value = parseInt64(token.text))
      return make(Constant::Kind::Int, *value);
    return badNumber();
  case TokenKind::Float:
    if (token.text == "-inf")
      return make(Constant::Kind::Float, 0, -std::numeric_limits<double>::infinity());
    if (const auto value = parseDoubleJava(token.text))
      return make(Constant::Kind::Float, 0, *value);
    return badNumber();
  case TokenKind::BigInt:
    return make(Constant::Kind::BigInt, 0, 0, token.text);
  case TokenKind::Decimal:
    return make(Constant::Kind::Decimal, 0, 0, token.text);
  case TokenKind::String:
    return make(Constant::Kind::String, 0, 0, token.text);
  case TokenKind::End:
  case TokenKind::Error:
  case TokenKind::Directive:
  case TokenKind::Function:
  case TokenKind::Capture:
  case TokenKind::LeftBracket:
  case TokenKind::RightBracket:
  case TokenKind::LeftBrace:
  case TokenKind::RightBrace:
  case TokenKind::Comma:
  case TokenKind::Colon:
  case TokenKind::Bang:
  case TokenKind::Hash:
  case TokenKind::Star:
  case TokenKind::Dash:
  case TokenKind::DotDot:
    break;
  }
  fail("a constant");
  return std::nullopt;
}

/// `{"a", *, 0}`. \param row  a row of its own, even when there is an equal one
bool Assembler::parseLayout(uint32_t &index, bool row) {
  if (const auto reference = tableReference('o', program_->layouts.size()); reference && !row) {
    index = *reference;
    advance();
    return true;
  }
  Layout layout;
  std::string name;
  if (!expect(TokenKind::LeftBrace, "`{`"))
    return false;
  if (!accept(TokenKind::RightBrace)) {
    do {
      uint32_t key = kComputedKey;
      if (!accept(TokenKind::Star) && !parseConstant(key))
        return false;
      layout.keys.push_back(key);
      name += std::to_string(key) + " ";
    } while (accept(TokenKind::Comma));
    if (!expect(TokenKind::RightBrace, "`,` or `}`"))
      return false;
  }
  index = intern(layouts_, program_->layouts, std::move(layout), std::move(name), row);
  return true;
}

/// `["a", 0, *]`. \param row  a row of its own, even when there is an equal one
bool Assembler::parsePath(uint32_t &index, bool row) {
  if (const auto reference = tableReference('p', program_->paths.size()); reference && !row) {
    index = *reference;
    advance();
    return true;
  }
  Path path;
  std::string name;
  if (!expect(TokenKind::LeftBracket, "`[`"))
    return false;
  if (!accept(TokenKind::RightBracket)) {
    do {
      PathSegment segment{PathSegment::Kind::Computed};
      if (!accept(TokenKind::Star) && !parseSegment(segment))
        return false;
      path.segments.push_back(segment);
      name += fmt::format("{}:{} ", static_cast<int>(segment.kind), segment.constant);
    } while (accept(TokenKind::Comma));
    if (!expect(TokenKind::RightBracket, "`,` or `]`"))
      return false;
  }
  index = intern(paths_, program_->paths, std::move(path), std::move(name), row);
  return true;
}

bool Assembler::parseSegment(PathSegment &segment) {
  if (!parseConstant(segment.constant))
    return false;
  const bool isName = program_->constants[segment.constant].kind == Constant::Kind::String;
  segment.kind = isName ? PathSegment::Kind::Name : PathSegment::Kind::Index;
  return true;
}

/// A string, or a bare name.
bool Assembler::parseText(std::string &text, std::string_view what) {
  if (token_.startsLine || (!at(TokenKind::String) && !at(TokenKind::Word)))
    return fail(what);
  text = token_.text;
  advance();
  return true;
}

bool Assembler::parseImportName(Op op, int64_t &value) {
  const auto kind = op == Op::CallHost ? Import::Kind::Host : Import::Kind::Library;
  Import import{kind, {}};
  if (!parseText(import.name, "the name of a function"))
    return false;
  std::string key = std::string(kImportKindWords[static_cast<size_t>(kind)]) + " " + import.name;
  value = intern(imports_, program_->imports, std::move(import), std::move(key), false);
  return true;
}

bool Assembler::parseTrap(int64_t &value) {
  const Token name = token_;
  if (!expect(TokenKind::Word, "the name of a trap"))
    return false;
  const auto found = std::find_if(kTraps.begin(), kTraps.end(),
                                  [&](const TrapRow &row) { return row.name == name.text; });
  if (found == kTraps.end())
    return unknown("trap", name);
  value = found - kTraps.begin();
  return true;
}

} // namespace branchline::bytecode
