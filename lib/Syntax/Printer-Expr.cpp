// Dumps of expressions. The left spine of operator chains is walked by a loop, because chains are
// not bounded by the nesting limit.
#include "PrinterImpl.h"

namespace branchline::syntax {

void AstPrinter::printChild(const Expr &expr) {
  Indent indent(*this);
  print(expr);
}

/// A labelled line one level down with the expression below it.
void AstPrinter::child(std::string_view label, const Expr &expr) {
  Indent indent(*this);
  line(label);
  printChild(expr);
}

void AstPrinter::print(const Expr &expr) {
  switch (expr.kind) {
  case ExprKind::Identifier:
    return head(expr, spelled(cast<Identifier>(expr).name));
  case ExprKind::InputDocument:
  case ExprKind::NullLiteral:
    return head(expr);
  case ExprKind::StringLiteral:
    return head(expr, quoted(cast<StringLiteral>(expr).value));
  case ExprKind::NumberLiteral:
    return printLiteral(cast<NumberLiteral>(expr));
  case ExprKind::BoolLiteral:
    return head(expr, cast<BoolLiteral>(expr).value ? "true" : "false");
  case ExprKind::Access:
    return print(cast<Access>(expr));
  case ExprKind::ObjectLiteral: {
    head(expr);
    Indent indent(*this);
    return printFields(cast<ObjectLiteral>(expr).fields);
  }
  case ExprKind::ArrayLiteral:
    head(expr);
    for (const Expr *element : cast<ArrayLiteral>(expr).elements)
      printChild(*element);
    return;
  case ExprKind::Comprehension:
    return print(cast<Comprehension>(expr));
  case ExprKind::Call:
    head(expr, spelled(cast<Call>(expr).callee.text));
    for (const Expr *arg : cast<Call>(expr).args)
      printChild(*arg);
    return;
  case ExprKind::Invoke:
    head(expr);
    child("target", *cast<Invoke>(expr).target);
    for (const Expr *arg : cast<Invoke>(expr).args)
      printChild(*arg);
    return;
  case ExprKind::Binary:
    return printBinary(cast<Binary>(expr));
  case ExprKind::Unary:
    head(expr, info(cast<Unary>(expr).op).text);
    return printChild(*cast<Unary>(expr).operand);
  case ExprKind::SharedAwait: {
    const auto &node = cast<SharedAwait>(expr);
    return head(node, fmt::format("{}.{}", spelled(node.resource.text), spelled(node.key.text)));
  }
  case ExprKind::Lambda:
    return print(cast<Lambda>(expr));
  case ExprKind::IfElse:
    head(expr);
    child("condition", *cast<IfElse>(expr).condition);
    child("then", *cast<IfElse>(expr).thenExpr);
    return child("else", *cast<IfElse>(expr).elseExpr);
  case ExprKind::Case:
    return print(cast<Case>(expr));
  case ExprKind::TryCatch: {
    const auto &node = cast<TryCatch>(expr);
    head(node, handlerText(node.handler));
    child("tried", *node.tried);
    return child("fallback", *node.fallback);
  }
  }
  BL_UNREACHABLE("expression kind");
}

static std::string_view numberKindText(NumberKind kind) {
  switch (kind) {
  case NumberKind::Int:
    return "int";
  case NumberKind::Big:
    return "big";
  case NumberKind::Float:
    return "float";
  }
  BL_UNREACHABLE("number kind");
}

void AstPrinter::printLiteral(const NumberLiteral &number) {
  head(number, fmt::format("{} {}", numberKindText(number.numberKind), number.text));
}

void AstPrinter::print(const Access &access) {
  head(access);
  Indent indent(*this);
  print(*access.base);
  for (const Segment &segment : access.segments) {
    std::string_view dot = segment.safe ? "?." : ".";
    switch (segment.kind) {
    case SegmentKind::Name:
      line(fmt::format("{}{}", dot, spelled(segment.name)), segment.token);
      break;
    case SegmentKind::Index:
      line(fmt::format("{}{}", dot, segment.index->text), segment.token);
      break;
    case SegmentKind::Key:
      line(segment.safe ? "?.[key]" : "[key]", segment.token);
      printChild(*segment.key);
      break;
    case SegmentKind::DottedPath:
      line(".[path]", segment.token);
      printChild(*segment.key);
      break;
    }
  }
}

void AstPrinter::printFields(std::span<const Field> fields) {
  for (const Field &field : fields) {
    switch (field.keyKind) {
    case Field::KeyKind::Name:
      line(fmt::format("field {}", quoted(field.name)), field.keyRange);
      break;
    case Field::KeyKind::Index:
      line(fmt::format("field {}", field.index->text), field.keyRange);
      break;
    case Field::KeyKind::Computed:
      line("field computed", field.keyRange);
      child("key", *field.computed);
      break;
    }
    printChild(*field.value);
  }
}

void AstPrinter::print(const Comprehension &comprehension) {
  head(comprehension, spelled(comprehension.variable.text));
  child("in", *comprehension.iterable);
  printOptional("where", comprehension.where);
  child("map", *comprehension.map);
}

/// Operators from the outermost to the innermost, then the leftmost operand, then the right
/// operands on the way back.
void AstPrinter::printBinary(const Binary &binary) {
  unsigned depth = depth_;
  std::vector<const Binary *> spine;
  const Expr *left = &binary;
  for (; left->kind == ExprKind::Binary; left = cast<Binary>(*left).left) {
    spine.push_back(&cast<Binary>(*left));
    head(*left, info(spine.back()->op).text);
    ++depth_;
  }
  print(*left);
  for (; !spine.empty(); spine.pop_back()) {
    print(*spine.back()->right);
    --depth_;
  }
  BL_ASSERT(depth_ == depth, "every operator took back its indentation");
  (void)depth;
}

void AstPrinter::print(const Lambda &lambda) {
  head(lambda, fmt::format("({})", nameList(lambda.params)));
  if (lambda.body)
    return printChild(*lambda.body);
  Indent indent(*this);
  print(*lambda.block, "body");
}

void AstPrinter::print(const Case &node) {
  head(node);
  for (const WhenArm &arm : node.arms) {
    child("when", *arm.condition);
    child("then", *arm.result);
  }
  child("else", *node.elseExpr);
}

} // namespace branchline::syntax
