// Dumps of tokens, declarations, statements and types. Expressions are in Printer-Expr.cpp.
#include "PrinterImpl.h"

#include "branchline/Lang/Identifiers.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::syntax {

// --- Text helpers ------------------------------------------------------------------------------

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size();) {
    size_t begin = i;
    uint32_t c = utf8::decode(text, i);
    if (c == '"' || c == '\\')
      out.append("\\").push_back(static_cast<char>(c));
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else if (c < 0x20 || c == 0x7F || (c >= 0xD800 && c <= 0xDFFF))
      out += fmt::format("\\u{:04x}", c);
    else
      out.append(text.substr(begin, i - begin));
  }
  out.push_back('"');
  return out;
}

std::string spelled(std::string_view name) {
  bool plain = !name.empty();
  for (size_t i = 0; i < name.size() && plain;) {
    bool first = i == 0;
    uint32_t c = utf8::decode(name, i);
    plain = first ? isIdentifierStart(c) : isIdentifierContinue(c);
  }
  return plain ? std::string(name) : fmt::format("`{}`", name);
}

std::string nameList(std::span<const Name> names) {
  std::string out;
  for (const Name &name : names)
    out += (out.empty() ? "" : ", ") + spelled(name.text);
  return out;
}

std::string handlerText(const CatchClause &handler) {
  std::string out = spelled(handler.variable.text);
  if (handler.retries > 0)
    out += fmt::format(" retry={}", handler.retries);
  if (handler.backoffMs > 0)
    out += fmt::format(" backoff={}ms", handler.backoffMs);
  return out;
}

LineColumn Locator::find(uint32_t offset) {
  offset = std::min(offset, static_cast<uint32_t>(source_.text().size()));
  bool back = offset < offset_;
  uint32_t begin = back ? offset : offset_;
  std::string_view between = source_.text().substr(begin, (back ? offset_ : offset) - begin);
  if (between.find('\n') != std::string_view::npos) {
    at_ = source_.lineColumn(offset);
  } else {
    auto units = static_cast<uint32_t>(utf8::utf16Length(between));
    at_.column = back ? at_.column - units : at_.column + units;
  }
  offset_ = offset;
  return at_;
}

// --- Tokens ------------------------------------------------------------------------------------

std::string printTokens(std::span<const Token> tokens, const SourceText &source) {
  std::string out;
  Locator locator(source);
  for (const Token &token : tokens) {
    LineColumn at = locator.find(token.range.begin);
    out += fmt::format("{}:{} {}", at.line, at.column, info(token.kind).kind);
    if (token.kind == TokenKind::Identifier || token.kind == TokenKind::String)
      out += " " + quoted(token.text);
    else if (token.kind != TokenKind::EndOfFile)
      out.append(" ").append(token.text);
    out.push_back('\n');
  }
  return out;
}

std::string printTokens(const SourceText &source, DiagnosticSink &sink) {
  Arena arena;
  std::vector<Token> tokens = lex(source.text(), arena, sink);
  return printTokens(tokens, source);
}

// --- Tree --------------------------------------------------------------------------------------

std::string printAst(const Program &program, const SourceText &source) {
  return AstPrinter(source).run(program);
}

std::string AstPrinter::run(const Program &program) {
  line("program");
  Indent indent(*this);
  for (const Decl *decl : program.decls)
    print(*decl);
  return std::move(out_);
}

void AstPrinter::line(std::string_view text) {
  constexpr unsigned kDeepest = 60;
  out_.append(2 * std::min(depth_, kDeepest), ' ');
  out_.append(text).push_back('\n');
}

void AstPrinter::line(std::string_view text, SourceRange token) {
  LineColumn at = locator_.find(token.begin);
  line(fmt::format("{} @{}:{}", text, at.line, at.column));
}

void AstPrinter::head(std::string_view kind, SourceRange token, std::string_view facts) {
  std::string text(kind);
  if (!facts.empty())
    text.append(" ").append(facts);
  line(text, token);
}

