// Instructions that compute a value from values, and the distribution of all others.
#include "Machine.h"

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Iteration.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::interp {

using ir::Op;
using ir::OperandKind;

Result<Value> Machine::makeObject(Frame &frame, Operands fields) {
  Value object = heap_.object();
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    // A copy: the value may be in the same register, which is then moved from.
    Value key =
        fields[i].kind == OperandKind::KeyConst ? constant(fields[i]) : peek(frame, fields[i]);
    BL_CHECK(runtime::setKey(heap_, *object.asObject(), key, take(frame, fields[i + 1])));
  }
  return object;
}

Result<Value> Machine::evaluate(Frame &frame, const CodeInst &inst) {
  Operands o = inst.operands;
  auto binary = [&](auto &&op) { return op(heap_, peek(frame, o[0]), peek(frame, o[1])); };
  auto compared = [&](Result<bool> result, bool negated = false) -> Result<Value> {
    if (!result)
      return Unexpected(std::move(result).error());
    return Value::boolean(*result != negated);
  };
  auto done = [](Result<void> result) -> Result<Value> {
    if (!result)
      return Unexpected(std::move(result).error());
    return Value();
  };
  switch (inst.op) {
  case Op::Const:
    return constant(o[0]);
  case Op::InputDoc:
    return context_.input;
  case Op::InputGet: {
    const Value *value = context_.input.isObject()
                             ? runtime::findField(heap_, *context_.input.asObject(), text(o[0]))
                             : nullptr;
    return value ? *value : Value::unbound();
  }
  case Op::SharedHandle:
    return heap_.handle(text(o[0]));

  case Op::VarGet:
  case Op::VarGetOr:
  case Op::VarFind:
  case Op::VarRequire:
  case Op::VarRead:
  case Op::VarWrite:
  case Op::VarLet:
  case Op::VarBind:
    return evaluateVariable(frame, inst);

  case Op::Add:
    return binary(runtime::add);
  case Op::Sub:
    return binary(runtime::subtract);
  case Op::Mul:
    return binary(runtime::multiply);
  case Op::Div:
    return binary(runtime::divide);
  case Op::IDiv:
    return binary(runtime::integerDivide);
  case Op::Rem:
    return binary(runtime::remainder);
  case Op::Concat:
    return binary(runtime::concatLists);
  case Op::Neg:
    return runtime::negate(heap_, peek(frame, o[0]));
  case Op::Eq:
    return compared(runtime::equals(peek(frame, o[0]), peek(frame, o[1])));
  case Op::Ne:
    return compared(runtime::equals(peek(frame, o[0]), peek(frame, o[1])), true);
  case Op::Lt:
    return compared(runtime::compare(BinaryOp::Lt, peek(frame, o[0]), peek(frame, o[1])));
  case Op::Le:
    return compared(runtime::compare(BinaryOp::Le, peek(frame, o[0]), peek(frame, o[1])));
  case Op::Gt:
    return compared(runtime::compare(BinaryOp::Gt, peek(frame, o[0]), peek(frame, o[1])));
  case Op::Ge:
    return compared(runtime::compare(BinaryOp::Ge, peek(frame, o[0]), peek(frame, o[1])));
  case Op::Truth:
    return Value::boolean(runtime::truthy(peek(frame, o[0])));
  case Op::Not:
    return Value::boolean(!runtime::truthy(peek(frame, o[0])));

  case Op::ListNew: {
    Value list = heap_.list(o.size());
    for (CodeOperand item : o)
      BL_CHECK(runtime::append(heap_, *list.list(), take(frame, item)));
    return list;
  }
  case Op::ListPush:
    return done(runtime::append(heap_, *peek(frame, o[0]).list(), take(frame, o[1])));
  case Op::KeyCheck:
    return done(static_cast<ir::KeyRule>(o[0].index) == ir::KeyRule::Computed
                    ? runtime::checkComputedKey(peek(frame, o[1]))
                    : runtime::checkObjectKey(peek(frame, o[1])));
  case Op::ObjectNew:
    return makeObject(frame, o);
  case Op::GetName:
    return runtime::getName(heap_, peek(frame, o[0]), text(o[1]));
  case Op::GetIndex:
    return runtime::getStaticIndex(heap_, peek(frame, o[0]), constant(o[1]));
  case Op::GetKey:
    return binary(runtime::getKey);

  case Op::OrNull:
    return peek(frame, o[0]).isUnbound() ? Value() : take(frame, o[0]);
  case Op::IsBound:
    return Value::boolean(!peek(frame, o[0]).isUnbound());
  case Op::LibTruth:
    return Value::boolean(runtime::libraryTruthy(peek(frame, o[0])));
  case Op::ListCheck:
    BL_CHECK(runtime::checkListArgument(static_cast<Builtin>(o[0].index), peek(frame, o[1])));
    return take(frame, o[1]);
  case Op::SumStep:
    return runtime::sumStep(heap_, static_cast<Builtin>(o[0].index), peek(frame, o[1]),
                            peek(frame, o[2]));
  case Op::IterRange: {
    Value args[] = {take(frame, o[0]), take(frame, o[1])};
    BL_TRY(Value list, runtime::callBuiltin(context_, Builtin::RANGE, args));
    return runtime::makeIterator(heap_, list);
  }

  case Op::RequireBound:
  case Op::PathSet:
  case Op::PathAppend:
  case Op::PathModify:
  case Op::PathRoot:
  case Op::PathCheck:
  case Op::PathLeaf:
  case Op::SetPath:
  case Op::AppendList:
  case Op::InitCheck:
  case Op::AppendPath:
  case Op::ModifyPath:
    return evaluatePath(frame, inst);

  case Op::ClosureNew:
  case Op::CalleeCheck:
  case Op::CalleeFind:
  case Op::Call:
  case Op::CallFunc:
  case Op::CallLib:
  case Op::CallHost:
    return evaluateCall(frame, inst);

  case Op::OutputAdd:
  case Op::OutputEmit:
  case Op::OutputMark:
  case Op::OutputRewind:
  case Op::AbortCheck:
  case Op::SharedAwait:
  case Op::SharedWrite:
  case Op::Wait:
  case Op::TracePoint:
    return evaluateWorld(frame, inst);

  case Op::ErrorCatch:
    return runtime::errorObject(heap_, *frame.caught);
  case Op::IterNew: {
    Value iterable = take(frame, o[1]);
    if (runtime::isIterable(iterable))
      return runtime::makeIterator(heap_, iterable);
    if (static_cast<ir::IterKind>(o[0].index) == ir::IterKind::ForEach)
      return runtime::trap<TrapId::ForEachKind>();
    return runtime::trap<TrapId::ComprehensionKind>();
  }

  case Op::Br:
  case Op::BrIf:
  case Op::BrNull:
  case Op::IterNext:
  case Op::Ret:
  case Op::Raise:
  case Op::Rethrow:
  case Op::Throw:
  case Op::Suspend:
    break; // transfer() has them
  }
  BL_UNREACHABLE("a terminator is not evaluated");
}

} // namespace branchline::interp
