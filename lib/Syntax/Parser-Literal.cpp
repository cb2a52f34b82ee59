// Primaries with an inside of their own: numbers, objects, arrays, comprehensions, CASE.
#include "ParserImpl.h"

#include "branchline/Numeric/NumberText.h"

#include <optional>

namespace branchline::syntax {

// --- Numbers -----------------------------------------------------------------------------------

/// A fraction or an exponent makes a float, else the integer kind follows from the size (R1.5.2).
const NumberLiteral *Parser::parseNumber() {
  const Token &token = advance();
  std::string_view digits = token.text;
  while (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
    digits.remove_prefix(1);
  NumberLiteral *node = make<NumberLiteral>(token, token.range.begin);
  node->text = token.text;
  if (digits.find_first_of(".eE") != std::string_view::npos) {
    node->numberKind = NumberKind::Float;
    node->floatValue = parseJsonDouble(digits.data(), digits.data() + digits.size());
    return node;
  }
  if (std::optional<int64_t> value = parseInt64(digits)) {
    node->numberKind = NumberKind::Int;
    node->intValue = *value;
    return node;
  }
  node->numberKind = NumberKind::Big;
  node->text = digits;
  return node;
}

/// A number as key or path step.
const NumberLiteral *Parser::parseIndex() {
  const Token &token = peek();
  const NumberLiteral *number = parseNumber();
  if (number->numberKind != NumberKind::Float)
    return number;
  Diagnostic &diagnostic = error<Id::InvalidNumericKey>(token, token.text);
  size_t dot = token.text.find('.');
  if (at_ > 1 && tokens_[at_ - 2].kind == TokenKind::Dot && dot != std::string_view::npos &&
      token.text.find_first_of("eE") == std::string_view::npos)
    diagnostic.note(fmt::format("numbers are read before paths: write `[{}][{}]`",
                                token.text.substr(0, dot), token.text.substr(dot + 1)));
  return nullptr;
}

// --- Objects -----------------------------------------------------------------------------------

const Expr *Parser::parseObject() {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  const Token &brace = advance();
  std::vector<Field> fields;
  while (!is(TokenKind::RightBrace)) {
    Field field{};
    if (atEnd()) {
      expectClose(TokenKind::RightBrace, open, "a field");
      return nullptr;
    }
    if (!parseField(field, "the object"))
      return nullptr;
    fields.push_back(field);
    if (accept(TokenKind::Comma))
      continue;
    // A forgotten comma: say so and go on with the next field.
    bool semicolon = is(TokenKind::Semicolon);
    if (!semicolon && !isFieldAhead())
      break;
    Diagnostic &diagnostic =
        error<Id::ExpectedToken>(peek(), found(peek()), "`,` between the fields of the object");
    if (semicolon)
      diagnostic.fixIt(advance().range, ",");
    else
      diagnostic.fixIt({previous().range.end, previous().range.end}, ",");
  }
  if (!expectClose(TokenKind::RightBrace, open, "`,` or `}` after a field"))
    return nullptr;
  ObjectLiteral *node = make<ObjectLiteral>(brace, brace.range.begin);
  node->fields = copy(fields);
  return node;
}

bool Parser::isFieldAhead() const {
  TokenKind kind = peek().kind;
  return (isName(kind) || kind == TokenKind::String || kind == TokenKind::Number) &&
         peek(1).kind == TokenKind::Colon;
}

/// A key, a colon and a value; `where` is the construct for messages.
bool Parser::parseField(Field &field, std::string_view where) {
  uint32_t begin = peek().range.begin;
  if (!parseFieldKey(field, where))
    return false;
  field.keyRange = {begin, previous().range.end};
  if (!is(TokenKind::Colon)) {
    Diagnostic &diagnostic =
        error<Id::ExpectedToken>(peek(), found(peek()), "`:` after the key of a field");
    if (field.keyKind == Field::KeyKind::Name &&
        (is(TokenKind::Comma) || is(TokenKind::RightBrace)))
      diagnostic.note(fmt::format("a field is written out: `{0}: {0}`", field.name));
    else if (is(TokenKind::Assign))
      diagnostic.fixIt(peek().range, ":");
    return false;
  }
  advance();
  field.value = parseExpression();
  return field.value != nullptr;
}

bool Parser::parseFieldKey(Field &field, std::string_view where) {
  const Token &token = peek();
  if (token.kind == TokenKind::LeftBracket) {
    Nest nest(*this, NestKind::Bracket);
    size_t open = at_;
    advance();
    field.keyKind = Field::KeyKind::Computed;
    field.computed = nest ? parseExpression() : nullptr;
    return field.computed && expectClose(TokenKind::RightBracket, open, "`]` after a computed key");
  }
  if (token.kind == TokenKind::Number) {
    field.keyKind = Field::KeyKind::Index;
    field.index = parseIndex();
    return field.index != nullptr;
  }
  if (token.kind == TokenKind::String || isName(token.kind)) {
    field.keyKind = Field::KeyKind::Name;
    field.name = advance().text;
    return true;
  }
  if (token.kind == TokenKind::Minus) {
    const Token &next = peek(1);
    Token whole = token;
    whole.range.end = next.range.end;
    error<Id::InvalidNumericKey>(whole, fmt::format("-{}", next.text));
    return false;
  }
  if (token.kind == TokenKind::Comma) {
    error<Id::MissingItem>(token, fmt::format("a field of {}", where));
    return false;
  }
  Name name;
  return parseName(name, fmt::format("the key of a field of {}", where));
}

// --- Arrays and comprehensions -----------------------------------------------------------------

const Expr *Parser::parseArray() {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  const Token &bracket = advance();
  if (is(TokenKind::KwFor))
    return parseForFirstComprehension(bracket);
  std::vector<const Expr *> elements;
  while (!is(TokenKind::RightBracket)) {
    if (is(TokenKind::Comma)) {
      error<Id::MissingItem>(peek(), "an element");
      return nullptr;
    }
    const Expr *element = parseExpression();
    if (!element)
      return nullptr;
    if (elements.empty() && is(TokenKind::KwFor))
      return parseComprehension(bracket, element);
    elements.push_back(element);
    if (!accept(TokenKind::Comma))
      break;
  }
  if (!expectClose(TokenKind::RightBracket, open, "`,` or `]` after an element"))
    return nullptr;
  ArrayLiteral *node = make<ArrayLiteral>(bracket, bracket.range.begin);
  node->elements = copy(elements);
  return node;
}

/// `[map FOR EACH name IN list WHERE condition]`; the token at hand is FOR.
const Expr *Parser::parseComprehension(const Token &open, const Expr *map) {
  auto openIndex = static_cast<size_t>(&open - tokens_.data());
  advance();
  Name variable;
  if (!expect(TokenKind::KwEach, "EACH after FOR in a comprehension") ||
      !parseName(variable, "the name of the loop variable") ||
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
  if (!expectClose(TokenKind::RightBracket, openIndex, "`]` after the comprehension"))
    return nullptr;
  Comprehension *node = make<Comprehension>(open, open.range.begin);
  node->variable = variable;
  node->iterable = iterable;
  node->where = where;
  node->map = map;
  return node;
}

/// `[FOR (name IN list) IF condition => map]`. \rule E4
const Expr *Parser::parseForFirstComprehension(const Token &open) {
  auto openIndex = static_cast<size_t>(&open - tokens_.data());
  advance();
  size_t paren = at_;
  Name variable;
  if (!expect(TokenKind::LeftParen, "`(` after FOR at the start of a comprehension") ||
      !parseName(variable, "the name of the loop variable") ||
      !expect(TokenKind::KwIn, "IN after the loop variable"))
    return nullptr;
  const Expr *iterable = parseExpression();
  if (!iterable ||
      !expectClose(TokenKind::RightParen, paren, "`)` after the list of the comprehension"))
    return nullptr;
  const Expr *where = nullptr;
  if (accept(TokenKind::KwIf)) {
    bool outer = noLambda_;
    noLambda_ = true;
    where = parseExpression();
    noLambda_ = outer;
    if (!where)
      return nullptr;
  }
  if (!expect(TokenKind::FatArrow, "`=>` before the mapped expression"))
    return nullptr;
  const Expr *map = parseExpression();
  if (!map || !expectClose(TokenKind::RightBracket, openIndex, "`]` after the comprehension"))
    return nullptr;
  Comprehension *node = make<Comprehension>(open, open.range.begin);
  node->variable = variable;
  node->iterable = iterable;
  node->where = where;
  node->map = map;
  return node;
}

// --- CASE --------------------------------------------------------------------------------------

const Expr *Parser::parseCase() {
  const Token &keyword = advance();
  size_t open = at_;
  if (!is(TokenKind::LeftBrace)) {
    error<Id::ExpectedToken>(peek(), found(peek()), "`{` after CASE")
        .note("CASE has no subject; every WHEN has a condition of its own");
    return nullptr;
  }
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  advance();
  std::vector<WhenArm> arms;
  while (accept(TokenKind::KwWhen)) {
    WhenArm arm{};
    arm.condition = parseExpression();
    if (!arm.condition || !expect(TokenKind::KwThen, "THEN after the condition of WHEN"))
      return nullptr;
    arm.result = parseExpression();
    if (!arm.result)
      return nullptr;
    arms.push_back(arm);
  }
  if (arms.empty()) {
    report(peek(), diag::make<Id::CaseWithoutWhen>(keyword.range));
    return nullptr;
  }
  if (!accept(TokenKind::KwElse)) {
    error<Id::MissingElse>(peek(), found(peek()), "the last branch of CASE");
    return nullptr;
  }
  const Expr *elseExpr = parseExpression();
  if (!elseExpr || !expectClose(TokenKind::RightBrace, open, "`}` after the ELSE branch of CASE"))
    return nullptr;
  Case *node = make<Case>(keyword, keyword.range.begin);
  node->arms = copy(arms);
  node->elseExpr = elseExpr;
  return node;
}

} // namespace branchline::syntax
