// Resolution of the types in signatures (R1.16.1-R1.16.4).
#include "Checker.h"

#include "branchline/Lang/Diagnostics.h"

namespace branchline::sema {

using namespace syntax;
using diag::Id;

TypeChecker::TypeChecker(const Program &program, DiagnosticSink &sink) : sink_(sink) {
  for (const Decl *decl : program.decls)
    if (const auto *type = dynCast<TypeDecl>(decl))
      decls_.emplace(type->name.text, type);
}

void TypeChecker::check(const Transform &transform) {
  if (!transform.signature)
    return;
  bool good = !transform.signature->input || resolve(*transform.signature->input, nullptr);
  good = resolve(*transform.signature->output, nullptr) && good;
  if (good)
    checkContracts(transform, decls_, sink_);
}

/// \param inside  the declaration whose members are being resolved; errors point at its keyword
bool TypeChecker::resolve(const TypeExpr &type, const TypeDecl *inside) {
  switch (type.kind) {
  case TypeKind::PrimitiveType:
  case TypeKind::EnumType:
    return true;
  case TypeKind::ArrayType:
    return resolve(*cast<ArrayType>(type).element, inside);
  case TypeKind::SetType:
    return resolve(*cast<SetType>(type).element, inside);
  case TypeKind::RecordType: {
    bool good = true;
    for (const RecordField &field : cast<RecordType>(type).fields)
      good = resolve(*field.type, inside) && good;
    return good;
  }
  case TypeKind::UnionType: {
    bool good = true;
    for (const TypeExpr *member : cast<UnionType>(type).members)
      good = resolve(*member, inside) && good;
    return good;
  }
  case TypeKind::NamedType:
    return resolveNamed(cast<NamedType>(type), inside);
  }
  BL_UNREACHABLE("type kind");
}

bool TypeChecker::resolveNamed(const NamedType &named, const TypeDecl *inside) {
  SourceRange at = inside ? inside->token : named.range;
  auto found = decls_.find(named.name);
  if (found == decls_.end()) {
    sink_.report(diag::make<Id::UnknownType>(at, named.name));
    return false;
  }
  const TypeDecl *decl = found->second;
  if (auto state = states_.find(decl); state != states_.end()) {
    if (state->second != State::Resolving)
      return state->second == State::Good;
    sink_.report(diag::make<Id::CyclicType>(at, named.name));
    return false;
  }
  states_[decl] = State::Resolving;
  bool good = resolve(*decl->type, decl);
  states_[decl] = good ? State::Good : State::Bad;
  return good;
}

const TypeExpr *underlying(const TypeExpr *type, const TypeDecls &decls) {
  while (const auto *named = dynCast<NamedType>(type)) {
    auto found = decls.find(named->name);
    if (found == decls.end())
      return nullptr;
    type = found->second->type;
  }
  return type;
}

} // namespace branchline::sema
