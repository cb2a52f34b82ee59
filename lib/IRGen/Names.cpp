// From names to chains of variables. An activation has one scope; a lambda's continues in the
// scope where it was written, a FUNC's and a transform's in none (R2.3.3). Which variable of a
// chain is meant depends on which are bound at that moment (R2.3.4, R2.3.5).
#include "FunctionGen.h"

#include <algorithm>

namespace branchline::irgen {

uint32_t FunctionGen::slotOf(std::string_view name) {
  auto [at, isNew] = slots_.emplace(name, static_cast<uint32_t>(b_.fn().slots.size()));
  if (isNew)
    b_.fn().slots.push_back({std::string(name), false});
  return at->second;
}

Operand FunctionGen::variableOf(FunctionGen &owner, uint32_t slot) {
  if (&owner == this)
    return ir::local(slot);
  auto key = std::make_pair(&owner, slot);
  auto [at, isNew] = captures_.emplace(key, static_cast<uint32_t>(captureOrder_.size()));
  if (isNew) {
    captureOrder_.push_back(key);
    owner.b_.fn().slots[slot].cell = true;
    auto &names = b_.fn().captures;
    std::string base = owner.b_.fn().slots[slot].name, name = base;
    for (unsigned i = 1; std::find(names.begin(), names.end(), name) != names.end(); ++i)
      name = base + ":" + std::to_string(i);
    names.push_back(name);
    parent_->variableOf(owner, slot); // the parent hands it on when it makes the closure
  }
  return ir::capture(at->second);
}

Chain FunctionGen::resolve(std::string_view name, bool fromInput) {
  Chain chain;
  for (FunctionGen *fn = this; fn; fn = fn->parent_)
    if (fn->scope_.binds(name) || (fromInput && fn->isTransform()))
      chain.push_back(variableOf(*fn, fn->slotOf(name)));
  return chain;
}

ValueId FunctionGen::emitOnChain(Op op, const Chain &chain, std::initializer_list<Operand> rest) {
  std::vector<Operand> operands(chain);
  operands.insert(operands.end(), rest);
  return b_.emit(op, std::move(operands));
}

ValueId FunctionGen::readName(std::string_view name) {
  // `INPUT` is the document unless the program itself binds a variable of that name (E3).
  if (name == "INPUT") {
    Chain chain = resolve(name, false);
    ValueId document = b_.emit(Op::InputDoc);
    return chain.empty() ? document : emitOnChain(Op::VarGetOr, chain, {ir::use(document)});
  }
  Chain chain = resolve(name);
  return chain.empty() ? b_.constNull() : emitOnChain(Op::VarGet, chain, {});
}

FunctionGen::Borrowed FunctionGen::borrow(std::string_view name) {
  Borrowed variable;
  variable.chain = resolve(name);
  variable.position = emitOnChain(Op::VarFind, variable.chain, {});
  variable.old = emitOnChain(Op::VarRead, variable.chain, {ir::use(variable.position)});
  return variable;
}

void FunctionGen::assign(const Borrowed &variable, ValueId value) {
  emitOnChain(Op::VarWrite, variable.chain, {ir::use(variable.position), ir::use(value)});
}

/// Binds the slots of a transform from its input, in the order of R2.3.1: `input`, the keys of the
/// document, `row`, then shared resources where the name is still free.
void FunctionGen::bindInputNames(const std::vector<std::string_view> &sharedNames) {
  for (uint32_t slot = 0; slot < b_.fn().slots.size(); ++slot) {
    std::string name = b_.fn().slots[slot].name;
    Operand variable = ir::local(slot);
    if (name == "row") {
      b_.emit(Op::VarBind, {variable, ir::use(b_.emit(Op::InputDoc))});
      continue;
    }
    if (name == "INPUT")
      continue;
    b_.emit(Op::VarBind, {variable, ir::use(b_.emit(Op::InputGet, {b_.name(name)}))});
    bool isShared = std::find(sharedNames.begin(), sharedNames.end(), name) != sharedNames.end();
    if (name != "input" && !isShared)
      continue;
    ValueId otherwise =
        name == "input" ? b_.emit(Op::InputDoc) : b_.emit(Op::SharedHandle, {b_.name(name)});
    ValueId value = b_.emit(Op::VarGetOr, {variable, ir::use(otherwise)});
    b_.emit(Op::VarBind, {variable, ir::use(value)});
  }
}

} // namespace branchline::irgen
