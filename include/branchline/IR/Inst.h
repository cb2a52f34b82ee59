// Instructions, operands and their static description (Instrs.def).
#pragma once

#include "branchline/IR/Kinds.h"
#include "branchline/Support/SourceText.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace branchline::ir {

using ValueId = uint32_t;    // SSA value of a function
using BlockId = uint32_t;    // index into Function::blocks
using FunctionId = uint32_t; // index into Module::functions
using ConstId = uint32_t;    // index into Module::constants
inline constexpr uint32_t kNone = 0xFFFFFFFFu;

/// A place in the source; line 0 means none. Whoever makes an instruction in place of another gives
/// it the other's whole Loc: where it was inlined is part of the call stacks that programs show.
struct Loc : LineColumn {
  /// Index into Function::inlineSites of the call whose body the instruction came from; kNone: the
  /// function's own code.
  uint32_t inlinedAt = kNone;

  constexpr Loc(LineColumn place = {}, uint32_t site = kNone)
      : LineColumn(place), inlinedAt(site) {}
  constexpr Loc(uint32_t lineNumber, uint32_t columnNumber)
      : LineColumn{lineNumber, columnNumber} {}
  bool operator==(const Loc &) const = default;
};
inline constexpr Loc kNoLoc{0, 0};

/// What an operand position means; each takes operands of the kinds named here.
enum class Role : uint8_t {
  Use,           // one Value, never unbound
  Raw,           // one Value, perhaps the unbound state of a variable
  Uses,          // zero or more Value
  Const,         // one Const
  Name,          // one Const that is a string
  Names,         // zero or more Const that are strings
  Var,           // one Local or Capture
  Vars,          // one or more Local or Capture: a chain
  VarList,       // zero or more Local or Capture
  Function,      // one Function
  OptFunction,   // one Function, index kNone for none
  Builtin,       // one Builtin
  Trap,          // one Trap (TrapId)
  PathOp,        // one PathOp (runtime order: set, append, modify)
  IterKind,      // one IterKind
  KeyRule,       // one KeyRule
  Path,          // zero or more PathName, PathIndex, PathKey
  Fields,        // pairs: KeyConst or Value (key), Value (value)
  Edge,          // one Block, then its Arg operands
  EdgeWithValue, // as Edge; the block's first parameter is supplied by the instruction
};

enum class OperandKind : uint8_t {
  Value,     // ValueId
  Const,     // ConstId
  Local,     // slot of this function
  Capture,   // captured variable of this function
  Function,  // FunctionId or kNone
  Builtin,   // branchline::Builtin
  Trap,      // branchline::TrapId
  PathOp,    // PathOpKind
  IterKind,  // IterKind
  KeyRule,   // KeyRule
  PathName,  // ConstId of a string: `.name`
  PathIndex, // ConstId of an Int or BigInt: `.123`
  PathKey,   // ValueId: `[%k]`
  KeyConst,  // ConstId: a literal key of an object
  Block,     // BlockId
  Arg,       // ValueId passed to the Block before it
};

enum class PathOpKind : uint8_t { Set, Append, Modify };
enum class IterKind : uint8_t { ForEach, Comprehension };
enum class KeyRule : uint8_t { Computed, Object };

struct Operand {
  OperandKind kind;
  uint32_t index;
  bool operator==(const Operand &) const = default;
};

/// What an instruction does besides computing its result.
using Effects = uint16_t;
inline constexpr Effects kPure = 0;
inline constexpr Effects kTraps = 1 << 0; // may raise a trap
inline constexpr Effects kReadsVars = 1 << 1;
inline constexpr Effects kWritesVars = 1 << 2;
inline constexpr Effects kCalls = 1 << 3; // may run any code of the program
inline constexpr Effects kOutput = 1 << 4;
inline constexpr Effects kWorld = 1 << 5;      // clock, chance, console, shared memory, waiting
inline constexpr Effects kMutates = 1 << 6;    // changes an object in place
inline constexpr Effects kTerminator = 1 << 7; // ends a block

enum class Op : uint8_t {
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc) Name,
#include "branchline/IR/Instrs.def"
};

/// The roles of a row; at most six.
struct RoleList {
  std::array<Role, 6> roles{};
  uint8_t count = 0;
  constexpr const Role *begin() const { return roles.data(); }
  constexpr const Role *end() const { return roles.data() + count; }
};

template <class... R> constexpr RoleList roles(R... list) {
  return RoleList{{list...}, sizeof...(R)};
}

struct InstInfo {
  std::string_view name;
  std::string_view mnemonic;
  RoleList operands;
  KindSet result; // empty: no result
  Effects effects;
  std::string_view rule;
  std::string_view doc;
  constexpr bool isTerminator() const { return (effects & kTerminator) != 0; }
  constexpr bool hasResult() const { return !result.empty(); }
};

inline constexpr auto kInsts = [] {
  constexpr KindSet None{};
  return std::to_array<InstInfo>({
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc)                              \
  {#Name, Mnemonic, Operands, Result, Effects, Rule, Doc},
#include "branchline/IR/Instrs.def"
  });
}();

constexpr const InstInfo &info(Op op) { return kInsts[static_cast<size_t>(op)]; }

/// One instruction. Operands stand in the order of the row's roles, flat; kinds tell where a list
/// ends.
struct Inst {
  Op op;
  ValueId result = kNone;
  Loc loc = kNoLoc;
  std::vector<Operand> operands;
};

} // namespace branchline::ir