void AstPrinter::print(const Decl &decl) {
  switch (decl.kind) {
  case DeclKind::Transform:
    return print(cast<Transform>(decl));
  case DeclKind::Func:
    return print(cast<Func>(decl));
  case DeclKind::Shared: {
    const auto &shared = cast<Shared>(decl);
    return head(shared, fmt::format("{} {}", spelled(shared.name.text),
                                    shared.sharedKind == SharedKind::Single ? "single" : "many"));
  }
  case DeclKind::TypeDecl: {
    const auto &type = cast<TypeDecl>(decl);
    head(type, spelled(type.name.text));
    Indent indent(*this);
    return print(*type.type);
  }
  }
  BL_UNREACHABLE("declaration kind");
}

void AstPrinter::print(const Transform &transform) {
  std::string facts = transform.name.text.empty() ? "" : spelled(transform.name.text);
  if (transform.implicit)
    facts = "implicit";
  head(transform, facts);
  Indent indent(*this);
  if (transform.signature)
    print(*transform.signature);
  if (transform.options)
    print(*transform.options);
  print(*transform.body, "body");
}

void AstPrinter::print(const Signature &signature) {
  line("signature", signature.open);
  Indent indent(*this);
  for (const SignatureParam &param : signature.params) {
    line(fmt::format("param {}", spelled(param.name.text)), param.name.range);
    Indent inner(*this);
    print(*param.type);
  }
  line("output", signature.last);
  Indent inner(*this);
  print(*signature.output);
}

void AstPrinter::print(const TransformOptions &options) {
  line("options", options.token);
  Indent indent(*this);
  printAdapter("input", options.input);
  printAdapter("output", options.output);
  for (const SharedEntry &entry : options.shared)
    line(fmt::format("shared {} {}", spelled(entry.name.text),
                     entry.kind == SharedKind::Single ? "single" : "many"),
         entry.name.range);
}

void AstPrinter::printAdapter(std::string_view direction, const Adapter *adapter) {
  if (!adapter)
    return;
  line(fmt::format("{} adapter {}", direction, spelled(adapter->name.text)), adapter->name.range);
  for (const Expr *arg : adapter->args)
    printChild(*arg);
}

void AstPrinter::print(const Func &func) {
  head(func, fmt::format("{}({})", spelled(func.name.text), nameList(func.params)));
  if (func.block) {
    Indent indent(*this);
    print(*func.block, "body");
  } else {
    printChild(*func.body);
  }
}

static std::string_view primitiveText(PrimitiveKind kind) {
  switch (kind) {
  case PrimitiveKind::Text:
    return "text";
  case PrimitiveKind::Bytes:
    return "bytes";
  case PrimitiveKind::Number:
    return "number";
  case PrimitiveKind::Boolean:
    return "boolean";
  case PrimitiveKind::Null:
    return "null";
  case PrimitiveKind::Any:
    return "any";
  case PrimitiveKind::AnyNullable:
    return "any?";
  }
  BL_UNREACHABLE("primitive kind");
}

void AstPrinter::print(const TypeExpr &type) {
  switch (type.kind) {
  case TypeKind::PrimitiveType:
    return head(type, primitiveText(cast<PrimitiveType>(type).primitive));
  case TypeKind::NamedType:
    return head(type, spelled(cast<NamedType>(type).name));
  case TypeKind::EnumType:
    return head(type, nameList(cast<EnumType>(type).values));
  case TypeKind::ArrayType:
  case TypeKind::SetType: {
    head(type);
    Indent indent(*this);
    return print(type.kind == TypeKind::ArrayType ? *cast<ArrayType>(type).element
                                                  : *cast<SetType>(type).element);
  }
  case TypeKind::RecordType: {
    head(type);
    Indent indent(*this);
    for (const RecordField &field : cast<RecordType>(type).fields) {
      line(fmt::format("field {}{}", spelled(field.name.text), field.optional ? "?" : ""),
           field.name.range);
      Indent inner(*this);
      print(*field.type);
    }
    return;
  }
  case TypeKind::UnionType: {
    head(type);
    Indent indent(*this);
    for (const TypeExpr *member : cast<UnionType>(type).members)
      print(*member);
    return;
  }
  }
  BL_UNREACHABLE("type kind");
}

