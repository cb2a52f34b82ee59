// What stands in one instruction: operands against the roles of its row, and the rules that single
// instructions have beyond their row.
#include "FunctionVerifier.h"

#include "branchline/IR/Builder.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::ir {

void FunctionVerifier::checkInst(const Inst &inst) {
  if (inst.loc.inlinedAt != kNone)
    checkRange(inst, "inlined call", inst.loc.inlinedAt, fn_.inlineSites.size());
  checkResult(inst);
  RoleSplit split(inst);
  if (!checkShape(inst, split)) {
    // Edges that are cut wrongly must not be followed.
    edgesAreSound_ = edgesAreSound_ && !info(inst.op).isTerminator();
    return;
  }
  for (size_t i = 0; i < split.size(); ++i)
    checkRole(inst, i, split[i]);
  checkSpecifics(inst, split);
}

void FunctionVerifier::checkResult(const Inst &inst) {
  const InstInfo &row = info(inst.op);
  if (row.hasResult() != (inst.result != kNone)) {
    reportInst(inst, row.hasResult() ? "has no result" : "has a result but gives no value");
    return;
  }
  if (inst.result < fn_.valueKinds.size() && !row.result.contains(fn_.valueKinds[inst.result]))
    reportInst(inst, fmt::format("the result has kinds `{}`, beyond `{}`",
                                 kindText(fn_.valueKinds[inst.result]), kindText(row.result)));
}

bool FunctionVerifier::checkShape(const Inst &inst, const RoleSplit &split) {
  if (!split.wellFormed()) {
    if (split.faultRole() < split.size())
      reportInst(inst, fmt::format("the operands do not fit role {} ({})", split.faultRole() + 1,
                                   roleName(split[split.faultRole()].role)));
    else
      reportInst(inst, fmt::format("{} operands are left over", split.rest().size()));
    return false;
  }
  bool good = true;
  for (Operand operand : inst.operands)
    good = checkOperand(inst, operand) && good;
  return good;
}

bool FunctionVerifier::checkRange(const Inst &inst, const char *what, uint32_t index, size_t size) {
  if (index < size)
    return true;
  reportInst(inst, fmt::format("{} {} is out of range, there are {}", what, index, size));
  return false;
}

bool FunctionVerifier::checkOperand(const Inst &inst, Operand operand) {
  switch (operand.kind) {
  case OperandKind::Value:
  case OperandKind::PathKey:
  case OperandKind::Arg:
    return checkRange(inst, "value", operand.index, fn_.valueKinds.size());
  case OperandKind::Const:
  case OperandKind::PathName:
  case OperandKind::PathIndex:
  case OperandKind::KeyConst:
    return checkRange(inst, "constant", operand.index, module_.constants.size());
  case OperandKind::Local:
    return checkRange(inst, "variable", operand.index, fn_.slots.size());
  case OperandKind::Capture:
    return checkRange(inst, "captured variable", operand.index, fn_.captures.size());
  case OperandKind::Function:
    return operand.index == kNone ||
           checkRange(inst, "function", operand.index, module_.functions.size());
  case OperandKind::Builtin:
    return checkRange(inst, "library function", operand.index, kBuiltins.size());
  case OperandKind::Trap:
    return checkRange(inst, "trap", operand.index, branchline::kTraps.size());
  case OperandKind::PathOp:
    return checkRange(inst, "path operation", operand.index, 3);
  case OperandKind::IterKind:
    return checkRange(inst, "kind of iteration", operand.index, 2);
  case OperandKind::KeyRule:
    return checkRange(inst, "key rule", operand.index, 2);
  case OperandKind::Block:
    return checkRange(inst, "block", operand.index, fn_.blocks.size());
  }
  BL_UNREACHABLE("operand kind");
}

static bool isInteger(const Constant &constant) {
  return constant.kind == Constant::Kind::Int || constant.kind == Constant::Kind::BigInt;
}

void FunctionVerifier::checkRole(const Inst &inst, size_t index, const RoleOperands &part) {
  if (part.role == Role::Vars)
    checkChain(inst, part);
  if (part.role == Role::Function && part.operands.front().index == kNone)
    reportInst(inst, "`none` is no function");
  for (Operand operand : part.operands) {
    bool isName = part.role == Role::Name || part.role == Role::Names ||
                  operand.kind == OperandKind::PathName;
    if (isName && constant(operand).kind != Constant::Kind::String)
      reportInst(inst, "a name is no string");
    if (operand.kind == OperandKind::PathIndex && !isInteger(constant(operand)))
      reportInst(inst, "an index in the path is no integer");
    if (operand.kind == OperandKind::KeyConst && !isInteger(constant(operand)) &&
        constant(operand).kind != Constant::Kind::String)
      reportInst(inst, "a literal key is neither string nor integer");
    if (operand.kind == OperandKind::Value || operand.kind == OperandKind::PathKey)
      checkValueUse(inst, index, operand.index, part.role == Role::Raw);
  }
  if (part.role == Role::Edge || part.role == Role::EdgeWithValue)
    checkEdgeValues(inst, index, part);
}

