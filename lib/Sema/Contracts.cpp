// Warnings where a transform contradicts its own signature (R1.16.5-R1.16.7).
// Leaves out: inference and run-time validation of contracts.
#include "Checker.h"

#include "branchline/Lang/Diagnostics.h"
#include "branchline/Syntax/Walk.h"

#include <string>

namespace branchline::sema {

using namespace syntax;
using diag::Id;

namespace {

class ContractChecker {
public:
  ContractChecker(const Transform &transform, const TypeDecls &decls, DiagnosticSink &sink)
      : signature_(*transform.signature), decls_(decls), sink_(sink) {}

  void operator()(const Block &block) { forEachChild(block, *this); }
  void operator()(const Stmt &stmt) {
    forEachChild(stmt, *this);
    if (const auto *output = dynCast<Output>(&stmt))
      checkOutput(*output->value, signature_.output, "output");
  }
  void operator()(const Expr &expr) {
    forEachChild(expr, *this);
    if (const auto *access = dynCast<Access>(&expr))
      checkAccess(*access);
  }

private:
  static std::string render(const Access &access, std::string_view base) {
    std::string path(base);
    for (const Segment &segment : access.segments) {
      if (segment.kind == SegmentKind::Name)
        path += "." + std::string(segment.name);
      else if (segment.kind == SegmentKind::Index)
        path += "[" + std::string(segment.index->text) + "]";
      else
        path += "[*]";
    }
    return path;
  }

  void checkAccess(const Access &access) {
    const auto *base = dynCast<Identifier>(access.base);
    if (!base || (base->name != "input" && base->name != "row") || !signature_.input)
      return;
    const TypeExpr *type = signature_.input;
    for (const Segment &segment : access.segments) {
      type = underlying(type, decls_);
      if (!type || segment.kind == SegmentKind::Key || segment.kind == SegmentKind::DottedPath)
        return;
      bool isName = segment.kind == SegmentKind::Name;
      switch (type->kind) {
      case TypeKind::PrimitiveType: {
        PrimitiveKind kind = cast<PrimitiveType>(*type).primitive;
        if (kind == PrimitiveKind::Any || kind == PrimitiveKind::AnyNullable)
          return;
        [[fallthrough]];
      }
      case TypeKind::EnumType: {
        std::string step = isName ? "'" + std::string(segment.name) + "'" : "index";
        sink_.report(
            diag::make<Id::InputNoAccess>(signature_.open, step, render(access, base->name)));
        return;
      }
      case TypeKind::UnionType:
      case TypeKind::NamedType:
        return;
      case TypeKind::SetType:
        sink_.report(diag::make<Id::InputExpectsSet>(signature_.open, render(access, base->name)));
        return;
      case TypeKind::ArrayType:
        if (isName) {
          sink_.report(diag::make<Id::InputExpectsList>(signature_.open, segment.name,
                                                        render(access, base->name)));
          return;
        }
        type = cast<ArrayType>(*type).element;
        break;
      case TypeKind::RecordType:
        if (!isName) {
          sink_.report(
              diag::make<Id::InputExpectsFields>(signature_.open, render(access, base->name)));
          return;
        }
        type = fieldType(cast<RecordType>(*type), segment.name);
        if (!type) {
          sink_.report(diag::make<Id::InputUndeclaredField>(signature_.open, segment.name,
                                                            render(access, base->name)));
          return;
        }
        break;
      }
    }
  }

  static const TypeExpr *fieldType(const RecordType &record, std::string_view name) {
    const TypeExpr *type = nullptr;
    for (const RecordField &field : record.fields)
      if (field.name.text == name)
        type = field.type; // a repeated name takes its last definition (R6.2.6)
    return type;
  }

  void checkOutput(const Expr &expr, const TypeExpr *declared, const std::string &path) {
    const TypeExpr *type = underlying(declared, decls_);
    if (!type)
      return;
    if (const auto *record = dynCast<RecordType>(type))
      checkRecord(expr, *record, path);
    else if (const auto *array = dynCast<ArrayType>(type))
      checkSequence(expr, array->element, path, "list");
    else if (const auto *set = dynCast<SetType>(type))
      checkSequence(expr, set->element, path, "set");
  }

  void checkRecord(const Expr &expr, const RecordType &record, const std::string &path) {
    if (const auto *tried = dynCast<TryCatch>(&expr)) {
      checkRecord(*tried->tried, record, path);
      return checkRecord(*tried->fallback, record, path);
    }
    const auto *object = dynCast<ObjectLiteral>(&expr);
    if (!object) {
      sink_.report(diag::make<Id::OutputExpectsObject>(signature_.last, path));
      return;
    }
    for (const RecordField &field : record.fields)
      if (!field.optional && !literalField(*object, field.name.text))
        sink_.report(diag::make<Id::OutputMissingField>(signature_.last, field.name.text,
                                                        path + "." + std::string(field.name.text)));
    for (const Field &field : object->fields) {
      if (field.keyKind != Field::KeyKind::Name)
        continue;
      std::string inner = path + "." + std::string(field.name);
      if (const TypeExpr *type = fieldType(record, field.name))
        checkOutput(*field.value, type, inner);
      else
        sink_.report(diag::make<Id::OutputUndeclaredField>(signature_.last, field.name, inner));
    }
  }

  static bool literalField(const ObjectLiteral &object, std::string_view name) {
    for (const Field &field : object.fields)
      if (field.keyKind == Field::KeyKind::Name && field.name == name)
        return true;
    return false;
  }

  void checkSequence(const Expr &expr, const TypeExpr *element, const std::string &path,
                     std::string_view label) {
    const auto *record = dynCast<RecordType>(underlying(element, decls_));
    if (const auto *array = dynCast<ArrayLiteral>(&expr)) {
      if (record)
        for (const Expr *item : array->elements)
          checkRecord(*item, *record, path + "[]");
    } else if (const auto *tried = dynCast<TryCatch>(&expr)) {
      checkSequence(*tried->tried, element, path, label);
      checkSequence(*tried->fallback, element, path, label);
    } else if (const auto *comprehension = dynCast<Comprehension>(&expr)) {
      if (record && comprehension->map->kind != ExprKind::ObjectLiteral)
        sink_.report(diag::make<Id::OutputExpectsElements>(signature_.last, label, path));
    } else {
      sink_.report(diag::make<Id::OutputExpectsSequence>(signature_.last, label, path));
    }
  }

  const Signature &signature_;
  const TypeDecls &decls_;
  DiagnosticSink &sink_;
};

} // namespace

void checkContracts(const Transform &transform, const TypeDecls &decls, DiagnosticSink &sink) {
  ContractChecker checker(transform, decls, sink);
  checker(*transform.body);
}

} // namespace branchline::sema