// --- Statements --------------------------------------------------------------------------------

void AstPrinter::print(const Block &block, std::string_view label) {
  line(label, block.token);
  Indent indent(*this);
  for (const Stmt *statement : block.statements)
    print(*statement);
}

void AstPrinter::printOptional(std::string_view label, const Expr *expr) {
  if (expr)
    child(label, *expr);
}

void AstPrinter::print(const Stmt &statement) {
  switch (statement.kind) {
  case StmtKind::Let:
    head(statement, spelled(cast<Let>(statement).name.text));
    return printChild(*cast<Let>(statement).value);
  case StmtKind::SetVar:
    head(statement, spelled(cast<SetVar>(statement).name.text));
    return printChild(*cast<SetVar>(statement).value);
  case StmtKind::SetPath:
    head(statement);
    child("target", *cast<SetPath>(statement).target);
    return child("value", *cast<SetPath>(statement).value);
  case StmtKind::AppendVar:
    head(statement, spelled(cast<AppendVar>(statement).name.text));
    child("value", *cast<AppendVar>(statement).value);
    return printOptional("init", cast<AppendVar>(statement).init);
  case StmtKind::AppendPath:
    head(statement);
    child("target", *cast<AppendPath>(statement).target);
    child("value", *cast<AppendPath>(statement).value);
    return printOptional("init", cast<AppendPath>(statement).init);
  case StmtKind::Modify: {
    head(statement);
    child("target", *cast<Modify>(statement).target);
    Indent indent(*this);
    return printFields(cast<Modify>(statement).updates);
  }
  case StmtKind::Output:
    head(statement);
    return printChild(*cast<Output>(statement).value);
  case StmtKind::If:
    return print(cast<If>(statement));
  case StmtKind::ForEach:
    return print(cast<ForEach>(statement));
  case StmtKind::TryExpr:
    return print(cast<TryExpr>(statement));
  case StmtKind::TryBlock: {
    const auto &node = cast<TryBlock>(statement);
    head(node, handlerText(node.handler));
    Indent indent(*this);
    print(*node.tried, "tried");
    return print(*node.fallback, "fallback");
  }
  case StmtKind::Return:
    head(statement);
    return printOptional("value", cast<Return>(statement).value);
  case StmtKind::Abort:
    head(statement);
    return printOptional("value", cast<Abort>(statement).value);
  case StmtKind::Throw:
    head(statement);
    return printChild(*cast<Throw>(statement).value);
  case StmtKind::SharedWrite:
    head(statement, spelled(cast<SharedWrite>(statement).resource.text));
    printOptional("key", cast<SharedWrite>(statement).key);
    return child("value", *cast<SharedWrite>(statement).value);
  case StmtKind::ExprStmt:
    head(statement);
    return printChild(*cast<ExprStmt>(statement).expr);
  }
  BL_UNREACHABLE("statement kind");
}

void AstPrinter::print(const If &statement) {
  head(statement);
  child("condition", *statement.condition);
  Indent indent(*this);
  print(*statement.thenBlock, "then");
  if (statement.elseBlock)
    print(*statement.elseBlock, "else");
}

void AstPrinter::print(const ForEach &statement) {
  head(statement, spelled(statement.variable.text));
  child("in", *statement.iterable);
  printOptional("where", statement.where);
  Indent indent(*this);
  print(*statement.body, "body");
}

void AstPrinter::print(const TryExpr &statement) {
  head(statement, handlerText(statement.handler));
  child("tried", *statement.tried);
  if (!statement.abort)
    return child("fallback", *statement.fallback);
  Indent indent(*this);
  line("fallback abort", statement.abortToken);
  printOptional("value", statement.fallback);
}

} // namespace branchline::syntax
