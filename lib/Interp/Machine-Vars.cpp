// Variables and path writes.
#include "Machine.h"

#include "branchline/Runtime/Ops.h"

namespace branchline::interp {

using ir::Op;
using ir::OperandKind;
using runtime::PathKey;
using runtime::PathOp;

std::span<const CodeOperand> Machine::chainOf(Operands operands) {
  size_t n = 0;
  while (n < operands.size() &&
         (operands[n].kind == OperandKind::Local || operands[n].kind == OperandKind::Capture))
    ++n;
  return operands.first(n);
}

/// The trap of SET or APPEND TO on a variable that nobody bound.
Unexpected<Trap> Machine::unboundTrap(CodeOperand trap, CodeOperand name) const {
  if (static_cast<TrapId>(trap.index) == TrapId::SetUnbound)
    return runtime::trap<TrapId::SetUnbound>(text(name));
  return runtime::trap<TrapId::AppendUnbound>(text(name));
}

Result<Value> Machine::evaluateVariable(Frame &frame, const CodeInst &inst) {
  Operands chain = chainOf(inst.operands);
  Operands rest = inst.operands.subspan(chain.size());
  size_t nearest = 0; // position of the nearest bound variable
  while (nearest < chain.size() && variable(frame, chain[nearest]).isUnbound())
    ++nearest;
  bool found = nearest < chain.size();
  switch (inst.op) {
  case Op::VarGet:
    return found ? variable(frame, chain[nearest]) : Value::null();
  case Op::VarGetOr:
    return found ? variable(frame, chain[nearest]) : take(frame, rest[0]);
  case Op::VarFind:
    return Value::integer(found ? static_cast<int64_t>(nearest) : 0);
  case Op::VarRequire:
    if (found)
      return Value::integer(static_cast<int64_t>(nearest));
    return unboundTrap(rest[0], rest[1]);
  case Op::VarRead:
    return variable(frame, chain[static_cast<size_t>(peek(frame, rest[0]).asInt())]);
  case Op::VarWrite:
    variable(frame, chain[static_cast<size_t>(peek(frame, rest[0]).asInt())]) =
        take(frame, rest[1]);
    return Value();
  case Op::VarLet:
    variable(frame, chain[found ? nearest : 0]) = take(frame, rest[0]);
    return Value();
  case Op::VarBind:
    variable(frame, chain[0]) = take(frame, rest[0]);
    return Value();
  default:
    BL_UNREACHABLE("not a variable instruction");
  }
}

std::vector<PathKey> Machine::pathKeys(Frame &frame, Operands segments) const {
  std::vector<PathKey> keys;
  for (CodeOperand o : segments) {
    if (o.kind == OperandKind::PathName)
      keys.push_back({PathKey::Kind::Name, &constant(o)});
    else if (o.kind == OperandKind::PathIndex)
      keys.push_back({PathKey::Kind::Index, &constant(o)});
    else if (o.kind == OperandKind::PathKey)
      keys.push_back({PathKey::Kind::Dynamic, &peek(frame, o)});
    else
      break;
  }
  return keys;
}

static PathOp pathOp(CodeOperand operand) {
  switch (static_cast<ir::PathOpKind>(operand.index)) {
  case ir::PathOpKind::Set:
    return PathOp::Set;
  case ir::PathOpKind::Append:
    return PathOp::Append;
  case ir::PathOpKind::Modify:
    return PathOp::Modify;
  }
  BL_UNREACHABLE("path operation");
}

Result<Value> Machine::evaluatePath(Frame &frame, const CodeInst &inst) {
  Operands o = inst.operands;
  switch (inst.op) {
  case Op::PathRoot:
    BL_CHECK(runtime::checkPathRoot(pathOp(o[0]), peek(frame, o[1]), text(o[2])));
    return take(frame, o[1]);
  case Op::RequireBound:
    if (!peek(frame, o[0]).isUnbound())
      return take(frame, o[0]);
    return unboundTrap(o[1], o[2]);
  case Op::PathSet:
  case Op::PathAppend: {
    Value root = take(frame, o[0]);
    std::vector<PathKey> keys = pathKeys(frame, o.subspan(1));
    o = o.subspan(1 + keys.size());
    // The value is not moved: it may be a key or the INIT value as well.
    if (inst.op == Op::PathSet)
      BL_CHECK(runtime::setPath(heap_, root, keys, peek(frame, o[0])));
    else
      BL_CHECK(runtime::appendPath(heap_, root, keys, peek(frame, o[0]), peek(frame, o[1])));
    return root;
  }
  case Op::PathModify: {
    Value root = take(frame, o[0]);
    std::vector<PathKey> keys = pathKeys(frame, o.subspan(1));
    o = o.subspan(1 + keys.size());
    BL_CHECK(runtime::modifyPath(heap_, root, text(o[0]), keys, *peek(frame, o[1]).asObject()));
    return root;
  }
  case Op::PathCheck:
    BL_CHECK(runtime::checkPathInner(heap_, pathOp(o[0]), peek(frame, o[1]),
                                     pathKeys(frame, o.subspan(2))));
    return Value();
  case Op::PathLeaf:
    BL_CHECK(runtime::checkPathLeaf(heap_, pathOp(o[0]), peek(frame, o[1]),
                                    pathKeys(frame, o.subspan(2))));
    return Value();
  case Op::AppendList:
    if (!peek(frame, o[0]).isList() && !peek(frame, o[0]).isNull())
      return runtime::trap<TrapId::AppendVariableKind>(text(o[1]));
    return take(frame, o[0]);
  case Op::InitCheck: {
    const Value &init = peek(frame, o[1]);
    if (init.isList() || init.isNull())
      return Value();
    if (static_cast<TrapId>(o[0].index) == TrapId::AppendInitKind)
      return runtime::trap<TrapId::AppendInitKind>();
    return runtime::trap<TrapId::AppendPathInitKind>(runtime::className(init));
  }
  case Op::SetPath:
  case Op::AppendPath: {
    Operands chain = chainOf(o);
    o = o.subspan(chain.size());
    Value &target = variable(frame, chain[static_cast<size_t>(peek(frame, o[0]).asInt())]);
    Value root = take(frame, o[1]);
    // The variable gives up its reference, so that containers only it could see are unique and
    // change in place. Has the value expression changed the variable, the old root wins (R2.11.4).
    Value current = std::move(target);
    bool unchanged = current.sameObject(root);
    if (unchanged)
      current = Value();
    std::vector<PathKey> keys = pathKeys(frame, o.subspan(2));
    o = o.subspan(2 + keys.size());
    Result<void> written =
        inst.op == Op::SetPath
            ? runtime::setPath(heap_, root, keys, peek(frame, o[0]))
            : runtime::appendPath(heap_, root, keys, peek(frame, o[0]), peek(frame, o[1]));
    target = written || unchanged ? std::move(root) : std::move(current);
    if (!written)
      return Unexpected(std::move(written).error());
    return Value();
  }
  case Op::ModifyPath: {
    Operands chain = chainOf(o);
    o = o.subspan(chain.size());
    Value &target = variable(frame, chain[static_cast<size_t>(peek(frame, o[0]).asInt())]);
    std::vector<PathKey> keys = pathKeys(frame, o.subspan(1));
    o = o.subspan(1 + keys.size());
    BL_CHECK(runtime::modifyPath(heap_, target, text(o[0]), keys, *peek(frame, o[1]).asObject()));
    return Value();
  }
  default:
    BL_UNREACHABLE("not a path instruction");
  }
}

} // namespace branchline::interp
