// Operands of the text form, one function per role.
#include "TextParser.h"

#include "Spelling.h"
#include "branchline/IR/Builder.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <limits>

namespace branchline::ir {

bool TextParser::parseRole(Role role, std::vector<Operand> &out) {
  switch (role) {
  case Role::Use:
  case Role::Raw:
    return parseUse(out, OperandKind::Value);
  case Role::Uses:
    return parseValues(out, OperandKind::Value);
  case Role::Const:
    return parseConst(out, OperandKind::Const);
  case Role::Name:
    return parseName(out);
  case Role::Names:
    return parseNames(out);
  case Role::Var:
    return parseVar(out);
  case Role::Vars:
    return parseVars(out);
  case Role::VarList:
    return parseVarList(out);
  case Role::Function:
    return parseFunctionName(out, false);
  case Role::OptFunction:
    return parseFunctionName(out, true);
  case Role::Builtin:
    return parseBuiltin(out);
  case Role::Trap:
    return parseTrap(out);
  case Role::PathOp:
    return parseWord(kPathOpWords, OperandKind::PathOp, "`set`, `append` or `modify`", out);
  case Role::IterKind:
    return parseWord(kIterKindWords, OperandKind::IterKind, "`for.each` or `comprehension`", out);
  case Role::KeyRule:
    return parseWord(kKeyRuleWords, OperandKind::KeyRule, "`computed` or `object`", out);
  case Role::Path:
    return parsePath(out);
  case Role::Fields:
    return parseFields(out);
  case Role::Edge:
  case Role::EdgeWithValue:
    return parseEdge(out);
  }
  BL_UNREACHABLE("role");
}

ValueId TextParser::valueNamed(const Token &token) {
  auto [at, isNew] = values_.try_emplace(token.text, 0);
  if (isNew)
    at->second = fn_.newValue();
  return at->second;
}

bool TextParser::parseUse(std::vector<Operand> &out, OperandKind kind) {
  if (!at(TokenKind::Value))
    return fail("a value such as `%0`");
  out.push_back({kind, valueNamed(token_)});
  advance();
  return true;
}

bool TextParser::parseValues(std::vector<Operand> &out, OperandKind kind) {
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  if (accept(TokenKind::RightParen))
    return true;
  do {
    if (!parseUse(out, kind))
      return false;
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

bool TextParser::parseName(std::vector<Operand> &out) {
  if (!at(TokenKind::String))
    return fail("a string");
  out.push_back(konst(module_->internString(token_.text)));
  advance();
  return true;
}

bool TextParser::parseNames(std::vector<Operand> &out) {
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  if (accept(TokenKind::RightParen))
    return true;
  do {
    if (!parseName(out))
      return false;
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

bool TextParser::parseVar(std::vector<Operand> &out) {
  bool isLocal = at(TokenKind::Local);
  if (!isLocal && !at(TokenKind::Capture))
    return fail("a variable such as `$x` or `^x`");
  const Names &names = isLocal ? slots_ : captures_;
  auto found = names.find(token_.text);
  if (found == names.end())
    return unknown(isLocal ? "variable of the function" : "captured variable", token_.text,
                   token_.range);
  out.push_back(isLocal ? local(found->second) : capture(found->second));
  advance();
  return true;
}

bool TextParser::parseVars(std::vector<Operand> &out) {
  do {
    if (!parseVar(out))
      return false;
  } while (accept(TokenKind::Bar));
  return true;
}

bool TextParser::parseVarList(std::vector<Operand> &out) {
  if (!expect(TokenKind::LeftBracket, "`[`"))
    return false;
  if (accept(TokenKind::RightBracket))
    return true;
  do {
    if (!parseVar(out))
      return false;
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightBracket, "`,` or `]`");
}

bool TextParser::parseFunctionName(std::vector<Operand> &out, bool optional) {
  if (optional && atWord("none")) {
    out.push_back(function(kNone));
    advance();
    return true;
  }
  if (!at(TokenKind::Func))
    return fail(optional ? "a function such as `@f`, or `none`" : "a function such as `@f`");
  out.push_back(function(functions_.refer(token_.text, token_.range)));
  advance();
  return true;
}

bool TextParser::parseBuiltin(std::vector<Operand> &out) {
  if (!at(TokenKind::Word))
    return fail("a library function");
  std::optional<Builtin> found = findBuiltin(token_.text);
  if (!found)
    return unknown("library function", token_.text, token_.range);
  out.push_back(builtin(*found));
  advance();
  return true;
}

bool TextParser::parseTrap(std::vector<Operand> &out) {
  if (!at(TokenKind::Word))
    return fail("a trap");
  auto found = std::find_if(branchline::kTraps.begin(), branchline::kTraps.end(),
                            [&](const TrapRow &row) { return row.name == token_.text; });
  if (found == branchline::kTraps.end())
    return unknown("trap", token_.text, token_.range);
  out.push_back(trap(static_cast<TrapId>(found - branchline::kTraps.begin())));
  advance();
  return true;
}

template <class Words>
bool TextParser::parseWord(const Words &words, OperandKind kind, std::string_view what,
                           std::vector<Operand> &out) {
  auto found =
      at(TokenKind::Word) ? std::find(words.begin(), words.end(), token_.text) : words.end();
  if (found == words.end())
    return fail(what);
  out.push_back({kind, static_cast<uint32_t>(found - words.begin())});
  advance();
  return true;
}

bool TextParser::parsePath(std::vector<Operand> &out) {
  if (at(TokenKind::Dot) && !lexer_.touchesSegment()) {
    advance();
    return true;
  }
  if (!at(TokenKind::Dot) && !at(TokenKind::LeftBracket))
    return fail("a path such as `.a.0[%1]`, or `.`");
  while (at(TokenKind::Dot) || at(TokenKind::LeftBracket))
    if (!parseSegment(out))
      return false;
  return true;
}

bool TextParser::parseSegment(std::vector<Operand> &out) {
  if (accept(TokenKind::LeftBracket))
    return parseUse(out, OperandKind::PathKey) && expect(TokenKind::RightBracket, "`]`");
  if (!lexer_.touchesSegment()) {
    advance();
    return fail("a segment of a path");
  }
  advance(true);
  if (at(TokenKind::Word) || at(TokenKind::String)) {
    out.push_back(pathName(module_->internString(token_.text)));
    advance();
    return true;
  }
  if (at(TokenKind::Int) || at(TokenKind::BigInt))
    return parseConst(out, OperandKind::PathIndex);
  return fail("a segment of a path");
}

bool TextParser::parseFields(std::vector<Operand> &out) {
  if (!expect(TokenKind::LeftBrace, "`{`"))
    return false;
  if (accept(TokenKind::RightBrace))
    return true;
  do {
    bool key = at(TokenKind::Value) ? parseUse(out, OperandKind::Value)
                                    : parseConst(out, OperandKind::KeyConst);
    if (!key || !expect(TokenKind::Colon, "`:`") || !parseUse(out, OperandKind::Value))
      return false;
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightBrace, "`,` or `}`");
}

bool TextParser::parseEdge(std::vector<Operand> &out) {
  Token label;
  if (!parseLabel(label))
    return false;
  out.push_back(block(labels_.refer(label.text, label.range)));
  return !at(TokenKind::LeftParen) || parseValues(out, OperandKind::Arg);
}

bool TextParser::parseConst(std::vector<Operand> &out, OperandKind kind) {
  std::optional<Constant> constant = readConstant();
  if (!constant)
    return false;
  out.push_back({kind, module_->intern(std::move(*constant))});
  advance();
  return true;
}

/// The constant at the current token, which stays current. Reports when there is none.
std::optional<Constant> TextParser::readConstant() {
  using Kind = Constant::Kind;
  if (atWord("null"))
    return Constant{Kind::Null, 0, 0, {}};
  if (atWord("true") || atWord("false"))
    return Constant{Kind::Bool, atWord("true") ? 1 : 0, 0, {}};
  if (atWord("nan"))
    return Constant{Kind::Float, 0, std::numeric_limits<double>::quiet_NaN(), {}};
  if (atWord("inf"))
    return Constant{Kind::Float, 0, std::numeric_limits<double>::infinity(), {}};
  if (at(TokenKind::String))
    return Constant{Kind::String, 0, 0, token_.text};
  if (at(TokenKind::Int) || at(TokenKind::Float) || at(TokenKind::BigInt) ||
      at(TokenKind::Decimal)) {
    std::optional<Constant> number = readNumber();
    if (!number && !stopped_)
      sink_.report(diag::make<diag::Id::IrInvalidNumber>(
          token_.range, token_.text.size() > 40 ? "a long literal" : token_.text));
    return number;
  }
  fail("a constant");
  return std::nullopt;
}

std::optional<Constant> TextParser::readNumber() {
  using Kind = Constant::Kind;
  const std::string &text = token_.text;
  if (at(TokenKind::Int)) {
    std::optional<int64_t> value = parseInt64(text);
    return value ? std::optional(Constant{Kind::Int, *value, 0, {}}) : std::nullopt;
  }
  if (at(TokenKind::Float)) {
    double value = text == "-inf" ? -std::numeric_limits<double>::infinity()
                                  : parseJsonDouble(text.data(), text.data() + text.size());
    return Constant{Kind::Float, 0, value, {}};
  }
  if (at(TokenKind::BigInt)) {
    ParsedBigInt value = parseBigInt(text);
    if (value.error != NumberError::None)
      return std::nullopt;
    return Constant{Kind::BigInt, 0, 0, value.value.toString()};
  }
  ParsedDecimal value = parseDecimal(text);
  if (value.error != NumberError::None)
    return std::nullopt;
  return Constant{Kind::Decimal, value.value.scale(), 0, value.value.unscaled().toString()};
}

} // namespace branchline::ir
