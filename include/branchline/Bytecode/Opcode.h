// The static description of opcodes and the encoding of instruction words.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace branchline::bytecode {

/// What a field of an instruction means. Registers have a declared class (RegisterClass) which the
/// role must match, so that checking an instruction needs no data flow.
enum class Role : uint8_t {
  None,           // must be 0
  Def,            // value register written
  Use,            // value register read
  Take,           // value register read and left null
  UseDef,         // value register read and written
  DefCell,        // cell register made to refer to a cell
  UseCell,        // cell register
  DefIter,        // iterator register written
  UseIter,        // iterator register
  Capture,        // index of a captured cell
  Variable,       // cell register or capture, by x (VarKind)
  Const,          // constant
  Name,           // constant that is a string
  OptName,        // constant that is a string, or 0xFFFF
  Function,       // function index
  OptFunction,    // function index, or 0xFFFF
  Import,         // index into the imports
  Layout,         // index into the object layouts
  Path,           // index into the paths
  Count,          // number of registers of the window
  Window,         // first of `Count` value registers, consumed
  WindowCall,     // callee, then `Count` arguments, consumed
  WindowOfLayout, // as many as the layout needs, consumed
  WindowOfCells,  // one cell register per capture of the function, not consumed
  WindowKept,     // computed keys of the path, not consumed
  WindowOfPath1,  // computed keys of the path + 1, consumed
  WindowOfPath2,  // computed keys of the path + 2, consumed
  WindowOfPath3,  // computed keys of the path + 3, consumed
  Imm,            // a number
  KeyRule,        // 0 computed, 1 object
  PathOp,         // 0 set, 1 append, 2 modify
  IterKind,       // 0 for.each, 1 comprehension
  TrapId,         // branchline::TrapId
  VarKind,        // 0 cell register, 1 capture
  Negate,         // 0 or 1
  Label,          // Ext: target as word index relative to the next instruction
  Label16,        // c: signed, relative to the next instruction
  WideConst,      // b, c: constant
  WideName,       // b, c: constant that is a string
  WideImm,        // b, c: signed 32-bit number
  WideLabel,      // b, c: signed, relative to the next instruction
  ResumePoint,    // Ext: index into the resume points
};

inline constexpr uint16_t Traps = 1; // may raise a trap
inline constexpr uint16_t Jumps = 2; // has a label
inline constexpr uint16_t Ends = 4;  // control does not reach the next instruction
inline constexpr uint16_t Calls = 8; // may run code of the program

enum class Op : uint8_t {
#define BL_OP(Name, Mnemonic, X, A, B, C, Ext, Effects, Rule, Doc) Name,
#include "branchline/Bytecode/Opcodes.def"
};

struct OpInfo {
  std::string_view name;
  std::string_view mnemonic;
  Role x, a, b, c, ext;
  uint16_t effects;
  std::string_view rule;
  std::string_view doc;
  constexpr bool hasExt() const { return ext != Role::None; }
};

inline constexpr auto kOps = std::to_array<OpInfo>({
#define BL_OP(Name, Mnemonic, X, A, B, C, Ext, Effects, Rule, Doc)                                 \
  {#Name, Mnemonic, Role::X, Role::A, Role::B, Role::C, Role::Ext, Effects, Rule, Doc},
#include "branchline/Bytecode/Opcodes.def"
});

constexpr const OpInfo &info(Op op) { return kOps[static_cast<size_t>(op)]; }

/// One instruction word as it stands in memory and (little-endian) in files.
struct Word {
  uint8_t op;
  uint8_t x;
  uint16_t a;
  uint16_t b;
  uint16_t c;

  int32_t wide() const { return static_cast<int32_t>(uint32_t(b) | uint32_t(c) << 16); }
  void setWide(int32_t value) {
    b = static_cast<uint16_t>(static_cast<uint32_t>(value));
    c = static_cast<uint16_t>(static_cast<uint32_t>(value) >> 16);
  }
  bool operator==(const Word &) const = default;
};
static_assert(sizeof(Word) == 8, "one word per instruction");

/// Bounds of the encoding, checked by BCGen and the verifier.
inline constexpr uint32_t kMaxRegisters = 60'000; // per frame, windows included
inline constexpr uint16_t kNoIndex = 0xFFFF;

} // namespace branchline::bytecode
