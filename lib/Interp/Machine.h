// The interpreter's state and its step functions; private to Interp.
#pragma once

#include "Code.h"

#include "branchline/Interp/Interpreter.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Runtime/Paths.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace branchline::interp {

using runtime::Result;
using runtime::Trap;
using runtime::Value;

struct Program::Impl {
  explicit Impl(const ir::Module &of) : module(of) {}
  const ir::Module &module;
  std::vector<CodeFunction> functions;
};

/// Registers and variables of all activations, in chunks that never move.
class FrameStack {
public:
  /// `count` null values.
  std::span<Value> push(size_t count);
  /// Gives back the span that was pushed last; its values are destroyed.
  void pop(std::span<Value> values);

private:
  struct Chunk {
    std::unique_ptr<Value[]> values;
    size_t capacity = 0;
    size_t used = 0;
  };
  std::vector<Chunk> chunks_;
  size_t current_ = 0; // chunk in use
};

/// One activation.
struct Frame {
  const CodeFunction &code;
  std::span<Value> registers;
  std::span<Value> slots;     // a slot that is a cell holds a value of Tag::Cell
  const Value &closure;       // of a lambda; else null
  std::optional<Trap> caught; // what led to the handler block being run
};

/// Where control goes after a terminator.
struct Transfer {
  enum class Kind : uint8_t { Jump, Return } kind;
  ir::BlockId block = ir::kNone;
  Value result;
};

/// Runs one transform in one context. Implements calls for library functions with callbacks.
class Machine final : public runtime::FunctionCaller {
public:
  Machine(const Program::Impl &program, runtime::Context &context);

  Result<void> run(ir::FunctionId transform);
  Result<Value> call(const Value &function, std::span<Value> args) override;

private:
  using Operands = std::span<const CodeOperand>;

  // --- Activations (Machine.cpp) ---
  Result<Value> activate(ir::FunctionId id, const Value &closure, std::span<Value> args);
  Result<Value> execute(Frame &frame);
  bool recover(Frame &frame, const CodeBlock &block, const CodeInst &inst, Trap &trap);
  void enterBlock(Frame &frame, ir::BlockId block);
  Result<void> tick();

  // --- Instructions ---
  Result<Value> evaluate(Frame &frame, const CodeInst &inst);         // Machine-Eval.cpp
  Result<Transfer> transfer(Frame &frame, const CodeInst &inst);      // Machine-Transfer.cpp
  Result<Value> evaluateVariable(Frame &frame, const CodeInst &inst); // Machine-Vars.cpp
  Result<Value> evaluatePath(Frame &frame, const CodeInst &inst);     // Machine-Vars.cpp
  Result<Value> evaluateCall(Frame &frame, const CodeInst &inst);     // Machine-Call.cpp
  Result<Value> evaluateWorld(Frame &frame, const CodeInst &inst);    // Machine-Call.cpp
  Result<Value> makeObject(Frame &frame, Operands fields);
  Result<Value> makeClosure(Frame &frame, Operands operands);
  Transfer jump(Frame &frame, Operands edge, std::optional<Value> first);

  // --- Operands ---
  /// The register of a value; borrowed.
  const Value &peek(Frame &frame, CodeOperand operand) const {
    return frame.registers[operand.index];
  }
  /// The value itself: moved out of the register at its last use, else a copy.
  Value take(Frame &frame, CodeOperand operand) const {
    Value &reg = frame.registers[operand.index];
    return operand.lastUse ? std::move(reg) : reg;
  }
  /// Empties the registers whose last use was this instruction.
  void drop(Frame &frame, Operands operands) const {
    for (CodeOperand o : operands)
      if (o.lastUse)
        frame.registers[o.index] = Value();
  }
  const Value &constant(CodeOperand operand) const { return constants_[operand.index]; }
  std::string_view text(CodeOperand operand) const { return constants_[operand.index].text(); }
  Unexpected<Trap> unboundTrap(CodeOperand trap, CodeOperand name) const;
  Value &variable(Frame &frame, CodeOperand operand) const;
  /// The leading operands that name variables.
  static Operands chainOf(Operands operands);
  std::vector<runtime::PathKey> pathKeys(Frame &frame, Operands segments) const;

  const Program::Impl &program_;
  runtime::Context &context_;
  runtime::Heap &heap_;
  std::vector<Value> constants_; // by ConstId
  FrameStack stack_;
  uint32_t ticks_ = 0;
};

} // namespace branchline::interp