/// An argument may be unbound where the parameter it goes to may be.
void FunctionVerifier::checkEdgeValues(const Inst &inst, size_t index, const RoleOperands &part) {
  const Block &target = fn_.blocks[part.operands.front().index];
  size_t param = part.role == Role::EdgeWithValue ? 1 : 0;
  for (Operand operand : part.operands.subspan(1)) {
    bool mayBeUnbound = param < target.params.size() &&
                        target.params[param] < fn_.valueKinds.size() &&
                        fn_.valueKinds[target.params[param]].contains(kinds::Unbound);
    checkValueUse(inst, index, operand.index, mayBeUnbound);
    ++param;
  }
}

void FunctionVerifier::checkValueUse(const Inst &inst, size_t index, ValueId value,
                                     bool mayBeUnbound) {
  KindSet kinds = fn_.valueKinds[value];
  if (definitions_[value].block == kNone)
    return; // its kinds mean nothing; reported with the dominance of uses
  bool wantsIterator = inst.op == Op::IterNext && index == 0;
  if (wantsIterator && kinds != kinds::Iterator)
    reportInst(inst, valueText(value) + " is no iterator");
  if (!wantsIterator && kinds.contains(kinds::Iterator))
    reportInst(inst, valueText(value) + " is an iterator, which only `iter.next` takes");
  if (kinds.contains(kinds::Unbound) && !mayBeUnbound)
    reportInst(inst, valueText(value) + " may be unbound");
}

void FunctionVerifier::checkChain(const Inst &inst, const RoleOperands &part) {
  std::vector<std::pair<OperandKind, uint32_t>> seen;
  for (Operand operand : part.operands)
    seen.emplace_back(operand.kind, operand.index);
  std::sort(seen.begin(), seen.end());
  for (size_t i = 1; i < seen.size(); ++i)
    if (seen[i] == seen[i - 1])
      reportInst(inst, fmt::format("{} stands twice in the chain",
                                   variableText({seen[i].first, seen[i].second})));
}

void FunctionVerifier::checkSpecifics(const Inst &inst, const RoleSplit &split) {
  auto first = [&](size_t role) { return split[role].operands.front(); };
  if (inst.op == Op::ClosureNew)
    checkClosure(inst, split);
  if (inst.op == Op::CallFunc)
    checkCallee(inst, first(0).index, FunctionKind::Func);
  if (inst.op == Op::CalleeFind)
    checkCallee(inst, first(1).index, FunctionKind::Func);
  if (inst.op == Op::Raise)
    checkRaise(inst, split);
  if (inst.op == Op::ListPush)
    checkListPush(inst, first(0).index);
  if (inst.op == Op::SetPath && split[3].operands.empty())
    reportInst(inst, "the path is empty");
  if (inst.op == Op::GetIndex && !isInteger(constant(first(1))))
    reportInst(inst, "the index is no integer");
  if (inst.op == Op::Wait &&
      (constant(first(0)).kind != Constant::Kind::Int || constant(first(0)).integer < 0))
    reportInst(inst, "the time is no non-negative integer");
}

void FunctionVerifier::checkCallee(const Inst &inst, FunctionId callee, FunctionKind kind) {
  if (callee != kNone && module_.functions[callee].kind != kind)
    reportInst(inst, fmt::format("`@{}` is no {}", module_.functions[callee].name,
                                 kind == FunctionKind::Func ? "FUNC" : "lambda"));
}

void FunctionVerifier::checkClosure(const Inst &inst, const RoleSplit &split) {
  FunctionId id = split[0].operands.front().index;
  if (id == kNone)
    return; // reported with the role
  checkCallee(inst, id, FunctionKind::Lambda);
  const Function &lambda = module_.functions[id];
  if (split[1].operands.size() != lambda.captures.size())
    reportInst(inst, fmt::format("{} variables for {} captures of `@{}`", split[1].operands.size(),
                                 lambda.captures.size(), lambda.name));
  for (Operand operand : split[1].operands)
    if (operand.kind == OperandKind::Local && !fn_.slots[operand.index].cell)
      reportInst(inst, variableText(operand) + " is captured but no cell");
}

void FunctionVerifier::checkRaise(const Inst &inst, const RoleSplit &split) {
  const TrapRow &row = branchline::kTraps[split[0].operands.front().index];
  auto wanted = static_cast<size_t>(diag::countArguments(row.format));
  if (split[1].operands.size() != wanted)
    reportInst(inst, fmt::format("{} texts for {} places in the message of `{}`",
                                 split[1].operands.size(), wanted, row.name));
}

void FunctionVerifier::checkListPush(const Inst &inst, ValueId list) {
  const Definition &definition = definitions_[list];
  if (definition.block == kNone)
    return; // reported with the dominance of uses
  const Block &block = fn_.blocks[definition.block];
  if (definition.position == 0 || block.insts[definition.position - 1].op != Op::ListNew)
    reportInst(inst, valueText(list) + " is not made by `list.new`");
}

} // namespace branchline::ir
