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

// What builds texts is kept out of this function and of printBinary: with their small frames the
// deepest tree the parser makes is printed within an ordinary stack, sanitizers included.
void AstPrinter::print(const Expr &expr) {
  switch (expr.kind) {
  case ExprKind::Identifier:
  case ExprKind::InputDocument:
  case ExprKind::NullLiteral:
  case ExprKind::StringLiteral:
  case ExprKind::NumberLiteral:
  case ExprKind::BoolLiteral:
  case ExprKind::SharedAwait:
    return printLeaf(expr);
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
    printLeaf(expr);
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
  case ExprKind::Lambda:
    return print(cast<Lambda>(expr));
  case ExprKind::IfElse:
    head(expr);
    child("condition", *cast<IfElse>(expr).condition);
    child("then", *cast<IfElse>(expr).thenExpr);
    return child("else", *cast<IfElse>(expr).elseExpr);
  case ExprKind::Case:
    return print(cast<Case>(expr));
  case ExprKind::TryCatch:
    return print(cast<TryCatch>(expr));
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

/// The line of an expression whose facts are a text of its own.
void AstPrinter::printLeaf(const Expr &expr) {
  if (const auto *name = dynCast<Identifier>(&expr))
    head(expr, spelled(name->name));
  else if (const auto *string = dynCast<StringLiteral>(&expr))
    head(expr, quoted(string->value));
  else if (const auto *number = dynCast<NumberLiteral>(&expr))
    head(expr, fmt::format("{} {}", numberKindText(number->numberKind), number->text));
  else if (const auto *boolean = dynCast<BoolLiteral>(&expr))
    head(expr, boolean->value ? "true" : "false");
  else if (const auto *call = dynCast<Call>(&expr))
    head(expr, spelled(call->callee.text));
  else if (const auto *await = dynCast<SharedAwait>(&expr))
    head(expr, fmt::format("{}.{}", spelled(await->resource.text), spelled(await->key.text)));
  else
    head(expr);
}

void AstPrinter::print(const Access &access) {
  head(access);
  Indent indent(*this);
  print(*access.base);
  for (const Segment &segment : access.segments) {
    printSegment(segment);
    if (segment.key)
      printChild(*segment.key);
  }
}

void AstPrinter::printSegment(const Segment &segment) {
  std::string text = segment.safe ? "?." : ".";
  switch (segment.kind) {
  case SegmentKind::Name:
    text += spelled(segment.name);
    break;
  case SegmentKind::Index:
    text += segment.index->text;
    break;
  case SegmentKind::Key:
    text = segment.safe ? "?.[key]" : "[key]";
    break;
  case SegmentKind::DottedPath:
    text += "[path]";
    break;
  }
  line(text, segment.token);
}

void AstPrinter::printFields(std::span<const Field> fields) {
  for (const Field &field : fields) {
    printKey(field);
    if (field.computed)
      child("key", *field.computed);
    printChild(*field.value);
  }
}

void AstPrinter::printKey(const Field &field) {
  switch (field.keyKind) {
  case Field::KeyKind::Name:
    return line(fmt::format("field {}", quoted(field.name)), field.keyRange);
  case Field::KeyKind::Index:
    return line(fmt::format("field {}", field.index->text), field.keyRange);
  case Field::KeyKind::Computed:
    return line("field computed", field.keyRange);
  }
}

void AstPrinter::print(const TryCatch &node) {
  head(node, handlerText(node.handler));
  child("tried", *node.tried);
  child("fallback", *node.fallback);
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
