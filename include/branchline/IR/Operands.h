// The flat operand list of an instruction, cut into the roles of its row. Printer, verifier and
// engines go through this instead of counting operands themselves.
#pragma once

#include "branchline/IR/Inst.h"

#include <array>
#include <span>
#include <string_view>

namespace branchline::ir {

/// Name of a role as in Inst.h, for messages and for the reference page.
std::string_view roleName(Role role);

/// Whether a role takes any number of operands, zero included (Vars needs at least one).
bool isListRole(Role role);

/// Whether an operand of this kind may stand in this role.
bool roleTakes(Role role, OperandKind kind);

/// The operands of one role.
struct RoleOperands {
  Role role;
  std::span<const Operand> operands;
};

/// The operands of an instruction by role.
class RoleSplit {
public:
  /// \param inst  borrowed for the life of the split; its operands may be malformed.
  explicit RoleSplit(const Inst &inst);

  const RoleOperands *begin() const { return parts_.data(); }
  const RoleOperands *end() const { return parts_.data() + count_; }
  size_t size() const { return count_; }
  const RoleOperands &operator[](size_t i) const { return parts_[i]; }

  /// Whether every role has the operands it needs and none is left over.
  bool wellFormed() const { return faultRole_ == kNoFault && rest_.empty(); }
  /// Index of the first role without its operands; `size()` when operands are left over instead.
  size_t faultRole() const { return faultRole_ == kNoFault ? count_ : faultRole_; }
  /// Operands that no role takes.
  std::span<const Operand> rest() const { return rest_; }

private:
  static constexpr size_t kNoFault = ~size_t(0);
  std::array<RoleOperands, 6> parts_{};
  size_t count_ = 0;
  size_t faultRole_ = kNoFault;
  std::span<const Operand> rest_;
};

} // namespace branchline::ir
