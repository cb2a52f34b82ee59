// Calls, closures, and the instructions that touch the world outside the activation.
#include "Machine.h"

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::interp {

using ir::Op;
using ir::OperandKind;

Result<Value> Machine::makeClosure(Frame &frame, Operands operands) {
  std::vector<Value> cells;
  for (CodeOperand o : operands.subspan(1)) {
    if (o.kind == OperandKind::Local) {
      cells.push_back(frame.slots[o.index]);
      continue;
    }
    runtime::CellObject *cell = frame.closure.object<runtime::FunctionObject>()->cells()[o.index];
    ++cell->refs;
    cells.push_back(Value::adopt(cell));
  }
  return heap_.function(&program_, operands[0].index, cells);
}

Result<Value> Machine::evaluateCall(Frame &frame, const CodeInst &inst) {
  Operands o = inst.operands;
  auto arguments = [&] {
    std::vector<Value> args;
    args.reserve(o.size() - 1);
    for (CodeOperand arg : o.subspan(1))
      args.push_back(take(frame, arg));
    return args;
  };
  switch (inst.op) {
  case Op::ClosureNew:
    return makeClosure(frame, o);
  case Op::CalleeCheck:
    if (!peek(frame, o[0]).isFunction())
      return runtime::trap<TrapId::NotCallable>();
    return take(frame, o[0]);
  case Op::CalleeFind:
    if (peek(frame, o[0]).isFunction())
      return take(frame, o[0]);
    if (o[1].index == ir::kNone)
      return runtime::trap<TrapId::FunctionUndefined>(text(o[2]));
    return heap_.function(&program_, o[1].index, {});
  case Op::Call: {
    Value callee = take(frame, o[0]);
    std::vector<Value> args = arguments();
    return call(callee, args);
  }
  case Op::CallFunc: {
    std::vector<Value> args = arguments();
    if (context_.depth >= context_.limits.callDepth)
      return runtime::trap<TrapId::CallDepth>(context_.limits.callDepth);
    ++context_.depth;
    Result<Value> result = activate(o[0].index, Value(), args);
    --context_.depth;
    return result;
  }
  case Op::CallLib: {
    std::vector<Value> args = arguments();
    return runtime::callBuiltin(context_, static_cast<Builtin>(o[0].index), args);
  }
  case Op::CallHost: {
    std::vector<Value> args = arguments();
    const runtime::HostFunction *host = context_.host ? context_.host->find(text(o[0])) : nullptr;
    if (!host)
      return runtime::trap<TrapId::FunctionUndefined>(text(o[0]));
    return runtime::callHost(context_, *host, args);
  }
  default:
    BL_UNREACHABLE("not a call");
  }
}

Result<Value> Machine::evaluateWorld(Frame &frame, const CodeInst &inst) {
  Operands o = inst.operands;
  switch (inst.op) {
  case Op::OutputAdd:
    context_.outputs.push_back(take(frame, o[0]));
    return Value();
  case Op::OutputEmit:
    context_.emit(peek(frame, o[0]));
    return Value();
  case Op::OutputMark:
    return Value::integer(static_cast<int64_t>(context_.outputs.size()));
  case Op::OutputRewind:
    context_.outputs.resize(static_cast<size_t>(peek(frame, o[0]).asInt()));
    return Value();
  case Op::AbortCheck:
    if (!peek(frame, o[0]).isObject())
      return runtime::trap<TrapId::AbortKind>(runtime::className(peek(frame, o[0])));
    return Value();
  case Op::SharedAwait:
    if (!context_.shared)
      return runtime::trap<TrapId::SharedStoreMissing>();
    return context_.shared->await(text(o[0]), text(o[1]));
  case Op::SharedWrite: {
    // The statement means the library call, with its checks and messages (R1.14.3).
    Value args[] = {constant(o[0]), take(frame, o[1]), take(frame, o[2])};
    return runtime::callBuiltin(context_, Builtin::SHARED_WRITE, args);
  }
  case Op::Wait:
    BL_CHECK(context_.wait(static_cast<uint64_t>(constant(o[0]).asInt())));
    return Value();
  case Op::TracePoint:
    return Value();
  default:
    BL_UNREACHABLE("not an instruction of this group");
  }
}

} // namespace branchline::interp
