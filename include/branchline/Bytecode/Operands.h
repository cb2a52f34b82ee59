// The operands of an instruction word and its extension, by role: what verifier, disassembler,
// assembler and tools loop over instead of knowing opcodes.
#pragma once

#include "branchline/Bytecode/Opcode.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace branchline::bytecode {

/// Where in an instruction an operand stands.
enum class Field : uint8_t { X, A, B, C, Wide, Ext };

/// One operand. Labels are relative to the next instruction, as encoded.
struct Operand {
  Role role;
  Field field;
  int64_t value;
};

/// The operands of an instruction in the order of the text form: a, x, b, c, extension.
class OperandList {
public:
  void push(Operand operand) { items_[size_++] = operand; }
  const Operand *begin() const { return items_.data(); }
  const Operand *end() const { return items_.data() + size_; }
  /// The value of the only operand with a role; 0 when there is none.
  int64_t valueOf(Role role) const {
    for (const Operand &operand : *this)
      if (operand.role == role)
        return operand.value;
    return 0;
  }

private:
  std::array<Operand, 5> items_{};
  size_t size_ = 0;
};

/// Whether a role takes fields b and c together.
constexpr bool isWide(Role role) {
  return role == Role::WideConst || role == Role::WideName || role == Role::WideImm ||
         role == Role::WideLabel;
}

/// Whether a role is a jump target.
constexpr bool isLabel(Role role) {
  return role == Role::Label || role == Role::Label16 || role == Role::WideLabel;
}

/// Number of words of an instruction, its extension included.
constexpr uint32_t lengthOf(Op op) { return info(op).hasExt() ? 2 : 1; }

/// The fields of a row with their roles, in the order of the text form, without empty ones.
OperandList fieldsOf(Op op);

/// \param at  an instruction with a known opcode, followed by its extension word when it has one
OperandList operandsOf(const Word *at);

/// Puts a value into a field. \param at  room for the instruction and its extension
/// \returns false when the value does not fit the field
bool setOperand(Word *at, Role role, Field field, int64_t value);

/// The instruction of that mnemonic, `ext` excluded. \complexity O(log opcodes)
std::optional<Op> findMnemonic(std::string_view mnemonic);

} // namespace branchline::bytecode
