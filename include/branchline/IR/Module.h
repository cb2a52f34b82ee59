// Modules, functions, blocks and constants of BIR. Plain data; the invariants are the Verifier's.
#pragma once

#include "branchline/IR/Inst.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::ir {

/// A basic block: parameters (SSA values set by the jump), instructions, the last a terminator.
struct Block {
  std::string label; // unique in its function
  std::vector<ValueId> params;
  std::vector<Inst> insts;
  BlockId handler = kNone; // where a trap raised in this block goes; kNone: to the caller
};

/// A variable of an activation. Cells are shared with closures; plain slots are not.
struct Slot {
  std::string name; // unique among the function's slots
  bool cell = false;
};

enum class FunctionKind : uint8_t { Transform, Func, Lambda };

/// A call that is gone because the body of its callee was put in its place. A trap raised in that
/// body has a frame of the callee on its call stack, as if the call were still there.
struct InlineSite {
  FunctionId callee;
  Loc at; // of the call; its own `inlinedAt` names a site before this one
  bool operator==(const InlineSite &) const = default;
};

/// A function: one activation has one set of slots (blocks open no scopes, R2.3.3).
struct Function {
  std::string name; // unique in the module: `T`, `fib`, `T.lambda0`
  FunctionKind kind;
  std::string sourceName;       // as in the program; empty: anonymous
  std::vector<uint32_t> params; // slots bound from arguments, in order; may repeat
  std::vector<Slot> slots;
  std::vector<std::string> captures; // names of captured variables, unique
  std::vector<Block> blocks;         // blocks[0] is the entry, without parameters
  std::vector<KindSet> valueKinds;   // by ValueId; what passes proved, kinds::Raw when nothing
  Loc loc = kNoLoc;
  std::vector<InlineSite> inlineSites; // named by the places of instructions

  ValueId newValue(KindSet kinds = kinds::Raw) {
    valueKinds.push_back(kinds);
    return static_cast<ValueId>(valueKinds.size() - 1);
  }
};

/// A constant of the pool.
struct Constant {
  enum class Kind : uint8_t { Null, Bool, Int, Float, BigInt, Decimal, String } kind;
  int64_t integer = 0; // Bool: 0 or 1; Decimal: scale
  double real = 0;
  std::string text; // String: bytes (WTF-8); BigInt and Decimal: decimal digits of the number
  bool operator==(const Constant &other) const; // floats by bits
};

struct SharedResource {
  std::string name;
  bool single = false;
};

/// A transform that can be run.
struct TransformEntry {
  std::string name; // empty: anonymous
  FunctionId function;
};

/// Everything compiled from one source. Immutable once built; engines share it.
struct Module {
  std::vector<Function> functions;
  std::vector<Constant> constants;
  std::vector<TransformEntry> transforms; // in source order
  std::vector<SharedResource> shared;     // all declarations, OPTIONS kinds winning (R1.17.4)

  ConstId intern(Constant constant);
  ConstId internString(std::string_view text);
  ConstId internInt(int64_t value);
  const Function *findFunction(std::string_view name) const;
  /// \param name empty: the first transform. \returns null when there is none
  const TransformEntry *findTransform(std::string_view name) const;

private:
  std::multimap<size_t, ConstId> constantIndex_; // hash → constant
};

/// The successors of a terminator: blocks with their arguments, in order of the operands.
struct Edge {
  BlockId block;
  std::vector<ValueId> args;
  bool suppliesFirst; // the instruction supplies the block's first parameter
};
std::vector<Edge> successors(const Inst &terminator);

} // namespace branchline::ir
