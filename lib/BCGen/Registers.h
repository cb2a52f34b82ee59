// Register assignment: live ranges of SSA values in block order, coalescing of values that flow
// into each other, and a linear scan over what remains. Private to BCGen.
#pragma once

#include "Order.h"

#include <vector>

namespace branchline::bcgen {

inline constexpr uint32_t kNoRegister = 0xFFFFFFFF;

/// What the emitter tells the assignment about a value.
struct ValueUse {
  bool needsRegister = true; // constants that are loaded at each use need none
  bool isIterator = false;
  uint32_t fixed = kNoRegister; // a register the value must be in
};

/// Two values that should share a register: the first flows into the second.
struct Affinity {
  ir::ValueId from;
  ir::ValueId to;
  uint32_t weight; // loop depth
};

struct Assignment {
  std::vector<uint32_t> registerOf; // by ValueId; kNoRegister: none
  uint32_t registers;               // number of value registers used, `first` included
  std::vector<uint32_t> iterators;  // by ValueId: number among iterator registers
  uint32_t iteratorCount = 0;
};

/// \param uses        by ValueId. \param affinities  tried in order of weight
/// \param first       registers below it are taken by variables
Assignment assignRegisters(const ir::Function &fn, const BlockOrder &order,
                           const std::vector<ValueUse> &uses, std::vector<Affinity> affinities,
                           uint32_t first);

} // namespace branchline::bcgen
