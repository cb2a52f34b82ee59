// Which operands a role takes, and the cutting of a flat operand list into roles.
#include "branchline/IR/Operands.h"

#include "branchline/Support/Assert.h"

namespace branchline::ir {

std::string_view roleName(Role role) {
  switch (role) {
  case Role::Use:
    return "Use";
  case Role::Raw:
    return "Raw";
  case Role::Uses:
    return "Uses";
  case Role::Const:
    return "Const";
  case Role::Name:
    return "Name";
  case Role::Names:
    return "Names";
  case Role::Var:
    return "Var";
  case Role::Vars:
    return "Vars";
  case Role::VarList:
    return "VarList";
  case Role::Function:
    return "Function";
  case Role::OptFunction:
    return "OptFunction";
  case Role::Builtin:
    return "Builtin";
  case Role::Trap:
    return "Trap";
  case Role::PathOp:
    return "PathOp";
  case Role::IterKind:
    return "IterKind";
  case Role::KeyRule:
    return "KeyRule";
  case Role::Path:
    return "Path";
  case Role::Fields:
    return "Fields";
  case Role::Edge:
    return "Edge";
  case Role::EdgeWithValue:
    return "EdgeWithValue";
  }
  BL_UNREACHABLE("role");
}

bool isListRole(Role role) {
  return role == Role::Uses || role == Role::Names || role == Role::Vars || role == Role::VarList ||
         role == Role::Path || role == Role::Fields;
}

bool roleTakes(Role role, OperandKind kind) {
  switch (role) {
  case Role::Use:
  case Role::Raw:
  case Role::Uses:
    return kind == OperandKind::Value;
  case Role::Const:
  case Role::Name:
  case Role::Names:
    return kind == OperandKind::Const;
  case Role::Var:
  case Role::Vars:
  case Role::VarList:
    return kind == OperandKind::Local || kind == OperandKind::Capture;
  case Role::Function:
  case Role::OptFunction:
    return kind == OperandKind::Function;
  case Role::Builtin:
    return kind == OperandKind::Builtin;
  case Role::Trap:
    return kind == OperandKind::Trap;
  case Role::PathOp:
    return kind == OperandKind::PathOp;
  case Role::IterKind:
    return kind == OperandKind::IterKind;
  case Role::KeyRule:
    return kind == OperandKind::KeyRule;
  case Role::Path:
    return kind == OperandKind::PathName || kind == OperandKind::PathIndex ||
           kind == OperandKind::PathKey;
  case Role::Fields:
    return kind == OperandKind::KeyConst || kind == OperandKind::Value;
  case Role::Edge:
  case Role::EdgeWithValue:
    return kind == OperandKind::Block || kind == OperandKind::Arg;
  }
  BL_UNREACHABLE("role");
}

/// How many operands from the front of `operands` belong to `role`.
static size_t lengthOf(Role role, std::span<const Operand> operands) {
  if (role == Role::Edge || role == Role::EdgeWithValue) {
    if (operands.empty() || operands.front().kind != OperandKind::Block)
      return 0;
    size_t length = 1;
    while (length < operands.size() && operands[length].kind == OperandKind::Arg)
      ++length;
    return length;
  }
  size_t limit = isListRole(role) ? operands.size() : 1;
  size_t length = 0;
  while (length < limit && length < operands.size() && roleTakes(role, operands[length].kind))
    ++length;
  return length;
}

/// Whether that many operands are right for the role.
static bool isEnough(Role role, std::span<const Operand> operands) {
  if (role == Role::Fields) {
    for (size_t i = 1; i < operands.size(); i += 2)
      if (operands[i].kind != OperandKind::Value)
        return false;
    return operands.size() % 2 == 0;
  }
  return !operands.empty() || (isListRole(role) && role != Role::Vars);
}

RoleSplit::RoleSplit(const Inst &inst) : rest_(inst.operands) {
  for (Role role : info(inst.op).operands) {
    size_t length = lengthOf(role, rest_);
    parts_[count_] = {role, rest_.first(length)};
    if (faultRole_ == kNoFault && !isEnough(role, parts_[count_].operands))
      faultRole_ = count_;
    rest_ = rest_.subspan(length);
    ++count_;
  }
}

} // namespace branchline::ir
