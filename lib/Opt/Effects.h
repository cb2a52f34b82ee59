// What single instructions may do, as far as the kinds of their operands tell: trap, be left out,
// be done once instead of twice, give their operand back.
#pragma once

#include "Edits.h"
#include "branchline/Lang/Builtins.h"

#include <optional>

namespace branchline::opt {

using ir::KindSet;

/// The kinds a value is known to have.
inline KindSet kindsOf(const ir::Function &fn, ValueId value) { return fn.valueKinds[value]; }

/// Whether a value is known never to be unbound.
inline bool isBound(const ir::Function &fn, ValueId value) {
  return (kindsOf(fn, value) & ir::kinds::Unbound).empty();
}

/// The constant that an instruction gives; null when it is no `const`.
inline const ir::Constant *constantOf(const ir::Module &module, const ir::Inst *inst) {
  return inst && inst->op == ir::Op::Const ? &module.constants[inst->operands[0].index] : nullptr;
}

/// Looks at the instructions of one function. Indices must be good: see `definitions`.
class EffectInfo {
public:
  EffectInfo(const ir::Module &module, const ir::Function &fn);

  /// Whether the instruction can raise a trap that a program may see.
  bool mayTrap(const ir::Inst &inst) const;
  /// Whether nobody notices when the instruction does not run and its result is not read.
  bool isRemovable(const ir::Inst &inst) const;
  /// The instruction that defines a value; null for parameters.
  const ir::Inst *inst(ValueId value) const { return definingInst(fn_, definitions_, value); }
  const ir::Constant *constant(ValueId value) const { return constantOf(module_, inst(value)); }

private:
  bool arithmeticMayTrap(const ir::Inst &inst) const;
  bool callMayTrap(const ir::Inst &inst) const;
  bool isNonZero(ValueId value) const;
  KindSet kinds(const ir::Inst &inst, size_t operand) const {
    return fn_.valueKinds[inst.operands[operand].index];
  }

  const ir::Module &module_;
  const ir::Function &fn_;
  std::vector<Definition> definitions_;
};

/// Whether the instruction is gone without a trace but for its result: `const`, `truth`, …
bool isPure(const ir::Inst &inst);

/// Whether a second run on the same operands gives an equal result, or raises nothing when the
/// first did not; and sharing the result costs no path write its place. Without `list.new` and the
/// like: a shared container would have to be copied when it is written.
bool isRepeatable(const ir::Inst &inst, const ir::Function &fn);

/// The operand that the instruction gives back unchanged whenever it does not trap.
std::optional<ValueId> passedThrough(const ir::Inst &inst);

/// The kind of a constant.
KindSet kindOf(const ir::Constant &constant);

/// The kinds that a library function gives.
KindSet resultKinds(Builtin builtin);

/// The truth that all values of these kinds have, if it is the same (R2.4.1).
std::optional<bool> truthOf(KindSet kinds);

} // namespace branchline::opt
