// Terminators.
#include "Machine.h"

#include "branchline/Runtime/Iteration.h"
#include "branchline/Runtime/Ops.h"

#include <fmt/args.h>

namespace branchline::interp {

using ir::Op;
using ir::OperandKind;

/// \param edge   the Block operand and the Args behind it. \param first what the instruction itself
///               passes as first parameter
Transfer Machine::jump(Frame &frame, Operands edge, std::optional<Value> first) {
  const CodeBlock &target = frame.code.blocks[edge.front().index];
  // All arguments are read before a parameter is written: they may be each other's registers.
  std::vector<Value> args;
  if (first)
    args.push_back(std::move(*first));
  for (CodeOperand o : edge.subspan(1)) {
    if (o.kind != OperandKind::Arg)
      break;
    args.push_back(take(frame, o));
  }
  for (size_t i = 0; i < args.size(); ++i)
    frame.registers[target.params[i]] = std::move(args[i]);
  return {Transfer::Kind::Jump, edge.front().index, Value()};
}

/// The operands from the `n`-th Block on.
static std::span<const CodeOperand> edgeAt(std::span<const CodeOperand> operands, unsigned n) {
  for (size_t i = 0; i < operands.size(); ++i)
    if (operands[i].kind == OperandKind::Block && n-- == 0)
      return operands.subspan(i);
  BL_UNREACHABLE("the verifier checks the edges of terminators");
}

/// Fills the row's message with the texts of a raise.
static Trap raised(TrapId id, std::span<const std::string_view> texts) {
  fmt::dynamic_format_arg_store<fmt::format_context> store;
  for (std::string_view text : texts)
    store.push_back(text);
  return runtime::makeTrapText(id, fmt::vformat(info(id).format, store));
}

Result<Transfer> Machine::transfer(Frame &frame, const CodeInst &inst) {
  Operands operands = inst.operands;
  switch (inst.op) {
  case Op::Br:
    return jump(frame, operands, std::nullopt);
  case Op::BrIf: {
    bool taken = runtime::truthy(take(frame, operands[0]));
    return jump(frame, edgeAt(operands, taken ? 0 : 1), std::nullopt);
  }
  case Op::BrNull: {
    bool taken = peek(frame, operands[0]).isNull();
    Operands edge = edgeAt(operands, taken ? 0 : 1);
    if (operands[0].lastUse)
      frame.registers[operands[0].index] = Value();
    return jump(frame, edge, std::nullopt);
  }
  case Op::IterNext: {
    std::optional<Value> item = runtime::nextItem(heap_, peek(frame, operands[0]));
    unsigned edge = item ? 0 : 1;
    return jump(frame, edgeAt(operands, edge), std::move(item));
  }
  case Op::Ret:
    return Transfer{Transfer::Kind::Return, ir::kNone, take(frame, operands[0])};
  case Op::Raise: {
    std::vector<std::string_view> texts;
    for (CodeOperand o : operands.subspan(1))
      texts.push_back(text(o));
    return Unexpected(raised(static_cast<TrapId>(operands[0].index), texts));
  }
  case Op::Rethrow:
    return Unexpected(std::move(*frame.caught));
  case Op::Throw:
    return Unexpected(runtime::makeThrown(peek(frame, operands[0])));
  case Op::Suspend:
    return runtime::trap<TrapId::SuspendNotSupported>();
  default:
    BL_UNREACHABLE("not a terminator");
  }
}

} // namespace branchline::interp
