// Type expressions and TYPE declarations.
#include "ParserImpl.h"

#include <array>
#include <optional>

namespace branchline::syntax {
namespace {

/// The primitive a type name spells in any case, R1.10.2; `_` is not among them.
std::optional<PrimitiveKind> findPrimitive(std::string_view name) {
  struct Row {
    std::string_view name;
    PrimitiveKind kind;
  };
  static constexpr auto kRows = std::to_array<Row>({{"string", PrimitiveKind::Text},
                                                    {"text", PrimitiveKind::Text},
                                                    {"bytes", PrimitiveKind::Bytes},
                                                    {"number", PrimitiveKind::Number},
                                                    {"boolean", PrimitiveKind::Boolean},
                                                    {"null", PrimitiveKind::Null},
                                                    {"any", PrimitiveKind::Any}});
  for (const Row &row : kRows)
    if (std::equal(name.begin(), name.end(), row.name.begin(), row.name.end(), [](char a, char b) {
          return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        }))
      return row.kind;
  return std::nullopt;
}

} // namespace

const TypeExpr *Parser::parseType() {
  uint32_t begin = peek().range.begin;
  const Token &first = peek();
  const TypeExpr *type = parseTypeTerm();
  if (!type)
    return nullptr;
  if (!is(TokenKind::Pipe))
    return type;
  std::vector<const TypeExpr *> members{type};
  while (accept(TokenKind::Pipe)) {
    type = parseTypeTerm();
    if (!type)
      return nullptr;
    members.push_back(type);
  }
  UnionType *node = make<UnionType>(first, begin);
  node->members = copy(members);
  return node;
}

const TypeExpr *Parser::parseTypeTerm() {
  const Token &first = peek();
  if (first.kind == TokenKind::KwEnum && peek(1).kind == TokenKind::LeftBrace)
    return parseEnumType();
  if (first.kind == TokenKind::LeftBrace)
    return parseRecordType();
  if (first.kind == TokenKind::LeftBracket) {
    Nest nest(*this, NestKind::Bracket);
    size_t open = at_;
    advance();
    const TypeExpr *element = nest ? parseType() : nullptr;
    if (!element || !expectClose(TokenKind::RightBracket, open, "`]` after the type of the list"))
      return nullptr;
    ArrayType *node = make<ArrayType>(first, first.range.begin);
    node->element = element;
    return node;
  }
  if (first.kind == TokenKind::KwSet && peek(1).kind == TokenKind::Lt) {
    Nest nest(*this, NestKind::Bracket);
    advance();
    advance();
    const TypeExpr *element = nest ? parseType() : nullptr;
    if (!element || !expect(TokenKind::Gt, "`>` after the type of the set"))
      return nullptr;
    SetType *node = make<SetType>(first, first.range.begin);
    node->element = element;
    return node;
  }
  if (isName(first.kind))
    return parseSimpleType(true);
  Diagnostic &diagnostic = error<Id::ExpectedType>(first, found(first));
  if (first.kind == TokenKind::KwNull)
    diagnostic.fixIt(first.range, "`null`")
        .note("NULL is a keyword; the type is written in backticks");
  if (first.kind == TokenKind::LeftParen)
    diagnostic.note("types have no parentheses");
  return nullptr;
}

/// A primitive or a reference. \param wildcard  whether `_` is the type of everything, which it is
/// not in `TYPE … = union …`
const TypeExpr *Parser::parseSimpleType(bool wildcard) {
  const Token &name = advance();
  std::optional<PrimitiveKind> primitive = findPrimitive(name.text);
  if (wildcard && name.text == "_")
    primitive = accept(TokenKind::Question) ? PrimitiveKind::AnyNullable : PrimitiveKind::Any;
  if (is(TokenKind::Question)) {
    error<Id::NullableType>(peek());
    return nullptr;
  }
  if (primitive) {
    PrimitiveType *node = make<PrimitiveType>(name, name.range.begin);
    node->primitive = *primitive;
    return node;
  }
  NamedType *node = make<NamedType>(name, name.range.begin);
  node->name = name.text;
  return node;
}

/// `ENUM { A, B, }`, possibly empty.
const TypeExpr *Parser::parseEnumType() {
  const Token &keyword = advance();
  size_t open = at_;
  advance();
  std::vector<Name> values;
  while (!is(TokenKind::RightBrace)) {
    Name value;
    if (is(TokenKind::Comma)) {
      error<Id::MissingItem>(peek(), "an enum label");
      return nullptr;
    }
    if (atEnd() || !isName(peek().kind)) {
      if (atEnd()) {
        expectClose(TokenKind::RightBrace, open, "an enum label");
        return nullptr;
      }
      parseName(value, "an enum label");
      return nullptr;
    }
    parseName(value, "an enum label");
    values.push_back(value);
    if (!accept(TokenKind::Comma))
      break;
  }
  if (!expectClose(TokenKind::RightBrace, open, "`,` or `}` after an enum label"))
    return nullptr;
  EnumType *node = make<EnumType>(keyword, keyword.range.begin);
  node->values = copy(values);
  return node;
}

/// `{ name?: type, … }`.
const TypeExpr *Parser::parseRecordType() {
  Nest nest(*this, NestKind::Bracket);
  if (!nest)
    return nullptr;
  size_t open = at_;
  const Token &brace = advance();
  std::vector<RecordField> fields;
  while (!is(TokenKind::RightBrace)) {
    RecordField field{};
    if (atEnd()) {
      expectClose(TokenKind::RightBrace, open, "a field");
      return nullptr;
    }
    if (!parseName(field.name, "the name of a record field"))
      return nullptr;
    field.optional = accept(TokenKind::Question);
    if (!expect(TokenKind::Colon, "`:` after the name of a record field"))
      return nullptr;
    field.type = parseType();
    if (!field.type)
      return nullptr;
    fields.push_back(field);
    if (!accept(TokenKind::Comma))
      break;
  }
  if (!expectClose(TokenKind::RightBrace, open, "`,` or `}` after a record field"))
    return nullptr;
  RecordType *node = make<RecordType>(brace, brace.range.begin);
  node->fields = copy(fields);
  return node;
}

// --- TYPE --------------------------------------------------------------------------------------

const Decl *Parser::parseTypeDecl() {
  size_t start = at_;
  const Token &keyword = advance();
  Name name;
  if (!parseName(name, "the name of the TYPE") ||
      !expect(TokenKind::Assign, "`=` after the name of the TYPE"))
    return nullptr;
  // `union` followed by `|` or nothing is a type of that name (E8, R1.10.5).
  bool unionForm =
      is(TokenKind::KwUnion) && (isName(peek(1).kind) || peek(1).kind == TokenKind::KwNull);
  const TypeExpr *type = unionForm ? parseUnionForm() : parseType();
  if (!type)
    return nullptr;
  TypeDecl *node = make<TypeDecl>(keyword, keyword.range.begin);
  node->name = name;
  node->type = type;
  finish(nullptr, start);
  return node;
}

/// `union A | B`: members are plain names (R1.9.10).
const TypeExpr *Parser::parseUnionForm() {
  advance();
  const Token &first = peek();
  std::vector<const TypeExpr *> members;
  do {
    if (!isName(peek().kind)) {
      Diagnostic &diagnostic = error<Id::ExpectedType>(peek(), found(peek()));
      if (is(TokenKind::KwNull))
        diagnostic.fixIt(peek().range, "`null`")
            .note("NULL is a keyword; the type is written in backticks");
      return nullptr;
    }
    members.push_back(parseSimpleType(false));
    if (!members.back())
      return nullptr;
  } while (accept(TokenKind::Pipe));
  UnionType *node = make<UnionType>(first, first.range.begin);
  node->members = copy(members);
  return node;
}

} // namespace branchline::syntax
